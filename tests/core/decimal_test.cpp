// SPDX-License-Identifier: Apache-2.0
#include "her2/core/decimal.h"

#include <cstdint>
#include <random>
#include <string>

#include <gtest/gtest.h>

namespace her2 {
namespace {

Decimal decimal(std::string_view text) {
  const auto parsed = Decimal::parse(text);
  EXPECT_TRUE(parsed) << text;
  return parsed.value_or(Decimal{});
}

Rational rational(std::int64_t numerator, std::int64_t denominator = 1) { return Rational(numerator, denominator); }

int sign(int value) { return (value > 0 ? 1 : 0) - (value < 0 ? 1 : 0); }

// --- parse ---

TEST(DecimalParse, KeepsWhatWasWritten) {
  EXPECT_EQ(decimal("0"), (Decimal{0, 0}));
  EXPECT_EQ(decimal("4"), (Decimal{4, 0}));
  EXPECT_EQ(decimal("4.0"), (Decimal{40, 1}));
  EXPECT_EQ(decimal("2.10"), (Decimal{210, 2}));
  EXPECT_EQ(decimal("-0.5"), (Decimal{-5, 1}));
  EXPECT_EQ(decimal("+7"), (Decimal{7, 0}));
  EXPECT_EQ(decimal(".5"), (Decimal{5, 1}));
  EXPECT_EQ(decimal("-.25"), (Decimal{-25, 2}));
}

TEST(DecimalParse, LeadingZerosAreNoDigits) {
  EXPECT_EQ(decimal("007"), (Decimal{7, 0}));
  EXPECT_EQ(decimal("00.10"), (Decimal{10, 2}));
  EXPECT_EQ(decimal("0000000000000000000000000000004.5"), (Decimal{45, 1}));
}

TEST(DecimalParse, MinusZeroIsZero) {
  EXPECT_EQ(decimal("-0"), (Decimal{0, 0}));
  EXPECT_EQ(decimal("-0.00"), (Decimal{0, 2}));
}

TEST(DecimalParse, ReachesItsLimitsExactly) {
  EXPECT_EQ(decimal("999999999999999999"), (Decimal{999'999'999'999'999'999, 0}));
  EXPECT_EQ(decimal("-999999999999999999"), (Decimal{-999'999'999'999'999'999, 0}));
  EXPECT_EQ(decimal("0.000000000000000001"), (Decimal{1, 18}));
  EXPECT_EQ(decimal("0.999999999999999999"), (Decimal{999'999'999'999'999'999, 18}));
  EXPECT_FALSE(Decimal::parse("1000000000000000000"));     // 10^18: one digit too many
  EXPECT_FALSE(Decimal::parse("9223372036854775808"));     // 2^63
  EXPECT_FALSE(Decimal::parse("0.0000000000000000001"));   // 19 digits behind the point
  EXPECT_FALSE(Decimal::parse("0.0000000000000000000"));   // though it is only 0
  EXPECT_FALSE(Decimal::parse("1.000000000000000000"));    // 19 digits in all
  EXPECT_FALSE(Decimal::parse(std::string(10'000, '9')));  // never overflows on the way
}

TEST(DecimalParse, RefusesWhatIsNoDecimal) {
  for (const auto* text :
       {"",    "+",   "-",   ".",   "-.",  "+.",     "4.",       "-4.",  "..",   "1.2.3", "1,5", "1,000", "1 000",
        " 1",  "1 ",  "1\n", "1e3", "1E3", "1.0e-2", "0x10",     "inf",  "-inf", "nan",   "NaN", "--1",   "+-1",
        "1-",  "1+",  "2%",  "~2",  "<4",  ">= 4",   "\xC2\xBD", "½",    "٣",    "４",    "one", "1/2",   "1_000",
        "1'0", "0b1", "1f",  "+ 1", "- 1", "1.-5",   "1.+5",     "1..5", "5.a",  "a.5",   "\t1", "0..",   "-"}) {
    EXPECT_FALSE(Decimal::parse(text)) << '"' << text << '"';
  }
  EXPECT_FALSE(Decimal::parse(std::string_view("1\0", 2)));
  EXPECT_FALSE(Decimal::parse(std::string_view("\0", 1)));
}

// --- text ---

TEST(DecimalText, WritesTheDigitsBack) {
  for (const auto* text : {"0", "0.0", "0.00", "4", "4.0", "2.10", "-0.5", "-12.345", "0.000000000000000001",
                           "999999999999999999", "-0.999999999999999999", "10", "100.00"}) {
    EXPECT_EQ(decimal(text).text(), text);
  }
  EXPECT_EQ(decimal(".5").text(), "0.5");
  EXPECT_EQ(decimal("+7").text(), "7");
  EXPECT_EQ(decimal("-0.0").text(), "0.0");
}

TEST(DecimalText, ReadsBackToTheSame) {
  std::mt19937_64 random(2026);
  std::uniform_int_distribution<std::int64_t> mantissa(-999'999'999'999'999'999, 999'999'999'999'999'999);
  std::uniform_int_distribution<int> shrink(0, 17);
  std::uniform_int_distribution<int> scale(0, 18);
  for (int i = 0; i < 20'000; ++i) {
    std::int64_t digits = mantissa(random);
    for (int n = shrink(random); n > 0; --n) {
      digits /= 10;
    }
    const Decimal value{digits, static_cast<std::uint8_t>(scale(random))};
    ASSERT_EQ(Decimal::parse(value.text()), value) << value.text();
  }
}

// --- exact values ---

TEST(DecimalRational, IsTheExactValue) {
  EXPECT_EQ(decimal("2.10").rational(), rational(21, 10));
  EXPECT_EQ(decimal("-0.125").rational(), rational(-1, 8));
  EXPECT_EQ(decimal("0.1").rational() + decimal("0.2").rational(), decimal("0.3").rational());
  EXPECT_EQ(decimal("0.000000000000000001").rational() * rational(1'000'000'000'000'000'000), 1);
}

TEST(DecimalRational, KnowsItsLastDigit) {
  EXPECT_EQ(decimal("2").last_digit(), 1);
  EXPECT_EQ(decimal("2.0").last_digit(), rational(1, 10));
  EXPECT_EQ(decimal("2.00").last_digit(), rational(1, 100));
  EXPECT_EQ(decimal("0.000000000000000000").last_digit(), rational(1, 1'000'000'000'000'000'000));
}

TEST(DecimalCompare, ComparesValuesNotDigits) {
  EXPECT_EQ(compare(decimal("2.0"), decimal("2.00")), 0);
  EXPECT_NE(decimal("2.0"), decimal("2.00"));
  EXPECT_EQ(compare(decimal("-0"), decimal("0.00")), 0);
  EXPECT_LT(compare(decimal("1.99"), decimal("2.0")), 0);
  EXPECT_GT(compare(decimal("2.01"), decimal("2")), 0);
  EXPECT_LT(compare(decimal("-2.01"), decimal("-2")), 0);
  EXPECT_LT(compare(decimal("-1"), decimal("0.000000000000000001")), 0);
  EXPECT_GT(compare(decimal("10"), decimal("9.99")), 0);
}

TEST(DecimalCompare, HoldsAtTheLimits) {
  const auto most = decimal("999999999999999999");
  const auto least = decimal("-999999999999999999");
  const auto tiny = decimal("0.000000000000000001");
  EXPECT_GT(compare(most, decimal("0.999999999999999999")), 0);
  EXPECT_GT(compare(most, tiny), 0);
  EXPECT_LT(compare(least, tiny), 0);
  EXPECT_LT(compare(least, most), 0);
  EXPECT_EQ(compare(decimal("1"), Decimal{100'000'000'000'000'000, 17}), 0);
}

TEST(DecimalCompare, AgreesWithRationalsAndIsAnOrder) {
  std::mt19937_64 random(7);
  std::uniform_int_distribution<std::int64_t> mantissa(-2'000, 2'000);
  std::uniform_int_distribution<int> scale(0, 4);
  const auto draw = [&] { return Decimal{mantissa(random), static_cast<std::uint8_t>(scale(random))}; };
  for (int i = 0; i < 20'000; ++i) {
    const auto a = draw();
    const auto b = draw();
    ASSERT_EQ(sign(compare(a, b)), sign(a.rational().compare(b.rational()))) << a.text() << " " << b.text();
    ASSERT_EQ(sign(compare(a, b)), -sign(compare(b, a)));
    ASSERT_EQ(compare(a, a), 0);
  }
}

// --- rationals as text ---

TEST(ParseRational, ReadsDecimalsAndQuotients) {
  EXPECT_EQ(parse_rational("2.5"), rational(5, 2));
  EXPECT_EQ(parse_rational("-3"), -3);
  EXPECT_EQ(parse_rational("7/3"), rational(7, 3));
  EXPECT_EQ(parse_rational("-7/3"), rational(-7, 3));
  EXPECT_EQ(parse_rational("4/2"), 2);
  EXPECT_EQ(parse_rational("0/5"), 0);
}

TEST(ParseRational, RefusesTheRest) {
  for (const auto* text :
       {"", "/", "1/", "/2", "1/0", "1/-2", "0/0", "1.5/2", "1/2.0", "1/2/3", "1 / 2", "a/b", "1//2"}) {
    EXPECT_FALSE(parse_rational(text)) << text;
  }
}

TEST(ExactText, EndsWhereTheDecimalEnds) {
  EXPECT_EQ(exact_text(0), "0");
  EXPECT_EQ(exact_text(2), "2");
  EXPECT_EQ(exact_text(-40), "-40");
  EXPECT_EQ(exact_text(rational(1, 8)), "0.125");
  EXPECT_EQ(exact_text(rational(-1, 8)), "-0.125");
  EXPECT_EQ(exact_text(rational(3, 2)), "1.5");
  EXPECT_EQ(exact_text(rational(1, 20)), "0.05");
  EXPECT_EQ(exact_text(rational(210, 100)), "2.1");
  EXPECT_EQ(exact_text(rational(1, 1024)), "0.0009765625");
}

TEST(ExactText, IsAQuotientWhereItDoesNotEnd) {
  EXPECT_EQ(exact_text(rational(7, 3)), "7/3");
  EXPECT_EQ(exact_text(rational(-1, 3)), "-1/3");
  EXPECT_EQ(exact_text(rational(1, 30)), "1/30");
}

TEST(ExactText, ReadsBackToTheSame) {
  for (std::int64_t numerator = -60; numerator <= 60; ++numerator) {
    for (std::int64_t denominator = 1; denominator <= 60; ++denominator) {
      const auto value = rational(numerator, denominator);
      ASSERT_EQ(parse_rational(exact_text(value)), value) << exact_text(value);
    }
  }
}

// A quarter of an 18-digit number has 20 digits, more than a written decimal may have.
TEST(ExactText, IsAQuotientWhereTheDecimalIsTooLongToReadBack) {
  for (const auto* text : {"44444444447445/4", "444444444444444445/4", "999999999999999999/8", "1/562949953421312"}) {
    const auto value = parse_rational(text);
    ASSERT_TRUE(value) << text;
    EXPECT_EQ(parse_rational(exact_text(*value)), value) << exact_text(*value);
  }
}

TEST(RoundedText, RoundsHalfAwayFromZero) {
  EXPECT_EQ(rounded_text(rational(1, 2), 0), "1");
  EXPECT_EQ(rounded_text(rational(-1, 2), 0), "-1");
  EXPECT_EQ(rounded_text(rational(3, 2), 0), "2");
  EXPECT_EQ(rounded_text(rational(5, 2), 0), "3");
  EXPECT_EQ(rounded_text(rational(49, 100), 0), "0");
  EXPECT_EQ(rounded_text(rational(1995, 1000), 2), "2.00");
  EXPECT_EQ(rounded_text(rational(1994, 1000), 2), "1.99");
  EXPECT_EQ(rounded_text(rational(-1995, 1000), 2), "-2.00");
  EXPECT_EQ(rounded_text(rational(999, 1000), 2), "1.00");
  EXPECT_EQ(rounded_text(rational(2, 3), 4), "0.6667");
}

TEST(RoundedText, KeepsAllItsPlaces) {
  EXPECT_EQ(rounded_text(2, 2), "2.00");
  EXPECT_EQ(rounded_text(0, 3), "0.000");
  EXPECT_EQ(rounded_text(rational(1, 1000), 2), "0.00");
  EXPECT_EQ(rounded_text(rational(5, 1000), 2), "0.01");
  EXPECT_EQ(rounded_text(rational(1, 100), 2), "0.01");
}

TEST(RoundedText, NeverShowsMinusZero) {
  EXPECT_EQ(rounded_text(rational(-1, 1000), 2), "0.00");
  EXPECT_EQ(rounded_text(rational(-1, 3), 0), "0");
  EXPECT_EQ(rounded_text(rational(-5, 1000), 2), "-0.01");
}

TEST(RoundedText, IsWithinHalfAPlace) {
  for (std::int64_t numerator = -200; numerator <= 200; ++numerator) {
    const auto value = rational(numerator, 7);
    const auto shown = parse_rational(rounded_text(value, 2));
    ASSERT_TRUE(shown);
    const Rational error = abs(Rational(*shown - value));
    ASSERT_LE(error, rational(1, 200)) << numerator;
  }
}

TEST(Rounding, FloorAndCeilHoldBelowZeroToo) {
  EXPECT_EQ(floor(rational(7, 2)), 3);
  EXPECT_EQ(floor(rational(-7, 2)), -4);
  EXPECT_EQ(floor(3), 3);
  EXPECT_EQ(floor(-3), -3);
  EXPECT_EQ(ceil(rational(7, 2)), 4);
  EXPECT_EQ(ceil(rational(-7, 2)), -3);
  EXPECT_EQ(ceil(3), 3);
  EXPECT_EQ(ceil(0), 0);
  EXPECT_TRUE(is_integer(rational(6, 3)));
  EXPECT_TRUE(is_integer(-4));
  EXPECT_FALSE(is_integer(rational(1, 2)));
}

}  // namespace
}  // namespace her2
