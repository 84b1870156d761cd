// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "her2/core/decimal.h"
#include "her2/core/error.h"

namespace her2 {

// Index of a fact in its Dictionary.
using FactId = std::uint16_t;

enum class FactKind : std::uint8_t {
  choice,    // one of a short list of values
  number,    // a rational in a unit
  quotient,  // a number defined as one number over another; never computed, only compared
};

// What a fact means and which values it may take.
struct FactType {
  std::string name;  // snake_case, the field's standard term
  FactKind kind = FactKind::choice;
  std::string label;    // what a person calls it
  std::string meaning;  // one sentence; may be empty

  // choice: at most 60 values, from low to high when `ordered`
  std::vector<std::string> values;
  bool ordered = false;
  std::uint64_t computed_only = 0;  // mask of values that a table may give but a case cannot record
  // Names for several values at once ("1" for T1mi to T1c); no group has the name of a value. As a value it is a set.
  std::vector<std::pair<std::string, std::uint64_t>> groups;

  // number; a quotient has min 0 when neither of its parts can be negative, no unit and no max
  std::string unit;  // "" for a plain number
  std::optional<Rational> min, max;
  bool min_open = false;  // the minimum itself is excluded
  bool integer = false;

  // quotient
  FactId numerator = 0, denominator = 0;

  // Wording by which a guideline file repeats the type: the unit, or the values joined by " | ".
  [[nodiscard]] std::string signature() const;
  // Position of `value` in `values`, or nullopt.
  [[nodiscard]] std::optional<unsigned> index_of(std::string_view value) const;
  // Mask of what a value or a group of this name stands for; 0: there is none.
  [[nodiscard]] std::uint64_t mask_of(std::string_view value) const;
  // Mask of all values (bit i = values[i]).
  [[nodiscard]] std::uint64_t all_values() const { return (std::uint64_t{1} << values.size()) - 1; }
};

// All facts that a case can state. Immutable after loading; safe to share between threads.
class Dictionary {
 public:
  // Reads `facts.toml` (docs/guideline-files.md). Fails with the file, the fact and what is wrong.
  static Result<Dictionary> parse(std::string_view toml, const std::string& file);

  [[nodiscard]] std::optional<FactId> find(std::string_view name) const;
  [[nodiscard]] const FactType& operator[](FactId id) const { return types_[id]; }
  [[nodiscard]] std::size_t size() const { return types_.size(); }
  // Known names that look like `name`, best first; for error messages.
  [[nodiscard]] std::vector<std::string> similar(std::string_view name) const;

 private:
  std::vector<FactType> types_;
  std::map<std::string, FactId, std::less<>> by_name_;
};

}  // namespace her2
