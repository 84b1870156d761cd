// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

namespace her2 {

struct Interval {
  double low = 0, high = 0;
};

// Central interval of replicates at the given confidence (0.95: the 2.5 % and 97.5 % quantiles), linear between order
// statistics (Hyndman and Fan 1996, type 7). {0, 0} for none.
[[nodiscard]] Interval central_interval(std::vector<double> replicates, double confidence = 0.95);

}  // namespace her2
