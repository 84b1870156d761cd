// SPDX-License-Identifier: Apache-2.0
#include "her2/care/predict_facts.h"

#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "her2/stats/random.h"
#include "tests/care/fixture.h"

namespace her2 {
namespace {

using test::facts;
using test::real_dictionary;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using Texts = std::map<std::string, std::string>;

const Texts kKnown = {{"age_years", "57"},
                      {"size_mm", "29"},
                      {"positive_nodes", "5"},
                      {"grade", "1"},
                      {"er_status", "positive"},
                      {"her2_status", "positive"},
                      {"ki67_percent", "30"},
                      {"pgr_status", "positive"},
                      {"detection", "clinical"},
                      {"smoking", "never"},
                      {"given_endocrine", "five-years"},
                      {"given_chemotherapy", "third-generation"},
                      {"given_trastuzumab", "yes"},
                      {"given_bisphosphonate", "yes"},
                      {"given_radiotherapy", "no"}};

PredictAnswer answer(const Texts& texts, PredictModel model = PredictModel::v3_2,
                     PredictWith with = PredictWith::recorded) {
  return predict_answer(real_dictionary(), facts(texts), model, PredictOutcome::death, with);
}

Texts without(Texts texts, const std::string& name) {
  texts.erase(name);
  return texts;
}

Texts with(Texts texts, const std::string& name, const std::string& value) {
  texts[name] = value;
  return texts;
}

TEST(PredictFacts, a_known_case_is_one_number) {
  const auto out = answer(kKnown);
  EXPECT_EQ(out.result.state, CareState::answered);
  EXPECT_TRUE(out.result.unknown.empty());
  // rounded anchors of the dossier, profile 1 (3.2)
  EXPECT_NEAR(out.curves.low.alive[0][9], 76.19, 0.005);
  EXPECT_NEAR(out.curves.low.alive_in(PredictArm::bisphosphonate)[9], 90.50, 0.005);
  EXPECT_NEAR(answer(kKnown, PredictModel::v3_1).curves.low.alive[0][9], 84.38, 0.005);
  EXPECT_NEAR(answer(kKnown, PredictModel::v2_2).curves.low.alive[0][9], 64.24, 0.005);
}

TEST(PredictFacts, what_the_model_has_a_value_for_makes_no_interval) {
  for (const char* fact : {"grade", "her2_status", "ki67_percent", "pgr_status", "detection"}) {
    EXPECT_EQ(answer(without(kKnown, fact)).result.state, CareState::answered) << fact;
  }
  const auto smoking = answer(without(kKnown, "smoking"));
  EXPECT_EQ(smoking.result.state, CareState::open);
  EXPECT_THAT(smoking.result.unknown, testing::ElementsAre("smoking"));
  EXPECT_EQ(answer(without(kKnown, "smoking"), PredictModel::v2_2).result.state, CareState::answered);
}

TEST(PredictFacts, an_unknown_grade_of_an_er_negative_tumour_is_an_interval_in_2_2) {
  const Texts negative = with(kKnown, "er_status", "negative");
  EXPECT_EQ(answer(without(negative, "grade")).result.state, CareState::answered);
  const auto second = answer(without(negative, "grade"), PredictModel::v2_2);
  EXPECT_EQ(second.result.state, CareState::open);
  EXPECT_THAT(second.result.unknown, testing::ElementsAre("grade"));
  const auto low = answer(with(negative, "grade", "3"), PredictModel::v2_2);
  const auto high = answer(with(negative, "grade", "1"), PredictModel::v2_2);
  EXPECT_EQ(second.curves.low.alive[0][9], low.curves.low.alive[0][9]);
  EXPECT_EQ(second.curves.high.alive[0][9], high.curves.low.alive[0][9]);
}

TEST(PredictFacts, an_interval_holds_every_case_within) {
  Random random(3, 5);
  for (int i = 0; i < 60; ++i) {
    const auto draw = [&](std::uint64_t low, std::uint64_t high) { return low + random.below(high - low + 1); };
    const auto a = draw(25, 70), s = draw(5, 60), n = draw(0, 10);
    const Texts wide = with(with(with(kKnown, "age_years", std::to_string(a) + "-" + std::to_string(a + 12)), "size_mm",
                                 std::to_string(s) + "-" + std::to_string(s + 40)),
                            "positive_nodes", std::to_string(n) + "-" + std::to_string(n + 8));
    const auto all = answer(wide);
    ASSERT_TRUE(all.has_curves);
    for (int k = 0; k < 20; ++k) {
      const auto one = answer(with(
          with(with(kKnown, "age_years", std::to_string(a + draw(0, 12))), "size_mm", std::to_string(s + draw(0, 40))),
          "positive_nodes", std::to_string(n + draw(0, 8))));
      for (std::size_t arm = 0; arm < kPredictArms; ++arm) {
        EXPECT_GE(one.curves.low.alive[arm][9], all.curves.low.alive[arm][9] - 1e-9);
        EXPECT_LE(one.curves.low.alive[arm][9], all.curves.high.alive[arm][9] + 1e-9);
        EXPECT_LE(one.curves.benefit_low[arm][9], all.curves.benefit_high[arm][9] + 0.02);  // thinned out inside
      }
    }
  }
}

TEST(PredictFacts, outside_of_the_range_is_refused_with_the_range) {
  const auto young = answer(with(kKnown, "age_years", "24"));
  EXPECT_EQ(young.result.state, CareState::refused);
  EXPECT_EQ(young.result.says, "age at diagnosis 24 is outside 25 to 85 years, the range of this model");
  EXPECT_THAT(answer(with(kKnown, "size_mm", "0.5")).result.says, HasSubstr("outside 1 to 200 mm"));
  EXPECT_THAT(answer(with(kKnown, "positive_nodes", "60")).result.says, HasSubstr("outside 0 to 50 nodes"));
  const auto partly = answer(with(kKnown, "age_years", ">= 80"));
  EXPECT_EQ(partly.result.state, CareState::open);
  EXPECT_THAT(partly.result.assumes, Contains(HasSubstr("only within 25 to 85 years")));
}

TEST(PredictFacts, too_little_is_said) {
  const auto none = answer({{"grade", "2"}});
  EXPECT_FALSE(none.has_curves);
  EXPECT_THAT(none.result.says, HasSubstr("cannot be said without more of age at diagnosis"));
  EXPECT_TRUE(answer(without(without(kKnown, "size_mm"), "er_status")).has_curves);
}

TEST(PredictFacts, treatments_recorded_and_possible) {
  const Texts untreated = {
      {"age_years", "66"},           {"size_mm", "20"},    {"positive_nodes", "1"},     {"grade", "2"},
      {"er_status", "low-positive"}, {"smoking", "never"}, {"her2_status", "positive"}, {"menopausal_status", "post"}};
  const auto recorded = answer(untreated);
  EXPECT_EQ(recorded.arms, (std::array<bool, 7>{true, false, false, false, false, false, false}));
  const auto possible = answer(untreated, PredictModel::v3_2, PredictWith::possible);
  EXPECT_EQ(possible.arms, (std::array<bool, 7>{true, false, true, true, true, true, true}));
  const auto er_negative = answer(with(untreated, "er_status", "negative"), PredictModel::v3_2, PredictWith::possible);
  EXPECT_EQ(er_negative.arms, (std::array<bool, 7>{true, false, false, true, true, true, false}));
  const auto her2_negative = answer(with(with(untreated, "her2_status", "negative"), "menopausal_status", "pre"),
                                    PredictModel::v3_2, PredictWith::possible);
  EXPECT_EQ(her2_negative.arms, (std::array<bool, 7>{true, false, true, true, false, false, true}));
  const auto radiotherapy = answer(with(untreated, "given_radiotherapy", "yes"));
  EXPECT_THAT(radiotherapy.result.unknown, testing::ElementsAre("heart_dose_gy"));
  EXPECT_EQ(answer(with(with(untreated, "given_radiotherapy", "yes"), "heart_dose_gy", "2")).result.state,
            CareState::answered);
  const auto chemo = answer(with(untreated, "given_chemotherapy", "second-generation|third-generation"));
  EXPECT_THAT(chemo.result.unknown, testing::ElementsAre("given_chemotherapy"));
}

TEST(PredictFacts, ten_years_of_endocrine_therapy_are_the_extended_arm) {
  const auto alive_15 = [](const std::string& years) {
    for (const auto& number : answer(with(kKnown, "given_endocrine", years)).result.numbers) {
      if (number.id == "alive_15_treated") {
        return number;
      }
    }
    return CareNumber{};
  };
  const auto five = alive_15("five-years"), ten = alive_15("ten-years"), either = alive_15("five-years|ten-years");
  EXPECT_EQ(five.low, five.high);
  EXPECT_EQ(ten.low, ten.high);
  EXPECT_GT(ten.low, five.low);
  EXPECT_EQ(either.low, five.low);
  EXPECT_EQ(either.high, ten.high);
}

TEST(PredictFacts, other_outcomes) {
  const auto later = predict_answer(real_dictionary(), facts(kKnown), PredictModel::v3_2,
                                    PredictOutcome::death_after_five_years, PredictWith::recorded);
  EXPECT_EQ(later.curves.low.alive[0][4], 100);
  const auto free = predict_answer(real_dictionary(), facts(kKnown), PredictModel::v2_2, PredictOutcome::recurrence,
                                   PredictWith::recorded);
  EXPECT_LT(free.curves.low.alive[0][9], answer(kKnown, PredictModel::v2_2).curves.low.alive[0][9]);
  const auto refused = predict_answer(real_dictionary(), facts(kKnown), PredictModel::v3_2, PredictOutcome::recurrence,
                                      PredictWith::recorded);
  EXPECT_EQ(refused.result.state, CareState::refused);
}

TEST(PredictFacts, names_itself_compatible_and_cites) {
  const auto out = answer(kKnown).result;
  EXPECT_THAT(out.title, HasSubstr("PREDICT-compatible 3.2"));
  EXPECT_THAT(out.sources, Contains(HasSubstr("WintonCentre/predict-v30-r")));
  EXPECT_THAT(out.sources, Contains(HasSubstr("not affiliated")));
  EXPECT_THAT(out.unconfirmed, Contains(HasSubstr("Ki-67")));
}

}  // namespace
}  // namespace her2
