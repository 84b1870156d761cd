// SPDX-License-Identifier: Apache-2.0
#include "her2/stats/random.h"

#include <array>

#include <gtest/gtest.h>

#include "her2/stats/quantile.h"

namespace her2 {
namespace {

TEST(Random, NormalHasMomentsAndTailsOfANormal) {
  Random random(1, 2);
  constexpr int kDraws = 200000;
  double sum = 0;
  double squares = 0;
  std::array<int, 3> beyond{};
  for (int i = 0; i < kDraws; ++i) {
    const double z = random.normal() / 65536.0;
    sum += z;
    squares += z * z;
    for (std::size_t k = 0; k < 3; ++k) {
      beyond.at(k) += z > static_cast<double>(k + 1) ? 1 : 0;
    }
  }
  EXPECT_NEAR(sum / kDraws, 0, 0.01);
  EXPECT_NEAR(squares / kDraws, 1, 0.01);
  EXPECT_NEAR(beyond[0] / double{kDraws}, 0.1587, 0.004);
  EXPECT_NEAR(beyond[1] / double{kDraws}, 0.0228, 0.002);
  EXPECT_NEAR(beyond[2] / double{kDraws}, 0.00135, 0.0006);
}

TEST(Random, BelowIsEvenAndStreamsDiffer) {
  Random random(7, 0);
  std::array<int, 10> hits{};
  for (int i = 0; i < 100000; ++i) {
    ++hits.at(random.below(10));
  }
  for (const int n : hits) {
    EXPECT_NEAR(n, 10000, 500);
  }
  EXPECT_NE(Random(7, 0).next(), Random(7, 1).next());
  EXPECT_NE(Random(7, 0).next(), Random(8, 0).next());
  EXPECT_EQ(Random(7, 3).next(), Random(7, 3).next());
}

TEST(CentralInterval, IsLinearBetweenOrderStatistics) {
  EXPECT_EQ(central_interval({}).high, 0);
  EXPECT_EQ(central_interval({4}).low, 4);
  std::vector<double> values;
  for (int i = 100; i >= 0; --i) {
    values.push_back(i);
  }
  EXPECT_NEAR(central_interval(values).low, 2.5, 1e-12);
  EXPECT_NEAR(central_interval(values).high, 97.5, 1e-12);
  EXPECT_NEAR(central_interval(values, 0.5).low, 25, 1e-12);
}

}  // namespace
}  // namespace her2
