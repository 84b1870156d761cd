// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "her2/care/care_answer.h"

namespace her2 {

// An answer before and after; empty: not known.
struct AnswerChange {
  FactId fact = 0;
  std::string from, to;  // as value_text writes them
};

// What one recorded fact, if it were different, changes: all others kept.
struct CareChange {
  FactId fact = 0;
  std::string from, to;                             // as value_text writes them
  std::vector<AnswerChange> answers;                // HER2 status, spectrum, subtypes, stages
  std::vector<const Option*> gained, lost, opened;  // options then met; no longer met; then open that were not
  std::optional<double> survival_points;            // change of the chance to be alive at ten years, in points
};

// Chance in percent to be alive at ten years, or nothing where the model does not answer. May be empty.
using TenYears = std::function<std::optional<double>(const CareFacts&)>;

// For each recorded fact that is known exactly: the nearest other values (each other value of a choice; for numbers
// both sides of every limit that an option sets) that change the subtype, the stage, what an option says, or the
// ten-year survival by more than two points. At most one entry a fact and outcome, the nearest; facts in dictionary
// order.
std::vector<CareChange> care_changes(const CareRules& rules, const FactValues& recorded, const CareAnswer& now,
                                     const TenYears& ten_years);

}  // namespace her2
