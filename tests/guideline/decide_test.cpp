// SPDX-License-Identifier: Apache-2.0
#include "her2/guideline/decide.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "her2/guideline/verify.h"
#include "tests/guideline/real_cases.h"

namespace her2 {
namespace {

using test::Dice;
using test::fact;
using test::row;
using testing::ElementsAre;

Catalog catalog_of(const std::string& tables) {
  GuidelineFiles files;
  files["facts.toml"] = test::kSmallFacts;
  files["g.toml"] = test::guideline_text(tables);
  files["schemes.toml"] =
      "[[scheme]]\nid = \"s\"\nedition = \"1\"\ntumour = \"t\"\ntitle = \"s\"\n"
      "guidelines = [\"g\"]\nanswers = [\"verdict\"]\n";
  auto loaded = Catalog::load(files);
  EXPECT_TRUE(loaded) << (loaded ? "" : loaded.error().text());
  return loaded ? *loaded : Catalog{};
}

std::string verdict_row(const std::string& id, const std::string& when, const std::string& value) {
  return "[[table.row]]\nid = \"" + id + "\"\nwhen = '''" + when + "'''\nthen = { verdict = \"" + value +
         "\" }\ncite = [\"S\"]\n";
}

// The second table reads what the first gives, and stands before it in the file.
const std::string kTables =
    "inputs = { result = \"x | y | z | none\" }\ngives = [\"verdict\"]\n" +
    verdict_row("good", "result in {x, none}", "good") + verdict_row("bad", "result in {y, z}", "bad") +
    "[[table]]\nname = \"u\"\ntitle = \"u\"\ninputs = { top = \"signals\", bottom = \"signals\", colour = \"red | "
    "green | blue\" }\nmissing_ok = [\"colour\"]\nenter = \"colour != blue or colour is missing\"\n"
    "space = [\"top + bottom <= 100\"]\ngives = [\"result\"]\n" +
    row("high", "ratio >= 2.0", "x") + row("low", "ratio < 2.0", "y") + row("none", "bottom == 0", "none");

struct SmallPlan : testing::Test {
  Catalog catalog = catalog_of(kTables);
  Plan plan = *make_plan(catalog, catalog.schemes.front());

