// SPDX-License-Identifier: Apache-2.0
#include "her2/guideline/holds.h"

#include <algorithm>

namespace her2 {

bool holds(const Dictionary& dictionary, const Condition& condition, const KnownCase& known) {
  const auto compares = [](const Rational& sum, Relation relation) {
    return relation == Relation::less ? sum < 0 : relation == Relation::less_equal ? sum <= 0 : sum == 0;
  };
  switch (condition.op) {
    case Condition::Op::all:
      return std::all_of(condition.parts.begin(), condition.parts.end(),
                         [&](const Condition& part) { return holds(dictionary, part, known); });
    case Condition::Op::any:
      return std::any_of(condition.parts.begin(), condition.parts.end(),
                         [&](const Condition& part) { return holds(dictionary, part, known); });
    case Condition::Op::choice: return (known.choice(condition.fact) & condition.mask) != 0;
    case Condition::Op::presence:
      return ((known.number(condition.fact) ? kPresentBit : kMissingBit) & condition.mask) != 0;
    case Condition::Op::linear: {
      Rational sum = condition.form.constant;
      for (const auto& [fact, coefficient] : condition.form.terms) {
        const auto value = known.number(fact);
        if (!value) {
          return false;
        }
        sum += coefficient * *value;
      }
      return compares(sum, condition.relation);
    }
    case Condition::Op::quotient: return holds(dictionary, expand_quotient(condition, dictionary), known);
  }
  return false;
}

bool holds(const Dictionary& dictionary, const Condition& condition, const std::map<FactId, Value>& facts) {
  const KnownCase known{[&](FactId fact) {
                          const auto found = facts.find(fact);
                          const bool missing = found == facts.end() || found->second.is_missing();
                          return missing ? kMissingBit : found->second.choices;
                        },
                        [&](FactId fact) {
                          const auto found = facts.find(fact);
                          return found == facts.end() ? std::nullopt : found->second.exact_number();
                        }};
  return holds(dictionary, condition, known);
}

}  // namespace her2
