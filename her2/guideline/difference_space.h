// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "her2/guideline/plan.h"
#include "her2/guideline/verify_cells.h"

namespace her2 {

// What two plans can tell apart about the inputs of one fact. Inside of difference.cpp.

// The steps of a plan that lead to `fact`, in order, as a plan; facts of `cuts` are inputs, not followed further back.
Plan steps_to(const Plan& plan, FactId fact, const std::set<FactId>& cuts);

// Facts that the steps of a plan read (quotients by their parts) or give.
std::set<FactId> read_by(const Plan& plan);
std::set<FactId> given_by(const Plan& plan);

// Values of one choice that no test tells apart.
struct ChoiceInput {
  FactId fact = 0;
  std::vector<std::uint64_t> classes;  // masks, kMissingBit for missing
};

// Numbers that some table or test names together, and the cells that all tests cut them into.
struct NumberInput {
  std::vector<FactId> facts;
  std::vector<Example> cells;  // one case of each
};

struct DifferenceSpace {
  std::vector<FactId> inputs;
  std::vector<ChoiceInput> choices;
  std::vector<NumberInput> numbers;
  [[nodiscard]] std::uint64_t combinations() const;  // saturates
};

// `possible(fact)`: values that an input may have that a table gives (cut facts); nullopt: any, or missing.
DifferenceSpace difference_space(const Plan& before, const Plan& after, FactId fact, const Condition* where,
                                 const std::map<FactId, std::uint64_t>& possible);

}  // namespace her2
