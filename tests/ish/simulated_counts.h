// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "her2/ish/counting.h"
#include "her2/stats/random.h"

// Simulated nuclei whose true means are known, for tests and for the coverage picture (bench/ish_coverage.cpp).
namespace her2::simulated {

// What nuclei of a tumour look like. Variance over mean of traced nuclei on real fields was .25-.69 (HER2) and .23-.75
// (CEP17); all nuclei found reach 1.9.
struct Model {
  std::string name;
  double dispersion_her2 = 1, dispersion_cep17 = 1;  // variance over mean
  double correlation = 0;
  double second_share = 0, second_factor = 1;  // share of nuclei with so many times the HER2 signals
  double kept_low = 1, kept_high = 1;          // share of a nucleus that lies in the section, even between the two
  double area_sd = 0;                          // of log HER2 from area to area
  int areas = 1;
};

inline std::vector<Model> models() {
  return {{"real-like", .47, .30, .3},
          {"Poisson", 1, 1, 0},
          {"overdispersed", 1.6, 1, .2},
          {"mosaic", .6, .5, .2, .25, 3},
          {"truncated", .47, .30, .3, 0, 1, .45, 1}};
}

class Nuclei {
 public:
  // Means of whole nuclei; `seed` and `stream` fix the sequence.
  Nuclei(const Model& model, double her2, double cep17, std::uint64_t seed, std::uint64_t stream)
      : model_(model),
        her2_(her2),
        cep17_(cep17),
        random_(seed, stream),
        area_(static_cast<std::size_t>(model.areas), 0) {
    for (double& effect : area_) {
      effect = model.area_sd * normal();
    }
  }

  // The next nucleus that shows both signals; areas take turns.
  NucleusCount next() {
    for (;;) {
      const auto area = static_cast<std::uint32_t>(number_ % area_.size());
      double mean = her2_ * std::exp(area_[area]);
      mean *= uniform() < model_.second_share ? model_.second_factor : 1;
      const double a = normal();
      const double b = model_.correlation * a + std::sqrt(1 - model_.correlation * model_.correlation) * normal();
      std::uint32_t h = count(mean, model_.dispersion_her2, a);
      std::uint32_t c = count(cep17_, model_.dispersion_cep17, b);
      if (model_.kept_low < 1) {
        const double kept = model_.kept_low + (model_.kept_high - model_.kept_low) * uniform();
        h = thinned(h, kept);
        c = thinned(c, kept);
      }
      if (h > 0 && c > 0) {
        ++number_;
        return {h, c, area};
      }
      ++lost_;
    }
  }
  std::vector<NucleusCount> take(int n) {
    std::vector<NucleusCount> out;
    while (static_cast<int>(out.size()) < n) {
      out.push_back(next());
    }
    return out;
  }
  [[nodiscard]] double lost_share() const { return static_cast<double>(lost_) / static_cast<double>(lost_ + number_); }

 private:
  double uniform() { return (static_cast<double>(random_.next() >> 11U) + 0.5) / 9007199254740992.0; }
  double normal() { return std::sqrt(-2 * std::log(uniform())) * std::cos(6.283185307179586 * uniform()); }
  // A count with this mean and variance: rounded normal; Poisson by multiplication; beyond it gamma-Poisson.
  std::uint32_t count(double mean, double dispersion, double deviate) {
    if (dispersion < 1) {
      return static_cast<std::uint32_t>(std::max(0.0, std::floor(mean + std::sqrt(dispersion * mean) * deviate + 0.5)));
    }
    if (dispersion > 1) {
      mean = gamma(mean / (dispersion - 1)) * (dispersion - 1);
    }
    std::uint32_t out = 0;
    for (double rest = std::exp(-mean), p = uniform(); p > rest; p *= uniform()) {
      ++out;
    }
    return out;
  }
  double gamma(double shape) {  // Marsaglia and Tsang 2000, for shape >= 1
    const double d = std::max(shape, 1.0) - 1.0 / 3;
    for (;;) {
      const double x = normal();
      const double v = std::pow(1 + x / std::sqrt(9 * d), 3);
      if (v > 0 && std::log(uniform()) < x * x / 2 + d - d * v + d * std::log(v)) {
        return d * v;
      }
    }
  }
  std::uint32_t thinned(std::uint32_t n, double kept) {
    std::uint32_t out = 0;
    for (std::uint32_t i = 0; i < n; ++i) {
      out += uniform() < kept ? 1U : 0U;
    }
    return out;
  }

  const Model model_;
  double her2_, cep17_;
  Random random_;
  std::vector<double> area_;
  std::uint64_t number_ = 0, lost_ = 0;
};

// Means among nuclei that are counted, from very many of them (relative error about 0.1 %).
struct Truth {
  double her2 = 0, cep17 = 0;
  [[nodiscard]] double ratio() const { return her2 / cep17; }
};
inline Truth truth_of(Model model, double her2, double cep17, int nuclei = 1'000'000) {
  // The areas of a case are drawn from all areas: the truth is that of all.
  const double lift = std::exp(model.area_sd * model.area_sd / 2);
  model.area_sd = 0;
  Nuclei all(model, her2, cep17, 99, 1);
  Truth out;
  for (int i = 0; i < nuclei; ++i) {
    const NucleusCount n = all.next();
    out.her2 += n.her2;
    out.cep17 += n.cep17;
  }
  return {lift * out.her2 / nuclei, out.cep17 / nuclei};
}

}  // namespace her2::simulated
