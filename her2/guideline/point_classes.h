// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "her2/evidence/value.h"
#include "her2/guideline/plan.h"

namespace her2 {

// Which numbers a plan cannot tell apart. Every answer of a plan follows from the outcome of its tests, so two cases
// in which the same outcomes are possible get the same answer. Immutable; threads share it.
class NumberCells {
 public:
  explicit NumberCells(const Plan& plan);

  // Whether the plan only compares this number with constants, each time by itself, and no quotient names it. What is
  // known of it then bears on nothing but its own tests.
  [[nodiscard]] bool stands_alone(FactId number) const { return alone_[number]; }

  // The constants divide the numbers into cells: below the first, the first itself, between it and the second, ...
  struct Cells {
    std::uint32_t first = 0, last = 0;
    // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 misreads a defaulted comparison
    friend auto operator<=>(const Cells&, const Cells&) = default;
  };
  // The cells that a number may lie in which stands alone: one with `value`, which is a number, or any of its type.
  [[nodiscard]] Cells cells(FactId number, const Value& value) const;
  [[nodiscard]] Cells all_cells(FactId number) const;
  // A number of a cell; nothing when none has few enough digits.
  [[nodiscard]] std::optional<Decimal> example(FactId number, std::uint32_t cell) const;

 private:
  struct Place {
    std::uint32_t cell = 0;
    bool on_constant = false;
  };
  [[nodiscard]] const std::vector<Rational>& constants_of(FactId number) const;
  static Place place_of(const std::vector<Rational>& constants, const Rational& at);

  const Dictionary& dictionary_;
  std::vector<bool> alone_;
  std::map<FactId, std::vector<Rational>> constants_;  // ascending
};

// The tests of a plan over numbers that are all exact or missing, where no quotient is recorded.
class ExactTests {
 public:
  static constexpr std::size_t kMostTests = 128, kMostNumbers = 64;
  using Met = std::array<std::uint64_t, kMostTests / 64>;

  // numbers[i] are the facts that have the i-th number as their value; any other number is missing.
  ExactTests(const Plan& plan, const std::vector<std::vector<FactId>>& numbers);

  // False: there are too many tests, or their coefficients are too large.
  [[nodiscard]] bool usable() const { return usable_; }

  // A number as met() takes it, if it is not too long or large.
  [[nodiscard]] static std::optional<std::int64_t> millionths(const Decimal& number);

  // Which tests are met, one bit a test; `given` has a bit for each number that is not missing.
  [[nodiscard]] Met met(const std::int64_t* millionths, std::uint64_t given) const;

 private:
  struct Term {
    std::uint32_t number = 0;
    std::int64_t coefficient = 0;
  };
  struct Test {  // sum + constant REL 0, or the opposite when negated
    std::uint64_t needs = 0;
    std::uint32_t first = 0, last = 0;  // terms
    std::int64_t constant = 0;
    std::int64_t above_zero = -1;  // a number that must be above 0; -1: none
    Relation relation = Relation::less;
    bool negated = false;
  };
  void add(Test test, const std::vector<std::pair<FactId, std::int64_t>>& terms,
           const std::map<FactId, std::uint32_t>& places);

  std::vector<Test> tests_;
  std::vector<Term> terms_;
  bool usable_ = true;
};

}  // namespace her2
