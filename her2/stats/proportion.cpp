// SPDX-License-Identifier: Apache-2.0
#include "her2/stats/proportion.h"

#include <algorithm>
#include <cmath>

#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/normal.hpp>

namespace her2 {

ShareInterval wilson(std::uint64_t successes, std::uint64_t trials, double confidence) {
  if (trials == 0) {
    return {};
  }
  const double z = quantile(boost::math::normal(), 0.5 + confidence / 2);
  const auto n = static_cast<double>(trials);
  const double share = static_cast<double>(successes) / n;
  const double centre = share + z * z / (2 * n);
  const double half = z * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n));
  const double scale = 1 + z * z / n;
  return {std::max(0.0, (centre - half) / scale), std::min(1.0, (centre + half) / scale)};
}

ShareInterval clopper_pearson(std::uint64_t successes, std::uint64_t trials, double confidence) {
  if (trials == 0) {
    return {};
  }
  const double tail = (1 - confidence) / 2;
  const auto k = static_cast<double>(successes);
  const auto n = static_cast<double>(trials);
  ShareInterval out;
  if (successes > 0) {
    out.low = quantile(boost::math::beta_distribution<>(k, n - k + 1), tail);
  }
  if (successes < trials) {
    out.high = quantile(boost::math::beta_distribution<>(k + 1, n - k), 1 - tail);
  }
  return out;
}

}  // namespace her2
