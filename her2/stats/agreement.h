// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace her2 {

// Cases by the category that two raters gave: counts[a * categories + b], a the first rater's, b the second's.
struct ConfusionTable {
  std::size_t categories = 0;
  std::vector<std::uint64_t> counts;

  explicit ConfusionTable(std::size_t size = 0) : categories(size), counts(size * size) {}
  std::uint64_t& at(std::size_t a, std::size_t b) { return counts[a * categories + b]; }
  [[nodiscard]] std::uint64_t at(std::size_t a, std::size_t b) const { return counts[a * categories + b]; }
  [[nodiscard]] std::uint64_t total() const;
  [[nodiscard]] std::uint64_t first(std::size_t a) const;   // cases that the first rater put into `a`
  [[nodiscard]] std::uint64_t second(std::size_t b) const;  // the second
};

// How much of an agreement a pair of categories is: 1 for the same; for others 0 (none), 1 - d / (k - 1) (linear) or
// 1 - (d / (k - 1))^2 (quadratic) for categories d apart of k.
enum class Weighting : std::uint8_t { none, linear, quadratic };

// A coefficient with its standard error and interval. Not defined where chance alone would agree always, or without
// cases (se: with one case).
struct Coefficient {
  bool defined = false;
  double value = 0, se = 0, low = 0, high = 0;
};

// Cohen's (weighted) kappa; large-sample standard error of Fleiss, Cohen and Everitt, Psychol Bull 1969;72:323-327,
// interval by the normal distribution, cut to -1..1.
[[nodiscard]] Coefficient cohen_kappa(const ConfusionTable& table, Weighting weighting, double confidence = 0.95);

// Ratings of many raters: ratings[case][category] = how many raters chose it. Cases may have different numbers of
// ratings; those with fewer than two tell nothing of agreement, but of how common the categories are.
using RatingCounts = std::vector<std::vector<std::uint32_t>>;
[[nodiscard]] RatingCounts rating_counts(const ConfusionTable& table);

// Gwet's AC1 (no weights) and AC2 (Gwet, Br J Math Stat Psychol 2008;61:29-48; with missing ratings as in his Handbook
// of Inter-Rater Reliability, 4th ed.), and Fleiss' kappa with the same kind of variance. Interval by Student's t with
// one degree of freedom less than cases, cut to -1..1.
[[nodiscard]] Coefficient gwet_ac(const RatingCounts& ratings, Weighting weighting, double confidence = 0.95);
[[nodiscard]] Coefficient fleiss_kappa(const RatingCounts& ratings, Weighting weighting, double confidence = 0.95);

// Limits of agreement of two measurements (Bland and Altman, Lancet 1986;i:307-310): mean difference second - first,
// standard deviation of the differences, mean -/+ 1.96 sd, each with its interval (standard error sd / sqrt n of the
// mean, sd * sqrt(3 / n) of the limits, Student's t).
struct LimitsOfAgreement {
  std::size_t pairs = 0;  // below two: nothing else is set
  double mean = 0, sd = 0, lower = 0, upper = 0;
  double mean_low = 0, mean_high = 0, lower_low = 0, lower_high = 0, upper_low = 0, upper_high = 0;
};
[[nodiscard]] LimitsOfAgreement limits_of_agreement(const std::vector<double>& first, const std::vector<double>& second,
                                                    double confidence = 0.95);

// The smallest number of cases whose Wilson interval is at most `half_width` to each side (half of its whole width)
// when the share turns out to be `share`. 0: more than `most` are needed.
[[nodiscard]] std::uint64_t cases_for_interval(double share, double half_width, double confidence = 0.95,
                                               std::uint64_t most = 10'000'000);

}  // namespace her2
