// SPDX-License-Identifier: Apache-2.0
#include "her2/evidence/value.h"

#include <random>
#include <string>
#include <vector>

#include "her2/evidence/text.h"
#include "tests/evidence/fixture.h"

namespace her2 {
namespace {

using test::type_of;

struct Reads {
  const char* fact;
  const char* text;
  const char* as;  // value_text of what is read
};

TEST(Value, reads_what_people_write) {
  const std::vector<Reads> cases = {
      {"ratio", "4.0", "4.0"},
      {"ratio", " 2.10 ", "2.10"},
      {"ratio", "+2", "2"},
      {"ratio", "7/3", "7/3"},
      {"ratio", "=2.0", "2.0"},
      {"ratio", "== 2.0", "2.0"},
      {"ratio", ">6.0", "> 6"},
      {"ratio", "> 6.25", "> 6.25"},
      {"ratio", ">=4.0&<6.0", ">= 4 & < 6"},
      {"ratio", "<6.0 & >= 4.0", ">= 4 & < 6"},
      {"ratio", "<4.0", "< 4"},
      {"ratio",
       "\xE2\x89\xA4"
       "2",
       "<= 2"},
      {"ratio", "\xE2\x89\xA5 2", ">= 2"},
      {"ratio", "4-6", ">= 4 & <= 6"},
      {"ratio",
       "4\xE2\x80\x93"
       "6",
       ">= 4 & <= 6"},
      {"ratio", "4.0 to 5.9", ">= 4 & <= 5.9"},
      {"ratio", "2-2", "2"},
      {"ratio", ">= 2 & <= 2", "2"},
      {"ratio", "> 7/3", "> 7/3"},
      {"percent", "60-69%", ">= 60 & <= 69"},
      {"percent", "60%-69 %", ">= 60 & <= 69"},
      {"percent", "100%", "100"},
      {"percent", "0", "0"},
      {"percent", "100/3 %", "100/3 %"},
      {"percent", "<10%", "< 10"},
      {"cells", "20 cells", "20"},
      {"cells", "20 CELLS", "20"},
      {"cells", "20.0", "20.0"},
      {"cells", ">0", "> 0"},
      {"cells", "any", "any"},
      {"cells", "Missing", "missing"},
      {"cells", "not done", "missing"},
      {"cells", "none", "missing"},
      {"cells", "?", "unknown"},
      {"cells", "Unknown", "unknown"},
      {"score", "2+", "2+"},
      {"score", "0|1+", "0|1+"},
      {"score", "1+|0", "0|1+"},
      {"score", "0-1+", "0|0+|1+"},
      {"score", "0/1+", "0|0+|1+"},
      {"score", "0 / 2+ / 1+", "0|0+|1+|2+"},
      {"score", "1+ to 3+", "1+|2+|3+"},
      {"score", ">=2+", "2+|3+"},
      {"score", "> 2+", "3+"},
      {"score", "<1+", "0|0+"},
      {"score", "<=1+", "0|0+|1+"},
      {"score", "2+ (3+ outside)", "2+|3+"},
      {"score", "any", "0|0+|1+|2+|3+"},
      {"score", "none", "missing"},
      {"intensity", "None", "none"},
      {"intensity", "missing", "missing"},
      {"intensity", "weak-strong", "weak|strong"},
      {"status", "LOW-POSITIVE", "low-positive"},
      {"status", "negative/positive", "negative|positive"},
      {"status", "\xC2\xA0positive", "positive"},
  };
  for (const auto& entry : cases) {
    const auto value = parse_value(type_of(entry.fact), entry.text);
    ASSERT_TRUE(value) << entry.text << ": " << value.error().text();
    EXPECT_EQ(value_text(type_of(entry.fact), *value), entry.as) << entry.text;
  }
}

struct Refuses {
  const char* fact;
  const char* text;
  const char* reason;  // part of the sentence
};

TEST(Value, refuses_with_the_reason) {
  const std::vector<Refuses> cases = {
      {"ratio", "", "empty"},
      {"ratio", "  ", "empty"},
      {"ratio", "~2.1", "how near"},
      {"ratio", "2,1", "decimal point"},
      {"ratio", "1e3", "not a number"},
      {"ratio", "nan", "not a number"},
      {"ratio", "0x10", "not a number"},
      {"ratio", "2.", "not a number"},
      {"ratio", "2.1%", "percentage"},
      {"ratio", "-1", "below the smallest"},
      {"ratio", "6-4", "lower bound is above"},
      {"ratio", ">4 & >5", "same bound twice"},
      {"ratio", "=4 & <5", "mixes '='"},
      {"ratio", ">4 &", "not a number"},
      {"ratio", ">", "not a number"},
      {"ratio", "<0", "leaves no possible"},
      {"ratio", "> 4 & < 4", "leaves no possible"},
      {"ratio", "> 4 & <= 4", "leaves no possible"},
      {"ratio", "1/0", "not a number"},
      {"ratio", "12345678901234567890", "not a number"},
      {"ratio", "not amplified", "not a number"},
      {"cells", "0", "leaves no possible"},
      {"cells", "-3", "below the smallest"},
      {"cells", "20.5", "whole number"},
      {"cells", "> 20.5", "whole number"},
      {"cells", "> 5 & < 6", "leaves no possible"},
      {"cells", "40/2", "is a quotient"},
      {"percent", "101", "above the largest"},
      {"percent", ">100", "leaves no possible"},
      {"percent", "90-110%", "above the largest"},
      {"percent", "8/8", "is a quotient"},
      {"score", "7+", "expected 0, 0+, 1+, 2+ or 3+"},
      {"score", "undefined", "only a guideline table"},
      {"score", "0|undefined", "only a guideline table"},
      {"score", "3+-1+", "from high to low"},
      {"score", "0||1+", "not a value"},
      {"score", ">3+", "leaves no value"},
      {"score", "2+ (3+ inside)", "not a value"},
      {"score", "2+ (outside)", "not a value"},
      {"score", "\xFF", "not UTF-8"},
      {"status", "negative-positive", "no order"},
      {"status", "<positive", "not a value"},
  };
  for (const auto& entry : cases) {
    const auto value = parse_value(type_of(entry.fact), entry.text);
    ASSERT_FALSE(value) << entry.text << " read as " << value_text(type_of(entry.fact), *value);
    EXPECT_NE(value.error().reason.find(entry.reason), std::string::npos) << entry.text << ": " << value.error().reason;
  }
  EXPECT_FALSE(parse_value(type_of("ratio"), std::string(100000, '9')));
}

TEST(Value, keeps_the_written_digits) {
  const auto value = parse_value(type_of("ratio"), "2.10");
  ASSERT_TRUE(value);
  EXPECT_EQ(value->written, (Decimal{210, 2}));
  EXPECT_TRUE(value->is_exact());
  EXPECT_EQ(value->exact_number(), Rational(21, 10));
  EXPECT_FALSE(parse_value(type_of("ratio"), "2-3")->is_exact());
  EXPECT_TRUE(Value::missing().is_exact());
  EXPECT_FALSE(Value::unknown().is_exact());
  EXPECT_FALSE(Value::of_choices(3).is_exact());
}

// Property: what value_text writes, parse_value reads as the same possibilities.
TEST(Value, text_round_trip) {
  std::mt19937 random(7);
  const auto pick = [&](int most) { return static_cast<int>(random() % static_cast<unsigned>(most + 1)); };
  for (int i = 0; i < 20000; ++i) {
    const auto& type = type_of(pick(1) == 0 ? "ratio" : "percent");
    const int a = pick(10000);
    const int b = a + 1 + pick(3000);
    const int divisor = 101 + pick(900);
    const Bound low{Rational(a, divisor), pick(1) == 0};
    const Bound high{Rational(b, divisor), pick(1) == 0};
    if (type.max && high.at > *type.max) {
      continue;
    }
    Value value;
    switch (pick(4)) {
      case 0: value = Value::of_number(Decimal{a, static_cast<std::uint8_t>(2 + pick(4))}); break;
      case 1: value = Value::of_interval(low, std::nullopt); break;
      case 2: value = Value::of_interval(std::nullopt, high); break;
      case 3: value = Value::of_interval(low, high); break;
      default: value = Value::of_number(Rational(a * 3 + 1, divisor * 3)); break;
    }
    const auto text = value_text(type, value);
    auto again = parse_value(type, text);
    ASSERT_TRUE(again) << text << ": " << again.error().text();
    if (!value.written) {
      again->written.reset();  // "2" of the rational 2 reads back with its digit known
    }
    EXPECT_EQ(*again, value) << text;
  }
  const auto& score = type_of("score");
  for (std::uint64_t mask = 1; mask < 32; ++mask) {
    const auto again = parse_value(score, value_text(score, Value::of_choices(mask)));
    ASSERT_TRUE(again);
    EXPECT_EQ(*again, Value::of_choices(mask));
  }
}

TEST(Text, quotes_and_utf8) {
  EXPECT_EQ(in_quotes("a\"b\n\xFF"), "\"a\\\"b\\x0A\\xFF\"");
  EXPECT_EQ(in_quotes(std::string(100, 'x')), "\"" + std::string(60, 'x') + "...\"");
  EXPECT_EQ(find_bad_utf8("na\xC3\xAFve \xE2\x82\xAC \xF0\x9F\x94\xAC, plain ascii"), std::string_view::npos);
  for (const char* bad :
       {"\x80", "\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF8", "\xE2\x82", "\xC3("}) {
    EXPECT_EQ(find_bad_utf8(std::string("12345678abc") + bad), 11U) << in_quotes(bad);
  }
}

// registry_result has a value that is called unknown: not knowing it is written another way.
TEST(Value, not_knowing_is_apart_from_a_value_called_unknown) {
  FactType type;
  type.name = "registry_result";
  type.kind = FactKind::choice;
  type.values = {"positive", "unknown"};
  const auto open = parse_value(type, "?");
  const auto named = parse_value(type, "unknown");
  ASSERT_TRUE(open && named);
  EXPECT_EQ(open->state, Value::State::unknown);
  EXPECT_EQ(named->state, Value::State::choice);
  EXPECT_EQ(value_text(type, *open), "?");
  EXPECT_EQ(value_text(type, *named), "unknown");
}

}  // namespace
}  // namespace her2
