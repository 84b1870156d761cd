// SPDX-License-Identifier: Apache-2.0
#include "her2/stats/proportion.h"

#include <cmath>

#include <gtest/gtest.h>

namespace her2 {
namespace {

// Brown, Cai, DasGupta: Stat Sci 2001;16:101-133 treat both intervals; the figures follow from their formulas.
TEST(Wilson, KnownValues) {
  const auto half = wilson(5, 10);
  EXPECT_NEAR(half.low, 0.2366, 5e-5);
  EXPECT_NEAR(half.high, 0.7634, 5e-5);
  const auto none = wilson(0, 20);
  EXPECT_EQ(none.low, 0.0);
  EXPECT_NEAR(none.high, 0.1611, 5e-5);
}

// One-sided 95 % lower bounds, as quality programmes quote them for validation sets: 20/20, 19/20, 40/40, 38/40.
TEST(ClopperPearson, ValidationSets) {
  const double two_sided = 0.90;  // its lower end is the one-sided 95 % bound
  EXPECT_NEAR(clopper_pearson(20, 20, two_sided).low, 0.861, 5e-4);
  EXPECT_NEAR(clopper_pearson(19, 20, two_sided).low, 0.784, 5e-4);
  EXPECT_NEAR(clopper_pearson(40, 40, two_sided).low, 0.928, 5e-4);
  EXPECT_NEAR(clopper_pearson(38, 40, two_sided).low, 0.851, 5e-4);
}

// Exact coverage: the sum of binomial probabilities of all outcomes whose interval holds the true share.
TEST(ClopperPearson, CoversAtLeastAsItSays) {
  for (const int n : {5, 20, 60}) {
    for (const double share : {0.02, 0.1, 0.37, 0.5, 0.85}) {
      double covered = 0;
      for (int k = 0; k <= n; ++k) {
        const auto interval = clopper_pearson(static_cast<unsigned>(k), static_cast<unsigned>(n));
        const double log_probability = std::lgamma(n + 1.0) - std::lgamma(k + 1.0) - std::lgamma(n - k + 1.0) +
                                       k * std::log(share) + (n - k) * std::log1p(-share);
        covered += interval.low <= share && share <= interval.high ? std::exp(log_probability) : 0.0;
      }
      EXPECT_GE(covered, 0.95 - 1e-9) << n << " " << share;
    }
  }
}

TEST(Proportion, NothingKnownWithoutTrials) {
  EXPECT_EQ(wilson(0, 0).high, 1.0);
  EXPECT_EQ(clopper_pearson(0, 0).low, 0.0);
}

}  // namespace
}  // namespace her2
