// SPDX-License-Identifier: Apache-2.0
// Whole cases: what is met, what fails and why, what is open and what would settle it. Truth: the criteria as printed
// in labels and trials.
#include <gmock/gmock.h>

#include "her2/care/care_change.h"
#include "tests/care/care_fixture.h"

namespace her2::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

using Texts = std::map<std::string, std::string>;

Texts with(Texts base, const Texts& more) {
  for (const auto& [name, value] : more) {
    base[name] = value;
  }
  return base;
}

CareAnswer answer(const Texts& texts) { return care_answer(real_rules(), facts_of(texts)); }
Truth state(const CareAnswer& of, const std::string& id) { return answer_of(of, id).state; }

const Texts kLuminal{{"ihc_score", "0"},      {"er_percent", "90"}, {"pgr_percent", "60"}, {"grade", "3"},
                     {"m_category", "0"},     {"size_mm", "30"},    {"sex", "female"},     {"age_years", "62"},
                     {"positive_nodes", "2"}, {"pt", "2"},          {"pn", "1"},           {"surgery", "mastectomy"}};

TEST(CareAnswer, MonarchEByItsLabelOf2023) {
  EXPECT_EQ(state(answer(kLuminal), "abema_adj"), Truth::met);
  EXPECT_EQ(state(answer(with(kLuminal, {{"grade", "2"}})), "abema_adj"), Truth::not_met);
  EXPECT_EQ(state(answer(with(kLuminal, {{"grade", "2"}, {"size_mm", "50"}})), "abema_adj"), Truth::met);
  EXPECT_EQ(state(answer(with(kLuminal, {{"grade", "1"}, {"positive_nodes", "4"}, {"pn", "2"}})), "abema_adj"),
            Truth::met);
  const CareAnswer open = answer(with(kLuminal, {{"grade", "missing"}}));
  EXPECT_EQ(state(open, "abema_adj"), Truth::open);
  EXPECT_THAT(needed(answer_of(open, "abema_adj")), ElementsAre("grade"));
}

TEST(CareAnswer, NataleeNeedsStageTwoOrThree) {
  EXPECT_EQ(state(answer(kLuminal), "ribo_adj"), Truth::met);  // T2 N1: IIB
  const Texts t1n1{{"pt", "1c"}, {"size_mm", "18"}, {"grade", "1"}};
  EXPECT_EQ(state(answer(with(kLuminal, t1n1)), "ribo_adj"), Truth::met);
  EXPECT_EQ(state(answer(with(kLuminal, t1n1)), "abema_adj"), Truth::not_met);  // G1, below 50 mm, 2 nodes
  const Texts t1n0{{"pt", "1c"}, {"size_mm", "18"}, {"pn", "0"}, {"positive_nodes", "0"}};
  EXPECT_EQ(state(answer(with(kLuminal, t1n0)), "ribo_adj"), Truth::not_met);
  const Texts t2n0{{"pn", "0"}, {"positive_nodes", "0"}, {"grade", "2"}};
  EXPECT_EQ(state(answer(with(kLuminal, with(t2n0, {{"ki67_percent", "20"}}))), "ribo_adj"), Truth::met);
  EXPECT_EQ(state(answer(with(kLuminal, with(t2n0, {{"ki67_percent", "19"}, {"mammaprint", "low"}}))), "ribo_adj"),
            Truth::not_met);
}

TEST(CareAnswer, EachHer2DrugFailsByTheStatusInHer2NegativeDisease) {
  const CareAnswer negative = answer(kLuminal);
  EXPECT_EQ(state(negative, "her2_not_indicated"), Truth::met);
  std::size_t drugs = 0;
  for (const auto& one : negative.options) {
    if (one.option->kind == "her2" && one.option->id != "her2_not_indicated") {
      EXPECT_EQ(one.state, Truth::not_met) << one.option->id;
      EXPECT_THAT(failed(one), Contains("her2_status == positive")) << one.option->id;
      ++drugs;
    }
  }
  EXPECT_EQ(drugs, 19U);
}

