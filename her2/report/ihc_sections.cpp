// SPDX-License-Identifier: Apache-2.0
#include "her2/report/ihc_sections.h"

#include <algorithm>
#include <iterator>
#include <set>

#include <fmt/format.h>

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

const char* sign_of(Severity severity) {
  switch (severity) {
    case Severity::ok: return "✓ fine";
    case Severity::warning: return "! look";
    case Severity::refused: break;
  }
  return "✕ refused";
}

std::string stain_words(const IhcStain& stain) {
  const auto& h = stain.haematoxylin;
  const auto& d = stain.dab;
  return fmt::format("haematoxylin {:.3f} {:.3f} {:.3f}, DAB {:.3f} {:.3f} {:.3f}, {}", h[0], h[1], h[2], d[0], d[1],
                     d[2],
                     !stain.says.empty() ? stain.says
                     : stain.estimated   ? "estimated from this slide"
                                         : "of the profile");
}

}  // namespace

std::string ihc_style() { return kStyle; }

std::string ihc_share_table(const IhcReport& r, const std::string& bar_id) {
  std::string out = fmt::format(
      "<table>\n<thead><tr><th scope=\"col\">{}</th><th scope=\"col\" class=\"num\">%</th>"
      "<th scope=\"col\" class=\"num\">{} % interval</th><th scope=\"col\" class=\"num\">Cells</th></tr></thead>\n"
      "<tbody>\n",
      r.nuclear ? "Nucleus" : "Membrane", r.coverage_percent);
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
        "<tr><th scope=\"row\">{}</svg>{}</th><td class=\"num\">{:.1f}</td><td class=\"num quiet\">{}</td>"
        "<td class=\"num\">{}</td></tr>\n",
        swatch, html_text(share.label), p.value, p.low == p.high ? "" : fmt::format("{:.1f} to {:.1f}", p.low, p.high),
        with_commas(share.cells));
  }
  return out + "</tbody></table>\n";
}

std::string ihc_cores_section(const IhcReport& r) {
  Section s("Cores");
  s.add(
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Cores\"><table>\n<thead><tr><th "
      "scope=\"col\">Core</th><th scope=\"col\">Score</th><th "
      "scope=\"col\" class=\"num\">H-score</th><th scope=\"col\" class=\"num\">Tumour cells</th><th scope=\"col\" "
      "class=\"num\">mm²</th></tr></thead>\n<tbody>\n");
  for (const IhcRegion& core : r.regions) {
    if (core.role == "core") {
      s.add(
          "<tr><th scope=\"row\">{}</th><td>{}{}</td><td class=\"num\">{:.0f}</td><td class=\"num\">{}</td><td "
          "class=\"num\">{:.2f}</td></tr>\n",
          html_text(core.name), html_text(core.score),
          core.why_not.empty() ? "" : fmt::format("<span class=\"quiet\">{}</span>", html_text(core.why_not)),
          core.h_score, with_commas(core.tumour_cells), core.mm2);
    }
  }
  s.add("</tbody></table></div>\n");
  return s.take();
}

