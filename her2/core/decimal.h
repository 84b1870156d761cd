// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/multiprecision/cpp_int.hpp>

#include "her2/core/error.h"

namespace her2 {

// Exact rational number of any size. Everything that is decided is compared in this type or in Decimal; never in
// floating point.
using Rational = boost::multiprecision::cpp_rational;

// An exact decimal as people write it: value = mantissa * 10^-scale. "2.10" keeps scale 2, so that the last written
// digit is known. |mantissa| < 10^18, scale 0..18.
struct Decimal {
  std::int64_t mantissa = 0;
  std::uint8_t scale = 0;

  // Reads [+-]digits[.digits]; surrounding blanks are not accepted, nor exponents, thousands separators, "inf" or
  // "nan". A decimal comma is not accepted here: a column map says where it may stand.
  [[nodiscard]] static std::optional<Decimal> parse(std::string_view text) noexcept;

  // The same value as digits, with `scale` digits behind the point.
  [[nodiscard]] std::string text() const;

  [[nodiscard]] Rational rational() const;

  // One unit of the last written digit: 10^-scale.
  [[nodiscard]] Rational last_digit() const;

  // Equal digits, not only equal value: 2.0 and 2.00 differ.
  friend bool operator==(const Decimal&, const Decimal&) = default;
};

// Exact comparison: negative, zero or positive as a is less than, equal to or greater than b.
[[nodiscard]] int compare(const Decimal& a, const Decimal& b) noexcept;

// Reads a decimal, or an integer quotient "7/3". Nothing else.
[[nodiscard]] std::optional<Rational> parse_rational(std::string_view text);

// "2", "0.125" where the decimal ends, "7/3" where it does not or has more digits than a Decimal holds: what
// parse_rational reads, it reads again from here.
[[nodiscard]] std::string exact_text(const Rational& value);

// Rounded half away from zero to `digits` behind the point, for showing to people only.
[[nodiscard]] std::string rounded_text(const Rational& value, int digits);

[[nodiscard]] Rational floor(const Rational& value);
[[nodiscard]] Rational ceil(const Rational& value);
[[nodiscard]] bool is_integer(const Rational& value);

}  // namespace her2
