// SPDX-License-Identifier: Apache-2.0
#include "her2/stats/quantile.h"

#include <algorithm>
#include <cstddef>

namespace her2 {
namespace {

double quantile_of(const std::vector<double>& sorted, double share) {
  const double at = share * static_cast<double>(sorted.size() - 1);
  const auto below = std::min(static_cast<std::size_t>(at), sorted.size() - 1);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

}  // namespace

Interval central_interval(std::vector<double> replicates, double confidence) {
  if (replicates.empty()) {
    return {};
  }
  std::sort(replicates.begin(), replicates.end());
  const double tail = (1 - confidence) / 2;
  return {quantile_of(replicates, tail), quantile_of(replicates, 1 - tail)};
}

}  // namespace her2
