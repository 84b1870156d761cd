// SPDX-License-Identifier: Apache-2.0
#include "her2/report/ihc_further.h"

#include <set>

#include <fmt/format.h>

#include "her2/language/retold.h"
#include "her2/language/say.h"
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
        page.heading(fields ? say("ihc.cells_of_each_class") : say("ihc.the_slide"));
        if (fields) {
          page.paragraph(r.nuclear ? say("ihc.the_outlines_are_those_of_nuclei")
                                   : say("ihc.solid_outline_complete_membrane_dashed"),
                         2, Ink::quiet);
        }
      }
      first = false;
      page.picture(picture.png, picture.title, picture.caption);
    }
  }
  if (!first && !fields) {
    page.paragraph(
        r.nuclear ? say("ihc.outlines_blue_negative_yellow_1_weak") : say("ihc.outlines_blue_unstained_yellow_1_faint"),
        2, Ink::quiet);
  }
}

void write_tissue(ReportPage& page, const IhcReport& r) {
  if (r.areas.empty() && r.kinds.empty() && r.regions.empty()) {
    return;
  }
  page.heading(say("ihc.tissue_and_cells"));
  Rows areas;
  for (const IhcArea& area : r.areas) {
    areas.push_back({name_in("area", area.reason), number_in(area.mm2, 2)});
  }
  if (!areas.empty()) {
    page.table({say("ihc.area"), say("ihc.mm")}, areas);
  }
  Rows kinds;
  for (const IhcKind& kind : r.kinds) {
    kinds.push_back({name_in("cells", kind.label), with_commas(kind.cells)});
  }
  if (!kinds.empty()) {
    page.table({say("ihc.cells_head"), say("ihc.number")}, kinds);
  }
  Rows regions;
  for (const IhcRegion& region : r.regions) {
    if (!r.microarray) {
      regions.push_back({region.name, name_in("role", region.role), number_in(region.mm2, 2),
                         with_commas(region.tumour_cells), number_in(region.h_score, 0)});
    }
  }
  if (!regions.empty()) {
    page.heading(say("ihc.regions"), 3);
    page.table(
        {say("ihc.region"), say("ihc.role"), say("ihc.mm"), say("ihc.tumour_cells_head"), say("ihc.h_score_head")},
        regions);
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
    page.heading(say("ihc.what_would_change_the_call"));
    page.table(
        {say("ihc.if_this"), say("ihc.were_instead_of"), say("ihc.this"), say("ihc.it_would_be"), say("ihc.by_column")},
        rows);
  }
}

void write_uncertainty(ReportPage& page, const IhcReport& r) {
  page.heading(say("ihc.how_sure"));
  fact(page, say("ihc.replicates"),
       r.replicates == 0 ? say("ihc.none_the_figures_carry_no_intervals") : with_commas(r.replicates));
  fact(page, say("ihc.conditional_on"), retold(r.conditional_on));
  if (!r.nuclear) {
    fact(page, say("ihc.noise_floor"),
         say("ihc.of_cells_look_faintly_stained_where",
             {{"noise_floor_percent", percent_in(r.noise_floor_percent, 1)}}));
  }
  if (r.second.measured) {
    fact(page, say("ihc.second_opinion_head"),
         say("ihc.membrane_connectivity",
             {{"connectivity", number_in(r.second.connectivity, 2)}, {"says", r.second.says}}));
  }
  for (const auto& [label, value] : r.heterogeneity) {
    fact(page, label, value);
  }
}

void write_origin(ReportPage& page, const IhcReport& r) {
  page.heading(say("ihc.made_from"));
  for (const auto& [label, value] : ihc_provenance(r)) {
    fact(page, label, value);
  }
  std::set<std::pair<std::string, std::string>> sources;
  for (const CaseStatus& edition : r.editions) {
    const auto cited = all_citations(edition);
    sources.insert(cited.begin(), cited.end());
  }
  if (!sources.empty()) {
    page.heading(say("ihc.sources"));
  }
  for (const auto& [key, citation] : sources) {
    page.field(key, citation, 14);
  }
}

}  // namespace

void write_staining(ReportPage& page, const IhcReport& r) {
  page.heading(r.nuclear ? say("ihc.tumour_cells_by_nuclear_staining") : say("ihc.tumour_cells_by_membrane_staining"));
  const auto shares = cell_shares(r);
  if (!shares.empty()) {
    page.figure(ihc_svg(shares, "bar"), r.nuclear ? say("ihc.tumour_cells_by_staining_of_the")
                                                  : say("ihc.tumour_cells_by_staining_of_the_head"));
  }
  Rows rows;
  for (const IhcShare& share : r.shares) {
    const IhcInterval& p = share.percent;
    rows.push_back({staining_words(share.label), percent_in(p.value, 1),
                    p.low == p.high ? std::string()
                                    : say("ihc.range", {{"low", number_in(p.low, 1)}, {"high", number_in(p.high, 1)}}),
                    with_commas(share.cells)});
  }
  page.table({r.nuclear ? say("ihc.nucleus") : say("ihc.membrane"), say("ihc.share"),
              say("ihc.interval", {{"coverage_percent", r.coverage_percent}}), say("ihc.cells_head")},
             rows);
  if (!r.histogram.cells.empty()) {
    page.figure(histogram_svg(r, "histogram"), histogram_words(r));
  }
}

void write_quality(ReportPage& page, const std::vector<IhcVerdict>& verdicts) {
  if (verdicts.empty()) {
    return;
  }
  page.heading(say("ihc.quality"));
  Rows rows;
  for (const IhcVerdict& v : verdicts) {
    rows.push_back({v.label,
                    v.severity == Severity::ok        ? say("ihc.fine_plain")
                    : v.severity == Severity::warning ? say("ihc.look_plain")
                                                      : say("ihc.refused_plain"),
                    v.reason});
  }
  page.table({say("ihc.what"), say("ihc.verdict"), say("ihc.why")}, rows);
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
