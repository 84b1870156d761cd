// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <map>

namespace her2 {

// Counts and how many nuclei have each.
using CountHistogram = std::map<std::uint32_t, std::uint32_t>;

// Powers of h + 1/2 on which counts of one population may be normal: power 0 is the logarithm.
inline constexpr std::array<double, 4> kPowers{0, 0.25, 0.5, 1};
double on_scale(double count, double power);
double from_scale(double value, double power);

// One normal population on the scale where it fits best (Box and Cox 1964, J R Stat Soc B 26:211-252).
struct OneFit {
  double power = 0, mean = 0, sd = 1;
  double likelihood = 0;  // logarithm, of the counts
};
OneFit fit_one(const CountHistogram& counts);

// Two normal populations of one variance, fitted by expectation and maximisation on the scale where they fit best.
struct MixtureFit {
  double power = 0;
  double share = 0;          // of the upper one
  double low = 0, high = 0;  // means on the scale
  double sd = 1;             // of each
  double likelihood = 0;
  [[nodiscard]] double separation() const { return (high - low) / sd; }  // Ashman's D
  [[nodiscard]] double upper(double value) const;  // chance that a nucleus with this value belongs to the upper one
};
MixtureFit fit_two(const CountHistogram& counts);  // at least two different counts

// Two populations against one, each on its own best scale, so that a skewed single population does not look like two
// (MacLean et al. 1976, Biometrics 32:695-699). p: how often one population, drawn from its fit and rounded to whole
// signals, gives as large a gain of likelihood, (1 + times) / (1 + samples) (McLachlan 1987, Appl Stat 36:318-324).
// Sample s depends on the seed and on s alone.
double one_population_p(const CountHistogram& counts, std::uint64_t seed, int samples);

}  // namespace her2
