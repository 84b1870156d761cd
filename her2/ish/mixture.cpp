// SPDX-License-Identifier: Apache-2.0
#include "her2/ish/mixture.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "her2/stats/random.h"

namespace her2 {
namespace {

constexpr int kSteps = 40;
constexpr double kStill = 1e-3;  // smaller steps change no likelihood that matters

struct Values {
  std::vector<double> at, weight;
  double total = 0, mean = 0, variance = 0, floor = 0;
  double jacobian = 0;  // log of the derivatives of the scale, summed
};

// The variance of rounding to whole signals, on the scale at the mean count.
double rounding_floor(double power, double mean) {
  const double step = on_scale(mean + 0.5, power) - on_scale(std::max(mean - 0.5, 0.0), power);
  return step * step / 12;
}

Values values_of(const CountHistogram& counts, double power) {
  Values out;
  double mean = 0;
  for (const auto& [count, nuclei] : counts) {
    out.at.push_back(on_scale(count, power));
    out.jacobian += nuclei * (power - 1) * std::log(count + 0.5);
    out.weight.push_back(nuclei);
    out.total += nuclei;
    out.mean += out.at.back() * nuclei;
    mean += static_cast<double>(count) * nuclei;
  }
  out.mean /= out.total;
  for (std::size_t i = 0; i < out.at.size(); ++i) {
    out.variance += out.weight[i] * (out.at[i] - out.mean) * (out.at[i] - out.mean) / out.total;
  }
  out.floor = rounding_floor(power, mean / out.total);
  return out;
}

double normal_density(double deviation, double sd) {
  const double z = deviation / sd;
  return std::exp(-z * z / 2) / (sd * std::sqrt(2 * std::numbers::pi));
}

double one_likelihood(const Values& v) {
  const double variance = std::max(v.variance, v.floor);
  return v.jacobian - v.total / 2 * (std::log(2 * std::numbers::pi * variance) + v.variance / variance);
}

double density(const MixtureFit& fit, double at) {
  return fit.share * normal_density(at - fit.high, fit.sd) + (1 - fit.share) * normal_density(at - fit.low, fit.sd);
}

double likelihood(const Values& v, const MixtureFit& fit) {
  double out = v.jacobian;
  for (std::size_t i = 0; i < v.at.size(); ++i) {
    out += v.weight[i] * std::log(std::max(density(fit, v.at[i]), 1e-300));
  }
  return out;
}

// From labels: the uppermost `share` of the nuclei.
MixtureFit start_of(const Values& v, double share) {
  MixtureFit fit;
  double upper = 0;
  double sum = 0;
  for (std::size_t i = v.at.size(); i-- > 1 && upper < share * v.total;) {
    upper += v.weight[i];
    sum += v.weight[i] * v.at[i];
  }
  fit.share = upper / v.total;
  fit.high = sum / upper;
  fit.low = (v.mean * v.total - sum) / (v.total - upper);
  const double between = fit.share * (1 - fit.share) * (fit.high - fit.low) * (fit.high - fit.low);
  fit.sd = std::sqrt(std::max(v.variance - between, v.floor));
  return fit;
}

void improve(const Values& v, MixtureFit& fit) {
  double upper = 0;
  double sum = 0;
  for (std::size_t i = 0; i < v.at.size(); ++i) {
    const double part = v.weight[i] * fit.upper(v.at[i]);
    upper += part;
    sum += part * v.at[i];
  }
  if (upper < 0.5 || upper > v.total - 0.5) {
    return;  // less than a nucleus
  }
  fit.share = upper / v.total;
  fit.high = sum / upper;
  fit.low = (v.mean * v.total - sum) / (v.total - upper);
  const double between = fit.share * (1 - fit.share) * (fit.high - fit.low) * (fit.high - fit.low);
  fit.sd = std::sqrt(std::max(v.variance - between, v.floor));
}

MixtureFit fit_values(const Values& v) {
  MixtureFit best;
  bool any = false;
  for (const double share : {0.08, 0.25, 0.6}) {
    MixtureFit fit = start_of(v, share);
    for (int step = 0; step < kSteps; ++step) {
      const MixtureFit before = fit;
      improve(v, fit);
      if (std::abs(fit.share - before.share) < kStill && std::abs(fit.high - before.high) < kStill * fit.sd) {
        break;
      }
    }
    fit.likelihood = likelihood(v, fit);
    if (!any || fit.likelihood > best.likelihood) {
      best = fit;
      any = true;
    }
  }
  return best;
}

}  // namespace

double MixtureFit::upper(double value) const {
  const double up = share * normal_density(value - high, sd);
  const double down = (1 - share) * normal_density(value - low, sd);
  if (up + down <= 0) {
    return value > (low + high) / 2 ? 1 : 0;
  }
  return up / (up + down);
}

double on_scale(double count, double power) {
  return power == 0 ? std::log(count + 0.5) : (std::pow(count + 0.5, power) - 1) / power;
}

double from_scale(double value, double power) {
  if (power == 0) {
    return std::exp(value) - 0.5;
  }
  const double base = value * power + 1;
  return base > 0 ? std::pow(base, 1 / power) - 0.5 : 0;
}

OneFit fit_one(const CountHistogram& counts) {
  OneFit best;
  bool any = false;
  for (const double power : kPowers) {
    const Values v = values_of(counts, power);
    const double fit = one_likelihood(v);
    if (!any || fit > best.likelihood) {
      // rounding to whole signals adds the floor to what is drawn
      best = {power, v.mean, std::sqrt(std::max(v.variance - v.floor, v.floor)), fit};
      any = true;
    }
  }
  return best;
}

MixtureFit fit_two(const CountHistogram& counts) {
  MixtureFit best;
  bool any = false;
  for (const double power : kPowers) {
    MixtureFit fit = fit_values(values_of(counts, power));
    fit.power = power;
    if (!any || fit.likelihood > best.likelihood) {
      best = fit;
      any = true;
    }
  }
  return best;
}

double one_population_p(const CountHistogram& counts, std::uint64_t seed, int samples) {
  const OneFit one = fit_one(counts);
  const double gain = fit_two(counts).likelihood - one.likelihood;
  std::uint32_t nuclei = 0;
  for (const auto& [count, with] : counts) {
    nuclei += with;
  }
  int beyond = 0;
  for (int s = 0; s < samples; ++s) {
    Random random(seed, static_cast<std::uint64_t>(s));
    CountHistogram drawn;
    for (std::uint32_t i = 0; i < nuclei; ++i) {
      const double h = std::clamp(from_scale(one.mean + one.sd * random.normal() / 65536.0, one.power), 0.0, 1e6);
      ++drawn[static_cast<std::uint32_t>(std::floor(h + 0.5))];
    }
    beyond += drawn.size() >= 2 && fit_two(drawn).likelihood - fit_one(drawn).likelihood >= gain ? 1 : 0;
  }
  return (beyond + 1.0) / (samples + 1.0);
}

}  // namespace her2
