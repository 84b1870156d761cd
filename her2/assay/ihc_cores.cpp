// SPDX-License-Identifier: Apache-2.0
#include "her2/assay/ihc_cores.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "her2/assay/ihc_editions.h"
#include "her2/ihc/heterogeneity.h"

namespace her2 {
namespace {

// The cells of one core that count, without outlines, as they were scored.
struct CoreCells {
  CellTable table;
  std::vector<Edit> edits;
};

CoreCells cells_of(const CellTable& table, const ScoredCells& scored, std::size_t region) {
  CoreCells out;
  out.table.marker = table.marker;
  out.table.slide_name = table.regions.at(region);
  out.table.slide_sha256 = table.slide_sha256;
  out.table.mpp = table.mpp;
  out.table.work_mpp = table.work_mpp;
  out.table.white = table.white;
  out.table.stain_vectors = table.stain_vectors;
  out.table.profile_name = table.profile_name;
  out.table.profile_sha256 = table.profile_sha256;
  out.table.software = table.software;
  for (std::size_t i = 0; i < table.cells.size(); ++i) {
    if (scored.removed[i] || table.cells[i].region != static_cast<int>(region)) {
      continue;
    }
    out.table.add(table.cells[i], {}, {});
    Edit edit;
    edit.cell = table.id(i);
    edit.centroid = table.cells[i].centroid;
    if (scored.kind_edited[i]) {
      edit.action = Edit::Action::kind;
      edit.kind = scored.kind[i];
      out.edits.push_back(edit);
    }
    if (scored.membrane_edited[i]) {
      edit.action = Edit::Action::membrane;
      edit.membrane = scored.membrane[i];
      out.edits.push_back(edit);
    }
  }
  return out;
}

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) {
    return text;
  }
  std::string out = "\"";
  for (const char c : text) {
    out += c == '"' ? "\"\"" : std::string(1, c);
  }
  return out + "\"";
}

}  // namespace

Result<std::vector<IhcRegion>> score_cores(const CellTable& table, const SlideScore& score, const Profile& profile,
                                           const Catalog& catalog, const std::string& edition) {
  std::vector<IhcRegion> out;
  for (std::size_t r = 0; r < table.regions.size(); ++r) {
    const CoreCells cells = cells_of(table, score.cells, r);
    const auto core = score_slide(cells.table, cells.edits, profile);
    if (!core) {
      return tl::unexpected(core.error());
    }
    IhcRegion region;
    region.name = table.regions[r];
    region.role = "core";
    region.tumour_cells = core->cells.counts.tumour;
    region.h_score = core->cells.h_score;
    if (region.tumour_cells < static_cast<std::uint64_t>(profile.least_cells)) {
      region.why_not = fmt::format("too few tumour cells (the profile asks for {})", profile.least_cells);
      out.push_back(std::move(region));
      continue;
    }
    const auto input = evidence_of(cells.table, *core, profile, catalog.dictionary);
    if (!input) {
      return tl::unexpected(input.error());
    }
    const auto editions = ihc_editions(*input, catalog, edition.empty() ? "2023" : edition);
    if (!editions) {
      return tl::unexpected(editions.error());
    }
    if (const Answer* answer = answer_of(editions->front(), answer_fact(core->marker))) {
      region.score = score_words(*answer);
      region.likeliest = likeliest(*answer);
    }
    out.push_back(std::move(region));
  }
  return out;
}

std::string cores_csv(const IhcReport& report) {
  std::string out = "id,tumour_cells,h_score,tissue_mm2";
  for (const IhcShare& share : report.shares) {
    if (share.fact != "unstained" && !report.nuclear) {
      out += "," + share.fact;
    }
  }
  if (report.nuclear) {
    out += "," + report.nuclear->fact;
  }
  out += ",measured_" + report.answer_fact + "\n";
  for (const IhcRegion& core : report.regions) {
    if (core.role != "core") {
      continue;
    }
    out += fmt::format("{},{},{:.1f},{:.4f}", csv_field(core.name), core.tumour_cells, core.h_score, core.mm2);
    const bool scored = !core.likeliest.empty();
    double positive = 0;
    for (std::size_t s = 0; s < report.shares.size(); ++s) {
      const double percent = s < core.percent.size() ? core.percent[s] : 0;
      positive += s > 0 ? percent : 0;
      if (report.shares[s].fact != "unstained" && !report.nuclear) {
        out += scored ? fmt::format(",{:.4f}", percent) : ",";
      }
    }
    if (report.nuclear) {
      out += scored ? fmt::format(",{:.4f}", std::min(positive, 100.0)) : ",";
    }
    out += "," + core.likeliest + "\n";
  }
  return out;
}

}  // namespace her2
