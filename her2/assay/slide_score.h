// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "her2/core/error.h"
#include "her2/evidence/case.h"
#include "her2/guideline/catalog.h"
#include "her2/ihc/ensemble.h"
#include "her2/ihc/nuclear.h"
#include "her2/ihc/score.h"

namespace her2 {

// A table scored as what it was measured for (CellTable::marker).
struct SlideScore {
  ScoredCells cells;         // of nuclear markers with classes as_membrane()
  IhcReplicates replicates;  // in the same classes
  std::optional<NuclearMarker> marker;  // nothing: HER2
  NuclearScore nuclear;                 // of nuclear markers
};
Result<SlideScore> score_slide(const CellTable& table, const std::vector<Edit>& edits, const Profile& profile);

// The facts that the score comes to, as a case of one specimen that `her2 status` takes. HER2: classes rarer than the
// method's own errors count with the next weaker one (without_rare()). Fails without tumour cells.
Result<Case> evidence_of(const CellTable& table, const SlideScore& score, const Profile& profile,
                         const Dictionary& dictionary);

// The facts whose answers a result is about: ihc_score, er_status, pgr_status, ki67_class.
std::string_view answer_fact(const std::optional<NuclearMarker>& marker);

}  // namespace her2
