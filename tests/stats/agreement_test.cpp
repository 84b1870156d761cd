// SPDX-License-Identifier: Apache-2.0
#include "her2/stats/agreement.h"

#include <gtest/gtest.h>

namespace her2 {
namespace {

ConfusionTable table_of(std::size_t size, std::vector<std::uint64_t> counts) {
  ConfusionTable out(size);
  out.counts = std::move(counts);
  return out;
}

// Po = 0.7, Pe = 0.5: worked by hand.
TEST(Agreement, KappaOfTwoByTwo) {
  const ConfusionTable table = table_of(2, {20, 5, 10, 15});
  EXPECT_EQ(table.total(), 50U);
  EXPECT_EQ(table.first(0), 25U);
  EXPECT_EQ(table.second(0), 30U);
  const Coefficient kappa = cohen_kappa(table, Weighting::none);
  ASSERT_TRUE(kappa.defined);
  EXPECT_NEAR(kappa.value, 0.4, 1e-12);
  EXPECT_LT(kappa.low, 0.4);
  EXPECT_GT(kappa.high, 0.4);
  EXPECT_NEAR(cohen_kappa(table, Weighting::linear).value, 0.4, 1e-12) << "two categories have no order";
  // AC1: share of category 0 is 0.55, chance 2 * 0.55 * 0.45 = 0.495.
  EXPECT_NEAR(gwet_ac(rating_counts(table), Weighting::none).value, (0.7 - 0.495) / 0.505, 1e-12);
}

TEST(Agreement, PerfectAndNone) {
  EXPECT_NEAR(cohen_kappa(table_of(3, {5, 0, 0, 0, 7, 0, 0, 0, 9}), Weighting::quadratic).value, 1, 1e-12);
  EXPECT_NEAR(cohen_kappa(table_of(2, {0, 5, 5, 0}), Weighting::none).value, -1, 1e-12);
  const ConfusionTable alike = table_of(2, {30, 0, 0, 0});
  EXPECT_FALSE(cohen_kappa(alike, Weighting::none).defined);
  EXPECT_TRUE(gwet_ac(rating_counts(alike), Weighting::none).defined);
  EXPECT_FALSE(cohen_kappa(ConfusionTable(3), Weighting::none).defined);
  EXPECT_FALSE(gwet_ac({}, Weighting::none).defined);
}

TEST(Agreement, WeightsForgiveNeighbours) {
  const ConfusionTable near = table_of(4, {5, 3, 0, 0, 3, 5, 3, 0, 0, 3, 5, 3, 0, 0, 3, 5});
  const ConfusionTable far = table_of(4, {5, 0, 0, 3, 3, 5, 0, 3, 3, 0, 5, 3, 3, 0, 0, 5});
  EXPECT_GT(cohen_kappa(near, Weighting::quadratic).value, cohen_kappa(near, Weighting::linear).value);
  EXPECT_GT(cohen_kappa(near, Weighting::linear).value, cohen_kappa(near, Weighting::none).value);
  EXPECT_GT(cohen_kappa(near, Weighting::linear).value, cohen_kappa(far, Weighting::linear).value);
}

TEST(Agreement, RatingsThatAreMissingTellNothingOfAgreement) {
  const RatingCounts full{{2, 0}, {0, 2}, {1, 1}, {2, 0}};
  RatingCounts more = full;
  more.push_back({1, 0});
  const Coefficient a = fleiss_kappa(full, Weighting::none), b = fleiss_kappa(more, Weighting::none);
  ASSERT_TRUE(a.defined && b.defined);
  EXPECT_NE(a.value, b.value) << "category 0 is more common";
  more.back() = {0, 0};
  EXPECT_NEAR(fleiss_kappa(more, Weighting::none).value, a.value, 1e-12);
}

TEST(Agreement, LimitsOfAgreementByHand) {
  const LimitsOfAgreement limits = limits_of_agreement({1, 2, 3, 4}, {2, 4, 4, 6});
  EXPECT_EQ(limits.pairs, 4U);
  EXPECT_NEAR(limits.mean, 1.5, 1e-12);
  EXPECT_NEAR(limits.sd * limits.sd, 1.0 / 3, 1e-12);
  EXPECT_NEAR(limits.upper - limits.lower, 2 * 1.96 * limits.sd, 1e-12);
  EXPECT_LT(limits.mean_low, 1.5);
  EXPECT_EQ(limits_of_agreement({1}, {2}).pairs, 1U);
}

TEST(Agreement, CasesForAnInterval) {
  for (const double share : {0.5, 0.8, 0.95, 1.0}) {
    for (const double half : {0.02, 0.05, 0.1}) {
      const std::uint64_t cases = cases_for_interval(share, half);
      ASSERT_GT(cases, 1U);
      const std::uint64_t hits = static_cast<std::uint64_t>(share * static_cast<double>(cases) + 0.5);
      EXPECT_NEAR(static_cast<double>(hits) / static_cast<double>(cases), share, 0.02);
      EXPECT_GT(cases, cases_for_interval(share, half * 1.5));
    }
  }
  EXPECT_EQ(cases_for_interval(0.5, 0.0), 0U);
  EXPECT_EQ(cases_for_interval(0.5, 0.01, 0.95, 100), 0U);
}

}  // namespace
}  // namespace her2
