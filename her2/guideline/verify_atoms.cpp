// SPDX-License-Identifier: Apache-2.0
#include "her2/guideline/verify_atoms.h"

#include <algorithm>

namespace her2 {
namespace {

template <class T>
std::size_t place_of(std::vector<T>& list, T item) {
  const auto found = std::find(list.begin(), list.end(), item);
  const auto place = static_cast<std::size_t>(found - list.begin());
  if (found == list.end()) {
    list.push_back(std::move(item));
  }
  return place;
}

}  // namespace

std::size_t Atoms::direction_of(const Direction& direction) { return place_of(directions_, direction); }

AtomTree Atoms::leaf(Atom atom, bool positive) {
  AtomTree out;
  out.op = AtomTree::Op::atom;
  out.atom = place_of(atoms_, std::move(atom));
  out.positive = positive;
  return out;
}

// form < 0 or form <= 0. With a first coefficient below 0 the sum is turned round: -s < c is not (s <= -c).
AtomTree Atoms::half(const LinearForm& form, bool strict) {
  const Rational first = form.terms.front().second;
  Direction direction;
  for (const auto& [fact, coefficient] : form.terms) {
    direction.emplace_back(fact, coefficient / first);
  }
  Atom atom;
  atom.kind = Atom::Kind::half;
  atom.direction = direction_of(direction);
  atom.at = -form.constant / first;
  atom.strict = first > 0 ? strict : !strict;
  return leaf(std::move(atom), first > 0);
}

AtomTree Atoms::compile(const Condition& condition) {
  AtomTree out;
  switch (condition.op) {
    case Condition::Op::all:
    case Condition::Op::any:
      out.op = condition.op == Condition::Op::all ? AtomTree::Op::all : AtomTree::Op::any;
      for (const Condition& part : condition.parts) {
        out.parts.push_back(compile(part));
      }
      return out;
    case Condition::Op::choice:
    case Condition::Op::presence: {
      Atom atom;
      atom.fact = condition.fact;
      atom.mask = condition.mask;
      return leaf(std::move(atom), true);
    }
    case Condition::Op::quotient: return compile(expand_quotient(condition, *dictionary_));
    case Condition::Op::linear: break;
  }
  for (const auto& [fact, coefficient] : condition.form.terms) {
    Atom there;
    there.fact = fact;
    there.mask = kPresentBit;
    out.parts.push_back(leaf(std::move(there), true));
  }
  if (condition.form.terms.empty()) {  // a comparison of numbers only
    out.op = (condition.relation == Relation::less         ? condition.form.constant < 0
              : condition.relation == Relation::less_equal ? condition.form.constant <= 0
                                                           : condition.form.constant == 0)
                 ? AtomTree::Op::all
                 : AtomTree::Op::any;
    return out;
  }
  out.parts.push_back(half(condition.form, condition.relation == Relation::less));
  if (condition.relation == Relation::equal) {
    LinearForm turned;
    turned.add(condition.form, -1);
    out.parts.push_back(half(turned, false));
  }
  return out;
}

}  // namespace her2
