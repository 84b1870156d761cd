// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace her2 {

// Charts that watch a share. Floating point; the same bits on one machine, and nothing of a case is decided here.

// Counts of `trials` that are not unusual for a share: fewer than `low` events, or more than `high`, each have a
// probability of at most `tail`. Exact, from the binomial distribution, no normal approximation.
struct CountLimits {
  std::uint64_t low = 0, high = 0;
};
[[nodiscard]] CountLimits binomial_limits(std::uint64_t trials, double share, double tail);

// Tails of the limits that are drawn. 3 sigma to each side: the normal tail behind Shewhart's charts; 95 and 99.8 % are
// those of funnel plots (Spiegelhalter, Stat Med 2005;24:1185-1202) [recalled].
inline constexpr double kThreeSigmaTail = 0.00134989803;
inline constexpr double kFunnelTail95 = 0.025, kFunnelTail998 = 0.001;

// A Bernoulli CUSUM in whole numbers: S = max(0, S + step) after every case, a signal where S >= limit. Upward, an
// event adds per_event - 1 and any other case takes 1 away; downward it is the other way round. The log-likelihood
// ratio of two shares p0 and p1 has such steps when its two are in a whole proportion: per_event is the one nearest to
//   log((p1 (1 - p0)) / (p0 (1 - p1))) / |log((1 - p1) / (1 - p0))|
// (Page, Biometrika 1954;41:100-115; Reynolds and Stoumbos, J Qual Technol 1999;31:87-108) [recalled].
struct CusumDesign {
  double p0 = 0, p1 = 0;  // the share in control, and the one to be found; p1 > p0: upward
  std::uint64_t per_event = 0, limit = 0;
  double run_in_control = 0, run_shifted = 0;  // mean number of cases to a signal at p0 and at p1
  [[nodiscard]] bool upward() const { return p1 > p0; }
};

// Mean number of cases to the first signal from S = 0 when every case is an event with probability `share`. Exact: the
// Markov chain over the values of S, solved as linear equations.
[[nodiscard]] double cusum_run_length(const CusumDesign& design, double share);

// The design with the smallest limit whose mean run in control is at least `run` cases. 0 < p0 <= 1/2, 0 < p1 < 1,
// p0 != p1: a share above one half is watched by that of the other cases.
[[nodiscard]] CusumDesign design_cusum(double p0, double p1, double run);

// One more period of `events` among `cases`: S is stepped once, for all cases together. It is never above that of a
// chart that is stepped case by case, so runs in control are at least as long as the design says.
[[nodiscard]] std::uint64_t cusum_step(const CusumDesign& design, std::uint64_t before, std::uint64_t events,
                                       std::uint64_t cases);

// The share whose odds are `factor` times those of `share`.
[[nodiscard]] double with_odds(double share, double factor);

}  // namespace her2
