// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace her2 {

// An interval of a share, both ends in 0..1.
struct ShareInterval {
  double low = 0, high = 1;
};

// Wilson score interval of successes/trials at the given confidence (0.95: 95 %). Wilson, JASA 1927;22:209-212.
// trials = 0 gives 0..1.
[[nodiscard]] ShareInterval wilson(std::uint64_t successes, std::uint64_t trials, double confidence = 0.95);

// Exact (Clopper-Pearson) interval: never covers less than the confidence says. Biometrika 1934;26:404-413.
[[nodiscard]] ShareInterval clopper_pearson(std::uint64_t successes, std::uint64_t trials, double confidence = 0.95);

}  // namespace her2
