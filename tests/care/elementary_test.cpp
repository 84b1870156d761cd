// SPDX-License-Identifier: Apache-2.0
#include "her2/care/elementary.h"

#include <cmath>

#include <gtest/gtest.h>

#include "her2/stats/random.h"

namespace her2 {
namespace {

double uniform(Random& random, double low, double high) {
  return low + (high - low) * static_cast<double>(random.next() >> 11U) * 0x1p-53;
}

// Units of the last place of `truth` between the two.
double ulps(double value, long double truth) {
  const double near = static_cast<double>(truth);
  const double step = std::nextafter(std::abs(near), INFINITY) - std::abs(near);
  return static_cast<double>(std::abs(static_cast<long double>(value) - truth)) / step;
}

TEST(Elementary, exp_and_log_are_within_two_units_of_the_last_place) {
  Random random(1, 0);
  for (int i = 0; i < 200'000; ++i) {
    const double x = uniform(random, -700, 700);
    EXPECT_LT(ulps(exp_same(x), std::exp(static_cast<long double>(x))), 2) << x;
    const double small = uniform(random, -1, 1);
    EXPECT_LT(ulps(exp_same(small), std::exp(static_cast<long double>(small))), 2) << small;
    const double y = std::exp(uniform(random, -300, 300));
    EXPECT_LT(ulps(log_same(y), std::log(static_cast<long double>(y))), 2) << y;
    const double near_one = uniform(random, 0.5, 2);
    EXPECT_LT(std::abs(log_same(near_one) - std::log(near_one)), 3e-16) << near_one;
  }
}

TEST(Elementary, ends) {
  EXPECT_EQ(exp_same(0), 1);
  EXPECT_LT(exp_same(-1000), 1e-300);
  EXPECT_EQ(log_same(1), 0);
  EXPECT_EQ(pow_same(0, 0.17), 0);
  EXPECT_NEAR(pow_same(32, 0.2), 2, 1e-15);
}

}  // namespace
}  // namespace her2
