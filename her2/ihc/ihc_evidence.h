// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "her2/core/error.h"
#include "her2/evidence/case.h"
#include "her2/ihc/ensemble.h"
#include "her2/ihc/noise_floor.h"
#include "her2/ihc/profile.h"
#include "her2/ihc/score.h"

// From counted cells to the facts that a guideline's tables take.
namespace her2 {

struct IhcEvidence {
  std::string slide_name;  // file name without folder: the source of every fact
  std::string software;    // who states them
  ClassCounts counts;
  NoiseFloor floor;
  IhcReplicates replicates;  // may be empty
};

// A specimen (its id: the slide's name) with the eight shares from faint_incomplete to strong_complete, exact quotients
// in percent of tumour cells, and membrane_staining (staining(); unknown where that is). With replicates also one
// ensemble of the same facts in the same order: shares with six decimals, rounded down, so that no row sums above 100
// and no share that is at most 10 % comes out above; up to 1,000,000 cells none above 10 % comes out at or below it.
// membrane_staining is in the ensemble (by position: absent 0, present 1) when every replicate can tell; rows without
// tumour cells are left out. Fails without tumour cells, and when the dictionary lacks one of these facts.
Result<Specimen> ihc_specimen(const IhcEvidence& evidence, const Profile& profile, const Dictionary& dictionary);

// Share of the replicates in which staining() is present, absent and unknown; all 0 without replicates.
struct StainingShares {
  double present = 0, absent = 0, unknown = 0;
};
StainingShares staining_shares(const IhcReplicates& replicates);

}  // namespace her2
