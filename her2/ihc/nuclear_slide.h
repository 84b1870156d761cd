// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "her2/core/error.h"
#include "her2/evidence/case.h"
#include "her2/ihc/ensemble.h"
#include "her2/ihc/nuclear.h"

namespace her2 {

// A slide of a nuclear marker, scored: its cells with their classes as_membrane(), and how sure the counts are.
struct NuclearSlide {
  ScoredCells cells;
  NuclearScore score;
  IhcReplicates replicates;  // in the same classes: unstained and complete ones alone (ensemble.h)
};
// Fails as score_cells() and replicate() do. In each replicate what replicate() says is moved; "contrast" is the mean
// DAB of a nucleus.
Result<NuclearSlide> score_nuclear_slide(const CellTable& table, const std::vector<Edit>& edits,
                                         const Profile& profile);

// A specimen (its id: the slide's name) with er_percent and er_intensity, pgr_percent and pgr_intensity, or
// ki67_percent; percents are exact quotients. With replicates also their ensemble of the percent, rounded down to six
// decimals. Fails without tumour cells, and when the dictionary lacks the fact.
Result<Specimen> nuclear_specimen(const CellTable& table, const NuclearCounts& counts, NuclearMarker marker,
                                  const Dictionary& dictionary, const IhcReplicates& replicates = {});

}  // namespace her2