  [[nodiscard]] Outcome outcome(const FactValues& facts) const {
    return decide(plan, worlds_of(catalog.dictionary, facts));
  }
  [[nodiscard]] std::uint64_t verdict(const FactValues& facts) const {
    return outcome(facts).possible(fact("verdict"));
  }
};

constexpr std::uint64_t kGood = 1;
constexpr std::uint64_t kBad = 2;

TEST_F(SmallPlan, EachTableComesAfterThoseThatFeedIt) {
  ASSERT_EQ(plan.steps.size(), 2U);
  EXPECT_EQ(plan.steps[0].table->name, "u");
  EXPECT_EQ(plan.steps[1].table->name, "t");
}

TEST_F(SmallPlan, ATableWithoutItsInputsIsNotEntered) {
  const Outcome nothing = outcome({});
  EXPECT_THAT(nothing.rows(0), ElementsAre(kNotEntered));
  EXPECT_THAT(nothing.rows(1), ElementsAre(kNotEntered));
  EXPECT_EQ(nothing.possible(fact("verdict")), kMissingBit);
}

TEST_F(SmallPlan, DecidesAPlainCase) {
  EXPECT_EQ(verdict({{fact("top"), test::number(40)}, {fact("bottom"), test::number(20)}}), kGood);
  EXPECT_EQ(verdict({{fact("top"), test::number(39)}, {fact("bottom"), test::number(20)}}), kBad);
  EXPECT_EQ(verdict({{fact("top"), test::number(39)}, {fact("bottom"), test::number(0)}}), kGood);
}

TEST_F(SmallPlan, AMissingPartOfWhatIsRequiredIsUnknown) {
  const Outcome half = outcome({{fact("top"), test::number(40)}});
  EXPECT_THAT(half.rows(0), ElementsAre(0, 1, 2)) << "bottom may be anything";
  EXPECT_EQ(half.possible(fact("verdict")), kGood | kBad);
}

TEST_F(SmallPlan, AnOpenNumberStaysOpenOnlyWhereItMatters) {
  const auto top = [](int low, int high) { return Value::of_interval(Bound{low, false}, Bound{high, false}); };
  EXPECT_EQ(verdict({{fact("top"), top(40, 60)}, {fact("bottom"), test::number(20)}}), kGood);
  EXPECT_EQ(verdict({{fact("top"), top(39, 60)}, {fact("bottom"), test::number(20)}}), kGood | kBad);
  EXPECT_EQ(verdict({{fact("ratio"), Value::of_interval(Bound{2, false}, std::nullopt)}}), kGood);
}

TEST_F(SmallPlan, EnterMayBeOpenItself) {
  FactValues facts{{fact("top"), test::number(40)}, {fact("bottom"), test::number(20)}};
  facts[fact("colour")] = Value::of_choice(2);  // blue: the table does not apply
  EXPECT_EQ(verdict(facts), kMissingBit);
  facts[fact("colour")] = Value::of_choices(0b101);  // red or blue
  EXPECT_EQ(verdict(facts), kGood | kMissingBit);
}

TEST_F(SmallPlan, ARecordedFactIsNotOverwritten) {
  const Outcome found = outcome(
      {{fact("top"), test::number(40)}, {fact("bottom"), test::number(20)}, {fact("result"), Value::of_choice(1)}});
  EXPECT_EQ(found.possible(fact("result")), 2U);
  EXPECT_EQ(found.possible(fact("verdict")), kBad) << "what is recorded stands";
  ASSERT_EQ(found.leaves.size(), 1U);
  EXPECT_THAT(found.leaves.front().disagreements, ElementsAre(std::pair<std::size_t, FactId>(0, fact("result"))));
}

TEST_F(SmallPlan, ARecordedSetIsNarrowed) {
  const Outcome found = outcome({{fact("top"), test::number(40)},
                                 {fact("bottom"), test::number(20)},
                                 {fact("result"), Value::of_choices(0b011)}});
  EXPECT_EQ(found.possible(fact("result")), 1U);
  EXPECT_TRUE(found.leaves.front().disagreements.empty());
}

TEST_F(SmallPlan, ARecordedResultSpeaksOfWhatIsUnknown) {
  const Outcome found = outcome(
      {{fact("top"), test::number(40)}, {fact("bottom"), Value::unknown()}, {fact("result"), Value::of_choice(1)}});
  ASSERT_FALSE(found.leaves.empty());
  for (const Leaf& leaf : found.leaves) {
    EXPECT_THAT(leaf.disagreements, testing::IsEmpty());
    EXPECT_EQ(truth(leaf.worlds, test::condition("ratio < 2.0")), Truth::met) << "y is given by a low ratio only";
  }
}

TEST_F(SmallPlan, WhatBreaksALawIsImpossible) {
  const Outcome found = outcome({{fact("top"), test::number(90)}, {fact("bottom"), test::number(20)}});
  ASSERT_TRUE(found.impossible);
  EXPECT_EQ(found.impossible->what, "top + bottom <= 100");
  EXPECT_EQ(found.impossible->step, 0U);
  const Outcome contradiction =
      outcome({{fact("top"), test::number(40)}, {fact("bottom"), test::number(20)}, {fact("ratio"), test::number(3)}});
  ASSERT_TRUE(contradiction.impossible);
  EXPECT_EQ(contradiction.impossible->what, "");
}

TEST_F(SmallPlan, ALawCutsWhatIsOpen) {
  // With top >= 90 bottom is at most 10 and the ratio at least 9.
  EXPECT_EQ(verdict({{fact("top"), Value::of_interval(Bound{90, false}, std::nullopt)},
                     {fact("bottom"), Value::of_interval(Bound{1, false}, std::nullopt)}}),
            kGood);
}

// ---- Properties on the real schemes

// A random set of cases: some facts of a plain case widened to an interval, a set, or unknown.
FactValues widened(const FactValues& plain, Dice& dice, int facts) {
  FactValues out = plain;
  const Dictionary& dictionary = test::real_catalog().dictionary;
  for (int i = 0; i < facts && !plain.empty(); ++i) {
    auto at = out.begin();
    std::advance(at, dice.roll(0, static_cast<int>(out.size()) - 1));
    auto& [id, value] = *at;
    const FactType& type = dictionary[id];
    if (dice.chance(20)) {  // an unknown quotient says nothing of its parts (worlds.h): the widest interval instead
      value = type.kind == FactKind::quotient ? Value::of_interval(Bound{0, false}, std::nullopt) : Value::unknown();
    } else if (value.state == Value::State::choice) {
      value.choices |=
          (std::uint64_t{1} << dice.roll(0, static_cast<int>(type.values.size()) - 1)) & ~type.computed_only;
    } else if (const auto number = plain.at(id).exact_number()) {
      const auto end = [&](const Rational& distance) {
        Rational bound = *number + distance;
        bound = type.max && bound > *type.max ? *type.max : bound;
        bound = type.min && bound < *type.min ? *type.min : bound;
        return bound;
      };
      const Rational low = end(-Rational(dice.roll(0, 30), 10));
      const Rational high = end(Rational(dice.roll(0, 30), 10));
      value = Value::of_interval(Bound{low, type.min_open && low == *type.min}, Bound{high, false});
    }
  }
  return out;
}

struct RealPlans {
  std::vector<Plan> plans;
  RealPlans() {
    for (const Scheme& scheme : test::real_catalog().schemes) {
      plans.push_back(*make_plan(test::real_catalog(), scheme));
    }
  }
};

// Facts that disagree with what the tables give: the recorded value stands where it is exact, and a recorded set is
// narrowed to what the tables give. So a narrower set is a refinement only where it does not bring a disagreement.
bool disagrees(const Outcome& outcome) {
  return std::any_of(outcome.leaves.begin(), outcome.leaves.end(),
                     [](const Leaf& leaf) { return !leaf.disagreements.empty(); });
}

// A narrower set can meet only rows, and give only answers, that the wider one can.
void expect_narrower(const Plan& plan, const Outcome& narrow, const Outcome& wide) {
  if (narrow.impossible || disagrees(narrow)) {
    return;
  }
  ASSERT_FALSE(wide.impossible) << "the wider set holds the narrower one";
  for (std::size_t step = 0; step < plan.steps.size(); ++step) {
    const auto few = narrow.rows(step);
    const auto many = wide.rows(step);
    EXPECT_TRUE(std::includes(many.begin(), many.end(), few.begin(), few.end())) << plan.steps[step].table->name;
  }
  for (const FactId answer : plan.scheme->answers) {
    EXPECT_EQ(narrow.possible(answer) & ~wide.possible(answer), 0U) << plan.dictionary()[answer].name;
  }
}

void refine_all(int cases, std::uint64_t seed) {
  for (const Plan& plan : RealPlans().plans) {
    const Dictionary& dictionary = plan.dictionary();
    test::CaseMaker maker(plan, seed);
    for (int i = 0; i < cases; ++i) {
      const FactValues plain = maker.plain_case();
      const FactValues narrow = widened(plain, maker.dice(), maker.dice().roll(0, 2));
      FactValues wide = widened(narrow, maker.dice(), maker.dice().roll(1, 2));
      for (auto& [id, value] : wide) {  // widened again from a plain number: keep what the narrow one held
        const Value& inner = narrow.at(id);
        if (value.state == Value::State::number && inner.state == Value::State::number) {
          value.low = inner.low->at < value.low->at ? inner.low : value.low;
          const bool higher = value.high && inner.high && inner.high->at > value.high->at;
          value.high = !inner.high || higher ? inner.high : value.high;
        }
      }
      SCOPED_TRACE(fmt::format("{}\nnarrow: {}\nwide: {}", plan.scheme->id,
                               text(dictionary, Example(narrow.begin(), narrow.end())),
                               text(dictionary, Example(wide.begin(), wide.end()))));
      expect_narrower(plan, decide(plan, worlds_of(dictionary, narrow)), decide(plan, worlds_of(dictionary, wide)));
      if (testing::Test::HasFailure()) {
        return;
      }
    }
  }
}

TEST(DecideRealSchemes, RefiningNeverFlipsAnAnswer) { refine_all(40, 21); }
TEST(LongDecideRealSchemes, RefiningNeverFlipsAnAnswer) { refine_all(1000, 22); }

TEST(DecideRealSchemes, TheOrderOfFactsChangesNothing) {
  for (const Plan& plan : RealPlans().plans) {
    const Dictionary& dictionary = plan.dictionary();
    test::CaseMaker maker(plan, 31);
    for (int i = 0; i < 20; ++i) {
      const FactValues facts = widened(maker.plain_case(), maker.dice(), 2);
      std::vector<std::pair<FactId, Value>> order(facts.begin(), facts.end());
      for (std::size_t at = order.size(); at > 1; --at) {
        std::swap(order[at - 1], order[static_cast<std::size_t>(maker.dice().roll(0, static_cast<int>(at) - 1))]);
      }
      std::stable_partition(order.begin(), order.end(), [&](const auto& entry) {  // numbers before quotients: worlds.h
        return dictionary[entry.first].kind != FactKind::quotient;
      });
      Worlds shuffled(dictionary);
      for (const auto& [id, value] : order) {
        shuffled.set(id, value);
      }
      const Outcome one = decide(plan, worlds_of(dictionary, facts));
      const Outcome other = decide(plan, shuffled);
      ASSERT_EQ(one.impossible.has_value(), other.impossible.has_value());
      for (std::size_t step = 0; step < plan.steps.size() && !one.impossible; ++step) {
        ASSERT_EQ(one.rows(step), other.rows(step)) << plan.steps[step].table->name;
      }
      for (const FactId answer : plan.scheme->answers) {
        ASSERT_EQ(one.possible(answer), other.possible(answer)) << dictionary[answer].name;
      }
    }
  }
}

// A closed answer of a set is the answer of every case in it that one can name.
TEST(DecideRealSchemes, EveryCaseOfASetGivesAnAnswerOfTheSet) {
  for (const Plan& plan : RealPlans().plans) {
    const Dictionary& dictionary = plan.dictionary();
    test::CaseMaker maker(plan, 41);
    for (int i = 0; i < 40; ++i) {
      const FactValues plain = maker.plain_case();
      const FactValues wide = widened(plain, maker.dice(), 3);
      SCOPED_TRACE(text(dictionary, Example(wide.begin(), wide.end())));
      expect_narrower(plan, decide(plan, worlds_of(dictionary, plain)), decide(plan, worlds_of(dictionary, wide)));
    }
  }
}

// Merging parts that nothing later tells apart changes no value, no row and no disagreement.
TEST(DecideRealSchemes, MergingChangesNothing) {
  for (const Plan& plan : RealPlans().plans) {
    const Dictionary& dictionary = plan.dictionary();
    test::CaseMaker maker(plan, 51);
    for (int i = 0; i < 15; ++i) {
      const FactValues facts = widened(maker.plain_case(), maker.dice(), 3);
      const Worlds worlds = worlds_of(dictionary, facts);
      for (const FactId answer : plan.scheme->answers) {
        SCOPED_TRACE(plan.scheme->id + " " + dictionary[answer].name + ": " +
                     text(dictionary, Example(facts.begin(), facts.end())));
        const Outcome merged = decide(plan, worlds, {{answer}, true});
        const Outcome apart = decide(plan, worlds, {{answer}, false});
        ASSERT_EQ(merged.impossible.has_value(), apart.impossible.has_value());
        ASSERT_EQ(merged.possible(answer), apart.possible(answer));
        ASSERT_EQ(disagrees(merged), disagrees(apart));
        for (std::size_t step = 0; step < plan.steps.size(); ++step) {
          ASSERT_EQ(merged.rows(step), apart.rows(step)) << plan.steps[step].table->name;
        }
      }
    }
  }
}

// Nothing known of any number that a table reads: of eight shares, of all counts.
TEST(DecideRealSchemes, ATableOfUnknownNumbersIsDecided) {
  for (const Plan& plan : RealPlans().plans) {
    const Dictionary& dictionary = plan.dictionary();
    for (std::size_t step = 0; step < plan.steps.size(); ++step) {
      FactValues facts;
      for (const FactId input : plan.steps[step].table->inputs) {
        if (dictionary[input].kind == FactKind::number) {
          facts[input] = Value::unknown();
        }
      }
      const Outcome outcome = decide(plan, worlds_of(dictionary, facts));
      EXPECT_FALSE(outcome.impossible) << plan.scheme->id << " " << plan.steps[step].table->name;
      EXPECT_FALSE(outcome.leaves.empty());
      EXPECT_TRUE(facts.empty() || !outcome.rows(step).empty());
    }
  }
}

}  // namespace
}  // namespace her2
