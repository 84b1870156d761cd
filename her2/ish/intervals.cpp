// SPDX-License-Identifier: Apache-2.0
#include "her2/ish/intervals.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "her2/stats/random.h"
#include "her2/stats/student.h"

namespace her2 {
namespace {

constexpr double kRounding = 1.0 / 12;  // variance of rounding to a whole number

double number(std::uint64_t value) { return static_cast<double>(value); }

// Variances and covariance of single nuclei's relative counts u, v.
struct Relative {
  double hh = 0, cc = 0, hc = 0;
  [[nodiscard]] double ratio() const { return hh + cc - 2 * hc; }
};

// n times the sum of squared deviations: exact, in whole numbers.
double spread(std::uint64_t n, std::uint64_t sum_ab, std::uint64_t sum_a, std::uint64_t sum_b) {
  __extension__ using Wide = __int128;
  return static_cast<double>(static_cast<Wide>(n) * sum_ab - static_cast<Wide>(sum_a) * sum_b);
}

Relative relative(const CountSums& s) {
  const double n = number(s.nuclei);
  const double h = number(s.her2);
  const double c = number(s.cep17);
  const double scale = n / (n - 1);  // spread / n / (n - 1), over the means' product
  Relative out;
  out.hh = scale * std::max(spread(s.nuclei, s.her2_her2, s.her2, s.her2) / (h * h), kRounding * n * (n - 1) / (h * h));
  out.cc =
      scale * std::max(spread(s.nuclei, s.cep17_cep17, s.cep17, s.cep17) / (c * c), kRounding * n * (n - 1) / (c * c));
  out.hc = scale * spread(s.nuclei, s.her2_cep17, s.her2, s.cep17) / (h * c);
  const double least = kRounding * n * n * (1 / (h * h) + 1 / (c * c));
  if (out.ratio() < least) {
    out.hc = (out.hh + out.cc - least) / 2;
  }
  return out;
}

// Sums of one area.
struct AreaSums {
  double nuclei = 0, u = 0, v = 0;
};

std::map<std::uint32_t, AreaSums> area_sums(std::span<const NucleusCount> nuclei, const CountSums& s) {
  std::map<std::uint32_t, CountSums> by_area;
  for (const NucleusCount& nucleus : nuclei) {
    by_area[nucleus.area].add(nucleus);
  }
  std::map<std::uint32_t, AreaSums> out;
  for (const auto& [area, sums] : by_area) {
    const double n = number(sums.nuclei);
    out[area] = {n, number(sums.her2) / s.her2_mean() - n, number(sums.cep17) / s.cep17_mean() - n};
  }
  return out;
}

// `single`: variance of single nuclei; the estimate's error by areas, see LogMoments.
LogEstimate with_areas(double at, double single, double n, const std::map<std::uint32_t, AreaSums>& areas, double by_u,
                       double by_v) {
  LogEstimate out{at, std::sqrt(single / n), n - 1, std::sqrt(single / n)};
  const double k = static_cast<double>(areas.size());
  if (k < 2 || n - k < 1) {
    return out;
  }
  double between = 0;
  double squares = 0;
  for (const auto& [area, sums] : areas) {
    const double sum = by_u * sums.u + by_v * sums.v;
    between += sum * sum / sums.nuclei;
    squares += sums.nuclei * sums.nuclei;
  }
  const double unequal = squares / n / ((n - squares / n) / (k - 1));  // 1: as many nuclei in each
  const double within = std::max(single * (n - 1) - between, 0.0) / (n - k);
  const double observed = between / (k - 1);
  out.areas_differ = observed > within * fisher_quantile(1 - kAreaLevel, k - 1, n - k);
  const bool many = k >= kManyAreas;
  const double prior = many || out.areas_differ ? 0 : kAreaPriorDf;
  const double excess = std::max((prior * within + between) / (prior + k - 1) - within, 0.0) * unequal;
  const double variance = within + excess;
  if (excess > 0 && variance > single) {
    const double df_between = prior + k - 1;
    out.error = std::sqrt(variance / n);
    out.df = many ? df_between : variance * variance / (within * within / (n - k) + excess * excess / df_between);
    out.df = std::min(out.df, n - 1);
  }
  return out;
}

double mixture_quantile(std::span<const LogEstimate> estimates, double p) {
  double low = estimates.front().at;
  double high = low;
  for (const LogEstimate& e : estimates) {
    const double reach = e.error * student_quantile(p, e.df);
    low = std::min(low, e.at + reach);
    high = std::max(high, e.at + reach);
  }
  for (int i = 0; i < 60 && high > low; ++i) {
    const double middle = low + (high - low) / 2;
    double below = 0;
    for (const LogEstimate& e : estimates) {
      below += student_cdf((middle - e.at) / e.error, e.df);
    }
    (below < p * static_cast<double>(estimates.size()) ? low : high) = middle;
  }
  return high;
}

}  // namespace

std::optional<LogMoments> log_moments(std::span<const NucleusCount> nuclei) {
  const CountSums s = sums_of(nuclei);
  if (s.nuclei < 2 || s.her2 == 0 || s.cep17 == 0) {
    return std::nullopt;
  }
  const Relative single = relative(s);
  const auto areas = area_sums(nuclei, s);
  const double n = number(s.nuclei);
  LogMoments out;
  out.nuclei = s.nuclei;
  out.areas = areas.size();
  out.her2 = with_areas(std::log(s.her2_mean()), single.hh, n, areas, 1, 0);
  out.cep17 = with_areas(std::log(s.cep17_mean()), single.cc, n, areas, 0, 1);
  out.ratio = with_areas(out.her2.at - out.cep17.at, single.ratio(), n, areas, 1, -1);
  out.correlation = std::clamp(single.hc / std::sqrt(single.hh * single.cc), -1.0, 1.0);
  return out;
}

Interval interval_of(const LogEstimate& e, double confidence) {
  const double reach = e.error * student_quantile(0.5 + confidence / 2, e.df);
  return {std::exp(e.at - reach), std::exp(e.at + reach)};
}

Interval interval_of(std::span<const LogEstimate> estimates, double confidence) {
  if (estimates.empty()) {
    return {};
  }
  if (estimates.size() == 1) {
    return interval_of(estimates.front(), confidence);
  }
  return {std::exp(mixture_quantile(estimates, 0.5 - confidence / 2)),
          std::exp(mixture_quantile(estimates, 0.5 + confidence / 2))};
}

std::optional<LogEstimate> log_mean(std::uint64_t nuclei, std::uint64_t sum, std::uint64_t sum_of_squares) {
  if (nuclei < 2 || sum == 0) {
    return std::nullopt;
  }
  const double n = number(nuclei);
  const double mean = number(sum) / n;
  const double variance = std::max(spread(nuclei, sum_of_squares, sum, sum) / n / (n - 1), kRounding);
  const double error = std::sqrt(variance / n) / mean;
  return LogEstimate{std::log(mean), error, n - 1, error};
}

std::optional<Interval> bootstrap_t_ratio(std::span<const NucleusCount> nuclei, std::uint64_t seed, int replicates,
                                          double confidence) {
  const CountSums all = sums_of(nuclei);
  if (all.nuclei < 2 || all.her2 == 0 || all.cep17 == 0) {
    return std::nullopt;
  }
  const double n = number(all.nuclei);
  const double at = std::log(number(all.her2) / number(all.cep17));
  const double error = std::sqrt(relative(all).ratio() / n);
  std::vector<double> studentised;
  for (int r = 0; r < replicates; ++r) {
    Random random(seed, static_cast<std::uint64_t>(r));
    CountSums drawn;
    for (std::size_t i = 0; i < nuclei.size(); ++i) {
      drawn.add(nuclei[random.below(nuclei.size())]);
    }
    if (drawn.her2 > 0 && drawn.cep17 > 0) {
      studentised.push_back((std::log(number(drawn.her2) / number(drawn.cep17)) - at) /
                            std::sqrt(relative(drawn).ratio() / n));
    }
  }
  if (2 * studentised.size() < static_cast<std::size_t>(replicates)) {
    return std::nullopt;
  }
  const Interval t = central_interval(std::move(studentised), confidence);
  return Interval{std::exp(at - t.high * error), std::exp(at - t.low * error)};
}

}  // namespace her2
