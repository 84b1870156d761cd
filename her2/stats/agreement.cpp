// SPDX-License-Identifier: Apache-2.0
#include "her2/stats/agreement.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>

#include "her2/stats/proportion.h"

namespace her2 {
namespace {

using Weights = std::vector<std::vector<double>>;

Weights weights_of(std::size_t size, Weighting weighting) {
  Weights out(size, std::vector<double>(size, 0));
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t j = 0; j < size; ++j) {
      const double apart =
          static_cast<double>(i > j ? i - j : j - i) / static_cast<double>(std::max<std::size_t>(size - 1, 1));
      out[i][j] = i == j                           ? 1
                  : weighting == Weighting::none   ? 0
                  : weighting == Weighting::linear ? 1 - apart
                                                   : 1 - apart * apart;
    }
  }
  return out;
}

double t_quantile(std::size_t cases, double confidence) {
  return quantile(boost::math::students_t(static_cast<double>(cases - 1)), 0.5 + confidence / 2);
}

void set_interval(Coefficient& out, double z) {
  out.low = std::max(-1.0, out.value - z * out.se);
  out.high = std::min(1.0, out.value + z * out.se);
}

// What Gwet's AC and Fleiss' kappa share: they differ in the agreement that chance gives.
class ManyRaters {
 public:
  ManyRaters(const RatingCounts& ratings, Weighting weighting, bool gwet) : ratings_(ratings), gwet_(gwet) {
    for (const auto& one : ratings) {
      const std::uint32_t raters = std::accumulate(one.begin(), one.end(), std::uint32_t{0});
      cases_ += raters > 0 ? 1U : 0U;
      several_ += raters > 1 ? 1U : 0U;
      categories_ = one.size();
    }
    weights_ = weights_of(categories_, weighting);
  }

  Coefficient run(double confidence) {
    Coefficient out;
    if (several_ == 0 || categories_ < 2) {
      return out;
    }
    count_categories();
    double agreed = 0;
    for (const auto& one : ratings_) {
      agreed += agreement(one);
    }
    agreed /= static_cast<double>(several_);
    const double chance = chance_agreement();
    if (!(chance < 1)) {
      return out;
    }
    out.defined = true;
    out.value = (agreed - chance) / (1 - chance);
    if (cases_ < 2) {
      return out;
    }
    double squares = 0;
    const double scale = static_cast<double>(cases_) / static_cast<double>(several_);
    for (const auto& one : ratings_) {
      if (std::accumulate(one.begin(), one.end(), std::uint32_t{0}) == 0) {
        continue;
      }
      const double part = agreement(one) * scale;
      const double chance_here = chance_of(one);
      const double term = (part - chance * (rated_twice(one) ? scale : 0)) / (1 - chance) -
                          2 * (1 - out.value) * (chance_here - chance) / (1 - chance);
      squares += (term - out.value) * (term - out.value);
    }
    const auto n = static_cast<double>(cases_);
    out.se = std::sqrt(squares / (n * (n - 1)));
    set_interval(out, t_quantile(cases_, confidence));
    return out;
  }

 private:
  static bool rated_twice(const std::vector<std::uint32_t>& one) {
    return std::accumulate(one.begin(), one.end(), std::uint32_t{0}) > 1;
  }

  // Share of the case's pairs of ratings that agree, weighted; 0 with fewer than two.
  double agreement(const std::vector<std::uint32_t>& one) const {
    const double raters = std::accumulate(one.begin(), one.end(), 0.0);
    if (raters < 2) {
      return 0;
    }
    double sum = 0;
    for (std::size_t k = 0; k < categories_; ++k) {
      double star = 0;
      for (std::size_t l = 0; l < categories_; ++l) {
        star += weights_[k][l] * one[l];
      }
      sum += one[k] * (star - 1);
    }
    return sum / (raters * (raters - 1));
  }

  void count_categories() {
    share_.assign(categories_, 0);
    for (const auto& one : ratings_) {
      const double raters = std::accumulate(one.begin(), one.end(), 0.0);
      for (std::size_t k = 0; raters > 0 && k < categories_; ++k) {
        share_[k] += one[k] / raters / static_cast<double>(cases_);
      }
    }
  }

  [[nodiscard]] double gwet_factor() const {
    double sum = 0;
    for (const auto& row : weights_) {
      sum += std::accumulate(row.begin(), row.end(), 0.0);
    }
    const auto q = static_cast<double>(categories_);
    return sum / (q * (q - 1));
  }

  [[nodiscard]] double chance_agreement() const {
    double sum = 0;
    for (std::size_t k = 0; k < categories_; ++k) {
      sum += share_[k] * category_chance(k);
    }
    return sum;
  }

  // What one rating of category k adds to the agreement by chance.
  [[nodiscard]] double category_chance(std::size_t k) const {
    if (gwet_) {
      return gwet_factor() * (1 - share_[k]);
    }
    double sum = 0;
    for (std::size_t l = 0; l < categories_; ++l) {
      sum += weights_[k][l] * share_[l];
    }
    return sum;
  }

  double chance_of(const std::vector<std::uint32_t>& one) const {
    const double raters = std::accumulate(one.begin(), one.end(), 0.0);
    double sum = 0;
    for (std::size_t k = 0; k < categories_; ++k) {
      sum += one[k] * category_chance(k);
    }
    return sum / raters;
  }

