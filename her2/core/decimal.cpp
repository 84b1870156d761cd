// SPDX-License-Identifier: Apache-2.0
#include "her2/core/decimal.h"

#include <array>
#include <cstdlib>

namespace her2 {
namespace {

using boost::multiprecision::cpp_int;

constexpr int kMaxDigits = 18;

constexpr std::array<std::int64_t, 19> kPowerOfTen = [] {
  std::array<std::int64_t, 19> powers{};
  std::int64_t power = 1;
  for (auto& entry : powers) {
    entry = power;
    if (power <= INT64_MAX / 10) {
      power *= 10;
    }
  }
  return powers;
}();

cpp_int big_power_of_ten(int exponent) {
  return boost::multiprecision::pow(cpp_int(10), static_cast<unsigned>(exponent));
}

// Quotient rounded towards minus infinity.
cpp_int floor_div(const cpp_int& numerator, const cpp_int& denominator) {
  cpp_int quotient = numerator / denominator;
  if (numerator % denominator != 0 && (numerator < 0) != (denominator < 0)) {
    --quotient;
  }
  return quotient;
}

}  // namespace

std::optional<Decimal> Decimal::parse(std::string_view text) noexcept {
  std::size_t at = 0;
  const bool negative = !text.empty() && text[0] == '-';
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    at = 1;
  }
  std::int64_t mantissa = 0;
  int digits = 0;
  int scale = -1;  // -1: no point seen yet
  bool any = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '.' && scale < 0) {
      scale = 0;
      continue;
    }
    if (c < '0' || c > '9') {
      return std::nullopt;
    }
    if (digits == kMaxDigits || scale == kMaxDigits) {
      return std::nullopt;
    }
    any = true;
    mantissa = mantissa * 10 + (c - '0');
    digits += (mantissa != 0) ? 1 : 0;
    scale += (scale >= 0) ? 1 : 0;
  }
  if (!any || scale == 0) {  // no digits at all, or a point with nothing behind it
    return std::nullopt;
  }
  return Decimal{negative ? -mantissa : mantissa, static_cast<std::uint8_t>(scale < 0 ? 0 : scale)};
}

std::string Decimal::text() const {
  std::string digits = std::to_string(std::llabs(mantissa));
  if (digits.size() <= scale) {
    digits.insert(0, scale + 1U - digits.size(), '0');
  }
  if (scale > 0) {
    digits.insert(digits.size() - scale, 1, '.');
  }
  return (mantissa < 0 ? "-" : "") + digits;
}

Rational Decimal::rational() const { return Rational(mantissa, kPowerOfTen[scale]); }

Rational Decimal::last_digit() const { return Rational(1, kPowerOfTen[scale]); }

int compare(const Decimal& a, const Decimal& b) noexcept {
  __int128_t left = a.mantissa;
  __int128_t right = b.mantissa;
  if (a.scale < b.scale) {
    left *= kPowerOfTen[static_cast<std::size_t>(b.scale - a.scale)];
  } else {
    right *= kPowerOfTen[static_cast<std::size_t>(a.scale - b.scale)];
  }
  return left < right ? -1 : (left > right ? 1 : 0);
}

std::optional<Rational> parse_rational(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) {
    const auto decimal = Decimal::parse(text);
    return decimal ? std::optional<Rational>(decimal->rational()) : std::nullopt;
  }
  const auto numerator = Decimal::parse(text.substr(0, slash));
  const auto denominator = Decimal::parse(text.substr(slash + 1));
  if (!numerator || !denominator || numerator->scale != 0 || denominator->scale != 0 || denominator->mantissa <= 0) {
    return std::nullopt;
  }
  return Rational(numerator->mantissa, denominator->mantissa);
}

std::string exact_text(const Rational& value) {
  cpp_int rest = denominator(value);
  int twos = 0;
  int fives = 0;
  for (; rest % 2 == 0; rest /= 2) {
    ++twos;
  }
  for (; rest % 5 == 0; rest /= 5) {
    ++fives;
  }
  if (rest != 1) {
    return value.str();
  }
  std::string digits = rounded_text(value, std::max(twos, fives));
  return Decimal::parse(digits) ? digits : value.str();
}

std::string rounded_text(const Rational& value, int digits) {
  const bool negative = value < 0;
  const Rational magnitude = negative ? Rational(-value) : value;
  const Rational scaled = magnitude * Rational(big_power_of_ten(digits)) + Rational(1, 2);
  std::string out = floor_div(numerator(scaled), denominator(scaled)).str();
  const auto places = static_cast<std::size_t>(digits);
  if (out.size() <= places) {
    out.insert(0, places + 1 - out.size(), '0');
  }
  if (digits > 0) {
    out.insert(out.size() - places, 1, '.');
  }
  return (negative && out.find_first_not_of("0.") != std::string::npos ? "-" : "") + out;
}

Rational floor(const Rational& value) { return Rational(floor_div(numerator(value), denominator(value))); }

Rational ceil(const Rational& value) { return -floor(-value); }

bool is_integer(const Rational& value) { return denominator(value) == 1; }

}  // namespace her2