std::string ihc_qc_section(const IhcReport& r) {
  if (r.qc.empty() && r.notes.empty()) {
    return {};
  }
  Section s("Quality");
  s.add(
      "<table class=\"cards\">\n<thead><tr><th scope=\"col\">What</th><th scope=\"col\">Verdict</th><th "
      "scope=\"col\">Why</th></tr></thead>\n<tbody>\n");
  for (const IhcVerdict& v : r.qc) {
    s.add("<tr><th scope=\"row\">{}</th><td class=\"verdict {}\">{}</td><td>{}</td></tr>\n", html_text(v.label),
          name_of(v.severity), sign_of(v.severity), html_text(v.reason));
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
  Section s("Tissue and cells");
  s.add(
      "<div class=\"halves\">\n<table>\n<thead><tr><th scope=\"col\">Area</th><th scope=\"col\" class=\"num\">mm²</th>"
      "</tr></thead>\n<tbody>\n");
  for (const IhcArea& area : r.areas) {
    s.add("<tr><th scope=\"row\">{}</th><td class=\"num\">{:.2f}</td></tr>\n", html_text(area.reason), area.mm2);
  }
  s.add(
      "</tbody></table>\n<table>\n<thead><tr><th scope=\"col\">Cells</th><th scope=\"col\" class=\"num\">Number</th>"
      "</tr></thead>\n<tbody>\n");
  for (const IhcKind& kind : r.kinds) {
    s.add("<tr><th scope=\"row\">{}</th><td class=\"num\">{}</td></tr>\n", html_text(kind.label),
          with_commas(kind.cells));
  }
  s.add("</tbody></table>\n</div>\n");
  if (!r.regions.empty() && !r.microarray) {
    s.add(
        "<h3>Regions</h3>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
        "aria-label=\"Regions\"><table>\n<thead><tr><th scope=\"col\">Region</th><th scope=\"col\">"
        "Role</th><th scope=\"col\" class=\"num\">mm²</th><th scope=\"col\" class=\"num\">Tumour cells</th><th "
        "scope=\"col\" class=\"num\">H-score</th></tr></thead>\n<tbody>\n");
    for (const IhcRegion& region : r.regions) {
      s.add(
          "<tr><th scope=\"row\">{}</th><td>{}</td><td class=\"num\">{:.2f}</td><td class=\"num\">{}</td><td "
          "class=\"num\">{:.0f}</td></tr>\n",
          html_text(region.name), html_text(region.role), region.mm2, with_commas(region.tumour_cells), region.h_score);
    }
    s.add("</tbody></table></div>\n");
  }
  return s.take();
}

std::string ihc_uncertainty_section(const IhcReport& r) {
  Section s("How sure");
  s.add("<dl class=\"facts\">\n");
  s.fact("Replicates", r.replicates == 0 ? "none: the figures carry no intervals" : with_commas(r.replicates));
  s.fact("Conditional on", r.conditional_on);
  if (r.nuclear) {
    s.fact("Allred score", allred_words(*r.nuclear));
    s.fact("Hot spot", hot_spot_words(*r.nuclear));
  }
  s.fact("Noise floor",
         r.nuclear ? std::string()
                   : fmt::format("{:.1f} % of cells look faintly stained where nothing can be", r.noise_floor_percent));
  if (r.second.measured) {
    s.fact("Second opinion", fmt::format("membrane connectivity {:.2f}. {}", r.second.connectivity, r.second.says));
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
  fact("Slide", fmt::format("{}{}{}", slide.name, slide.format.empty() ? "" : ", ", slide.format));
  fact("Pixels",
       fmt::format("{} x {} at {:.4g} um{}{}{}", with_commas(static_cast<std::uint64_t>(slide.width)),
                   with_commas(static_cast<std::uint64_t>(slide.height)), slide.mpp,
                   slide.mpp_source.empty() ? "" : " (", slide.mpp_source, slide.mpp_source.empty() ? "" : ")"));
  fact("Measured at", fmt::format("{:.4g} um per pixel", slide.work_mpp));
  fact("Compression",
       slide.compression + (slide.subsampling.empty() ? "" : ", chroma subsampling " + slide.subsampling));
  fact("Scanner", slide.scanner);
  fact("Objective", slide.objective > 0 ? fmt::format("{:.3g}x", slide.objective) : "");
  fact("Not read", fmt::format("{}", fmt::join(slide.left_out, ", ")));
  fact("Slide SHA-256", slide.sha256);
  fact("Illumination",
       fmt::format("I0 {} {} {} (red, green, blue)", r.stain.white[0], r.stain.white[1], r.stain.white[2]));
  fact("Stain vectors", stain_words(r.stain));
  fact("Profile", fmt::format("{}, {}. {}", r.profile.name, r.profile.calibrated ? "calibrated" : "uncalibrated",
                              r.profile.source));
  for (const auto& [label, value] : r.profile.constants) {
    fact("· " + label, value);
  }
  fact("Profile SHA-256", r.profile.sha256);
  fact("Corrections", r.edits == 0 ? "none"
                                   : fmt::format("{}{}{}", with_commas(r.edits), r.edit_authors.empty() ? "" : " by ",
                                                 fmt::join(r.edit_authors, ", ")));
  fact("Files", fmt::format("{}", fmt::join(r.files, ", ")));
  fact("Software", r.software);
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
  Section s("Made from");
  s.add("<dl class=\"facts\">\n");
  for (const auto& [label, value] : ihc_provenance(r)) {
    s.fact(label, value, label.ends_with("SHA-256") || value.starts_with("SHA-256"));
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
  Section s("Sources");
  s.add("<dl class=\"sources\">\n");
  for (const auto& [key, citation] : all) {
    s.add("<dt>{}</dt><dd>{}</dd>\n", html_text(key), html_text(citation));
  }
  s.add("</dl>\n");
  return s.take();
}

}  // namespace her2
