// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include "her2/run/verdict.h"

namespace her2 {

// The verdict about a row that may be any of some plain cases: what verdict_of(plan, decide_facts(...)) says of them
// together, where the facts contradict nothing that is recorded.
class PointsVerdict {
 public:
  // Both must outlive it.
  PointsVerdict(const Plan& plan, const std::vector<FactId>& answers);

  void clear();
  // Adds a case. False: the cases cannot be taken together so (a case breaks a law, or a table contradicts a recorded
  // fact, which then narrows what the other facts may be).
  [[nodiscard]] bool add(const PointOutcome& outcome);
  // At least one case was added.
  [[nodiscard]] Verdict verdict() const;

 private:
  static std::uint64_t bit_of(std::uint8_t value) {
    return value == 0 ? kMissingBit : std::uint64_t{1} << (value - 1U);
  }

  const Plan& plan_;
  const std::vector<FactId>& answers_;
  FactId first_;
  std::size_t added_ = 0;
  std::uint64_t first_values_ = 0;
  std::vector<std::uint64_t> values_;  // of each answer
  std::vector<std::size_t> giving_;    // steps that give the first answer
  std::vector<std::set<int>> rows_;    // of each of them: the rows met
  std::vector<std::size_t> flags_;     // raised in every case
};

}  // namespace her2
