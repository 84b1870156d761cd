// SPDX-License-Identifier: Apache-2.0
#include "her2/guideline/worlds.h"

#include <map>

#include <gtest/gtest.h>

#include "tests/guideline/random_condition.h"

namespace her2 {
namespace {

using test::condition;
using test::Dice;
using test::fact;

using Values = std::map<FactId, Value>;

Worlds worlds_from(const Values& values) {
  Worlds out(test::small_dictionary());
  for (const auto& [id, value] : values) {
    out.set(id, value);
  }
  return out;
}

// One known case, evaluated by the definitions of docs/guideline-files.md and nothing else.
bool meant(const Condition& condition, const Values& values) {
  const Dictionary& dictionary = test::small_dictionary();
  const auto number = [&](FactId id) { return values.at(id).exact_number(); };
  const auto related = [&](const Rational& x) {
    return condition.relation == Relation::less ? x < 0 : condition.relation == Relation::less_equal ? x <= 0 : x == 0;
  };
  switch (condition.op) {
    case Condition::Op::all:
      return std::all_of(condition.parts.begin(), condition.parts.end(),
                         [&](const auto& p) { return meant(p, values); });
    case Condition::Op::any:
      return std::any_of(condition.parts.begin(), condition.parts.end(),
                         [&](const auto& p) { return meant(p, values); });
    case Condition::Op::choice: {
      const Value& value = values.at(condition.fact);
      return (condition.mask & (value.is_missing() ? kMissingBit : value.choices)) != 0;
    }
    case Condition::Op::presence: return number(condition.fact).has_value() == (condition.mask == kPresentBit);
    case Condition::Op::linear: {
      Rational sum = condition.form.constant;
      for (const auto& [id, coefficient] : condition.form.terms) {
        if (!number(id)) {
          return false;
        }
        sum += coefficient * *number(id);
      }
      return related(sum);
    }
    case Condition::Op::quotient: {
      const auto above = number(dictionary[condition.fact].numerator);
      const auto below = number(dictionary[condition.fact].denominator);
      if (!above || !below || *below <= 0) {
        return false;
      }
      return related(*above / *below - condition.form.constant) != condition.negated;
    }
  }
  return false;
}

TEST(Worlds, UnknownIsNotMissing) {
  const Worlds missing = worlds_from({{fact("a"), Value::missing()}});
  const Worlds unknown = worlds_from({{fact("a"), Value::unknown()}});
  Worlds present(test::small_dictionary());
  present.set_present(fact("a"));
  EXPECT_EQ(truth(missing, condition("a is missing")), Truth::met);
  EXPECT_EQ(truth(unknown, condition("a is missing")), Truth::open);
  EXPECT_EQ(truth(present, condition("a is missing")), Truth::not_met);
  EXPECT_EQ(truth(missing, condition("a < 2 or a >= 2")), Truth::not_met);
  EXPECT_EQ(truth(unknown, condition("a < 2 or a >= 2")), Truth::open);
  EXPECT_EQ(truth(present, condition("a < 2 or a >= 2")), Truth::met) << "whatever its value: met, not open";
  EXPECT_EQ(truth(unknown, condition("a < 2 or a >= 2 or a is missing")), Truth::met);
}

TEST(Worlds, TheRangeOfTheDictionaryBounds) {
  Worlds present(test::small_dictionary());
  present.set_present(fact("a"));
  present.set_present(fact("count"));
  EXPECT_EQ(truth(present, condition("a <= 4")), Truth::met);
  EXPECT_EQ(truth(present, condition("a < 4")), Truth::open);
  EXPECT_EQ(truth(present, condition("count > 0")), Truth::met);
}

TEST(Worlds, IntervalsAndSets) {
  const Worlds worlds = worlds_from(
      {{fact("a"), Value::of_interval(Bound{1, true}, Bound{2, false})}, {fact("grade"), Value::of_choices(0b011)}});
  EXPECT_EQ(truth(worlds, condition("a > 1")), Truth::met);
  EXPECT_EQ(truth(worlds, condition("a <= 2")), Truth::met);
  EXPECT_EQ(truth(worlds, condition("a < 2")), Truth::open);
  EXPECT_EQ(truth(worlds, condition("a > 2")), Truth::not_met);
  EXPECT_EQ(truth(worlds, condition("grade <= mid")), Truth::met);
  EXPECT_EQ(truth(worlds, condition("grade == low")), Truth::open);
  EXPECT_EQ(truth(worlds, condition("grade == low and a > 2")), Truth::not_met);
}

TEST(Worlds, AQuotientGivenConstrainsItsParts) {
  const Worlds worlds = worlds_from({{fact("ratio"), Value::of_interval(Bound{2, false}, std::nullopt)},
                                     {fact("mean"), Value::of_interval(std::nullopt, Bound{4, true})}});
  EXPECT_EQ(truth(worlds, condition("ratio >= 2.0")), Truth::met);
  EXPECT_EQ(truth(worlds, condition("ratio > 2.0")), Truth::open);
  EXPECT_EQ(truth(worlds, condition("bottom > 0 and count > 0")), Truth::met);
  EXPECT_EQ(truth(worlds, condition("mean < 4.0")), Truth::met);
  // bottom/count <= (4 count)/2/count < 2 follows from both together.
  EXPECT_EQ(truth(worlds, condition("bottom < 2 * count")), Truth::met);
  EXPECT_EQ(truth(worlds, condition("bottom < count")), Truth::open);
}

TEST(Worlds, ContradictionsLeaveNothing) {
  EXPECT_FALSE(
      worlds_from({{fact("top"), test::number(8)}, {fact("bottom"), test::number(4)}, {fact("ratio"), test::number(3)}})
          .any());
  EXPECT_FALSE(worlds_from({{fact("bottom"), test::number(0)}, {fact("ratio"), test::number(3)}}).any());
  EXPECT_TRUE(
      worlds_from({{fact("top"), test::number(8)}, {fact("bottom"), test::number(4)}, {fact("ratio"), test::number(2)}})
          .any());
}

TEST(Worlds, PlainCasesHaveTheMeaningOfTheDocument) {
  Dice dice(11);
  for (int round = 0; round < 4000; ++round) {
    const std::string text = test::random_condition(dice, 3);
    const Condition tested = condition(text);
    Values values;
    for (const FactId id : test::random_facts()) {
      values[id] = test::random_exact(dice, id, true);
    }
    const Truth now = truth(worlds_from(values), tested);
    ASSERT_NE(now, Truth::open) << text;
    ASSERT_EQ(now == Truth::met, meant(tested, values)) << text;
    const Condition opposite = complement(tested, test::small_dictionary());
    ASSERT_EQ(truth(worlds_from(values), opposite) == Truth::met, now != Truth::met) << text;
  }
}

// A set of cases: some facts known, others a set, an interval or unknown. `grid` lists each fact's values on a grid
// that holds every threshold of the tests and points between: what is met in every grid case but not in all cases
// would need a threshold off the grid.
struct RandomSet {
  Values values;
  std::map<FactId, std::vector<Value>> grid;
};

RandomSet random_set(Dice& dice, const std::vector<FactId>& open) {
  RandomSet out;
  const Dictionary& dictionary = test::small_dictionary();
  for (const FactId id : test::random_facts()) {
    const FactType& type = dictionary[id];
    Value& value = out.values[id];
    auto& grid = out.grid[id];
    if (std::find(open.begin(), open.end(), id) == open.end()) {
      value = test::random_exact(dice, id, true);
      grid = {value};
      continue;
    }
    const int low = dice.roll(0, 6);
    const int high = dice.roll(low, 8);
    const bool unknown = dice.chance(30);
    if (type.kind == FactKind::choice) {
      const auto mask = static_cast<std::uint64_t>(dice.roll(1, static_cast<int>(type.all_values())));
      value = unknown ? Value::unknown() : Value::of_choices(mask);
      for (unsigned i = 0; i < type.values.size(); ++i) {
        if (unknown || (mask >> i & 1) != 0) {
          grid.push_back(Value::of_choice(i));
        }
      }
    } else {
      value = unknown ? Value::unknown()
                      : Value::of_interval(Bound{Rational(low, 2), false}, Bound{Rational(high, 2), false});
      for (int at = unknown ? 0 : 4 * low; at <= (unknown ? 32 : 4 * high); ++at) {
        grid.push_back(test::number(at, 8));
      }
    }
    if (unknown) {
      grid.push_back(Value::missing());
    }
  }
  return out;
}

TEST(Worlds, ASetIsMetWhenAllItsCasesAre) {
  Dice dice(12);
  int met = 0;
  int open = 0;
  for (int round = 0; round < 1500; ++round) {
    const std::string text = test::random_condition(dice, 2);
    const Condition tested = condition(text);
    // Two open facts: a number and a choice, or a and b, which sums join.
    const std::vector<FactId> facts =
        dice.chance(50) ? std::vector{fact("a"), fact("b")} : std::vector{fact("a"), fact("colour")};
    const RandomSet set = random_set(dice, facts);
    bool all = true;
    bool none = true;
    Values values = set.values;
    for (const Value& first : set.grid.at(facts[0])) {
      for (const Value& second : set.grid.at(facts[1])) {
        values[facts[0]] = first;
        values[facts[1]] = second;
        (meant(tested, values) ? none : all) = false;
      }
    }
    const Truth expected = all ? Truth::met : none ? Truth::not_met : Truth::open;
    const Truth now = truth(worlds_from(set.values), tested);
    if (expected == Truth::open) {
      ASSERT_EQ(now, Truth::open) << text;  // two cases that differ were found
      ++open;
    } else {
      ASSERT_EQ(now, expected) << text << ": every case of the grid agrees";
      ++met;
    }
  }
  EXPECT_GT(open, 100);
  EXPECT_GT(met, 100);
}

TEST(Worlds, PartsCoverTheirConditionAndNothingElse) {
  Dice dice(13);
  for (int round = 0; round < 300; ++round) {
    const std::string text = test::random_condition(dice, 3);
    const Condition tested = condition(text);
    Worlds all(test::small_dictionary());
    for (const FactId id : test::random_facts()) {
      all.set(id, Value::unknown());
    }
    std::vector<Worlds> parts;
    for_each_part(all, {&tested}, [&](const Worlds& part) {
      EXPECT_TRUE(part.any());
      EXPECT_EQ(truth(part, tested), Truth::met) << text;
      parts.push_back(part);
      return true;
    });
    for (int i = 0; i < 20; ++i) {
      Values values;
      for (const FactId id : test::random_facts()) {
        values[id] = test::random_exact(dice, id, true);
      }
      const bool covered = std::any_of(parts.begin(), parts.end(), [&](const Worlds& part) {
        Worlds one = part;
        for (const auto& [id, value] : values) {
          const bool missing = value.is_missing();
          const std::uint64_t present =
              test::small_dictionary()[id].kind == FactKind::choice ? value.choices : kPresentBit;
          if (!one.restrict(id, missing ? kMissingBit : present)) {
            return false;
          }
          if (const auto exact = value.exact_number()) {
            LinearForm form;
            form.add(id, 1);
            form.constant = -*exact;
            if (!one.add(form, Relation::equal)) {
              return false;
            }
          }
        }
        return one.any();
      });
      ASSERT_EQ(covered, meant(tested, values)) << text;
    }
  }
}

TEST(Worlds, SettingAgainReplaces) {
  Worlds worlds(test::small_dictionary());
  worlds.set(fact("a"), test::number(1));
  worlds.set(fact("a"), Value::of_interval(Bound{2, false}, Bound{3, false}));
  EXPECT_EQ(truth(worlds, condition("a >= 2")), Truth::met);
  worlds.set(fact("a"), Value::missing());
  EXPECT_EQ(truth(worlds, condition("a is missing")), Truth::met);
  worlds.set(fact("a"), test::number(4));
  EXPECT_EQ(truth(worlds, condition("a == 4")), Truth::met);
}

}  // namespace
}  // namespace her2
