// SPDX-License-Identifier: Apache-2.0
#include "her2/guideline/condition.h"

#include <functional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/guideline/fixture.h"

namespace her2 {
namespace {

using test::condition;
using test::fact;
using testing::HasSubstr;
using Op = Condition::Op;

// How many tests a condition holds.
std::size_t tests_in(const Condition& condition) {
  std::size_t count = condition.parts.empty() ? 1 : 0;
  for (const Condition& part : condition.parts) {
    count += tests_in(part);
  }
  return count;
}

// A case of the small dictionary in which everything is known.
struct Case {
  Rational a = 1, b = 2;
  int top = 8, bottom = 4, count = 2;
  std::string colour = "green", grade = "mid", seen = "yes";

  [[nodiscard]] Worlds worlds() const {
    const Dictionary& dictionary = test::small_dictionary();
    Worlds out(dictionary);
    out.set(fact("a"), Value::of_number(a));
    out.set(fact("b"), Value::of_number(b));
    out.set(fact("top"), test::number(top));
    out.set(fact("bottom"), test::number(bottom));
    out.set(fact("count"), test::number(count));
    for (const auto& [name, value] : {std::pair{"colour", colour}, {"grade", grade}, {"seen", seen}}) {
      out.set(fact(name), Value::of_choice(dictionary[fact(name)].index_of(value).value()));
    }
    return out;
  }
};

bool met(const std::string& text, const Case& a_case = {}, const ConditionNames& names = {}) {
  const Truth now = truth(a_case.worlds(), condition(text, names));
  EXPECT_NE(now, Truth::open) << text;
  return now == Truth::met;
}

TEST(ConditionMeaning, Comparisons) {
  for (const char* text :
       {"a < 2",       "a <= 1",     "a == 1",     "a >= 1",     "a > 0",      "a != 2",      "1 == a",
        "2 > a",       "a < b",      "a + b == 3", "b - a == 1", "2 * a == b", "a + 0.5 < b", "0.9999999999 < a",
        "0 <= a <= 1", "1 <= a < b", "3 > b > a",  "a + a == b", "2*top>15",   "a<2 and b<3", "a == 1.000"}) {
    EXPECT_TRUE(met(text)) << text;
  }
  for (const char* text : {"a < 1", "a > 1", "a != 1", "a == b", "0 < a < 1", "2 <= a + b < 3", "a < 1 and b == 2"}) {
    EXPECT_FALSE(met(text)) << text;
  }
}

TEST(ConditionMeaning, Choices) {
  for (const char* text :
       {"colour == green", "colour != red", "colour in {red, green}", "colour in {green}", "grade < high",
        "grade >= mid", "grade <= mid", "grade > low", "grade in {low,mid}", "seen", "seen == yes", "not seen == no",
        "colour is known", "known(colour)", "not (colour is missing)", "\tcolour\n== green "}) {
    EXPECT_TRUE(met(text)) << text;
  }
  for (const char* text : {"colour == red", "not seen", "grade > mid", "colour is missing", "grade < low"}) {
    EXPECT_FALSE(met(text)) << text;
  }
  Case odd;
  odd.grade = "2+";
  EXPECT_TRUE(met("grade == 2+ and grade > high", odd));
  odd.grade = "not sure";
  EXPECT_TRUE(met("grade == \"not sure\" and grade in {2+, \"not sure\"}", odd));
}

TEST(ConditionMeaning, Quotients) {
  for (const char* text : {"ratio == 2.0", "ratio >= 2", "2.0 <= ratio < 2.1", "ratio != 1.9", "mean == 4",
                           "mean > 3.99", "3 < mean", "ratio is known", "not ratio < 2.0"}) {
    EXPECT_TRUE(met(text)) << text;
  }
  for (const char* text : {"ratio < 2.0", "ratio > 2.0", "ratio != 2", "mean <= 3.9", "ratio is missing"}) {
    EXPECT_FALSE(met(text)) << text;
  }
  Case third;
  third.top = 7;
  third.bottom = 3;
  EXPECT_TRUE(met("2.3333 < ratio < 2.3334", third)) << "never rounded";
  Case zero;
  zero.bottom = 0;
  for (const char* text : {"ratio >= 0", "ratio < 2", "ratio == 2", "ratio != 2", "ratio is known"}) {
    EXPECT_FALSE(met(text, zero)) << text << ": a quotient over 0 meets no comparison";
  }
  EXPECT_TRUE(met("not ratio >= 0 and not ratio < 0", zero));
}

TEST(ConditionMeaning, AndBindsCloserThanOr) {
  EXPECT_TRUE(met("a == 1 or a == 2 and a == 3"));
  EXPECT_FALSE(met("(a == 1 or a == 2) and a == 3"));
  EXPECT_TRUE(met("not a == 2 or a == 1"));
  EXPECT_TRUE(met("a == 1 || a == 9 && ! a == 1"));
  EXPECT_FALSE(met("!(a == 1) && b == 2"));
  EXPECT_TRUE(met("!a==2"));
}

TEST(ConditionMeaning, SumsAndParameters) {
  ConditionNames names;
  names.sums["both"].add(fact("a"), 1);
  names.sums["both"].add(fact("b"), 1);
  names.parameters["cut"] = Rational(3, 2);
  for (const char* text : {"both == 3", "2 * both == 6", "a < cut", "cut < b", "mean > cut", "2 * cut == both"}) {
    EXPECT_TRUE(met(text, {}, names)) << text;
  }
  const auto sum = parse_sum("both + 2 * a - 1.5", test::small_dictionary(), names);
  ASSERT_TRUE(sum);
  EXPECT_EQ(sum->constant, Rational(-3, 2));
  EXPECT_EQ(sum->terms.size(), 2U);
  EXPECT_EQ(sum->terms.front().second, 3);
}

TEST(ConditionMeaning, MissingMeetsNoComparison) {
  const Worlds nothing(test::small_dictionary());
  for (const char* text :
       {"a < 2", "a >= 2", "a != 2", "colour == red", "colour != red", "ratio < 2", "a + b <= 4", "seen"}) {
    EXPECT_EQ(truth(nothing, condition(text)), Truth::not_met) << text;
    EXPECT_EQ(truth(nothing, condition("not " + std::string(text))), Truth::met) << text;
  }
  EXPECT_EQ(truth(nothing, condition("a is missing and ratio is missing and colour is missing")), Truth::met);
}

TEST(ConditionParser, KeepsTheSourceOfEachPart) {
  const Condition whole = condition("  a < 2  or  colour == red and not (b > 1) ");
  EXPECT_EQ(whole.text, "a < 2  or  colour == red and not (b > 1)");
  ASSERT_EQ(whole.parts.size(), 2U);
  EXPECT_EQ(whole.parts[0].text, "a < 2");
  EXPECT_EQ(whole.parts[1].text, "colour == red and not (b > 1)");
  EXPECT_EQ(whole.parts[1].parts[1].text, "not (b > 1)");
}

TEST(ConditionParser, NestedNegationsDoNotMultiply) {
  std::string text = "ratio == 2 or a != 1";
  for (int i = 0; i < 30; ++i) {
    text = "not (a == 1 and (" + text + "))";
  }
  const Condition deep = condition(text);
  EXPECT_LT(tests_in(deep), 600U) << "grows with the text, not as a power of two";
  EXPECT_EQ(condition("not not a < 2"), condition("a < 2"));
  EXPECT_EQ(condition("not (a < 2 and colour == red)"), condition("not a < 2 or not colour == red"));
}

TEST(ConditionParser, ComplementTwiceMeansTheSame) {
  const Dictionary& dictionary = test::small_dictionary();
  for (const char* text : {"a < 2", "a == 2", "ratio >= 2", "ratio == 2", "colour in {red, green}", "a is missing",
                           "a + b <= 3 and (seen or mean < 4)"}) {
    const Condition once = condition(text);
    const Condition twice = complement(complement(once, dictionary), dictionary);
    const Condition opposite = complement(once, dictionary);
    const Worlds worlds = Case().worlds();
    EXPECT_EQ(truth(worlds, once), truth(worlds, twice)) << text;
    EXPECT_NE(truth(worlds, once), truth(worlds, opposite)) << text;
  }
}

TEST(ConditionParser, NamesTheFactsThatItReads) {
  const auto read = facts_read(condition("ratio >= 2 and (a + b < 3 or seen) and a > 0"), test::small_dictionary());
  std::vector<FactId> expected{fact("a"), fact("b"), fact("top"), fact("bottom"), fact("seen")};
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(read, expected);
}

// ---- Errors: the column and what was expected there

struct Wrong {
  const char* text;
  int column;
  const char* says;
};

const Wrong kWrong[] = {
    {"", 1, "expected the name of a fact, found the end"},
    {"a <", 4, "the name of a fact"},
    {"a 2", 3, "a comparison"},
    {"a", 2, "a comparison"},
    {"a < 2 b", 7, "the end of the condition"},
    {"a < 2 and", 10, "the name of a fact"},
    {"a < 2 and or b < 2", 11, "there is no fact, sum or parameter called 'or'"},
    {"(a < 2", 7, "')'"},
    {"a < 2)", 6, "the end of the condition"},
    {"nothing < 2", 1, "called 'nothing'"},
    {"a < 2 and graed == low", 11, "did you mean 'grade'?"},
    {"colour == yellow", 11, "'yellow' is not a value of colour (red | green | blue)"},
    {"colour < red", 8, "have no order"},
    {"colour", 7, "'==', '!=' or 'in' after 'colour'"},
    {"colour in red", 11, "'{'"},
    {"colour in {red green}", 16, "',' or '}'"},
    {"colour in {}", 12, "'' is not a value"},
    {"grade == \"not sure", 10, "never closed"},
    {"colour is red", 11, "'known' or 'missing'"},
    {"known colour", 7, "'(' after 'known'"},
    {"known(colour", 13, "')'"},
    {"colour + 1 < 2", 8, "after 'colour'"},
    {"1 + colour < 2", 5, "a choice, not a number"},
    {"ratio + 1 < 2", 7, "alone on one side"},
    {"1 + ratio < 2", 11, "alone on one side"},
    {"2 * ratio < 2", 5, "alone on one side"},
    {"ratio < mean", 7, "a quotient is compared with a number"},
    {"ratio < a", 7, "a quotient is compared with a number"},
    {"1 < 2", 3, "the comparison holds no fact"},
    {"a - a < 2", 7, "the comparison holds no fact"},
    {"a < 1.2.3", 5, "a number such as"},
    {"a < 1e3", 6, "the end of the condition"},
    {"a = 2", 3, "a comparison"},
    {"a < 1 < b < 3", 11, "the end of the condition"},
    {"a < -2", 5, "the name of a fact"},
    {"a < 2; b < 2", 6, "the end of the condition"},
    {"a \xc3\xa4 < 2", 3, "a comparison"},
};

TEST(ConditionErrors, SayColumnAndWhatWasExpected) {
  for (const Wrong& wrong : kWrong) {
    const auto parsed = parse_condition(wrong.text, test::small_dictionary(), {});
    ASSERT_FALSE(parsed) << wrong.text;
    EXPECT_EQ(parsed.error().place, "column " + std::to_string(wrong.column))
        << wrong.text << ": " << parsed.error().text();
    EXPECT_THAT(parsed.error().reason, HasSubstr(wrong.says)) << wrong.text;
  }
}

TEST(ConditionErrors, BoundDepthAndLength) {
  const auto nested = [](const std::string& open, const std::string& close) {
    std::string text = "a < 2";
    for (int i = 0; i < 1000; ++i) {
      text = open + text + close;
    }
    return parse_condition(text, test::small_dictionary(), {});
  };
  for (const auto& parsed : {nested("(", ")"), nested("not ", ""), nested("!", "")}) {
    ASSERT_FALSE(parsed);
    EXPECT_THAT(parsed.error().reason, HasSubstr("nested deeper"));
  }
  std::string text = "a < 2";
  while (text.size() < 20'000) {
    text += " and a < 2";
  }
  const auto parsed = parse_condition(text, test::small_dictionary(), {});
  ASSERT_FALSE(parsed);
  EXPECT_THAT(parsed.error().reason, HasSubstr("longer than"));
}

TEST(ConditionErrors, ASumIsNotAQuotient) {
  EXPECT_FALSE(parse_sum("ratio", test::small_dictionary(), {}));
  EXPECT_FALSE(parse_sum("a +", test::small_dictionary(), {}));
  EXPECT_FALSE(parse_sum("a < 2", test::small_dictionary(), {}));
}

}  // namespace
}  // namespace her2
