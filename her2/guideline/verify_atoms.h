// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "her2/evidence/dictionary.h"
#include "her2/guideline/condition.h"

namespace her2 {

// A sum of numbers without its constant, scaled so that the first coefficient is 1. Tests of the same sum against
// different numbers share their direction.
using Direction = std::vector<std::pair<FactId, Rational>>;

// A test that cannot be taken apart.
struct Atom {
  enum class Kind : std::uint8_t {
    mask,  // the value of `fact` is in `mask` (choices: values and kMissingBit; numbers: kPresentBit, kMissingBit)
    half,  // the sum of `direction` is below `at`, or at most `at` when not strict
  };
  Kind kind = Kind::mask;
  FactId fact = 0;
  std::uint64_t mask = 0;
  std::size_t direction = 0;
  Rational at;
  bool strict = false;

  [[nodiscard]] bool holds_at(const Rational& sum) const { return sum < at || (sum == at && !strict); }
  friend bool operator==(const Atom&, const Atom&) = default;
};

// A condition over atoms. A half-space atom is always preceded, in the conjunction that holds it, by atoms that say
// that its numbers are there.
struct AtomTree {
  enum class Op : std::uint8_t { all, any, atom };
  Op op = Op::all;
  std::vector<AtomTree> parts;
  std::size_t atom = 0;
  bool positive = true;
};

// The atoms of some conditions, each kept once.
class Atoms {
 public:
  explicit Atoms(const Dictionary& dictionary) : dictionary_(&dictionary) {}

  AtomTree compile(const Condition& condition);
  // Index of a direction, added when new.
  std::size_t direction_of(const Direction& direction);

  [[nodiscard]] const std::vector<Atom>& atoms() const { return atoms_; }
  [[nodiscard]] const std::vector<Direction>& directions() const { return directions_; }

 private:
  AtomTree leaf(Atom atom, bool positive);
  AtomTree half(const LinearForm& form, bool strict);

  const Dictionary* dictionary_;
  std::vector<Atom> atoms_;
  std::vector<Direction> directions_;
};

}  // namespace her2
