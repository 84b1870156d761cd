// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "her2/core/decimal.h"
#include "her2/core/error.h"
#include "her2/evidence/dictionary.h"

namespace her2 {

// Bit of a choice mask that stands for "missing".
inline constexpr std::uint64_t kMissingBit = std::uint64_t{1} << 63;
// Bit of a number's mask that stands for "has a value".
inline constexpr std::uint64_t kPresentBit = 1;

// terms[i].second * fact terms[i].first, summed, plus the constant. Facts are numbers, ascending, coefficients not 0.
struct LinearForm {
  std::vector<std::pair<FactId, Rational>> terms;
  Rational constant = 0;

  void add(FactId fact, const Rational& coefficient);
  void add(const LinearForm& other, const Rational& factor);
  friend bool operator==(const LinearForm&, const LinearForm&) = default;
};

enum class Relation : std::uint8_t { less, less_equal, equal };

// A condition over the facts of one case, as docs/guideline-files.md defines it. In one fully known case it is met or
// not met; worlds.h says what it is over a set of cases.
struct Condition {
  enum class Op : std::uint8_t {
    all,       // every part is met (met when there are none)
    any,       // some part is met (not met when there are none)
    choice,    // the choice `fact` has a value in `mask` (kMissingBit: or is missing)
    presence,  // the number `fact` is missing (mask = kMissingBit) or has a value (mask = kPresentBit)
    linear,    // every fact of `form` has a value, and form REL 0
    quotient,  // numerator and denominator have values, denominator > 0, and `fact` REL constant (form.constant)
  };

  Op op = Op::all;
  std::vector<Condition> parts;
  FactId fact = 0;
  std::uint64_t mask = 0;
  LinearForm form;
  Relation relation = Relation::less;
  bool negated = false;  // quotient only: less stands for greater or equal, less_equal for greater; never with equal
  std::string text;      // as it stands in the source, for tests and for parts that a person reads

  friend bool operator==(const Condition& a, const Condition& b);  // the text apart
};

// The condition that is met exactly where `condition` is not.
Condition complement(const Condition& condition, const Dictionary& dictionary);

// A quotient test as plain linear tests: denominator > 0 and numerator REL constant * denominator.
Condition expand_quotient(const Condition& quotient, const Dictionary& dictionary);

// Facts that the condition reads, quotients replaced by their parts; ascending, each once.
std::vector<FactId> facts_read(const Condition& condition, const Dictionary& dictionary);

// Names that may stand in a condition besides facts.
struct ConditionNames {
  std::map<std::string, LinearForm, std::less<>> sums;      // [table].sums
  std::map<std::string, Rational, std::less<>> parameters;  // [parameters]
};

// Reads a condition. Fails with the column and what was expected there.
Result<Condition> parse_condition(std::string_view text, const Dictionary& dictionary, const ConditionNames& names);

// Reads a sum of facts, parameters and numbers.
Result<LinearForm> parse_sum(std::string_view text, const Dictionary& dictionary, const ConditionNames& names);

}  // namespace her2
