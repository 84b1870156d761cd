// SPDX-License-Identifier: Apache-2.0
#include "her2/care/predict.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "her2/care/elementary.h"
#include "her2/care/predict_baseline.h"

namespace her2 {
namespace {

using Years = PredictCurves::Years;
constexpr std::array<std::string_view, 3> kModelNames{"predict-2.2", "predict-3.1", "predict-3.2"};

// An effect for yes and for no; unknown has none.
double effect(Known known, double yes, double no) { return known == Known::yes ? yes : known == Known::no ? no : 0; }
// Screening and grade: unknown is the mean of the models' cohort.
double screen_of(const PredictTumour& tumour) {
  constexpr double kUnknown = 0.204;
  return tumour.screened == Known::yes ? 1 : tumour.screened == Known::no ? 0 : kUnknown;
}
double grade_of(const PredictTumour& tumour) {
  constexpr double kUnknown = 2.13;
  return tumour.grade == 0 ? kUnknown : tumour.grade;
}

// Log hazard of death from breast cancer, without treatment.
double breast_index_2(const PredictTumour& x) {
  if (!x.er) {
    const double high_grade = x.grade == 2 || x.grade == 3 ? 1 : 0;  // an unknown grade counts as 1: see the header
    return 0.0089827 * (x.age - 56.3254902) + 2.093446 * (std::sqrt(x.size_mm / 100) - 0.5090456276) +
           0.6260541 * (log_same((x.nodes + 1) / 10) + 1.086916249) + 1.129091 * high_grade +
           effect(x.her2, 0.2413, -0.0762);
  }
  const double tens = x.age / 10;
  const double inverse = 1 / (tens * tens);
  return 34.53642 * (inverse - 0.0287449295) - 34.20342 * (inverse * log_same(tens) - 0.0510121013) +
         0.7530729 * (log_same(x.size_mm / 100) + 1.545233938) +
         0.7060723 * (log_same((x.nodes + 1) / 10) + 1.387566896) + 0.746655 * grade_of(x) - 0.22763366 * screen_of(x) +
         effect(x.her2, 0.2413, -0.0762) + effect(x.ki67, 0.14904, -0.11333);
}

constexpr double kYear = 17;  // the models put every diagnosis into 2017

double breast_index_3(const PredictTumour& x, double base) {
  const double a = (x.age - 24) / 100;
  const double log_nodes = log_same(x.nodes + 1);
  if (!x.er) {
    return 1.7560679383953317 * a + 4.555274634880487 * a * log_same(a) + 0.7443277265210039 * log_same(x.size_mm) +
           0.6308590364310884 * log_nodes + 0.3462287839000938 * grade_of(x) - 0.2110969326598672 * screen_of(x) -
           0.045504610416172736 * kYear + effect(x.her2, 0.2316, -0.08589) + effect(x.pgr, -0.2231, 0.0296) + base;
  }
  return 0.1958986203588129 / std::sqrt(a) + 2.929125051895787 * (a * a) +
         2.27417420673498 * (1 - exp_same(-x.size_mm / 20)) + 0.6724828209061207 * log_nodes +
         0.7050339629739382 * grade_of(x) - 0.32039363353015476 * screen_of(x) - 0.048251370712776756 * kYear +
         effect(x.ki67, 0.14904, -0.11333) + effect(x.pgr, -0.0619, 0.2624) + base;
}

// Log hazard of death from other causes, without treatment.
double other_index_2(const PredictTumour& x) { return 0.0698252 * (x.age / 10 * (x.age / 10) - 34.23391957); }
double other_index_3(const PredictTumour& x, double base) {
  const double a = (x.age - 24) / 100;
  const double cube = a * a * a;
  const double smoke = x.smokes ? 0.19845093872383843 : -0.02469261259037141;
  return 4.211443507724736 * cube - 31.41202815365277 * cube * log_same(a) - 0.021186462111818898 * kYear + base +
         smoke;
}

struct Indices {
  double breast = 0, other = 0;
};

Indices indices_of(PredictModel model, const PredictTumour& x) {
  switch (model) {
    case PredictModel::v2_2: break;
    case PredictModel::v3_1: return {breast_index_3(x, 0.13261752461483914), other_index_3(x, -0.027494537189392973)};
    case PredictModel::v3_2: return {breast_index_3(x, x.er ? 0.70 : 0.55), other_index_3(x, -0.062)};
  }
  return {breast_index_2(x), other_index_2(x)};
}

// What an arm adds to the log hazards.
struct ArmEffect {
  double breast = 0, other = 0;
  double late = 0;  // on breast cancer in years 11 to 15
};

constexpr double kLogRadiotherapy = -0.19845093872383832;  // ln 0.82
constexpr double kLogHeartGy = 0.01980262729617973;        // ln 1.02
constexpr double kLogChemoOther = 0.1823215567939546;      // ln 1.2

std::array<ArmEffect, kPredictArms> arm_effects(PredictModel model, const PredictTumour& x,
                                                const PredictTreatment& with, bool published_quirks) {
  std::array<ArmEffect, kPredictArms> out{};
  const bool second = model == PredictModel::v2_2;
  ArmEffect sum;
  const auto put = [&](PredictArm arm) { out[static_cast<std::size_t>(arm)] = sum; };
  put(PredictArm::surgery);
  if (with.radiotherapy && !second) {
    sum.breast += kLogRadiotherapy;
    sum.other += kLogHeartGy * with.heart_gy;
  }
  put(PredictArm::radiotherapy);
  const bool endocrine = with.endocrine && x.er;
  sum.breast += endocrine ? -0.3857 : 0;
  put(PredictArm::endocrine);
  if (with.chemotherapy > 0) {
    sum.breast += with.chemotherapy == 2 ? -0.248 : -0.446;
    sum.other += second ? 0 : kLogChemoOther;
  }
  put(PredictArm::chemotherapy);
  sum.breast += with.trastuzumab && x.her2 == Known::yes ? -0.3567 : 0;
  put(PredictArm::trastuzumab);
  sum.breast += with.bisphosphonate ? -0.198 : 0;
  put(PredictArm::bisphosphonate);
  if (endocrine || (second && published_quirks)) {
    sum.late = second ? -0.26 : -0.301;
  }
  put(PredictArm::extended);
  return out;
}

// Share alive of those at risk from one cause alone: e^(-scale * cumulative hazard), years 1 to 15. In years 11 to 15
// the hazard is times late_factor.
void survive(const Years& cumulative, double scale, double late_factor, Years& out) {
  constexpr std::size_t kLate = 10, kPadded = 16;
  std::array<double, kPadded> at{};
  const double late_start = cumulative[kLate - 1];
  for (std::size_t t = 0; t < kLate; ++t) {
    at[t] = -scale * cumulative[t];
  }
  for (std::size_t t = kLate; t < kPredictYears; ++t) {
    at[t] = -scale * (late_start + (cumulative[t] - late_start) * late_factor);
  }
  for (double& x : at) {
    x = exp_same(x);
  }
  std::copy_n(at.begin(), kPredictYears, out.begin());
}

// Deaths of each year are shared out by what each cause would take alone.
void combine(const Years& breast_alone, const Years& other_alone, Years& alive, Years& breast, Years& other) {
  double breast_before = 1, other_before = 1, breast_dead = 0, other_dead = 0;
  for (std::size_t t = 0; t < kPredictYears; ++t) {
    const double by_breast = breast_before - breast_alone[t];
    const double by_other = other_before - other_alone[t];
    const double all = breast_before * other_before - breast_alone[t] * other_alone[t];
    const double both = by_breast + by_other;
    const double dead = both > 0 ? by_breast / both * all : 0;
    breast_dead += dead;
    other_dead += all - dead;
    alive[t] = 100 * (breast_alone[t] * other_alone[t]);
    breast[t] = 100 * breast_dead;
    other[t] = 100 * other_dead;
    breast_before = breast_alone[t];
    other_before = other_alone[t];
  }
}

Result<void> in_range(double value, const PredictRange& range, std::string_view what, std::string_view unit) {
  if (value >= range.low && value <= range.high) {
    return {};
  }
  return fail(fmt::format("{} {:g} is outside {:g} to {:g}{}{}, for which this model is used here", what, value,
                          range.low, range.high, unit.empty() ? "" : " ", unit));
}

}  // namespace

std::string_view name_of(PredictModel model) { return kModelNames[static_cast<std::size_t>(model)]; }

std::optional<PredictModel> predict_model(std::string_view name) {
  const auto found = std::find(kModelNames.begin(), kModelNames.end(), name);
  return found == kModelNames.end() ? std::nullopt
                                    : std::optional(static_cast<PredictModel>(found - kModelNames.begin()));
}

double PredictCurves::benefit(PredictArm arm, int year) const {
  const auto at = static_cast<std::size_t>(arm);
  const auto t = static_cast<std::size_t>(year - 1);
  return at == 0 ? 0 : alive[at][t] - alive[at - 1][t];
}

Result<void> check_predict(const PredictTumour& tumour, const PredictTreatment& treatment) {
  Result<void> out = in_range(tumour.age, kPredictAges, "age", "years");
  if (out) {
    out = in_range(tumour.size_mm, kPredictSizes, "tumour size", "mm");
  }
  if (out) {
    out = in_range(tumour.nodes, kPredictNodes, "positive nodes", "");
  }
  if (out && treatment.radiotherapy) {
    out = in_range(treatment.heart_gy, kPredictHeart, "mean heart dose", "Gy");
  }
  return out;
}

PredictCurves predict(PredictModel model, PredictOutcome outcome, const PredictTumour& tumour,
                      const PredictTreatment& treatment, bool published_quirks) {
  const PredictBaseline& baseline = predict_baseline(model, outcome, tumour.er, tumour.her2);
  const Indices index = indices_of(model, tumour);
  const auto effects = arm_effects(model, tumour, treatment, published_quirks);
  PredictCurves out;
  Years breast_alone, other_alone;
  for (std::size_t arm = 0; arm < kPredictArms; ++arm) {
    const ArmEffect& now = effects[arm];
    if (arm > 0) {
      const ArmEffect& before = effects[arm - 1];
      if (now.breast == before.breast && now.other == before.other && now.late == before.late) {
        out.alive[arm] = out.alive[arm - 1];
        out.breast[arm] = out.breast[arm - 1];
        out.other[arm] = out.other[arm - 1];
        continue;
      }
    }
    if (arm == 0 || now.other != effects[arm - 1].other) {
      survive(baseline.other, exp_same(index.other + now.other), 1, other_alone);
    }
    survive(baseline.breast, exp_same(index.breast + now.breast), now.late == 0 ? 1 : exp_same(now.late), breast_alone);
    combine(breast_alone, other_alone, out.alive[arm], out.breast[arm], out.other[arm]);
  }
  return out;
}

}  // namespace her2
