// SPDX-License-Identifier: Apache-2.0
#include "her2/stats/control_chart.h"

#include <cmath>
#include <random>

#include <gtest/gtest.h>

namespace her2::test {
namespace {

// scipy.stats.binom.ppf, 1.9: low = ppf(tail) is the smallest k with cdf(k) >= tail (P(X < low) <= tail), high = isf.
TEST(ControlChart, BinomialLimitsAgreeWithTheirDefinition) {
  for (const std::uint64_t trials : {1U, 7U, 30U, 200U, 1000U}) {
    for (const double share : {0.005, 0.05, 0.145, 0.5, 0.85}) {
      for (const double tail : {0.025, 0.001, kThreeSigmaTail}) {
        // by summing the probabilities themselves
        double below = 0, all = 0;
        std::uint64_t low = 0, high = trials;
        bool found_low = false, found_high = false;
        for (std::uint64_t k = 0; k <= trials; ++k) {
          const auto n = static_cast<double>(trials), x = static_cast<double>(k);
          const double one = std::exp(std::lgamma(n + 1) - std::lgamma(x + 1) - std::lgamma(n - x + 1) +
                                      x * std::log(share) + (n - x) * std::log1p(-share));
          below = all;
          all += one;
          if (below <= tail) {
            low = k;
          } else {
            found_low = true;
          }
          if (!found_high && 1 - all <= tail) {
            high = k;
            found_high = true;
          }
        }
        (void)found_low;
        const CountLimits limits = binomial_limits(trials, share, tail);
        EXPECT_EQ(limits.low, low) << trials << ' ' << share << ' ' << tail;
        EXPECT_EQ(limits.high, high) << trials << ' ' << share << ' ' << tail;
      }
    }
  }
}

// Cases to a signal, counted case by case.
double simulated_run(const CusumDesign& design, double share, int runs, std::uint64_t seed) {
  std::mt19937_64 dice(seed);
  double total = 0;
  for (int run = 0; run < runs; ++run) {
    for (std::uint64_t s = 0; s < design.limit; total += 1) {
      const bool event = static_cast<double>(dice() >> 11U) * 0x1.0p-53 < share;
      s = cusum_step(design, s, event ? 1 : 0, 1);
    }
  }
  return total / runs;
}

// A laboratory in control, and one whose share has changed: the chart needs as many cases as the theory says.
TEST(ControlChart, SimulatedLaboratoriesSignalAfterTheRunThatTheoryGives) {
  struct Laboratory {
    double share, factor;
  };
  for (const auto& [share, factor] : {Laboratory{0.145, 1.5}, {0.145, 1 / 1.5}, {0.218, 2}, {0.05, 2}, {0.15, 1.5}}) {
    const CusumDesign design = design_cusum(share, with_odds(share, factor), 2000);
    EXPECT_GE(design.run_in_control, 2000);
    CusumDesign smaller = design;
    --smaller.limit;
    EXPECT_LT(cusum_run_length(smaller, share), 2000);
    constexpr int kRuns = 1500;  // a run's spread is about its mean: 3 standard errors are under 8 %
    EXPECT_NEAR(simulated_run(design, design.p0, kRuns, 11) / design.run_in_control, 1, 0.08) << share;
    EXPECT_NEAR(simulated_run(design, design.p1, kRuns, 12) / design.run_shifted, 1, 0.08) << share;
    EXPECT_LT(design.run_shifted, design.run_in_control / 4) << share;
  }
}

TEST(ControlChart, PeriodsSignalNoSoonerInControlThanTheDesignSays) {
  const CusumDesign design = design_cusum(0.145, with_odds(0.145, 1.5), 2000);
  std::mt19937_64 dice(5);
  double total = 0;
  constexpr int kRuns = 600;
  for (int run = 0; run < kRuns; ++run) {
    for (std::uint64_t s = 0; s < design.limit; total += 60) {
      std::binomial_distribution<std::uint64_t> month(60, 0.145);
      s = cusum_step(design, s, month(dice), 60);
    }
  }
  EXPECT_GT(total / kRuns, design.run_in_control);
}

// Outside of three sigma to either side as often as the exact limits allow, never more.
TEST(ControlChart, FalseAlarmsOfLimitsAreAtMostTheTails) {
  std::mt19937_64 dice(3);
  std::binomial_distribution<std::uint64_t> month(80, 0.145);
  const CountLimits limits = binomial_limits(80, 0.145, kThreeSigmaTail);
  constexpr int kMonths = 200'000;
  int outside = 0;
  for (int i = 0; i < kMonths; ++i) {
    const auto events = month(dice);
    outside += events < limits.low || events > limits.high ? 1 : 0;
  }
  EXPECT_LT(outside / static_cast<double>(kMonths), 2 * kThreeSigmaTail * 1.15);
  EXPECT_GT(outside, 0);
}

}  // namespace
}  // namespace her2::test
