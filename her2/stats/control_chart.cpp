// SPDX-License-Identifier: Apache-2.0
#include "her2/stats/control_chart.h"

#include <algorithm>
#include <cmath>

#include <boost/math/distributions/binomial.hpp>

namespace her2 {
namespace {

constexpr std::uint64_t kMostPerEvent = 500, kMostLimit = 20'000;

// Mean runs of a chain that moves by +1 with probability `up` and by -fall (not below 0) with 1 - up, to `limit`. The
// run from state i is a + b * (run from 0), worked upwards: run(i) = 1 + up run(i+1) + (1 - up) run(i - fall).
double climbing_run(double up, std::uint64_t fall, std::uint64_t limit) {
  std::vector<double> a(limit + 1), b(limit + 1);
  a[0] = 0;
  b[0] = 1;
  for (std::uint64_t i = 0; i < limit; ++i) {
    const std::uint64_t back = i > fall ? i - fall : 0;
    a[i + 1] = (a[i] - 1 - (1 - up) * a[back]) / up;
    b[i + 1] = (b[i] - (1 - up) * b[back]) / up;
  }
  return -a[limit] / b[limit];  // the run from the limit is 0
}

// The same for a chain that moves by +rise with probability `up` and by -1 otherwise. Worked downwards in the distance
// to the limit the recursion loses all digits, so the banded equations are eliminated from state 0 on; no pivots are
// needed, the matrix being diagonally dominant.
double jumping_run(double up, std::uint64_t rise, std::uint64_t limit) {
  // run(i) = 1 + up run(i + rise) + (1 - up) run(i - 1), each eliminated to run(i) = c + sum of w[k] run(i + k).
  std::vector<double> constant(limit);
  std::vector<std::vector<double>> weight(limit, std::vector<double>(rise + 1));
  for (std::uint64_t i = 0; i < limit; ++i) {
    const double down = 1 - up;
    double pivot = 1, sum = 1;
    std::vector<double>& row = weight[i];
    row[rise] = up;
    if (i == 0) {
      pivot -= down;  // it stays at 0
    } else {
      const std::vector<double>& before = weight[i - 1];  // run(i - 1) = c + w[1] run(i) + w[2] run(i + 1) + ...
      sum += down * constant[i - 1];
      pivot -= down * before[1];
      for (std::uint64_t k = 1; k < rise; ++k) {
        row[k] += down * before[k + 1];
      }
    }
    constant[i] = sum / pivot;
    for (std::uint64_t k = 1; k <= rise; ++k) {
      row[k] /= pivot;
    }
  }
  std::vector<double> run(limit + rise + 1);  // 0 from the limit on
  for (std::uint64_t i = limit; i-- > 0;) {
    run[i] = constant[i];
    for (std::uint64_t k = 1; k <= rise; ++k) {
      run[i] += weight[i][k] * run[i + k];
    }
  }
  return run[0];
}

}  // namespace

CountLimits binomial_limits(std::uint64_t trials, double share, double tail) {
  CountLimits out{0, trials};
  if (trials == 0 || share <= 0 || share >= 1) {
    out.low = share >= 1 ? trials : 0;
    out.high = share <= 0 ? 0 : trials;
    return out;
  }
  const boost::math::binomial_distribution<> counts(static_cast<double>(trials), share);
  // the largest low with P(X < low) <= tail, and the smallest high with P(X > high) <= tail
  std::uint64_t from = 0, to = trials;
  while (from < to) {
    const std::uint64_t middle = from + (to - from + 1) / 2;
    const bool few = cdf(counts, static_cast<double>(middle - 1)) <= tail;
    (few ? from : to) = few ? middle : middle - 1;
  }
  out.low = from;
  from = 0;
  to = trials;
  while (from < to) {
    const std::uint64_t middle = from + (to - from) / 2;
    const bool enough = cdf(complement(counts, static_cast<double>(middle))) <= tail;
    (enough ? to : from) = enough ? middle : middle + 1;
  }
  out.high = from;
  return out;
}

double cusum_run_length(const CusumDesign& design, double share) {
  const std::uint64_t step = design.per_event - 1;
  return design.upward() ? jumping_run(share, step, design.limit) : climbing_run(1 - share, step, design.limit);
}

CusumDesign design_cusum(double p0, double p1, double run) {
  CusumDesign out;
  out.p0 = p0;
  out.p1 = p1;
  const double odds = std::log(p1 * (1 - p0) / (p0 * (1 - p1)));
  const double others = std::log((1 - p1) / (1 - p0));
  const double wanted = std::abs(odds / others);
  out.per_event = std::clamp<std::uint64_t>(static_cast<std::uint64_t>(std::llround(wanted)), 2, kMostPerEvent);
  const auto long_enough = [&](std::uint64_t limit) {
    CusumDesign tried = out;
    tried.limit = limit;
    return cusum_run_length(tried, p0) >= run;
  };
  std::uint64_t high = out.per_event;
  while (high < kMostLimit && !long_enough(high)) {
    high *= 2;
  }
  std::uint64_t low = 1;
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    const bool enough = long_enough(middle);
    (enough ? high : low) = enough ? middle : middle + 1;
  }
  out.limit = high;
  out.run_in_control = cusum_run_length(out, p0);
  out.run_shifted = cusum_run_length(out, p1);
  return out;
}

std::uint64_t cusum_step(const CusumDesign& design, std::uint64_t before, std::uint64_t events, std::uint64_t cases) {
  const std::uint64_t weighed = events * design.per_event;
  const std::uint64_t gain = design.upward() ? weighed : cases;
  const std::uint64_t loss = design.upward() ? cases : weighed;
  return before + gain > loss ? before + gain - loss : 0;
}

double with_odds(double share, double factor) { return factor * share / (1 - share + factor * share); }

}  // namespace her2
