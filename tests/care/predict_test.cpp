// SPDX-License-Identifier: Apache-2.0
#include "her2/care/predict.h"

#include <cmath>
#include <limits>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "her2/stats/random.h"
#include "tests/care/csv_rows.h"

namespace her2 {
namespace {

using Row = std::map<std::string, std::string>;
using Years = PredictCurves::Years;

double number(const Row& row, const std::string& name) {
  const auto& text = row.at(name);
  return text.empty() ? 0 : std::stod(text);
}

Known known(const Row& row, const std::string& name) {
  const auto& text = row.at(name);
  return text == "1" ? Known::yes : text == "0" ? Known::no : Known::unknown;
}

PredictTumour tumour_of(const Row& row) {
  PredictTumour out;
  out.age = number(row, "age");
  out.size_mm = number(row, "size");
  out.nodes = number(row, "nodes");
  out.grade = row.at("grade") == "9" ? 0 : std::stoi(row.at("grade"));
  out.er = row.at("er") == "1";
  out.screened = known(row, "screen");
  out.her2 = known(row, "her2");
  out.ki67 = known(row, "ki67");
  out.pgr = known(row, "pr");
  out.smokes = row.at("smoker") == "1";
  return out;
}

PredictTreatment treatment_of(const Row& row) {
  PredictTreatment out;
  out.radiotherapy = row.at("radio") == "1";
  out.heart_gy = number(row, "heart_gy");
  out.endocrine = row.at("horm") == "1";
  out.chemotherapy = std::stoi(row.at("generation"));
  out.trastuzumab = row.at("traz") == "1";
  out.bisphosphonate = row.at("bis") == "1";
  return out;
}

TEST(Predict, every_vector_to_a_billionth_of_a_point) {
  const auto rows = test::csv_rows(test::dossier_file("predict_vectors_dev.csv"));
  if (rows.empty()) {
    GTEST_SKIP() << "predict_vectors_dev.csv is absent: set HER2_DOSSIER";
  }
  ASSERT_EQ(rows.size(), 300U);
  const std::vector<std::pair<std::string, PredictArm>> arms = {
      {"_s", PredictArm::surgery},        {"_r", PredictArm::radiotherapy},   {"_rh", PredictArm::endocrine},
      {"_rhc", PredictArm::chemotherapy}, {"_rhct", PredictArm::trastuzumab}, {"_rhctb", PredictArm::bisphosphonate},
      {"_rh10ctb", PredictArm::extended}};
  double worst = 0;
  int compared = 0;
  for (const Row& row : rows) {
    const auto model = predict_model("predict-" + row.at("model"));
    ASSERT_TRUE(model);
    ASSERT_TRUE(check_predict(tumour_of(row), treatment_of(row)));
    const auto curves = predict(*model, PredictOutcome::death, tumour_of(row), treatment_of(row), true);
    const auto compare = [&](double ours, const std::string& column) {
      if (row.at(column).empty()) {
        return;
      }
      ++compared;
      worst = std::max(worst, std::abs(ours - number(row, column)));
      EXPECT_NEAR(ours, number(row, column), 1e-9) << row.at("id") << " " << row.at("model") << " " << column;
    };
    for (const std::size_t year : {5U, 10U, 15U}) {
      const std::string at = std::to_string(year);
      compare(curves.breast[0][year - 1], "brm" + at + "_s");
      compare(curves.other[0][year - 1], "othm" + at + "_s");
      for (const auto& [name, arm] : arms) {
        compare(curves.alive_in(arm)[year - 1], "os" + at + name);
      }
    }
  }
  EXPECT_EQ(compared, 300 * 27 - 100 * 3);  // 2.2 has no arm of radiotherapy
  EXPECT_LT(worst, 1e-11);
  RecordProperty("worst", std::to_string(worst));
}

TEST(Predict, ten_years_of_endocrine_therapy_need_endocrine_therapy) {
  PredictTumour tumour{60, 25, 2, 2, true, Known::no, Known::no, Known::no, Known::yes, false};
  const PredictTreatment none{};
  const auto at = [](const PredictCurves& curves, PredictArm arm) { return curves.alive_in(arm)[14]; };
  const auto gated = predict(PredictModel::v2_2, PredictOutcome::death, tumour, none);
  EXPECT_EQ(at(gated, PredictArm::extended), at(gated, PredictArm::bisphosphonate));
  const auto published = predict(PredictModel::v2_2, PredictOutcome::death, tumour, none, true);
  EXPECT_GT(at(published, PredictArm::extended), at(published, PredictArm::bisphosphonate) + 0.5);
  for (const auto model : {PredictModel::v3_1, PredictModel::v3_2}) {
    const auto curves = predict(model, PredictOutcome::death, tumour, none, true);
    EXPECT_EQ(at(curves, PredictArm::extended), at(curves, PredictArm::surgery));
  }
  tumour.er = false;
  const auto negative = predict(PredictModel::v3_2, PredictOutcome::death, tumour, {false, 0, true, 0, true, false});
  EXPECT_EQ(at(negative, PredictArm::extended), at(negative, PredictArm::surgery));
}

TEST(Predict, unknown_grade_of_an_er_negative_tumour_counts_as_grade_1_in_2_2_only) {
  PredictTumour tumour{60, 25, 2, 0, false, Known::no, Known::no, Known::unknown, Known::unknown, false};
  const auto ten = [&](PredictModel model, int grade) {
    tumour.grade = grade;
    return predict(model, PredictOutcome::death, tumour, {}).alive[0][9];
  };
  EXPECT_EQ(ten(PredictModel::v2_2, 0), ten(PredictModel::v2_2, 1));
  EXPECT_EQ(ten(PredictModel::v2_2, 2), ten(PredictModel::v2_2, 3));
  EXPECT_LT(ten(PredictModel::v3_2, 0), ten(PredictModel::v3_2, 2));
  EXPECT_GT(ten(PredictModel::v3_2, 0), ten(PredictModel::v3_2, 3));
}

// A second writing of the competing risks, for what has no published vectors: the annual hazards are found back from a
// curve, and cumulated again from year `from`, with those of breast cancer times a factor.
struct Hazards {
  std::array<long double, 15> breast{}, other{};
};

Hazards hazards_of(const PredictCurves& curves) {
  Hazards out;
  long double alive = 1, breast_dead = 0, other_dead = 0, breast_alone = 1, other_alone = 1;
  for (std::size_t t = 0; t < 15; ++t) {
    const long double now = static_cast<long double>(curves.alive[0][t]) / 100;
    const long double by_breast = static_cast<long double>(curves.breast[0][t]) / 100 - breast_dead;
    const long double by_other = static_cast<long double>(curves.other[0][t]) / 100 - other_dead;
    const long double total = std::log(alive / now);
    const long double share = by_breast / (by_breast + by_other);
    long double low = 0, high = total;  // bisection for the part of breast cancer
    for (int k = 0; k < 100; ++k) {
      const long double middle = (low + high) / 2;
      const long double b = breast_alone * (1 - std::exp(-middle)), o = other_alone * (1 - std::exp(middle - total));
      (b / (b + o) < share ? low : high) = middle;
    }
    out.breast[t] = low;
    out.other[t] = total - low;
    breast_alone *= std::exp(-out.breast[t]);
    other_alone *= std::exp(-out.other[t]);
    alive = now;
    breast_dead += by_breast;
    other_dead += by_other;
  }
  return out;
}

// Percent alive, dead of breast cancer and of other causes at 15 years.
std::array<double, 3> cumulated(const Hazards& hazards, std::size_t from, long double early, long double late) {
  long double breast_alone = 1, other_alone = 1, breast_dead = 0, other_dead = 0;
  for (std::size_t t = from - 1; t < 15; ++t) {
    const long double b = breast_alone * std::exp(-hazards.breast[t] * (t < 5 ? early : late));
    const long double o = other_alone * std::exp(-hazards.other[t]);
    const long double dead = breast_alone * other_alone - b * o;
    const long double by_breast = breast_alone - b, by_other = other_alone - o;
    breast_dead += by_breast / (by_breast + by_other) * dead;
    other_dead += by_other / (by_breast + by_other) * dead;
    breast_alone = b;
    other_alone = o;
  }
  const auto percent = [](long double share) { return static_cast<double>(100 * share); };
  return {percent(breast_alone * other_alone), percent(breast_dead), percent(other_dead)};
}

TEST(Predict, recurrence_and_survival_given_five_years_follow_from_the_annual_hazards) {
  Random random(7, 1);
  for (int i = 0; i < 200; ++i) {
    const auto one = [&](std::uint64_t n) { return static_cast<double>(random.below(n)); };
    PredictTumour tumour{25 + one(61), 1 + one(100), one(20), static_cast<int>(random.below(4)), random.below(2) == 1};
    tumour.screened = static_cast<Known>(random.below(3));
    tumour.her2 = static_cast<Known>(random.below(3));
    tumour.ki67 = static_cast<Known>(random.below(3));
    tumour.pgr = static_cast<Known>(random.below(3));
    const auto second = predict(PredictModel::v2_2, PredictOutcome::death, tumour, {});
    const auto free = predict(PredictModel::v2_2, PredictOutcome::recurrence, tumour, {});
    const auto expected = cumulated(hazards_of(second), 1, std::exp(0.687L), std::exp(0.016L));
    EXPECT_NEAR(free.alive[0][14], expected[0], 1e-7);
    EXPECT_NEAR(free.breast[0][14], expected[1], 1e-7);
    EXPECT_NEAR(free.other[0][14], expected[2], 1e-7);
    for (const auto model : {PredictModel::v2_2, PredictModel::v3_1, PredictModel::v3_2}) {
      const auto all = predict(model, PredictOutcome::death, tumour, {});
      const auto later = predict(model, PredictOutcome::death_after_five_years, tumour, {});
      const auto given = cumulated(hazards_of(all), 6, 1, 1);
      EXPECT_EQ(later.alive[0][4], 100);
      EXPECT_NEAR(later.alive[0][14], given[0], 1e-7);
      EXPECT_NEAR(later.breast[0][14], given[1], 1e-7);
      EXPECT_NEAR(later.alive[0][14], 100 * all.alive[0][14] / all.alive[0][4], 1e-9);
    }
  }
}

TEST(Predict, what_must_hold_of_every_case) {
  Random random(7, 2);
  const auto draw = [&](std::uint64_t n) { return static_cast<double>(random.below(n)); };
  for (int i = 0; i < 3000; ++i) {
    PredictTumour tumour{25 + draw(61), 1 + draw(200), draw(51), static_cast<int>(random.below(4)), draw(2) == 1};
    tumour.her2 = static_cast<Known>(random.below(3));
    tumour.smokes = draw(2) == 1;
    const PredictTreatment treatment{draw(2) == 1, draw(9),     draw(2) == 1, i % 3 == 0 ? 0 : 1 + i % 3,
                                     draw(2) == 1, draw(2) == 1};
    for (const auto model : {PredictModel::v2_2, PredictModel::v3_1, PredictModel::v3_2}) {
      const auto curves = predict(model, PredictOutcome::death, tumour, treatment);
      for (std::size_t arm = 0; arm < kPredictArms; ++arm) {
        double before = 100;
        for (std::size_t t = 0; t < kPredictYears; ++t) {
          EXPECT_NEAR(curves.alive[arm][t] + curves.breast[arm][t] + curves.other[arm][t], 100, 1e-9);
          EXPECT_LE(curves.alive[arm][t], before);
          EXPECT_GE(curves.breast[arm][t], 0);
          EXPECT_GE(curves.other[arm][t], 0);
          before = curves.alive[arm][t];
        }
      }
      // only treatments that harm other organs may take from survival
      for (const auto arm :
           {PredictArm::endocrine, PredictArm::trastuzumab, PredictArm::bisphosphonate, PredictArm::extended}) {
        EXPECT_GE(curves.benefit(arm, 15), 0);
      }
      auto larger = tumour;
      larger.nodes = tumour.nodes < 50 ? tumour.nodes + 1 : 50;
      EXPECT_LE(predict(model, PredictOutcome::death, larger, treatment).alive[0][9], curves.alive[0][9]);
    }
  }
}

TEST(Predict, refuses_what_lies_outside_with_the_range) {
  PredictTumour tumour{24.9, 20, 0, 2, true};
  EXPECT_EQ(check_predict(tumour, {}).error().reason,
            "age 24.9 is outside 25 to 85 years, for which this model is used here");
  tumour.age = 85;
  EXPECT_TRUE(check_predict(tumour, {}));
  tumour.size_mm = 201;
  EXPECT_THAT(check_predict(tumour, {}).error().reason, testing::HasSubstr("1 to 200 mm"));
  tumour.size_mm = 20;
  tumour.nodes = 51;
  EXPECT_THAT(check_predict(tumour, {}).error().reason, testing::HasSubstr("0 to 50"));
  tumour.nodes = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(check_predict(tumour, {}));
  tumour.nodes = 0;
  EXPECT_FALSE(check_predict(tumour, {true, 9, false, 0, false, false}));
  EXPECT_TRUE(check_predict(tumour, {false, 9, false, 0, false, false}));
}

TEST(Predict, names) {
  for (const auto model : {PredictModel::v2_2, PredictModel::v3_1, PredictModel::v3_2}) {
    EXPECT_EQ(predict_model(name_of(model)), model);
  }
  EXPECT_FALSE(predict_model("predict-4.0"));
}

}  // namespace
}  // namespace her2
