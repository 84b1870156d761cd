// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "her2/ish/counting.h"
#include "her2/stats/quantile.h"

// How far the means and the ratio of counted nuclei may lie from those of all nuclei that would be counted: intervals
// that hold at 20 nuclei. Natural logarithms throughout. Sums are whole numbers; floating point comes after them.
namespace her2 {

// Estimate of one logarithm with its standard error.
struct LogEstimate {
  double at = 0;              // natural logarithm
  double error = 0;           // standard error
  double df = 0;              // degrees of freedom of that error
  double nuclei_error = 0;    // the same if nuclei were independent, whatever area they lie in
  bool areas_differ = false;  // by the F test
};

// Logarithms of the two means and of their ratio, by the delta method: with u_i = h_i/mean(h) - 1, v_i = c_i/mean(c) -
// 1 their covariances are those of the means of (u, v); ratio: of u - v. No variance is taken smaller than that of
// rounding to whole signals (1/12), so that nuclei that all look alike leave some doubt.
//
// Nuclei of one area may resemble each other. With two or more areas the variance of a mean is
// W/n + max(0, B - W) sum(n_a^2)/(n^2 n0), n0 = (n - sum(n_a^2)/n)/(k - 1), W the mean square within areas and B that
// between them (one-way analysis of variance with unequal groups). B has k - 1 degrees of freedom only, which are those
// of the whole from kManyAreas areas on (cluster-robust). With fewer, t(1) to t(3) would make every interval useless:
// there B is moderated towards W as in Smyth 2004 (Stat Appl Genet Mol Biol 3:3), B = (d W + (k - 1) B_observed) /
// (d + k - 1) with d = kAreaPriorDf, unless the areas differ (F test at kAreaLevel), and the whole has Satterthwaite's
// degrees of freedom (Biometrics 1946;2:110-114). What that covers and what not: docs/ish.md.
inline constexpr double kAreaPriorDf = 2;
inline constexpr double kAreaLevel = 0.05;
inline constexpr std::size_t kManyAreas = 5;
struct LogMoments {
  std::uint64_t nuclei = 0;
  std::size_t areas = 0;  // with nuclei
  LogEstimate her2, cep17, ratio;
  double correlation = 0;  // of the errors of her2 and cep17
};

// nullopt: fewer than two nuclei, or no signal at all in one channel.
std::optional<LogMoments> log_moments(std::span<const NucleusCount> nuclei);

// exp(at -+ t(df) error): t on a log mean, log-delta t on the ratio.
Interval interval_of(const LogEstimate& estimate, double confidence = 0.95);

// Interval of an equal mixture of such estimates (ways of counting): the same when there is one.
Interval interval_of(std::span<const LogEstimate> estimates, double confidence = 0.95);

// Mean of counts where the other channel has no signal: t on the log mean, nuclei independent. nullopt as above.
std::optional<LogEstimate> log_mean(std::uint64_t nuclei, std::uint64_t sum, std::uint64_t sum_of_squares);

// Bootstrap-t interval of the ratio on its logarithm (Efron and Tibshirani 1993, 12.5), nuclei resampled `replicates`
// times: follows a skewed count, as with a second population. Replicate r depends on the seed and on r alone.
std::optional<Interval> bootstrap_t_ratio(std::span<const NucleusCount> nuclei, std::uint64_t seed,
                                          int replicates = 1999, double confidence = 0.95);

}  // namespace her2
