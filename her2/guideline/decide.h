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

// What became of one table.
inline constexpr int kNotEntered = -1;

// A part of the possible cases in which every table meets one known row.
struct Leaf {
  Worlds worlds;
  std::vector<int> rows;  // for each step of the plan: index of the row, or kNotEntered
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

  // Mask of the values that `fact` has in some leaf (kMissingBit: it is missing in some).
  [[nodiscard]] std::uint64_t possible(FactId fact) const;
  // Rows of a step that are met in some leaf, ascending, each once.
  [[nodiscard]] std::vector<int> rows(std::size_t step) const;
};

Outcome decide(const Plan& plan, const Worlds& worlds);

// The flags that are met in every leaf, as indices into plan.flags.
std::vector<std::size_t> raised_flags(const Plan& plan, const Outcome& outcome);

}  // namespace her2
