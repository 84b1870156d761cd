// SPDX-License-Identifier: Apache-2.0
#include "her2/care/predict_baseline.h"

#include <cmath>

#include "her2/care/elementary.h"

namespace her2 {
namespace {

using Years = PredictCurves::Years;

// 2.2: H_br of section "baselines" of the v2.2 script, t in years.
double breast_2(bool er, double t) {
  return er ? exp_same(0.7424402 - 7.527762 / std::sqrt(t) - 1.812513 * log_same(t) / std::sqrt(t))
            : exp_same(-1.156036 + 0.4707332 / (t * t) - 3.51355 / t);
}
double other_2(double t) { return exp_same(-6.052919 + 1.079863 * log_same(t) + 0.3255321 * std::sqrt(t)); }

// 3.1 and 3.2: coefficients_v3.csv, t in tens of years.
double breast_3(bool er, double tens) {
  if (er) {
    const double root = 1 / std::sqrt(tens);
    return exp_same(-2.3193510039281637 - 3.622538332641392 * root - 0.542240944493945 * root * log_same(tens));
  }
  return exp_same(-3.0153139765165835 - 0.5755380524044251 / tens - 0.1028439317178058 / tens * log_same(tens));
}
double other_3(double tens) {
  return exp_same(-4.845654758283992 + 1.341348310005262 * log_same(tens) + 0.49539394353046057 * tens);
}

// 3.x, ER positive: effect of HER2 on the log hazard, years 1 to 15.
constexpr Years kHer2Positive{0.608, 0.532, 0.457, 0.382, 0.307, 0.231, 0.156, 0.081, 0.006, 0, 0, 0, 0, 0, 0};
constexpr Years kHer2Negative{-0.053, -0.046, -0.040, -0.033, -0.027, -0.020, -0.014, -0.007, 0, 0, 0, 0, 0, 0, 0};

double her2_effect(PredictModel model, bool er, Known her2, std::size_t year) {
  if (model == PredictModel::v2_2 || !er || her2 == Known::unknown) {
    return 0;
  }
  return her2 == Known::yes ? kHer2Positive[year] : kHer2Negative[year];
}

// 2.2: hazard of recurrence or death against that of death from breast cancer (benefits222.R).
double recurrence_effect(std::size_t year) { return year < 5 ? 0.687 : 0.016; }

PredictBaseline baseline_of(PredictModel model, PredictOutcome outcome, bool er, Known her2) {
  PredictBaseline out{};
  double breast_before = 0, other_before = 0, breast_sum = 0, other_sum = 0;
  for (std::size_t year = 0; year < kPredictYears; ++year) {
    const auto t = static_cast<double>(year + 1);
    const bool second = model == PredictModel::v2_2;
    const double breast = second ? breast_2(er, t) : breast_3(er, t / 10);
    const double other = second ? other_2(t) : other_3(t / 10);
    const bool counts = outcome != PredictOutcome::death_after_five_years || year >= 5;
    double effect = her2_effect(model, er, her2, year);
    effect += outcome == PredictOutcome::recurrence ? recurrence_effect(year) : 0;
    breast_sum += counts ? (breast - breast_before) * exp_same(effect) : 0;
    other_sum += counts ? other - other_before : 0;
    out.breast[year] = breast_sum;
    out.other[year] = other_sum;
    breast_before = breast;
    other_before = other;
  }
  return out;
}

constexpr std::size_t kModels = 3, kOutcomes = 3, kEr = 2, kHer2 = 3;
using Table = std::array<PredictBaseline, kModels * kOutcomes * kEr * kHer2>;

std::size_t place_of(PredictModel model, PredictOutcome outcome, bool er, Known her2) {
  return ((static_cast<std::size_t>(model) * kOutcomes + static_cast<std::size_t>(outcome)) * kEr + (er ? 1 : 0)) *
             kHer2 +
         static_cast<std::size_t>(her2);
}

Table make_table() {
  Table out{};
  for (const auto model : {PredictModel::v2_2, PredictModel::v3_1, PredictModel::v3_2}) {
    for (const auto outcome :
         {PredictOutcome::death, PredictOutcome::recurrence, PredictOutcome::death_after_five_years}) {
      for (const bool er : {false, true}) {
        for (const auto her2 : {Known::no, Known::yes, Known::unknown}) {
          out[place_of(model, outcome, er, her2)] = baseline_of(model, outcome, er, her2);
        }
      }
    }
  }
  return out;
}

}  // namespace

const PredictBaseline& predict_baseline(PredictModel model, PredictOutcome outcome, bool er, Known her2) {
  static const Table table = make_table();
  return table[place_of(model, outcome, er, her2)];
}

}  // namespace her2
