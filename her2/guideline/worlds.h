// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "her2/evidence/dictionary.h"
#include "her2/evidence/value.h"
#include "her2/guideline/condition.h"
#include "her2/guideline/linear.h"

namespace her2 {

// What a condition is over a set of possible cases.
enum class Truth : std::uint8_t { not_met, met, open };

// A set of fully known cases ("worlds"): all that agree with what is recorded. For each choice a set of possible
// values, for each number whether it may have a value, and linear constraints on the numbers. The set is the product
// of the choices with the polyhedron of the constraints. Values: copied freely, not shared between threads.
class Worlds {
 public:
  // Every fact missing.
  explicit Worlds(const Dictionary& dictionary);

  // Replaces what is known of a fact by `value`. A quotient that has a value constrains its parts, which then have
  // values too. The dictionary's range of a number is always part of the set. Set numbers before their quotients:
  // setting a number forgets what quotients said of it.
  void set(FactId fact, const Value& value);
  // The fact may have any value but has one.
  void set_present(FactId fact);

  // Bits of the values a choice may have (kMissingBit: may be missing); for a number kPresentBit and kMissingBit.
  [[nodiscard]] std::uint64_t possible(FactId fact) const { return possible_[fact]; }
  [[nodiscard]] bool surely_missing(FactId fact) const { return possible_[fact] == kMissingBit; }
  // Keeps only worlds where the fact's value is in `mask`. False when none is left.
  bool restrict(FactId fact, std::uint64_t mask);
  // The number if it is the same in all worlds and was set so.
  [[nodiscard]] const Rational* exact(FactId fact) const;

  // Adds `form REL 0` (its facts have values). False when no world is left.
  bool add(const LinearForm& form, Relation relation);
  // Whether any world is left at all.
  [[nodiscard]] bool any() const;
  // Constraints on numbers, exact values included.
  [[nodiscard]] std::vector<Constraint> constraints() const;

  // Forgets every fact but these; numbers that are linked to one of them by a constraint stay. What is left says of
  // these facts what was said before.
  void keep_only(const std::set<FactId>& facts);

  // Becomes a set that holds every world of both: possible values are joined, and only what both say of numbers stays.
  void widen(const Worlds& other);

  [[nodiscard]] const Dictionary& dictionary() const { return *dictionary_; }
  // The same description (two descriptions may differ and mean the same set).
  friend bool operator==(const Worlds&, const Worlds&) = default;

 private:
  friend class Brancher;
  [[nodiscard]] LinearForm reduced(const LinearForm& form) const;
  void forget(FactId fact);

  const Dictionary* dictionary_;
  std::vector<std::uint64_t> possible_;
  std::map<FactId, Rational> exact_;
  std::vector<Constraint> linear_;
};

// All worlds that agree with the facts (numbers are set before their quotients).
[[nodiscard]] Worlds worlds_of(const Dictionary& dictionary, const FactValues& facts);

// Calls `visit` with parts of `worlds` whose union is exactly where all `conditions` are met; parts may overlap and
// none is empty. Stops when `visit` returns false; returns false then.
bool for_each_part(const Worlds& worlds, const std::vector<const Condition*>& conditions,
                   const std::function<bool(const Worlds&)>& visit);

// Whether some world meets all conditions.
[[nodiscard]] bool possible(const Worlds& worlds, const std::vector<const Condition*>& conditions);

// met in all worlds, in none, or open. `worlds` must not be empty.
[[nodiscard]] Truth truth(const Worlds& worlds, const Condition& condition);

}  // namespace her2