// The rule set of the sources: IHC 1+ metastatic HR+ after endocrine therapy meets the label of 2025; null does not; 2+
// without ISH is undetermined.
TEST(CareAnswer, TrastuzumabDeruxtecanByTheSpectrum) {
  const Texts metastatic{{"er_percent", "90"},
                         {"pgr_percent", "10"},
                         {"m_category", "1"},
                         {"sex", "female"},
                         {"endocrine_lines_metastatic", "1"},
                         {"progression_on_endocrine", "yes"},
                         {"chemo_lines_metastatic", "0"},
                         {"adjuvant_chemo", "no"}};
  EXPECT_EQ(state(answer(with(metastatic, {{"ihc_score", "1+"}})), "tdxd_ultralow"), Truth::met);
  EXPECT_EQ(state(answer(with(metastatic, {{"ihc_score", "0+"}})), "tdxd_ultralow"), Truth::met);
  EXPECT_EQ(state(answer(with(metastatic, {{"ihc_score", "0"}, {"membrane_staining", "absent"}})), "tdxd_ultralow"),
            Truth::not_met);
  EXPECT_EQ(state(answer(with(metastatic, {{"ihc_score", "1+"}})), "tdxd_low"), Truth::not_met);  // no chemotherapy yet
  EXPECT_EQ(state(answer(with(metastatic, {{"ihc_score", "1+"}, {"chemo_lines_metastatic", "1"}})), "tdxd_low"),
            Truth::met);
  const CareAnswer equivocal = answer(with(metastatic, {{"ihc_score", "2+"}}));
  EXPECT_EQ(state(equivocal, "tdxd_ultralow"), Truth::open);
  EXPECT_THAT(needed(answer_of(equivocal, "tdxd_ultralow")), ElementsAre("her2_spectrum"));
  EXPECT_EQ(state(equivocal, "her2_not_indicated"), Truth::open);
  const Texts no_hormones{{"er_percent", "0"}, {"pgr_percent", "0"}, {"ihc_score", "0+"}};
  EXPECT_EQ(state(answer(with(metastatic, no_hormones)), "tdxd_ultralow"), Truth::not_met);
}

TEST(CareAnswer, ContradictionsAreNamedAndTheRestIsAnswered) {
  const CareAnswer man = answer(with(kLuminal, {{"sex", "male"}, {"ovarian_suppression", "yes"}}));
  ASSERT_FALSE(man.facts.contradictions.empty());
  EXPECT_EQ(man.facts.contradictions.front().id, "male-ovarian-suppression");
  EXPECT_EQ(state(man, "et_ai"), Truth::open);
  EXPECT_TRUE(answer_of(man, "et_ai").contradicted);
  EXPECT_EQ(state(man, "abema_adj"), Truth::met);  // depends on neither

  const CareAnswer young = answer(with(kLuminal, {{"age_years", "80"}, {"menopausal_status", "pre"}}));
  EXPECT_EQ(young.facts.contradictions.front().id, "menopause-against-age");
  EXPECT_EQ(state(young, "chemo_omit_post"), Truth::open);
  EXPECT_EQ(state(young, "abema_adj"), Truth::met);

  const CareAnswer nodes = answer(with(kLuminal, {{"pn", "0"}, {"positive_nodes", "3"}}));
  EXPECT_EQ(nodes.facts.contradictions.front().id, "n-against-nodes");
  EXPECT_EQ(state(nodes, "abema_adj"), Truth::open);
  EXPECT_EQ(state(nodes, "her2_not_indicated"), Truth::met);
}

TEST(CareAnswer, WhatFollowsNeedsNoSecondRecord) {
  const CareAnswer old = answer(kLuminal);  // age 62
  EXPECT_EQ(state(old, "et_ai"), Truth::met);
  EXPECT_EQ(state(old, "et_her2_1l"), Truth::not_met);
  const auto menopause = care_catalog().dictionary.find("menopausal_status");
  EXPECT_TRUE(old.facts.derived.contains(*menopause));
  EXPECT_EQ(state(answer(with(kLuminal, {{"age_years", "50"}})), "et_ai"), Truth::open);
}

TEST(CareAnswer, TheMostUsefulFactComesFirst) {
  Texts texts = kLuminal;
  texts["chemo_candidate"] = "yes";
  const CareAnswer now = answer(texts);
  ASSERT_FALSE(now.next.empty());
  for (std::size_t i = 1; i < now.next.size(); ++i) {
    EXPECT_GE(now.next[i - 1].may_close, now.next[i].may_close);
  }
  // The counts are those of the options.
  for (const NextFact& next : now.next) {
    std::size_t options = 0, may_close = 0;
    for (const auto& one : now.options) {
      for (const auto& fact : one.settled_by) {
        options += fact.fact == next.fact ? 1 : 0;
        may_close += fact.fact == next.fact && fact.may_close ? 1 : 0;
      }
    }
    EXPECT_EQ(next.options, options);
    EXPECT_EQ(next.may_close, may_close);
  }
}

