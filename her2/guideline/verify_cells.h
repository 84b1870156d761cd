// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "her2/evidence/dictionary.h"
#include "her2/evidence/value.h"
#include "her2/guideline/condition.h"
#include "her2/guideline/worlds.h"

namespace her2 {

// One fully known case: each input with its value, in the order of the inputs.
using Example = std::vector<std::pair<FactId, Value>>;

// A space of inputs: every value of the dictionary for each of them, cut to where all of `assumed` is met.
struct InputSpace {
  std::vector<FactId> inputs;      // choices and numbers, ascending
  std::vector<FactId> missing_ok;  // those that may be missing, ascending
  std::vector<const Condition*> assumed;
};

// A part of an input space, not empty, in which each of the questions is met everywhere or nowhere.
struct Cell {
  std::vector<bool> met;  // for each question
  std::size_t met_count = 0;
  // A case of this part, with simple numbers, whole ones for facts that are counts. Nothing when the part holds only
  // fractions of counts: then no real case lies in it. `uncertain` when the search for whole numbers was given up.
  std::function<std::optional<Example>(bool& uncertain)> example;
};

// Cuts the input space into cells and visits each; their union is the whole space and no two overlap. Exact: a cut
// along a number is made only where Fourier-Motzkin elimination leaves something on both sides. Numbers are taken as
// real ones; what is so in all real cases is so in all whole ones. Stops when `visit` returns false.
void for_each_cell(const Dictionary& dictionary, const InputSpace& space,
                   const std::vector<const Condition*>& questions, const std::function<bool(const Cell&)>& visit);

// The worlds that hold just this case.
[[nodiscard]] Worlds worlds_of(const Dictionary& dictionary, const Example& example);

}  // namespace her2
