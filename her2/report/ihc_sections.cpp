// SPDX-License-Identifier: Apache-2.0
#include "her2/report/ihc_sections.h"

#include <algorithm>
#include <iterator>
#include <set>

#include <fmt/format.h>

#include "her2/language/retold.h"
#include "her2/language/say.h"
#include "her2/report/html_page.h"
#include "her2/report/words.h"

namespace her2 {
namespace {

constexpr const char* kStyle = R"css(
:root { --q0:#dfe4ea; --q0p:#cfe0e6; --q1:#f3df9a; --q2:#e8b067; --q3:#8a1561; --qx:#b5bcc4; --q-ink:#1a1e23;
  --q3-ink:#fff; }
header.top, main.wide, footer { max-width:72rem; }
img { display:block; max-width:100%; height:auto; border:1px solid var(--line); border-radius:.4rem; background:#fff; }
.pictures { display:grid; grid-template-columns:repeat(auto-fit,minmax(min(20rem,100%),1fr)); gap:1rem;
  align-items:start; }
.pictures.small { grid-template-columns:repeat(auto-fill,minmax(min(15rem,100%),1fr)); }
.pictures img { width:100%; } .pictures .whole img { max-height:34rem; object-fit:contain; }
figcaption { padding-top:.35rem; } figcaption strong { color:var(--ink); font-weight:600; }
.halves { display:grid; grid-template-columns:repeat(auto-fit,minmax(min(26rem,100%),1fr)); gap:1.5rem;
  align-items:start; }
.halves svg, svg.wide { max-width:none; }
.swatches { margin-top:.8rem; } .swatches li { display:flex; gap:.4rem; align-items:center; }
.swatches i { width:.95rem; height:.95rem; border-radius:.2rem; border:1px solid var(--line); }
.k0 { background:#5a5ab4; } .k1 { background:#ffd700; } .k2 { background:#e19632; } .k3 { background:#c83232; }
.kx { background:#808080; }
dl.answers .more { font-weight:400; color:var(--quiet); font-size:.88rem; white-space:nowrap; }
dl.answers dd { font-size:1.2rem; }
td.num, th.num { text-align:right; font-variant-numeric:tabular-nums; white-space:nowrap; }
td.big { font-size:1.3rem; font-weight:700; }
.editions th:nth-child(1) { width:17%; } .editions th:nth-child(2) { width:7%; } .editions th:nth-child(3) { width:30%; }
svg.bar { max-width:22rem; min-width:9rem; } svg .in { font-size:14px; font-weight:650; text-anchor:middle;
  fill:var(--q-ink); }
svg text.in.q3 { fill:var(--q3-ink); }
svg rect.q0 { fill:var(--q0); } svg rect.q0p { fill:var(--q0p); } svg rect.q1 { fill:var(--q1); }
svg rect.q2 { fill:var(--q2); } svg rect.q3 { fill:var(--q3); } svg rect.qx { fill:var(--qx); }
svg .grid { stroke:var(--line); } svg .bin { stroke:var(--quiet); stroke-width:.6; }
.card .notices li { background:var(--sheet); } .card .notices { margin:.7rem 0; }
svg.swatch { width:1rem; height:1rem; display:inline-block; vertical-align:-.15rem; margin-right:.45rem; }
.verdict { font-weight:650; white-space:nowrap; } .verdict.warning { color:var(--unsettled); }
.verdict.refused { color:var(--positive); }
dl.facts { display:grid; grid-template-columns:minmax(9rem,max-content) 1fr; gap:.25rem 1rem; margin:0;
  font-size:.94rem; }
dl.facts dt { color:var(--quiet); } dl.facts dd { margin:0; }
@media (max-width:40rem) { dl.facts { grid-template-columns:1fr; } dl.facts dd { margin-bottom:.3rem; }
  .editions th, .editions td { width:auto !important; } }
@media print { img { max-height:90mm; -webkit-print-color-adjust:exact; print-color-adjust:exact; }
  .swatches i { -webkit-print-color-adjust:exact; print-color-adjust:exact; }
  .pictures.small { grid-template-columns:repeat(3,1fr); } svg.wide { max-width:none; }
  section.sheet { break-inside:auto; } .sheet > p.quiet { break-after:avoid; } .halves { grid-template-columns:1fr 1fr; } }
)css";

class Section {
 public:
  explicit Section(std::string_view title) { add("<section class=\"sheet\">\n<h2>{}</h2>\n", html_text(title)); }
  template <class... Args>
  void add(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(text_), format, std::forward<Args>(args)...);
  }
  void fact(std::string_view label, std::string_view value, bool mono = false) {
    if (!value.empty()) {
      add("<dt>{}</dt><dd{}>{}</dd>\n", html_text(label), mono ? " class=\"mono\"" : "", html_text(value));
    }
  }
  std::string take() { return text_ + "</section>\n"; }

 private:
  std::string text_;
};

int intensity(const std::string& fact) {
  int level = 0;
  for (const char* name : {"faint", "weak", "moderate", "strong"}) {
    ++level;
    if (fact.starts_with(name)) {
      return level;
    }
  }
  return 0;
}

std::string sign_of(Severity severity) {
  switch (severity) {
    case Severity::ok: return say("ihc.fine");
    case Severity::warning: return say("ihc.look");
    case Severity::refused: break;
  }
  return say("ihc.refused");
}

std::string stain_words(const IhcStain& stain) {
  const auto vector = [](const std::array<double, 3>& v) {
    return fmt::format("{} {} {}", number_in(v[0], 3), number_in(v[1], 3), number_in(v[2], 3));
  };
  const std::string origin = !stain.says.empty() ? retold(stain.says)
                             : stain.estimated   ? say("ihc.estimated_from_this_slide")
                                                 : say("ihc.of_the_profile");
  return say("ihc.stain_vectors_are",
             {{"haematoxylin", vector(stain.haematoxylin)}, {"dab", vector(stain.dab)}, {"origin", origin}});
}

bool is_hash(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string edits_words(const IhcReport& r) {
  if (r.edits == 0) {
    return say("ihc.no_corrections");
  }
  const std::string authors = fmt::format("{}", fmt::join(r.edit_authors, ", "));
  return authors.empty() ? with_commas(r.edits)
                         : say("ihc.corrections_by", {{"edits", grouped(r.edits)}, {"authors", authors}});
}

}  // namespace

std::string ihc_style() { return kStyle; }

std::string ihc_share_table(const IhcReport& r, const std::string& bar_id) {
  std::string out = fmt::format(
      "<table>\n<thead><tr><th scope=\"col\">{}</th><th scope=\"col\" class=\"num\">%</th><th scope=\"col\" "
      "class=\"num\">{}</th><th scope=\"col\" class=\"num\">{}</th></tr></thead>\n<tbody>\n",
      r.nuclear ? html_say("ihc.nucleus") : html_say("ihc.membrane"),
      html_say("ihc.interval", {{"coverage_percent", r.coverage_percent}}), html_say("ihc.cells_head"));
  for (const IhcShare& share : r.shares) {
    const int level = intensity(share.fact);
    std::string swatch = fmt::format(
        "<svg class=\"swatch\" viewBox=\"0 0 16 16\" aria-hidden=\"true\"><rect class=\"s{}\" "
        "width=\"16\" height=\"16\"/>",
        level);
    if (share.fact.ends_with("_incomplete")) {
      swatch += fmt::format("<rect width=\"16\" height=\"16\" fill=\"url(#{}-h)\"/>", bar_id);
    }
    const IhcInterval& p = share.percent;
    out += fmt::format(
        "<tr><th scope=\"row\">{}</svg>{}</th><td class=\"num\">{}</td><td class=\"num quiet\">{}</td><td "
        "class=\"num\">{}</td></tr>\n",
        swatch, html_text(staining_words(share.label)), number_in(p.value, 1),
        p.low == p.high ? "" : html_say("ihc.range", {{"low", number_in(p.low, 1)}, {"high", number_in(p.high, 1)}}),
        with_commas(share.cells));
  }
  return out + "</tbody></table>\n";
}

std::string ihc_cores_section(const IhcReport& r) {
  Section s(say("ihc.cores"));
  s.add(
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"><table>\n<thead><tr><th "
      "scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\" "
      "class=\"num\">{}</th><th scope=\"col\" class=\"num\">{}</th><th scope=\"col\" "
      "class=\"num\">{}</th></tr></thead>\n<tbody>\n",
      html_say("ihc.cores"), html_say("ihc.core_head"), html_say("ihc.score_head"), html_say("ihc.h_score_head"),
      html_say("ihc.tumour_cells_head"), html_say("ihc.mm"));
  for (const IhcRegion& core : r.regions) {
    if (core.role == "core") {
      s.add(
          "<tr><th scope=\"row\">{}</th><td>{}{}</td><td class=\"num\">{}</td><td class=\"num\">{}</td><td "
          "class=\"num\">{}</td></tr>\n",
          html_text(core.name), html_text(core.score),
          core.why_not.empty() ? "" : fmt::format("<span class=\"quiet\">{}</span>", html_text(core.why_not)),
          number_in(core.h_score, 0), with_commas(core.tumour_cells), number_in(core.mm2, 2));
    }
  }
  s.add("</tbody></table></div>\n");
  return s.take();
}

std::string ihc_qc_section(const IhcReport& r) {
  if (r.qc.empty() && r.notes.empty()) {
    return {};
  }
  Section s(say("ihc.quality"));
  s.add(
      "<table class=\"cards\">\n<thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th "
      "scope=\"col\">{}</th></tr></thead>\n<tbody>\n",
      html_say("ihc.what"), html_say("ihc.verdict"), html_say("ihc.why"));
  for (const IhcVerdict& v : r.qc) {
    s.add("<tr><th scope=\"row\">{}</th><td class=\"verdict {}\">{}</td><td>{}</td></tr>\n", html_text(v.label),
          name_of(v.severity), html_text(sign_of(v.severity)), html_text(v.reason));
  }
  s.add("</tbody></table>\n");
  for (const std::string& note : r.notes) {
    s.add("<p>{}</p>\n", html_text(note));
  }
  return s.take();
}

std::string ihc_tissue_section(const IhcReport& r) {
  if (r.areas.empty() && r.kinds.empty() && r.regions.empty()) {
    return {};
  }
  Section s(say("ihc.tissue_and_cells"));
  s.add(
      "<div class=\"halves\">\n<table>\n<thead><tr><th scope=\"col\">{}</th><th scope=\"col\" "
      "class=\"num\">{}</th></tr></thead>\n<tbody>\n",
      html_say("ihc.area"), html_say("ihc.mm"));
  for (const IhcArea& area : r.areas) {
    s.add("<tr><th scope=\"row\">{}</th><td class=\"num\">{}</td></tr>\n", html_text(name_in("area", area.reason)),
          number_in(area.mm2, 2));
  }
  s.add(
      "</tbody></table>\n<table>\n<thead><tr><th scope=\"col\">{}</th><th scope=\"col\" "
      "class=\"num\">{}</th></tr></thead>\n<tbody>\n",
      html_say("ihc.cells_head"), html_say("ihc.number"));
  for (const IhcKind& kind : r.kinds) {
    s.add("<tr><th scope=\"row\">{}</th><td class=\"num\">{}</td></tr>\n", html_text(name_in("cells", kind.label)),
          with_commas(kind.cells));
  }
  s.add("</tbody></table>\n</div>\n");
  if (!r.regions.empty() && !r.microarray) {
    s.add(
        "<h3>{}</h3>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"><table>\n<thead><tr><th "
        "scope=\"col\">{}</th><th scope=\"col\">{}</th><th "
        "scope=\"col\" class=\"num\">{}</th><th scope=\"col\" class=\"num\">{}</th><th scope=\"col\" "
        "class=\"num\">{}</th></tr></thead>\n<tbody>\n",
        html_say("ihc.regions"), html_say("ihc.regions"), html_say("ihc.region"), html_say("ihc.role"),
        html_say("ihc.mm"), html_say("ihc.tumour_cells_head"), html_say("ihc.h_score_head"));
    for (const IhcRegion& region : r.regions) {
      s.add(
          "<tr><th scope=\"row\">{}</th><td>{}</td><td class=\"num\">{}</td><td class=\"num\">{}</td><td "
          "class=\"num\">{}</td></tr>\n",
          html_text(region.name), html_text(name_in("role", region.role)), number_in(region.mm2, 2),
          with_commas(region.tumour_cells), number_in(region.h_score, 0));
    }
    s.add("</tbody></table></div>\n");
  }
  return s.take();
}

std::string ihc_uncertainty_section(const IhcReport& r) {
  Section s(say("ihc.how_sure"));
  s.add("<dl class=\"facts\">\n");
  s.fact(say("ihc.replicates"),
         r.replicates == 0 ? say("ihc.none_the_figures_carry_no_intervals") : with_commas(r.replicates));
  s.fact(say("ihc.conditional_on"), retold(r.conditional_on));
  if (r.nuclear) {
    s.fact(say("ihc.allred_score"), allred_words(*r.nuclear));
    s.fact(say("ihc.hot_spot_head"), hot_spot_words(*r.nuclear));
  }
  s.fact(say("ihc.noise_floor"), r.nuclear ? std::string()
                                           : say("ihc.of_cells_look_faintly_stained_where",
                                                 {{"noise_floor_percent", percent_in(r.noise_floor_percent, 1)}}));
  if (r.second.measured) {
    s.fact(say("ihc.second_opinion_head"),
           say("ihc.membrane_connectivity",
               {{"connectivity", number_in(r.second.connectivity, 2)}, {"says", r.second.says}}));
  }
  for (const auto& [label, value] : r.heterogeneity) {
    s.fact(label, value);
  }
  s.add("</dl>\n");
  return s.take();
}

std::vector<std::pair<std::string, std::string>> ihc_provenance(const IhcReport& r) {
  std::vector<std::pair<std::string, std::string>> out;
  const auto fact = [&](std::string label, std::string value) {
    if (!value.empty()) {
      out.emplace_back(std::move(label), std::move(value));
    }
  };
  const IhcSlide& slide = r.slide;
  fact(say("ihc.slide_head"), fmt::format("{}{}{}", slide.name, slide.format.empty() ? "" : ", ", slide.format));
  fact(say("ihc.pixels"), say("ihc.x_at_um", {{"width", grouped(static_cast<std::uint64_t>(slide.width))},
                                              {"height", grouped(static_cast<std::uint64_t>(slide.height))},
                                              {"mpp", number_in(fmt::format("{:.4g}", slide.mpp))}}) +
                              (slide.mpp_source.empty() ? "" : fmt::format(" ({})", slide.mpp_source)));
  fact(say("ihc.measured_at"),
       say("ihc.um_per_pixel", {{"work_mpp", number_in(fmt::format("{:.4g}", slide.work_mpp))}}));
  fact(say("ihc.compression"),
       slide.subsampling.empty()
           ? slide.compression
           : say("ihc.chroma_subsampling", {{"compression", slide.compression}, {"subsampling", slide.subsampling}}));
  fact(say("ihc.scanner"), slide.scanner);
  fact(say("ihc.objective"),
       slide.objective > 0 ? say("ihc.x", {{"objective", number_in(fmt::format("{:.3g}", slide.objective))}}) : "");
  fact(say("ihc.not_read"), fmt::format("{}", fmt::join(slide.left_out, ", ")));
  fact(say("ihc.slide_sha_256"), slide.sha256);
  fact(say("ihc.illumination"),
       say("ihc.i0_red_green_blue",
           {{"red", r.stain.white[0]}, {"green", r.stain.white[1]}, {"blue", r.stain.white[2]}}));
  fact(say("ihc.stain_vectors_head"), stain_words(r.stain));
  fact(say("ihc.profile_head"),
       fmt::format("{}, {}. {}", r.profile.name, r.profile.calibrated ? say("ihc.calibrated") : say("ihc.uncalibrated"),
                   r.profile.source));
  for (const auto& [label, value] : r.profile.constants) {
    fact("· " + name_in("constant", label), number_in(value));
  }
  fact(say("ihc.profile_sha_256"), r.profile.sha256);
  fact(say("ihc.corrections"), edits_words(r));
  fact(say("ihc.files"), fmt::format("{}", fmt::join(r.files, ", ")));
  fact(say("ihc.software"), r.software);
  std::set<std::pair<std::string, std::string>> guidelines;
  for (const CaseStatus& edition : r.editions) {
    guidelines.insert(edition.guidelines.begin(), edition.guidelines.end());
  }
  for (const auto& [id, hash] : guidelines) {
    fact(id, "SHA-256 " + hash);
  }
  return out;
}

std::string ihc_provenance_section(const IhcReport& r) {
  Section s(say("ihc.made_from"));
  s.add("<dl class=\"facts\">\n");
  for (const auto& [label, value] : ihc_provenance(r)) {
    s.fact(label, value, is_hash(value) || value.starts_with("SHA-256"));
  }
  s.add("</dl>\n");
  return s.take();
}

std::string ihc_sources_section(const IhcReport& r) {
  std::set<std::pair<std::string, std::string>> all;
  for (const CaseStatus& edition : r.editions) {
    const auto cited = all_citations(edition);
    all.insert(cited.begin(), cited.end());
  }
  if (all.empty()) {
    return {};
  }
  Section s(say("ihc.sources"));
  s.add("<dl class=\"sources\">\n");
  for (const auto& [key, citation] : all) {
    s.add("<dt>{}</dt><dd>{}</dd>\n", html_text(key), html_text(citation));
  }
  s.add("</dl>\n");
  return s.take();
}

}  // namespace her2
