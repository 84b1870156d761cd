// SPDX-License-Identifier: Apache-2.0
#include "her2/guideline/condition.h"

#include <algorithm>

namespace her2 {
namespace {

Condition presence(FactId fact, std::uint64_t mask) {
  Condition out;
  out.op = Condition::Op::presence;
  out.fact = fact;
  out.mask = mask;
  return out;
}

Condition linear(LinearForm form, Relation relation) {
  Condition out;
  out.op = Condition::Op::linear;
  out.form = std::move(form);
  out.relation = relation;
  return out;
}

// form > 0, or form >= 0 when not strict.
Condition above(const LinearForm& form, bool strict) {
  LinearForm negative;
  negative.add(form, -1);
  return linear(std::move(negative), strict ? Relation::less : Relation::less_equal);
}

// Met where all facts of the form have values and `form relation 0` fails.
Condition reversed(const LinearForm& form, Relation relation) {
  if (relation != Relation::equal) {
    return above(form, relation == Relation::less_equal);
  }
  Condition out;
  out.op = Condition::Op::any;
  out.parts = {linear(form, Relation::less), above(form, true)};
  return out;
}

LinearForm quotient_form(const FactType& quotient, const Rational& constant) {
  LinearForm form;
  form.add(quotient.numerator, 1);
  form.add(quotient.denominator, -constant);
  return form;
}

// Tests one of which is met where both parts have values, the denominator is above 0, and `quotient` is not met.
std::vector<Condition> opposite_quotient(const Condition& quotient) {
  Condition other = quotient;
  other.text.clear();
  if (quotient.relation != Relation::equal) {
    other.negated = !quotient.negated;
    return {other};
  }
  other.relation = Relation::less;
  Condition higher = other;
  higher.relation = Relation::less_equal;
  higher.negated = true;
  return {other, higher};
}

void collect(const Condition& condition, const Dictionary& dictionary, std::vector<FactId>& out) {
  switch (condition.op) {
    case Condition::Op::all:
    case Condition::Op::any:
      for (const auto& part : condition.parts) {
        collect(part, dictionary, out);
      }
      return;
    case Condition::Op::choice:
    case Condition::Op::presence: out.push_back(condition.fact); return;
    case Condition::Op::linear:
      for (const auto& [fact, coefficient] : condition.form.terms) {
        out.push_back(fact);
      }
      return;
    case Condition::Op::quotient:
      out.push_back(dictionary[condition.fact].numerator);
      out.push_back(dictionary[condition.fact].denominator);
      return;
  }
}

}  // namespace

void LinearForm::add(FactId fact, const Rational& coefficient) {
  auto at =
      std::lower_bound(terms.begin(), terms.end(), fact, [](const auto& term, FactId id) { return term.first < id; });
  if (at == terms.end() || at->first != fact) {
    at = terms.insert(at, {fact, Rational(0)});
  }
  at->second += coefficient;
  if (at->second == 0) {
    terms.erase(at);
  }
}

void LinearForm::add(const LinearForm& other, const Rational& factor) {
  for (const auto& [fact, coefficient] : other.terms) {
    add(fact, coefficient * factor);
  }
  constant += other.constant * factor;
}

bool operator==(const Condition& a, const Condition& b) {
  return a.op == b.op && a.parts == b.parts && a.fact == b.fact && a.mask == b.mask && a.form == b.form &&
         a.relation == b.relation && a.negated == b.negated;
}

Condition expand_quotient(const Condition& quotient, const Dictionary& dictionary) {
  const FactType& type = dictionary[quotient.fact];
  LinearForm denominator;
  denominator.add(type.denominator, 1);
  const LinearForm form = quotient_form(type, quotient.form.constant);
  Condition out;
  out.op = Condition::Op::all;
  out.parts.push_back(presence(type.numerator, kPresentBit));  // stays when the constant is 0
  out.parts.push_back(above(denominator, true));
  out.parts.push_back(quotient.negated ? reversed(form, quotient.relation) : linear(form, quotient.relation));
  out.text = quotient.text;
  return out;
}

Condition complement(const Condition& condition, const Dictionary& dictionary) {
  Condition out;
  switch (condition.op) {
    case Condition::Op::all:
    case Condition::Op::any:
      out.op = condition.op == Condition::Op::all ? Condition::Op::any : Condition::Op::all;
      for (const auto& part : condition.parts) {
        out.parts.push_back(complement(part, dictionary));
      }
      return out;
    case Condition::Op::choice:
      out = condition;
      out.mask = (dictionary[condition.fact].all_values() | kMissingBit) & ~condition.mask;
      out.text.clear();
      return out;
    case Condition::Op::presence:
      return presence(condition.fact, condition.mask == kMissingBit ? kPresentBit : kMissingBit);
    case Condition::Op::linear:
      out.op = Condition::Op::any;
      for (const auto& [fact, coefficient] : condition.form.terms) {
        out.parts.push_back(presence(fact, kMissingBit));
      }
      out.parts.push_back(reversed(condition.form, condition.relation));
      return out;
    case Condition::Op::quotient: {
      out.op = Condition::Op::any;
      const FactType& type = dictionary[condition.fact];
      LinearForm denominator;
      denominator.add(type.denominator, 1);
      out.parts.push_back(presence(type.numerator, kMissingBit));
      out.parts.push_back(presence(type.denominator, kMissingBit));
      out.parts.push_back(linear(denominator, Relation::less_equal));
      for (Condition& other : opposite_quotient(condition)) {
        out.parts.push_back(std::move(other));
      }
      return out;
    }
  }
  return out;
}

std::vector<FactId> facts_read(const Condition& condition, const Dictionary& dictionary) {
  std::vector<FactId> out;
  collect(condition, dictionary, out);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace her2
