// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "her2/care/prognosis.h"

namespace her2 {

// One recorded fact that, if it were different, would change the stage or the chance of being alive at ten years.
struct PrognosisChange {
  std::string fact, label, unit;
  std::string from, to;                 // "1", "4"; the nearest value in each direction that makes the difference
  std::string stage_from, stage_to;     // anatomic; equal where it stays the same; "" where there is none
  double alive_from = 0, alive_to = 0;  // percent at ten years, middle of the interval; 0 where there is none
};

// For each fact that stage or PREDICT reads: every other value of a choice, and of a number the nearest value above and
// below, that changes the anatomic stage or moves ten-year survival by more than `points`. Facts that would contradict
// the changed one are left out then. Largest effect first.
[[nodiscard]] std::vector<PrognosisChange> prognosis_changes(const Dictionary& dictionary, const FactValues& facts,
                                                             const PrognosisOptions& options, double points = 2);

}  // namespace her2