TEST(CareAnswer, AMissingTestIsATestToThinkOf) {
  Texts texts = with(kLuminal, {{"chemo_candidate", "yes"}, {"lymphovascular_invasion", "no"}});
  EXPECT_EQ(state(answer(texts), "rs_test"), Truth::met);
  EXPECT_EQ(state(answer(with(texts, {{"recurrence_score", "14"}})), "rs_test"), Truth::not_met);
  EXPECT_EQ(state(answer(with(texts, {{"recurrence_score", "14"}})), "chemo_omit_post"), Truth::met);
}

TEST(Assume, TakesShortNamesAndSaysWhatIsWrong) {
  const Dictionary& dictionary = care_catalog().dictionary;
  std::vector<std::pair<std::string, std::string>> changed;
  const auto facts = assume(dictionary, facts_of(kLuminal), "grade=1, nodes=0", changed);
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->at(*dictionary.find("positive_nodes")).exact_number(), Rational(0));
  EXPECT_THAT(changed, ElementsAre(testing::Pair("grade", "1"), testing::Pair("positive_nodes", "0")));
  EXPECT_THAT(assume(dictionary, {}, "grad=1", changed).error().text(), testing::HasSubstr("did you mean grade"));
  EXPECT_THAT(assume(dictionary, {}, "grade=4", changed).error().text(), testing::HasSubstr("grade"));
  EXPECT_THAT(assume(dictionary, {}, "grade", changed).error().text(), testing::HasSubstr("NAME=VALUE"));
}

TEST(CareChanges, NameTheOptionThatAnotherGradeBringsAndTakes) {
  const FactValues facts = facts_of(kLuminal);
  const CareAnswer now = care_answer(real_rules(), facts);
  const auto changes = care_changes(real_rules(), facts, now, {});
  const auto grade = care_catalog().dictionary.find("grade");
  bool found = false;
  for (const CareChange& change : changes) {
    if (change.fact == *grade && change.to == "2") {
      found = true;
      std::vector<std::string> lost;
      for (const Option* option : change.lost) {
        lost.push_back(option->id);
      }
      EXPECT_THAT(lost, Contains("abema_adj"));
    }
    // Each entry is what the case says when it is decided anew with that value.
    FactValues then = facts;
    then[change.fact] = *parse_value(care_catalog().dictionary[change.fact], change.to);
    const CareAnswer anew = care_answer(real_rules(), then);
    for (const Option* option : change.gained) {
      EXPECT_EQ(state(anew, option->id), Truth::met);
    }
    for (const Option* option : change.lost) {
      EXPECT_NE(state(anew, option->id), Truth::met);
    }
  }
  EXPECT_TRUE(found);
}

TEST(CareFactsOf, ReceptorsComeFromOneSpecimenAndTheRestFromAll) {
  Case input;
  input.id = "c";
  Specimen core, metastasis;
  core.id = "core";
  core.site = "primary";
  metastasis.id = "met";
  metastasis.site = "metastasis";
  const auto put = [](Specimen& specimen, const Texts& texts) {
    for (const auto& [fact, value] : facts_of(texts)) {
      specimen.facts[fact] = Fact{fact, value, {}, {}};
    }
  };
  put(core, {{"ihc_score", "3+"}, {"er_percent", "0"}, {"sex", "female"}, {"adjuvant_chemo", "yes"}});
  put(metastasis, {{"ihc_score", "1+"}, {"m_category", "1"}});
  input.specimens = {core, metastasis};
  std::vector<std::string> notes;
  const FactValues facts = care_facts_of(real_rules(), input, 1, notes);
  const Dictionary& dictionary = care_catalog().dictionary;
  EXPECT_FALSE(facts.contains(*dictionary.find("er_percent")));
  EXPECT_TRUE(facts.contains(*dictionary.find("adjuvant_chemo")));
  EXPECT_EQ(value_text(dictionary[*dictionary.find("ihc_score")], facts.at(*dictionary.find("ihc_score"))), "1+");
  EXPECT_EQ(value_text(dictionary[*dictionary.find("tested_site")], facts.at(*dictionary.find("tested_site"))),
            "metastasis");
  EXPECT_EQ(notes.size(), 1U);
}

}  // namespace
}  // namespace her2::test
