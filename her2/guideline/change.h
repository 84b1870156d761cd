// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "her2/guideline/decide.h"

namespace her2 {

// The smallest change of one fact, all others kept, that makes a step meet another row.
struct Change {
  FactId fact = 0;
  Value to;     // a choice; or a number; or, where no smallest number exists, everything beyond an open bound
  int row = 0;  // the row of the step then met
  std::uint64_t gives = 0;           // mask of what `answer` then is
  std::optional<Rational> distance;  // |to - from| for numbers
};

// For each fact of `facts` that is known exactly and that some table of the plan reads: its smallest change that makes
// the last step giving `answer` meet another row. Sorted: choices first, then by distance relative to the value.
// Whole-number facts change by whole numbers.
// A search is bounded by evaluations (decide.h), never by time: facts that were not searched to the end are named.
struct NearestChanges {
  std::vector<Change> changes;
  std::vector<FactId> not_searched;
};
inline constexpr std::uint64_t kMostChangeEvaluations = 20'000;  // for all facts together; usual cases take under 3,000
NearestChanges nearest_changes(const Plan& plan, const FactValues& facts, FactId answer);

// Smallest sets of facts (at most three facts, at most five sets, of equal size) whose exact values would settle an
// open `answer`, whatever they turn out to be. Empty: it is settled already, or no such set was found. Bounded by
// comparisons of two parts of the possible cases: not `searched`: the search ended there, and other sets may settle it.
struct SettlingFacts {
  std::vector<std::vector<FactId>> sets;
  bool searched = true;
};
inline constexpr std::uint64_t kMostSettleComparisons = 400;
SettlingFacts settling_facts(const Plan& plan, const FactValues& facts, const Outcome& outcome, FactId answer);

}  // namespace her2
