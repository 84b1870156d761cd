// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "her2/guideline/difference_space.h"

namespace her2 {

// Some of the classes of one input: a bit for each, in the order of ChoiceInput::classes or NumberInput::cells.
using ClassBits = std::vector<std::uint64_t>;

// A step that nothing asked for; rows below kNotEntered say nothing of the inputs.
inline constexpr int kNotAsked = -9;

// Kinds of cases that take the same way through both plans: any class of each input's set, in any combination.
struct CaseKinds {
  std::vector<ClassBits> inputs;         // space.choices, then space.numbers
  std::uint64_t count = 0;               // combinations of classes
  bool decided = true;                   // false: a table that is needed lacks one of the facts that it requires
  std::array<int, 2> values{};           // of the fact, by each plan; kNoValue: not given
  std::array<std::vector<int>, 2> rows;  // for each step of each plan: row, kNotEntered or kNotAsked
  bool asked = true;                     // `where` is met
};

// Visits the whole space once, as few disjoint parts: an input is divided only by tests that the way to the fact comes
// to, and a table is entered only when its conclusion is asked for. `where`: nullptr: all are asked for; it is looked
// at only where the values differ. Inside of difference.cpp.
void for_each_kind(const Plan& before, const Plan& after, FactId fact, const DifferenceSpace& space,
                   const Condition* where, const std::function<void(const CaseKinds&)>& visit);

// The first class of a set, which must not be empty.
[[nodiscard]] std::size_t first_class(const ClassBits& bits);

}  // namespace her2
