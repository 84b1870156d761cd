// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "her2/guideline/plan.h"

namespace her2 {

// The numeric tests of a plan in integers, and its conditions over the outcomes of those tests. Inside of point.cpp.

inline constexpr int kPointDigits = 6;  // behind the point
inline constexpr std::int64_t kPointScale = 1'000'000;
inline constexpr std::int64_t kMostMillionths = 1'000'000'000 * kPointScale;

// sum coefficient * number + constant REL 0, all in integers (the constant in millionths).
struct LinearTest {
  std::vector<std::pair<FactId, std::int64_t>> terms;
  std::int64_t constant = 0;
  Relation relation = Relation::less;
  friend bool operator==(const LinearTest&, const LinearTest&) = default;
};

// numerator * below REL above * denominator, or its opposite when negated.
struct QuotientTest {
  FactId fact = 0;
  std::int64_t above = 0, below = 1;
  Relation relation = Relation::less;
  bool negated = false;
  friend bool operator==(const QuotientTest&, const QuotientTest&) = default;
};

// A condition whose numeric tests are numbers of tests.
struct Compact {
  Condition::Op op = Condition::Op::all;
  std::vector<Compact> parts;
  FactId fact = 0;
  std::uint64_t mask = 0;
  std::size_t test = 0;
};

// A quotient as a link between two numbers, each with a place of its own from 1 on (0: what is known).
struct Link {
  FactId quotient = 0;
  std::uint8_t above = 0, below = 0;
  bool first_above = false, first_below = false;  // no earlier link names that number
  bool free = false;  // its parts may be any number above 0: the dictionary does not bound them further
};
inline constexpr std::size_t kMostLinked = 64;

struct PointPlan {
  struct Step {
    std::optional<Compact> enter;
    std::vector<Compact> space;
    std::vector<Compact> rows;
    std::vector<FactId> required;
  };

  explicit PointPlan(const Plan& source);

  const Plan& plan;
  const Dictionary& dictionary;
  std::vector<FactId> quotients;
  std::vector<std::vector<FactId>> quotients_of;  // for each number: the quotients that name it
  std::vector<Link> links;                        // one for each quotient
  std::vector<FactId> numbers, choices;           // facts that the key holds
  std::vector<LinearTest> linear;
  std::vector<QuotientTest> quotient;
  std::vector<Step> steps;
  std::vector<Compact> flags;
  bool exact_enough = true;  // every coefficient of the plan fits

 private:
  void link(FactId given);
  void note_input(FactId fact);
  Compact compact(const Condition& condition);
  std::size_t linear_test(const Condition& condition);
  std::size_t quotient_test(const Condition& condition);
  std::int64_t fit(std::optional<std::int64_t> value);
};

}  // namespace her2
