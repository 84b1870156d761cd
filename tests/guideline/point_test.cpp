// SPDX-License-Identifier: Apache-2.0
// The fast way for plain cases must give what the general way gives, on every scheme.
#include "her2/guideline/point.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "her2/guideline/decide.h"
#include "her2/guideline/verify.h"
#include "tests/guideline/real_cases.h"

namespace her2 {
namespace {

using test::CaseMaker;

std::string case_text(const Dictionary& dictionary, const FactValues& facts) {
  return text(dictionary, Example(facts.begin(), facts.end()));
}

Decimal decimal_of(const Rational& value) {
  const Rational thousandths = value * 1000;
  EXPECT_TRUE(is_integer(thousandths));
  return {static_cast<std::int64_t>(numerator(thousandths)), 3};
}

void put(PointFacts& point, const Dictionary& dictionary, const FactValues& facts) {
  point.clear();
  for (const auto& [id, value] : facts) {
    if (dictionary[id].kind == FactKind::choice) {
      point.set_choice(id, static_cast<unsigned>(__builtin_ctzll(value.choices)));
    } else {
      EXPECT_TRUE(point.set_number(id, decimal_of(*value.exact_number())));
    }
  }
}

void expect_same(const Plan& plan, const PointOutcome& fast, const Outcome& whole) {
  if (fast.broken_step >= 0) {
    ASSERT_TRUE(whole.impossible);
    EXPECT_EQ(whole.impossible->step, static_cast<std::size_t>(fast.broken_step));
    return;
  }
  ASSERT_FALSE(whole.impossible) << whole.impossible->what;
  ASSERT_EQ(fast.rows.size(), plan.steps.size());
  for (std::size_t step = 0; step < plan.steps.size(); ++step) {
    EXPECT_EQ(whole.rows(step), std::vector<int>{fast.rows[step]}) << plan.steps[step].table->name;
  }
  const Dictionary& dictionary = plan.dictionary();
  std::set<FactId> concerned;
  for (const auto& step : plan.steps) {
    concerned.insert(step.table->inputs.begin(), step.table->inputs.end());
    concerned.insert(step.table->gives.begin(), step.table->gives.end());
  }
  for (const FactId id : concerned) {
    if (dictionary[id].kind == FactKind::choice) {
      const std::uint8_t value = fast.facts[id];
      EXPECT_EQ(whole.possible(id), value == 0 ? kMissingBit : std::uint64_t{1} << (value - 1U)) << dictionary[id].name;
    }
  }
  EXPECT_EQ(fast.flags, raised_flags(plan, whole));
  for (const Leaf& leaf : whole.leaves) {
    EXPECT_EQ(leaf.disagreements, fast.disagreements);
  }
}

// Returns how many of the cases the fast way answered.
int compare(const Scheme& scheme, int cases, std::uint64_t seed) {
  const auto plan = make_plan(test::real_catalog(), scheme);
  EXPECT_TRUE(plan) << scheme.id;
  const Dictionary& dictionary = plan->dictionary();
  CaseMaker maker(*plan, seed);
  PointDecider decider(*plan);
  PointFacts point(dictionary);
  int answered = 0;
  for (int i = 0; i < cases && !testing::Test::HasFailure(); ++i) {
    const FactValues facts = maker.plain_case();
    put(point, dictionary, facts);
    const PointOutcome* fast = decider.decide(point);
    if (fast == nullptr) {
      continue;
    }
    ++answered;
    SCOPED_TRACE(fmt::format("scheme {}, case {}: {}", scheme.id, i, case_text(dictionary, facts)));
    expect_same(*plan, *fast, decide(*plan, worlds_of(dictionary, facts)));
  }
  return answered;
}

int compare_all(int cases, std::uint64_t seed) {
  int answered = 0;
  for (const Scheme& scheme : test::real_catalog().schemes) {
    answered += compare(scheme, cases, seed++);
  }
  return answered;
}

TEST(PointRealSchemes, GiveTheSameAsSetsOfOneCase) {
  const int cases = 300;
  const int answered = compare_all(cases, 5);
  EXPECT_GT(answered, cases * static_cast<int>(test::real_catalog().schemes.size()) / 4);
}

TEST(LongPointRealSchemes, GiveTheSameAsSetsOfOneCase) {
  int answered = 0;
  for (std::uint64_t seed = 100; answered < 100'000 && !HasFailure(); seed += 100) {
    answered += compare_all(2000, seed);
  }
  fmt::print("{} plain cases compared\n", answered);
}

TEST(PointFacts, RefusesWhatIsNotPlain) {
  PointFacts point(test::small_dictionary());
  const FactId a = test::fact("a");
  EXPECT_TRUE(point.set_number(a, Decimal{1'234'567, 6}));
  EXPECT_FALSE(point.set_number(a, Decimal{12'345'678, 7}));
  EXPECT_TRUE(point.set_number(a, Decimal{999'999'999, 0}));
  EXPECT_FALSE(point.set_number(a, Decimal{1'000'000'000, 0}));
  EXPECT_FALSE(point.set_number(a, Decimal{999'999'999'999'999'999, 0}));
}

}  // namespace
}  // namespace her2
