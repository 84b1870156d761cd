// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "her2/core/error.h"
#include "her2/guideline/plan.h"
#include "her2/guideline/verify_cells.h"

namespace her2 {

// Values of some choices, each a mask (kMissingBit: or missing). Choices that are not named may have any value.
using ChoiceBox = std::map<FactId, std::uint64_t>;

// A part of the inputs in which two plans give a fact different values.
struct ChangedRegion {
  int before = 0, after = 0;       // value indices; kNoValue: the fact is not given
  std::vector<std::string> where;  // what holds of the numbers: conditions as the files state them, all met
  std::vector<ChoiceBox> choices;  // what holds of the choices: any of these
  std::vector<std::string> rows_before, rows_after;  // "guideline table/row" that give the values
  Example example;                                   // one case, with whole counts
};
inline constexpr int kNoValue = -1;

// The comparison of one fact that both plans give.
struct FactDifference {
  FactId fact = 0;
  std::vector<FactId> inputs;   // facts that the comparison runs over
  std::uint64_t compared = 0;   // cells times choices: every kind of case that the two can tell apart
  std::uint64_t undecided = 0;  // of them, left out: some required fact is missing while others are there
  std::vector<ChangedRegion> regions;
};

struct PlanDifference {
  std::vector<FactDifference> facts;            // in the order in which tables feed each other
  std::vector<FactId> only_before, only_after;  // facts that only one of the two gives
};

struct DifferenceOptions {
  // Only cases that meet it; may name facts that tables give. It binds the facts that it bears on, no others.
  std::optional<Condition> where;
};

// Where two plans of one catalog disagree: every region of inputs, each with an example. Exact, by the cells of the
// proof (verify_cells.h): the space of the numbers is cut until every test of both plans is decided, and with each cell
// go all combinations of choices that the tests tell apart. Tables that both plans share are not compared. A fact that
// both give alike, or from more than kMostNumbers numbers, is an input of what follows from it, so that a change is
// listed where it arises. Fails when one fact has more than kMostCombinations kinds of cases.
inline constexpr std::size_t kMostNumbers = 6;
inline constexpr std::uint64_t kMostCombinations = 40'000'000;
[[nodiscard]] Result<PlanDifference> difference(const Plan& before, const Plan& after,
                                                const DifferenceOptions& options = {});

// Whether one fully known case meets a condition.
[[nodiscard]] bool holds(const Dictionary& dictionary, const Condition& condition, const FactValues& facts);

}  // namespace her2
