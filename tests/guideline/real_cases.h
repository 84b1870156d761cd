// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <vector>

#include "her2/guideline/plan.h"
#include "tests/guideline/fixture.h"

namespace her2::test {

// Makes random cases for a plan, most of them on or beside the thresholds of its tables.
class CaseMaker {
 public:
  CaseMaker(const Plan& plan, std::uint64_t seed) : plan_(plan), dice_(seed) {
    const Dictionary& dictionary = plan.dictionary();
    std::set<FactId> read;
    for (const auto& step : plan.steps) {
      read.insert(step.table->inputs.begin(), step.table->inputs.end());
      for (const Row& row : step.table->rows) {
        note(row.when);
      }
      if (step.table->enter) {
        note(*step.table->enter);
      }
    }
    for (const auto& watch : plan.flags) {
      note(watch.flag->when);
      const auto facts = facts_read(watch.flag->when, dictionary);
      read.insert(facts.begin(), facts.end());
    }
    for (const FactId id : read) {
      (dictionary[id].kind == FactKind::choice ? choices_ : numbers_).push_back(id);
    }
    for (FactId id = 0; id < dictionary.size(); ++id) {
      const FactType& type = dictionary[id];
      if (type.kind == FactKind::quotient && read.contains(type.numerator) && read.contains(type.denominator)) {
        quotients_.push_back(id);
      }
    }
    // Numbers that one condition sums up belong together, as do the parts of quotients.
    for (const auto& step : plan.steps) {
      std::vector<FactId> group;
      for (const FactId input : step.table->inputs) {
        if (dictionary[input].kind == FactKind::number) {
          group.push_back(input);
        }
      }
      if (!group.empty()) {
        groups_.push_back(group);
      }
    }
  }

  Dice& dice() { return dice_; }
  [[nodiscard]] const std::vector<FactId>& choices() const { return choices_; }

  // Everything known or missing; numbers with at most three decimals.
  FactValues plain_case() {
    FactValues out;
    for (const FactId id : choices_) {
      const FactType& type = plan_.dictionary()[id];
      const int index = dice_.roll(0, static_cast<int>(type.values.size()) - 1);
      const bool recordable = (type.computed_only >> index & 1U) == 0;
      if (dice_.chance(30) && recordable) {
        out[id] = Value::of_choice(static_cast<unsigned>(index));
      }
    }
    for (const auto& group : groups_) {
      if (dice_.chance(60)) {
        const bool few = dice_.chance(50);  // of many shares most are 0
        for (const FactId id : group) {
          out[id] = few && group.size() > 4 && dice_.chance(70) ? number(0) : near_threshold(id);
        }
      }
    }
    counts(out);
    return out;
  }

 private:
  void note(const Condition& condition) {
    for (const Condition& part : condition.parts) {
      note(part);
    }
    if (condition.op == Condition::Op::linear) {
      for (const auto& [id, coefficient] : condition.form.terms) {
        thresholds_[id].insert(abs(condition.form.constant / coefficient));
      }
    } else if (condition.op == Condition::Op::quotient) {
      thresholds_[condition.fact].insert(condition.form.constant);
    }
  }

  Rational threshold(FactId id) {
    const auto& known = thresholds_[id];
    if (known.empty() || dice_.chance(20)) {
      return dice_.roll(0, 30);
    }
    auto at = known.begin();
    std::advance(at, dice_.roll(0, static_cast<int>(known.size()) - 1));
    return *at;
  }

  Value near_threshold(FactId id) {
    const FactType& type = plan_.dictionary()[id];
    Rational value = floor(threshold(id) * 1000) / 1000;
    value += type.integer ? Rational(dice_.roll(-1, 1)) : Rational(dice_.roll(-2, 2), 10);
    if (type.integer) {
      value = floor(value);
    }
    if (type.max && value > *type.max) {
      value = *type.max;
    }
    if (type.min && (value < *type.min || (value == *type.min && type.min_open))) {
      value = type.min_open ? Rational(*type.min + 1) : *type.min;
    }
    return Value::of_number(value);
  }

  // Counts whose quotients lie on or beside a threshold; or the quotients instead of the counts.
  void counts(FactValues& out) {
    const Dictionary& dictionary = plan_.dictionary();
    for (const FactId quotient : quotients_) {
      const FactType& type = dictionary[quotient];
      if (!out.contains(type.numerator) || !out.contains(type.denominator)) {
        continue;
      }
      const Rational below = *out[type.denominator].exact_number();
      const Rational above = floor(below * threshold(quotient)) + dice_.roll(-1, 1);
      out[type.numerator] = Value::of_number(above < 0 ? Rational(0) : above);
    }
    if (quotients_.empty() || !dice_.chance(40)) {
      return;
    }
    for (const FactId quotient : quotients_) {
      const FactType& type = dictionary[quotient];
      out.erase(type.numerator);
      out.erase(type.denominator);
    }
    for (const FactId quotient : quotients_) {
      // Two quotients of three parts; a third would have to follow from them.
      const auto given = std::count_if(quotients_.begin(), quotients_.end(), [&](FactId other) {
        const FactType& a = dictionary[quotient];
        const FactType& b = dictionary[other];
        return out.contains(other) && (a.numerator == b.numerator || a.denominator == b.denominator ||
                                       a.numerator == b.denominator || a.denominator == b.numerator);
      });
      if (given < 2 && dice_.chance(70)) {
        const Rational value = floor(threshold(quotient) * 1000) / 1000 + Rational(dice_.roll(-1, 1), 100);
        out[quotient] = Value::of_number(value < 0 ? Rational(0) : value);
      }
    }
  }

  const Plan& plan_;
  Dice dice_;
  std::vector<FactId> choices_, numbers_, quotients_;
  std::vector<std::vector<FactId>> groups_;
  std::map<FactId, std::set<Rational>> thresholds_;
};

}  // namespace her2::test
