// SPDX-License-Identifier: Apache-2.0
// Contradictions, everything together, and what a single fact would change.
#include "her2/care/prognosis.h"

#include <algorithm>
#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "her2/care/contradictions.h"
#include "her2/care/prognosis_change.h"
#include "her2/care/registry_survival.h"
#include "tests/care/fixture.h"

namespace her2 {
namespace {

using test::facts;
using test::real_dictionary;
using test::short_text;
using testing::HasSubstr;
using Texts = std::map<std::string, std::string>;

std::vector<std::string> found(const Texts& texts) {
  std::vector<std::string> out;
  for (const auto& discrepancy : reconcile_care(real_dictionary(), facts(texts)).discrepancies) {
    out.push_back(discrepancy.id + ": " + discrepancy.says);
  }
  return out;
}

TEST(Contradictions, are_named_with_their_values) {
  using testing::ElementsAre;
  EXPECT_THAT(found({{"pn", "0"}, {"positive_nodes", "3"}}),
              ElementsAre("n-against-nodes: pathological N 0 does not go with 3 positive node(s)."));
  EXPECT_THAT(found({{"pt", "1"}, {"size_mm", "60"}}),
              ElementsAre("t-against-size: pathological T 1 does not go with a size of 60 mm."));
  EXPECT_THAT(found({{"ct", "1c"}, {"size_clinical_mm", "60"}}), ElementsAre(HasSubstr("clinical T 1c")));
  EXPECT_THAT(found({{"m_category", "1"}, {"recorded_stage", "I"}}), ElementsAre(HasSubstr("m-against-stage")));
  EXPECT_THAT(found({{"m_category", "0"}, {"clinical_stage", "IV"}}), ElementsAre(HasSubstr("m-against-stage")));
  EXPECT_THAT(found({{"pt", "1c"}, {"pn", "0"}, {"anatomic_stage", "IIIA"}}),
              ElementsAre("stage-against-tnm: anatomic stage IIIA is recorded, but T, N and M give IA."));
  EXPECT_THAT(found({{"menopausal_status", "pre"}, {"age_years", "80"}}),
              ElementsAre(HasSubstr("menopause-against-age")));
}

TEST(Contradictions, a_recorded_npi_is_compared) {
  const auto of = [](const std::string& index) {
    return found({{"size_mm", "22"}, {"grade", "3"}, {"positive_nodes", "10"}, {"recorded_npi", index}});
  };
  EXPECT_TRUE(of("6.44").empty());
  EXPECT_TRUE(of("6.45").empty());
  EXPECT_THAT(of("6.044"),
              testing::ElementsAre("npi-size-term: The recorded Nottingham Prognostic Index 6.044 is not 0.2 x "
                                   "cm + grade + nodes, which is 6.44; its size term is ten times too small."));
  EXPECT_THAT(of("5"), testing::ElementsAre(HasSubstr("npi-differs")));
}

TEST(Contradictions, are_not_seen_where_there_are_none) {
  for (const Texts& texts : std::vector<Texts>{{{"pt", "4"}, {"size_mm", "12"}},
                                               {{"pt", "1c"}, {"size_mm", "20.4"}},
                                               {{"pt", "1"}, {"size_mm", "3"}},
                                               {{"pn", "3"}, {"positive_nodes", "2"}},  // nodes outside of the axilla
                                               {{"pn", "1mi"}, {"positive_nodes", "1"}},
                                               {{"pn", "0"}, {"positive_nodes", "0"}},
                                               {{"pn", "0"}, {"positive_nodes", "1"}, {"node_deposit_mm", "0.1"}},
                                               {{"m_category", "1"}, {"clinical_stage", "IV"}},
                                               {{"pt", "1c"}, {"pn", "0"}, {"anatomic_stage", "IA"}},
                                               {{"ypt", "0"}, {"ypn", "0"}, {"yp_stage", "0"}},
                                               {{"menopausal_status", "pre"}, {"age_years", "55"}},
                                               {{"pt", "unknown"}, {"size_mm", "60"}}}) {
    EXPECT_TRUE(found(texts).empty()) << testing::PrintToString(texts);
  }
}

const Texts kCase = {{"age_years", "62"},
                     {"size_mm", "18"},
                     {"positive_nodes", "1"},
                     {"node_deposit_mm", "5"},
                     {"grade", "2"},
                     {"er_status", "positive"},
                     {"pgr_status", "positive"},
                     {"her2_status", "negative"},
                     {"menopausal_status", "post"},
                     {"detection", "clinical"},
                     {"smoking", "never"},
                     {"ki67_percent", "12"},
                     {"given_chemotherapy", "none"}};

TEST(Prognosis, says_everything_that_is_recorded_and_nothing_else) {
  const auto out = prognosis(real_dictionary(), facts(kCase), {});
  ASSERT_EQ(out.stages.size(), 2U);
  EXPECT_EQ(short_text(out.stages[0]), "answered [IIA]");
  EXPECT_THAT(out.stages[1].says, HasSubstr("--stage-table"));
  EXPECT_EQ(out.predict.result.state, CareState::answered);
  EXPECT_EQ(out.predict_recurrence.result.state, CareState::refused);
  ASSERT_EQ(out.scores.size(), 2U);
  EXPECT_EQ(out.scores[0].id, "npi");
  EXPECT_EQ(out.scores[1].id, "cts5");
  EXPECT_EQ(short_text(out.registry), "answered registry_survival_5=95.1 % [HR+/HER2-]");
  EXPECT_TRUE(out.discrepancies.empty());
  EXPECT_TRUE(prognosis(real_dictionary(), {}, {}).scores.empty());
}

TEST(Prognosis, what_does_not_depend_on_a_contradiction_is_still_answered) {
  Texts texts = kCase;
  texts["pn"] = "0";
  const auto out = prognosis(real_dictionary(), facts(texts), {});
  ASSERT_EQ(out.discrepancies.size(), 1U);
  EXPECT_EQ(out.discrepancies.front().id, "n-against-nodes");
  EXPECT_EQ(out.readings.size(), 2U);
  EXPECT_EQ(out.stages[0].groups, (std::vector<std::string>{"IA", "IIA"}));
  EXPECT_EQ(out.stages[0].state, CareState::open);
  EXPECT_EQ(out.predict.result.state, CareState::open);
  EXPECT_EQ(short_text(out.registry), "answered registry_survival_5=95.1 % [HR+/HER2-]");
  texts = kCase;
  texts["m_category"] = "1";
  texts["recorded_stage"] = "I";
  const auto metastatic = prognosis(real_dictionary(), facts(texts), {});
  EXPECT_EQ(metastatic.discrepancies.size(), 1U);
  EXPECT_EQ(metastatic.scores[1].id, "cts5");
  EXPECT_EQ(metastatic.scores[1].state, CareState::answered);  // does not read M
  EXPECT_EQ(metastatic.scores[0].state, CareState::open);      // refused with M1, answered with stage I
  EXPECT_THAT(metastatic.scores[0].says, HasSubstr("in one reading of the facts: there are distant metastases"));
}

TEST(Prognosis, registry_population) {
  const auto of = [](const Texts& texts) {
    return short_text(registry_survival_result(real_dictionary(), facts(texts)));
  };
  const Texts triple = {{"er_percent", "0"}, {"pgr_percent", "0"}, {"her2_status", "negative"}};
  EXPECT_EQ(of(triple), "answered registry_survival_5=78.0 % [triple-negative]");
  Texts regional = triple;
  regional["seer_stage"] = "regional";
  EXPECT_EQ(of(regional), "answered registry_survival_5=66.2 % [triple-negative]");
  EXPECT_EQ(of({{"er_percent", "90"}}),
            "open registry_survival_5=91.5 to 95.1 % [HR+/HER2-|HR+/HER2+] ?receptor_subtype");
  EXPECT_EQ(of({{"receptor_subtype", "HR-/HER2+"}, {"seer_stage", "distant"}}),
            "answered registry_survival_5=39.5 % [HR-/HER2+]");
  EXPECT_THAT(registry_survival_result(real_dictionary(), facts(triple)).valid, HasSubstr("not an individual"));
}

std::string change_text(const std::vector<PrognosisChange>& changes, const std::string& fact, const std::string& to) {
  for (const auto& change : changes) {
    if (change.fact == fact && change.to == to) {
      return change.stage_from + ">" + change.stage_to;
    }
  }
  return "none";
}

TEST(PrognosisChange, finds_the_single_facts_that_matter) {
  const auto changes = prognosis_changes(real_dictionary(), facts(kCase), {});
  EXPECT_EQ(change_text(changes, "size_mm", "21"), "IIA>IIB");  // the nearest larger T2
  EXPECT_EQ(change_text(changes, "positive_nodes", "0"), "IIA>IA");
  EXPECT_EQ(change_text(changes, "node_deposit_mm", "2"), "IIA>IB");
  EXPECT_EQ(change_text(changes, "menopausal_status", "pre"), "none");  // cannot be at 62
  EXPECT_EQ(change_text(changes, "given_chemotherapy", "third-generation"), "IIA>IIA");
  EXPECT_EQ(change_text(changes, "grade", "3"), "IIA>IIA");
  for (const auto& change : changes) {
    EXPECT_TRUE(change.stage_from != change.stage_to || std::abs(change.alive_to - change.alive_from) > 2)
        << change.fact;
    // decided anew from the changed facts
    Texts texts = kCase;
    texts[change.fact] = change.to;
    const auto then = predict_answer(real_dictionary(), facts(texts), PredictModel::v3_2, PredictOutcome::death,
                                     PredictWith::recorded);
    EXPECT_DOUBLE_EQ(then.curves.low.alive_in(PredictArm::bisphosphonate)[9], change.alive_to);
  }
  EXPECT_TRUE(std::is_sorted(changes.begin(), changes.end(), [](const auto& a, const auto& b) {
    return std::abs(a.alive_to - a.alive_from) > std::abs(b.alive_to - b.alive_from);
  }));
}

TEST(PrognosisChange, a_changed_size_does_not_meet_the_old_category) {
  Texts texts = kCase;
  texts["pt"] = "1c";
  EXPECT_EQ(change_text(prognosis_changes(real_dictionary(), facts(texts), {}), "size_mm", "21"), "IIA>IIB");
}

}  // namespace
}  // namespace her2
