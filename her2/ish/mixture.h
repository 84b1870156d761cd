// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>

namespace her2 {

// Counts and how many nuclei have each.
using CountHistogram = std::map<std::uint32_t, std::uint32_t>;

// Two normal populations of one variance, on a scale of the counts, fitted by expectation and maximisation.
struct MixtureFit {
  double share = 0;                                                      // of the upper one
  double low = 0, high = 0;                                              // means on the scale
  double sd = 1;                                                         // of each
  double gain = 0;                                                       // log likelihood over that of one population
  [[nodiscard]] double separation() const { return (high - low) / sd; }  // Ashman's D
  // Chance that a nucleus with this value on the scale belongs to the upper one.
  [[nodiscard]] double upper(double value) const;
};

// A scale: increasing, with its inverse.
struct CountScale {
  std::function<double(double)> to, from;
};
CountScale root_scale();  // sqrt(h): Poisson-like counts become normal
CountScale log_scale();   // log(h + 1/2): skewed ones do

// The best of starts at several shares. At least two different counts.
MixtureFit fit_two(const CountHistogram& counts, const CountScale& scale);

// How often one population (normal on the scale, rounded to whole signals, same mean and variance) gives as large a
// gain: (1 + times) / (1 + samples). Sample s depends on the seed and on s alone.
double one_population_p(const CountHistogram& counts, const CountScale& scale, double gain, std::uint64_t seed,
                        int samples);

}  // namespace her2
