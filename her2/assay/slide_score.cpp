// SPDX-License-Identifier: Apache-2.0
#include "her2/assay/slide_score.h"

#include <array>
#include <utility>

#include "her2/ihc/ihc_evidence.h"
#include "her2/ihc/noise_floor.h"

namespace her2 {

Result<SlideScore> score_slide(const CellTable& table, const std::vector<Edit>& edits, const Profile& profile) {
  SlideScore out;
  out.marker = nuclear_marker(table.marker);
  if (out.marker) {
    auto slide = score_nuclear_slide(table, edits, profile);
    if (!slide) {
      return tl::unexpected(slide.error());
    }
    out.cells = std::move(slide->cells);
    out.replicates = std::move(slide->replicates);
    out.nuclear = slide->score;
    return out;
  }
  auto cells = score_cells(table, edits, profile);
  if (!cells) {
    return tl::unexpected(cells.error());
  }
  auto replicates = replicate(table, edits, profile);
  if (!replicates) {
    return tl::unexpected(replicates.error());
  }
  out.cells = std::move(*cells);
  out.replicates = std::move(*replicates);
  return out;
}

Result<Case> evidence_of(const CellTable& table, const SlideScore& score, const Profile& profile,
                         const Dictionary& dictionary) {
  Result<Specimen> specimen = tl::unexpected(Error{});
  if (score.marker) {
    specimen = nuclear_specimen(table, score.nuclear.counts, *score.marker, dictionary, score.replicates);
  } else {
    IhcEvidence evidence{table.slide_name, table.software, without_rare(score.cells.counts),
                         noise_floor(table, score.cells), score.replicates};
    for (ClassCounts& row : evidence.replicates.rows) {
      row = without_rare(row);
    }
    specimen = ihc_specimen(evidence, profile, dictionary);
  }
  if (!specimen) {
    return tl::unexpected(specimen.error());
  }
  Case out;
  out.id = table.slide_name;
  out.specimens.push_back(std::move(*specimen));
  return out;
}

std::string_view answer_fact(const std::optional<NuclearMarker>& marker) {
  static constexpr std::array<std::string_view, 3> kFacts{"er_status", "pgr_status", "ki67_class"};
  return marker ? kFacts.at(static_cast<std::size_t>(*marker)) : "ihc_score";
}

}  // namespace her2
