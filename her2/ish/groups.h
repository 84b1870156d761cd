// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "her2/ish/intervals.h"

// Where a count lies on the map of ratio and HER2 copies per nucleus, and how sure that is. The borders are those that
// divide the map into five groups (Wolff 2018, doi 10.1200/JCO.2018.77.8738); what a group means is a guideline's to
// say, and tests hold this map and the guideline's table together.
namespace her2 {

inline constexpr std::size_t kIshGroups = 5;
inline constexpr int kBorderRatio = 2, kBorderLow = 4, kBorderHigh = 6;

// 1 to 5, compared in whole numbers (HER2 >= 2 CEP17, HER2 >= 4 nuclei); nullopt: no nuclei or no CEP17 signal.
std::optional<int> ish_group(std::uint64_t her2, std::uint64_t cep17, std::uint64_t nuclei);

// Shares of groups 1 to 5 (index 0 to 4); sum 1.
using GroupShares = std::array<double, kIshGroups>;

// What is thought of the two means: bivariate t in (log HER2, log CEP17), its centre where the count lies, its scale
// the errors of log_moments (widened so that neither HER2 nor the ratio is narrower than by areas), the fewer of the
// degrees of freedom. Read as a distribution of the true means (vague prior on the logarithms).
struct MeansBelief {
  double her2 = 0, cep17 = 0;  // logarithms
  double her2_error = 0, cep17_error = 0, correlation = 0;
  double df = 1;
};
MeansBelief belief_of(const LogMoments& moments);

// Probability of each group: over HER2 a fixed grid of kGridNodes probabilities between each two borders, over CEP17
// given HER2 the t distribution function (df + 1). No random numbers; error below 1e-4.
inline constexpr int kGridNodes = 128;
GroupShares group_shares(const MeansBelief& belief, int nodes = kGridNodes);
GroupShares group_shares(std::span<const MeansBelief> ways, int nodes = kGridNodes);  // equal mixture

// The group with the largest share (the lower number when equal), 1 to 5.
int likeliest_group(const GroupShares& shares);

// `count` pairs of totals (HER2, CEP17) of `nuclei` nuclei, spread over the belief by a Hammersley sequence (fixed, no
// random numbers). Totals are rounded to the side of the borders on which the means lie: rounding moves no pair across
// ratio 2, 4 or 6 copies.
std::vector<std::pair<std::uint64_t, std::uint64_t>> replicates_of(const MeansBelief& belief, std::uint64_t nuclei,
                                                                   std::size_t count);

// Outline of the region that holds `share` of the belief, as (ratio, copies) for drawing: `points` of them.
std::vector<std::pair<double, double>> region_outline(const MeansBelief& belief, double share, int points = 96);

}  // namespace her2
