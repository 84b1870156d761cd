// SPDX-License-Identifier: Apache-2.0
#include "her2/ish/groups.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "her2/stats/student.h"

namespace her2 {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Distribution of log CEP17 where log HER2 lies z errors from its centre: t with df + 1 degrees of freedom.
struct Given {
  double at = 0, error = 0, df = 0;
};

Given cep17_given(const MeansBelief& b, double z) {
  const double rest = std::sqrt(std::max(1 - b.correlation * b.correlation, 1e-9) * (b.df + z * z) / (b.df + 1));
  return {b.cep17 + b.correlation * b.cep17_error * z, b.cep17_error * rest, b.df + 1};
}

double radical_inverse(std::size_t index) {
  double out = 0;
  double digit = 0.5;
  for (; index != 0; index /= 2, digit /= 2) {
    out += index % 2 == 1 ? digit : 0;
  }
  return out;
}

std::uint64_t whole(double value) { return value > 0 ? static_cast<std::uint64_t>(std::floor(value)) : 0; }

}  // namespace

std::optional<int> ish_group(std::uint64_t her2, std::uint64_t cep17, std::uint64_t nuclei) {
  if (nuclei == 0 || cep17 == 0) {
    return std::nullopt;
  }
  const bool low = her2 < kBorderLow * nuclei;
  if (her2 >= kBorderRatio * cep17) {
    return low ? 2 : 1;
  }
  return low ? 5 : her2 < kBorderHigh * nuclei ? 4 : 3;
}

MeansBelief belief_of(const LogMoments& m) {
  const auto widened = [](const LogEstimate& e) { return e.error / e.nuclei_error; };
  const double factor = std::max({1.0, widened(m.her2), widened(m.ratio)});
  MeansBelief out;
  out.her2 = m.her2.at;
  out.cep17 = m.cep17.at;
  out.her2_error = factor * m.her2.nuclei_error;
  out.cep17_error = factor * m.cep17.nuclei_error;
  out.correlation = m.correlation;
  out.df = std::min(m.her2.df, m.ratio.df);
  return out;
}

GroupShares group_shares(const MeansBelief& b, int nodes) {
  static const double kLogRatio = std::log(static_cast<double>(kBorderRatio));
  const std::array<double, 4> borders{-kInfinity, std::log(static_cast<double>(kBorderLow)),
                                      std::log(static_cast<double>(kBorderHigh)), kInfinity};
  std::array<double, 4> below{0, 0, 0, 1};
  for (std::size_t i = 1; i < 3; ++i) {
    below.at(i) = student_cdf((borders.at(i) - b.her2) / b.her2_error, b.df);
  }
  GroupShares out{};
  for (std::size_t i = 0; i < 3; ++i) {
    const double mass = below.at(i + 1) - below.at(i);
    if (mass <= 1e-12) {
      continue;
    }
    double high_ratio = 0;
    for (int k = 0; k < nodes; ++k) {
      const double z = student_quantile(below.at(i) + mass * (k + 0.5) / nodes, b.df);
      const Given cep17 = cep17_given(b, z);
      const double border = b.her2 + b.her2_error * z - kLogRatio;  // CEP17 at or below it: ratio 2 or more
      high_ratio += student_cdf((border - cep17.at) / cep17.error, cep17.df);
    }
    high_ratio *= mass / nodes;
    out[i == 0 ? 1 : 0] += high_ratio;
    out[i == 0 ? 4 : i == 1 ? 3 : 2] += mass - high_ratio;
  }
  return out;
}

GroupShares group_shares(std::span<const MeansBelief> ways, int nodes) {
  GroupShares out{};
  for (const MeansBelief& way : ways) {
    const GroupShares shares = group_shares(way, nodes);
    for (std::size_t g = 0; g < kIshGroups; ++g) {
      out[g] += shares[g] / static_cast<double>(ways.size());
    }
  }
  return out;
}

int likeliest_group(const GroupShares& shares) {
  return static_cast<int>(std::max_element(shares.begin(), shares.end()) - shares.begin()) + 1;
}

std::vector<std::pair<std::uint64_t, std::uint64_t>> replicates_of(const MeansBelief& b, std::uint64_t nuclei,
                                                                   std::size_t count) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> out;
  out.reserve(count);
  const auto n = static_cast<double>(nuclei);
  for (std::size_t r = 0; r < count; ++r) {
    const double z = student_quantile((static_cast<double>(r) + 0.5) / static_cast<double>(count), b.df);
    const Given given = cep17_given(b, z);
    const double other = radical_inverse(r) + 0.5 / static_cast<double>(count);
    const double her2 = std::exp(b.her2 + b.her2_error * z);
    const double cep17 = std::exp(given.at + given.error * student_quantile(std::min(other, 1 - 1e-6), given.df));
    const std::uint64_t h = whole(her2 * n);  // whole multiples of n are borders: rounding down keeps the side
    const std::uint64_t nearest = std::max<std::uint64_t>(whole(cep17 * n + 0.5), 1);
    const bool high = her2 >= kBorderRatio * cep17;
    const std::uint64_t most = h / kBorderRatio;
    const std::uint64_t c = high ? std::min(nearest, most) : std::max(nearest, most + 1);
    if (c > 0) {
      out.emplace_back(h, c);
    }
  }
  return out;
}

std::vector<std::pair<double, double>> region_outline(const MeansBelief& b, double share, int points) {
  const double radius = std::sqrt(2 * fisher_quantile(share, 2, b.df));
  const double rest = std::sqrt(std::max(1 - b.correlation * b.correlation, 0.0));
  std::vector<std::pair<double, double>> out;
  for (int i = 0; i < points; ++i) {
    const double angle = 2 * std::numbers::pi * i / points;
    const double z = radius * std::cos(angle);
    const double her2 = b.her2 + b.her2_error * z;
    const double cep17 = b.cep17 + b.cep17_error * (b.correlation * z + rest * radius * std::sin(angle));
    out.emplace_back(std::exp(her2 - cep17), std::exp(her2));
  }
  return out;
}

}  // namespace her2
