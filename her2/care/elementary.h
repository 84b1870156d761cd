// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>

namespace her2 {

// exp and log of our own, for numbers that are compared with a limit or printed: they use +, -, *, / and bits only, so
// that every processor and every C library gives the same bytes. Within 2 units of the last place of the true value
// (tests/care/elementary_test.cpp). Loops over them can be vectorised.

// e^x; below -708 it stays at e^-708, and x may not exceed 709.
[[nodiscard]] inline double exp_same(double x) noexcept {
  constexpr double kLog2e = 0x1.71547652b82fep+0, kLn2High = 0x1.62e42fefa0000p-1, kLn2Low = 0x1.cf79abc9e3b3ap-40;
  constexpr double kRound = 0x1.8p52;  // adding and taking it away rounds to a whole number
  const double at = x < -708 ? -708 : x;
  const double shifted = at * kLog2e + kRound;
  const double k = shifted - kRound;
  const double r = (at - k * kLn2High) - k * kLn2Low;  // |r| <= ln(2) / 2
  // Taylor, the next term below 1e-17 of the sum; in pairs (Estrin), so that the processor does several at once
  const double q = r * r, q2 = q * q;
  const double a = 0.5 + r * (1.0 / 6), b = 1.0 / 24 + r * (1.0 / 120), c = 1.0 / 720 + r * (1.0 / 5040);
  const double d = 1.0 / 40320 + r * (1.0 / 362880), e = 1.0 / 3628800 + r * (1.0 / 39916800);
  const double f = 1.0 / 479001600 + r * (1.0 / 6227020800);
  const double high = (c + q * d) + q2 * (e + q * f);
  const double p = 1 + (r + q * ((a + q * b) + q2 * high));
  const std::uint64_t exponent = (std::bit_cast<std::uint64_t>(shifted) + 1023U) << 52U;
  return p * std::bit_cast<double>(exponent);
}

// ln(x) of a normal number above 0.
[[nodiscard]] inline double log_same(double x) noexcept {
  constexpr double kLn2High = 0x1.62e42fefa0000p-1, kLn2Low = 0x1.cf79abc9e3b3ap-40;
  const auto bits = std::bit_cast<std::uint64_t>(x);
  constexpr std::uint64_t kMantissa = (std::uint64_t{1} << 52U) - 1;
  auto exponent = static_cast<std::int64_t>(bits >> 52U) - 1023;
  auto m = std::bit_cast<double>((bits & kMantissa) | std::uint64_t{1023} << 52U);
  if (m > 0x1.6a09e667f3bcdp+0) {  // sqrt(2)
    m *= 0.5;
    ++exponent;
  }
  const double s = (m - 1) / (m + 1);
  const double q = s * s;
  double p = 1.0 / 23;
  for (int n = 21; n >= 3; n -= 2) {
    p = p * q + 1.0 / n;
  }
  const auto e = static_cast<double>(exponent);
  return e * kLn2High + (e * kLn2Low + (2 * s * (q * p) + 2 * s));
}

// x^y for x >= 0, with 0^y = 0 for y > 0.
[[nodiscard]] inline double pow_same(double x, double y) noexcept { return x == 0 ? 0 : exp_same(y * log_same(x)); }

}  // namespace her2
