// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "her2/guideline/plan.h"
#include "her2/guideline/worlds.h"

namespace her2 {

// What became of one table, where one row index is expected.
inline constexpr int kNotEntered = -1;
// Bit of Leaf::rows for "not entered".
inline constexpr std::uint64_t kPassedBit = std::uint64_t{1} << 63;

// A part of the possible cases.
struct Leaf {
  Worlds worlds;
  // For each step of the plan the rows met in this part (bit i = row i, kPassedBit = not entered); one bit unless parts
  // were merged; 0: the step was not asked for.
  std::vector<std::uint64_t> rows;
  // Steps whose conclusion differs from what is recorded for that fact; the recorded value stands.
  std::vector<std::pair<std::size_t, FactId>> disagreements;
};

// Why a set of facts cannot be: no possible case is left.
struct Impossible {
  std::size_t step = 0;  // the table where it showed
  std::string what;      // the law that is broken, as the guideline file states it; empty: the facts alone
};

// The outcome of a plan over a set of possible cases: exact, except that with very many open facts the leaves may
// overlap (an answer may then stay open that could be closed; never the other way round).
struct Outcome {
  std::vector<Leaf> leaves;
  std::optional<Impossible> impossible;
  std::uint64_t evaluations = 0;  // that it took
  bool unfinished = false;        // Question::most_evaluations was reached: there are no leaves, and nothing is known

  // Mask of the values that `fact` has in some leaf (kMissingBit: it is missing in some).
  [[nodiscard]] std::uint64_t possible(FactId fact) const;
  // Mask of the rows of a step that are met in some leaf.
  [[nodiscard]] std::uint64_t row_mask(std::size_t step) const;
  // The same as indices, ascending, kNotEntered first.
  [[nodiscard]] std::vector<int> rows(std::size_t step) const;
};

// Which part of a plan is asked for.
struct Question {
  std::vector<FactId> facts;  // only the tables that lead to these facts; empty: all tables
  bool merge = false;  // parts that no later table tells apart are merged: fewer leaves, the same values and rows
  // Most evaluations (a condition asked of a part of the cases); 0: no limit. Beyond it the outcome is `unfinished`.
  std::uint64_t most_evaluations = 0;
};

Outcome decide(const Plan& plan, const Worlds& worlds, const Question& question = {});

// The flags that are met in every leaf, as indices into plan.flags. The outcome must hold all tables, unmerged.
std::vector<std::size_t> raised_flags(const Plan& plan, const Outcome& outcome);

// The same from the possible cases: each flag asks only for the tables that lead to its facts.
std::vector<std::size_t> raised_flags(const Plan& plan, const Worlds& worlds);

}  // namespace her2
