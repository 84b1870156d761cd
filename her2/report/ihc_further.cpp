// SPDX-License-Identifier: Apache-2.0
#include "her2/report/ihc_further.h"

#include <set>

#include <fmt/format.h>

#include "her2/report/ihc_picture.h"
#include "her2/report/ihc_sections.h"
#include "her2/report/picture.h"

namespace her2 {
namespace {

using Rows = std::vector<std::vector<std::string>>;

constexpr std::size_t kLabel = 26;

void fact(ReportPage& page, std::string_view label, std::string_view value) {
  if (!value.empty()) {
    page.field(label, value, kLabel);
  }
}

bool is_field(const IhcPicture& picture) { return picture.id.starts_with("field"); }

void write_pictures(ReportPage& page, const IhcReport& r, bool fields) {
  bool first = true;
  for (const IhcPicture& picture : r.pictures) {
    if (is_field(picture) == fields) {
      if (first) {
        page.heading(fields ? "Cells of each class" : "The slide");
        if (fields) {
          page.paragraph(r.nuclear ? "The outlines are those of nuclei."
                                   : "Solid outline: complete membrane; dashed: incomplete or unstained.",
                         2, Ink::quiet);
        }
      }
      first = false;
      page.picture(picture.png, picture.title, picture.caption);
    }
  }
  if (!first && !fields) {
    page.paragraph(fmt::format("Outlines: blue {}; yellow 1+, {}; orange 2+, moderate; red 3+, strong; grey no tumour "
                               "cell.",
                               r.nuclear ? "negative" : "unstained", r.nuclear ? "weak" : "faint or weak"),
                   2, Ink::quiet);
  }
}

void write_tissue(ReportPage& page, const IhcReport& r) {
  if (r.areas.empty() && r.kinds.empty() && r.regions.empty()) {
    return;
  }
  page.heading("Tissue and cells");
  Rows areas;
  for (const IhcArea& area : r.areas) {
    areas.push_back({area.reason, fmt::format("{:.2f}", area.mm2)});
  }
  if (!areas.empty()) {
    page.table({"Area", "mm²"}, areas);
  }
  Rows kinds;
  for (const IhcKind& kind : r.kinds) {
    kinds.push_back({kind.label, with_commas(kind.cells)});
  }
  if (!kinds.empty()) {
    page.table({"Cells", "Number"}, kinds);
  }
  Rows regions;
  for (const IhcRegion& region : r.regions) {
    if (!r.microarray) {
      regions.push_back({region.name, region.role, fmt::format("{:.2f}", region.mm2), with_commas(region.tumour_cells),
                         fmt::format("{:.0f}", region.h_score)});
    }
  }
  if (!regions.empty()) {
    page.heading("Regions", 3);
    page.table({"Region", "Role", "mm²", "Tumour cells", "H-score"}, regions);
  }
}

// What would change the call: of HER2 only, as in the HTML page.
void write_changes(ReportPage& page, const IhcReport& r) {
  if (r.editions.empty() || r.nuclear) {
    return;
  }
  Rows rows;
  for (const SpecimenStatus& specimen : r.editions[std::min(r.primary, r.editions.size() - 1)].specimens) {
    for (const WhatIf& change : specimen.changes) {
      rows.push_back({change.label, with_unit(change.from, change.unit), with_unit(change.to, change.unit),
                      change.gives, change.row});
    }
  }
  if (!rows.empty()) {
    page.heading("What would change the call");
    page.table({"If this", "were, instead of", "this", "it would be", "by"}, rows);
  }
}

void write_uncertainty(ReportPage& page, const IhcReport& r) {
  page.heading("How sure");
  fact(page, "Replicates", r.replicates == 0 ? "none: the figures carry no intervals" : with_commas(r.replicates));
  fact(page, "Conditional on", r.conditional_on);
  if (!r.nuclear) {
    fact(page, "Noise floor",
         fmt::format("{:.1f} % of cells look faintly stained where nothing can be", r.noise_floor_percent));
  }
  if (r.second.measured) {
    fact(page, "Second opinion", fmt::format("membrane connectivity {:.2f}. {}", r.second.connectivity, r.second.says));
  }
  for (const auto& [label, value] : r.heterogeneity) {
    fact(page, label, value);
  }
}

void write_origin(ReportPage& page, const IhcReport& r) {
  page.heading("Made from");
  for (const auto& [label, value] : ihc_provenance(r)) {
    fact(page, label, value);
  }
  std::set<std::pair<std::string, std::string>> sources;
  for (const CaseStatus& edition : r.editions) {
    const auto cited = all_citations(edition);
    sources.insert(cited.begin(), cited.end());
  }
  if (!sources.empty()) {
    page.heading("Sources");
  }
  for (const auto& [key, citation] : sources) {
    page.field(key, citation, 14);
  }
}

}  // namespace

void write_staining(ReportPage& page, const IhcReport& r) {
  page.heading(r.nuclear ? "Tumour cells by nuclear staining" : "Tumour cells by membrane staining");
  const auto shares = cell_shares(r);
  if (!shares.empty()) {
    page.figure(ihc_svg(shares, "bar"), r.nuclear ? "Tumour cells by staining of the nucleus."
                                                  : "Tumour cells by staining of the membrane; hatched: incomplete.");
  }
  Rows rows;
  for (const IhcShare& share : r.shares) {
    const IhcInterval& p = share.percent;
    rows.push_back({share.label, fmt::format("{:.1f} %", p.value),
                    p.low == p.high ? std::string() : fmt::format("{:.1f} to {:.1f}", p.low, p.high),
                    with_commas(share.cells)});
  }
  page.table({r.nuclear ? "Nucleus" : "Membrane", "Share", fmt::format("{} % interval", r.coverage_percent), "Cells"},
             rows);
  if (!r.histogram.cells.empty()) {
    page.figure(histogram_svg(r, "histogram"), histogram_words(r));
  }
}

void write_quality(ReportPage& page, const std::vector<IhcVerdict>& verdicts) {
  if (verdicts.empty()) {
    return;
  }
  page.heading("Quality");
  Rows rows;
  for (const IhcVerdict& v : verdicts) {
    rows.push_back({v.label,
                    v.severity == Severity::ok        ? "fine"
                    : v.severity == Severity::warning ? "look"
                                                      : "refused",
                    v.reason});
  }
  page.table({"What", "Verdict", "Why"}, rows);
}

void write_further(ReportPage& page, const IhcReport& r) {
  write_pictures(page, r, false);
  write_pictures(page, r, true);
  write_quality(page, r.qc);
  write_tissue(page, r);
  if (!r.refused()) {
    write_changes(page, r);
    write_uncertainty(page, r);
  }
  write_origin(page, r);
}

}  // namespace her2
