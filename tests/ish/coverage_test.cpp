// SPDX-License-Identifier: Apache-2.0
// Intervals must hold what they promise, and probabilities must be what they say, on nuclei whose truth is known.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "her2/ish/groups.h"
#include "tests/ish/simulated_counts.h"

namespace her2 {
namespace {

using simulated::Model;
using simulated::Nuclei;
using simulated::Truth;

struct Coverage {
  double ratio = 0, her2 = 0, cep17 = 0;  // percent
};

bool holds(const Interval& interval, double value) { return interval.low <= value && value <= interval.high; }

Coverage coverage(const Model& model, const Truth& truth, double her2, double cep17, int n, int runs) {
  Coverage out;
  for (int r = 0; r < runs; ++r) {
    Nuclei nuclei(model, her2, cep17, 7, static_cast<std::uint64_t>(r));
    const auto moments = log_moments(nuclei.take(n));
    out.ratio += holds(interval_of(moments->ratio), truth.ratio()) ? 100.0 / runs : 0;
    out.her2 += holds(interval_of(moments->her2), truth.her2) ? 100.0 / runs : 0;
    out.cep17 += holds(interval_of(moments->cep17), truth.cep17) ? 100.0 / runs : 0;
  }
  return out;
}

void expect_nominal(const Coverage& got, const std::string& what, double low, double high) {
  for (const auto& [name, value] : {std::pair{"ratio", got.ratio}, {"HER2", got.her2}, {"CEP17", got.cep17}}) {
    EXPECT_GE(value, low) << what << ", " << name;
    EXPECT_LE(value, high) << what << ", " << name;
  }
}

// 1000 runs: +-2.1 % at three standard errors.
TEST(IshIntervals, NominalNinetyFivePercent) {
  for (const Model& model : simulated::models()) {
    const Truth truth = simulated::truth_of(model, 4.0, 2.0, 300'000);
    for (const int n : {20, 60}) {
      expect_nominal(coverage(model, truth, 4.0, 2.0, n, 1000), fmt::format("{}, {} nuclei", model.name, n), 92.5,
                     97.2);
    }
  }
}

TEST(LongIshIntervals, NinetyThreeToNinetySevenEverywhere) {
  for (const Model& model : simulated::models()) {
    for (const double ratio : {1.2, 1.6, 1.9, 2.0, 2.1, 2.5, 4.0}) {
      for (const double cep17 : {1.6, 2.2, 3.2}) {
        const Truth truth = simulated::truth_of(model, ratio * cep17, cep17);
        for (const int n : {20, 40, 100, 300}) {
          const Coverage got = coverage(model, truth, ratio * cep17, cep17, n, 6000);
          fmt::print("{},{},{},{},{:.2f},{:.2f},{:.2f}\n", model.name, ratio, cep17, n, got.ratio, got.her2, got.cep17);
          expect_nominal(got, fmt::format("{}, ratio {}, CEP17 {}, {} nuclei", model.name, ratio, cep17, n), 92.7, 97.3);  // 93-97 and a standard error of 0.3
        }
      }
    }
  }
}

// Nuclei of one area resemble each other: nuclei alone would cover far less.
TEST(LongIshIntervals, Areas) {
  for (const int areas : {2, 3, 5, 8}) {
    for (const double sd : {0.0, 0.05, 0.10, 0.20}) {
      Model model{"areas", .47, .30, .3};
      const Truth truth = [&] {
        Model m = model;
        m.area_sd = sd;
        return simulated::truth_of(m, 4.4, 2.2);
      }();
      model.area_sd = sd;
      model.areas = areas;
      for (const int n : {20, 40, 100}) {
        const Coverage got = coverage(model, truth, 4.4, 2.2, n, 4000);
        fmt::print("areas {} sd {:.2f} n {}: ratio {:.1f} HER2 {:.1f} CEP17 {:.1f}\n", areas, sd, n, got.ratio,
                   got.her2, got.cep17);
      }
    }
  }
}

}  // namespace
}  // namespace her2
