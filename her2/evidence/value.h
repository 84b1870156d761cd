// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "her2/core/decimal.h"
#include "her2/core/error.h"
#include "her2/evidence/dictionary.h"

namespace her2 {

// An end of an interval: a value and whether the value itself is left out.
struct Bound {
  Rational at;
  bool open = false;
  friend bool operator==(const Bound&, const Bound&) = default;
};

// What is known of one fact.
//
// missing   the fact does not exist (a test that was not done): a value of its own
// unknown   it may exist but is not to hand: any value, or none, is possible
// choice    it exists and is one of the values in `choices` (one bit: known exactly)
// number    it exists and lies between `low` and `high` (equal and closed: known exactly)
struct Value {
  enum class State : std::uint8_t { missing, unknown, choice, number };

  State state = State::missing;
  std::uint64_t choices = 0;       // bit i = FactType::values[i]
  std::optional<Bound> low, high;  // absent: not bounded on that side
  std::optional<Decimal> written;  // an exact number as it was written, with its last digit

  static Value missing() { return {}; }
  static Value unknown();
  static Value of_choice(unsigned index);
  static Value of_choices(std::uint64_t mask);
  static Value of_number(const Decimal& number);
  static Value of_number(const Rational& number);
  static Value of_interval(std::optional<Bound> low, std::optional<Bound> high);

  [[nodiscard]] bool is_missing() const { return state == State::missing; }
  // Exactly one value is possible (missing counts as one).
  [[nodiscard]] bool is_exact() const;
  // The number when it is known exactly.
  [[nodiscard]] std::optional<Rational> exact_number() const;

  friend bool operator==(const Value&, const Value&) = default;
};

// What is known of a case; facts not listed are missing.
using FactValues = std::map<FactId, Value>;

// Reads a value as a person or a registry writes it, for a fact of type `type`:
//   numbers  "4.0" ">6.0" ">=4.0&<6.0" "<4.0" "4-6" "4.0 to 5.9" "60-69%"; "~2.1" is refused. A quotient of integers
//            such as "7/3" is read exactly; in a fact with a unit it must carry the unit ("100/3 %"), because a bare
//            "8/8" there is more likely a score than a share
//   choices  "2+" "0|1+" (just these) "0-1+" "0/1+" (all from the first to the last when ordered; "-" only then)
//            ">=2+" (when ordered), "2+ (3+ outside)" is {2+, 3+}
//   both     "missing" | "not done" | "none" -> missing;  "unknown" | "?" -> unknown   (unless a value is so called);
//            "any" -> it exists, nothing else is known
// A trailing unit that equals the type's unit is accepted. Case and surrounding blanks do not matter for words.
// Refused with the reason (no place): anything else, values and bounds outside the type's range, fractions where
// integers are expected, intervals that hold no possible value, values that only a table can give.
Result<Value> parse_value(const FactType& type, std::string_view text);

// The value as one writes it so that parse_value reads the same set of possibilities back: "2+", "0|1+",
// ">= 4 & < 6", "7/3", "missing", "unknown", "any". Digits are kept where they are known (`written`).
std::string value_text(const FactType& type, const Value& value);

}  // namespace her2