  const RatingCounts& ratings_;
  bool gwet_;
  std::size_t cases_ = 0, several_ = 0, categories_ = 0;
  Weights weights_;
  std::vector<double> share_;
};

}  // namespace

std::uint64_t ConfusionTable::total() const { return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}); }

std::uint64_t ConfusionTable::first(std::size_t a) const {
  std::uint64_t out = 0;
  for (std::size_t b = 0; b < categories; ++b) {
    out += at(a, b);
  }
  return out;
}

std::uint64_t ConfusionTable::second(std::size_t b) const {
  std::uint64_t out = 0;
  for (std::size_t a = 0; a < categories; ++a) {
    out += at(a, b);
  }
  return out;
}

Coefficient cohen_kappa(const ConfusionTable& table, Weighting weighting, double confidence) {
  Coefficient out;
  const auto n = static_cast<double>(table.total());
  const std::size_t size = table.categories;
  if (n == 0 || size < 2) {
    return out;
  }
  const Weights weights = weights_of(size, weighting);
  std::vector<double> row(size), column(size), row_weight(size, 0), column_weight(size, 0);
  for (std::size_t i = 0; i < size; ++i) {
    row[i] = static_cast<double>(table.first(i)) / n;
    column[i] = static_cast<double>(table.second(i)) / n;
  }
  double agreed = 0, chance = 0;
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t j = 0; j < size; ++j) {
      agreed += weights[i][j] * static_cast<double>(table.at(i, j)) / n;
      chance += weights[i][j] * row[i] * column[j];
      row_weight[i] += weights[i][j] * column[j];
      column_weight[j] += weights[i][j] * row[i];
    }
  }
  if (!(chance < 1)) {
    return out;
  }
  out.defined = true;
  out.value = (agreed - chance) / (1 - chance);
  double sum = 0;
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t j = 0; j < size; ++j) {
      const double term = weights[i][j] * (1 - chance) - (row_weight[i] + column_weight[j]) * (1 - agreed);
      sum += static_cast<double>(table.at(i, j)) / n * term * term;
    }
  }
  const double centre = agreed * chance - 2 * chance + agreed;
  const double variance = (sum - centre * centre) / (n * std::pow(1 - chance, 4));
  constexpr double kRounding = 1e-12;  // what is left of two equal terms
  out.se = sum - centre * centre > kRounding * sum ? std::sqrt(variance) : 0;
  set_interval(out, quantile(boost::math::normal(), 0.5 + confidence / 2));
  return out;
}

RatingCounts rating_counts(const ConfusionTable& table) {
  RatingCounts out;
  for (std::size_t a = 0; a < table.categories; ++a) {
    for (std::size_t b = 0; b < table.categories; ++b) {
      std::vector<std::uint32_t> one(table.categories, 0);
      ++one[a];
      ++one[b];
      out.insert(out.end(), table.at(a, b), one);
    }
  }
  return out;
}

Coefficient gwet_ac(const RatingCounts& ratings, Weighting weighting, double confidence) {
  return ManyRaters(ratings, weighting, true).run(confidence);
}

Coefficient fleiss_kappa(const RatingCounts& ratings, Weighting weighting, double confidence) {
  return ManyRaters(ratings, weighting, false).run(confidence);
}

LimitsOfAgreement limits_of_agreement(const std::vector<double>& first, const std::vector<double>& second,
                                      double confidence) {
  LimitsOfAgreement out;
  out.pairs = std::min(first.size(), second.size());
  if (out.pairs < 2) {
    return out;
  }
  const auto n = static_cast<double>(out.pairs);
  for (std::size_t i = 0; i < out.pairs; ++i) {
    out.mean += (second[i] - first[i]) / n;
  }
  double squares = 0;
  for (std::size_t i = 0; i < out.pairs; ++i) {
    const double off = second[i] - first[i] - out.mean;
    squares += off * off;
  }
  out.sd = std::sqrt(squares / (n - 1));
  constexpr double kNormal = 1.96;  // of the paper
  out.lower = out.mean - kNormal * out.sd;
  out.upper = out.mean + kNormal * out.sd;
  const double t = t_quantile(out.pairs, confidence);
  const double of_mean = t * out.sd / std::sqrt(n), of_limit = t * out.sd * std::sqrt(3 / n);
  out.mean_low = out.mean - of_mean;
  out.mean_high = out.mean + of_mean;
  out.lower_low = out.lower - of_limit;
  out.lower_high = out.lower + of_limit;
  out.upper_low = out.upper - of_limit;
  out.upper_high = out.upper + of_limit;
  return out;
}

std::uint64_t cases_for_interval(double share, double half_width, double confidence, std::uint64_t most) {
  const double z = quantile(boost::math::normal(), 0.5 + confidence / 2);
  const auto half = [&](std::uint64_t cases) {  // of Wilson's interval at the share itself
    const auto n = static_cast<double>(cases);
    return z * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n);
  };
  if (!(half_width > 0) || half(most) > half_width) {
    return 0;
  }
  std::uint64_t low = 1, high = most;  // half() falls with n for every share
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    (half(middle) <= half_width ? high : low) = half(middle) <= half_width ? middle : middle + 1;
  }
  return low;
}

}  // namespace her2
