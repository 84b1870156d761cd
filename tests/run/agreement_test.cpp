// SPDX-License-Identifier: Apache-2.0
#include "her2/run/agreement.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixture.h"

namespace her2::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::map<std::string, AgreementRule> rules() {
  std::map<std::string, AgreementRule> out;
  const auto parsed = parse_agreement_rules(embedded_file("qa/rules.toml").value_or(""), "qa/rules.toml");
  EXPECT_TRUE(parsed) << parsed.error().text();
  for (const auto& rule : *parsed) {
    out[rule.id] = rule;
  }
  return out;
}

// `same` positive and negative cases that agree, then those that do not.
std::vector<Rater> raters(int positive_same, int positive_off, int negative_same, int negative_off) {
  std::vector<Rater> out{{"reference", {}}, {"test", {}}};
  int number = 0;
  const auto add = [&](int cases, const char* reference, const char* test) {
    for (int i = 0; i < cases; ++i) {
      const std::string id = "case" + std::to_string(number++);
      out[0].values[id] = reference;
      out[1].values[id] = test;
    }
  };
  add(positive_same, "positive", "positive");
  add(positive_off, "positive", "negative");
  add(negative_same, "negative", "negative");
  add(negative_off, "negative", "positive");
  return out;
}

RuleResult judge(const std::string& id, const std::vector<Rater>& both, int events = -1) {
  AgreementOptions options;
  options.what = "her2_status";
  options.rules = {rules().at(id)};
  options.events = events;
  const auto report = agreement_report(real_catalog().dictionary, both, options);
  EXPECT_TRUE(report) << report.error().text();
  return report->rules.front();
}

TEST(AgreementRules, NumberOfCases) {
  EXPECT_TRUE(judge("validation-2013-approved", raters(20, 0, 20, 0)).passed);
  EXPECT_FALSE(judge("validation-2013-approved", raters(19, 0, 20, 0)).passed);
  EXPECT_FALSE(judge("validation-2013-approved", raters(20, 0, 19, 0)).passed);
  EXPECT_TRUE(judge("validation-2013-approved", raters(10, 10, 10, 10)).passed) << "no concordance is asked for";
  EXPECT_FALSE(judge("validation-2013-ldt", raters(39, 0, 40, 0)).passed);
  EXPECT_TRUE(judge("validation-2013-ldt", raters(40, 0, 40, 0)).passed);
}

TEST(AgreementRules, ConcordanceOf2007) {
  EXPECT_TRUE(judge("validation-2007", raters(19, 1, 20, 0)).passed) << "19 of 20 are 95 %";
  EXPECT_FALSE(judge("validation-2007", raters(18, 2, 20, 0)).passed);
  EXPECT_FALSE(judge("validation-2007", raters(18, 1, 20, 0)).passed) << "below 20 all must agree";
  EXPECT_TRUE(judge("validation-2007", raters(19, 0, 20, 0)).passed);
  const RuleResult few = judge("validation-2007", raters(12, 0, 12, 0));
  EXPECT_FALSE(few.passed);
  EXPECT_THAT(few.failed, ElementsAre(HasSubstr("24 positive or negative cases; at least 25")));
  EXPECT_THAT(judge("validation-2007", raters(20, 0, 20, 0)).met,
              testing::Contains(HasSubstr("exact lower bound 86.1 %")));
}

TEST(AgreementRules, Proficiency) {
  EXPECT_TRUE(judge("proficiency", raters(9, 1, 9, 1), 2).passed);
  EXPECT_FALSE(judge("proficiency", raters(9, 1, 8, 2), 2).passed);
  EXPECT_FALSE(judge("proficiency", raters(9, 1, 9, 1), 1).passed);
  EXPECT_FALSE(judge("proficiency", raters(9, 1, 9, 1)).passed) << "events are not stated";
}

TEST(AgreementReport, BoundariesAndOrderOfScores) {
  const std::vector<Rater> both{{"a", {{"1", "0"}, {"2", "1+"}, {"3", "2+"}, {"4", "3+"}, {"5", "0+"}}},
                                {"b", {{"1", "0"}, {"2", "0"}, {"3", "2+"}, {"4", "3+"}, {"6", "3+"}}}};
  const auto report = agreement_report(real_catalog().dictionary, both, {});
  ASSERT_TRUE(report) << report.error().text();
  ASSERT_EQ(report->pairs.size(), 1U);
  const PairAgreement& pair = report->pairs[0];
  EXPECT_THAT(pair.categories, ElementsAre("0", "0+", "1+", "2+", "3+"));
  EXPECT_EQ(pair.overall.successes, 3U);
  EXPECT_EQ(pair.overall.trials, 4U);
  ASSERT_EQ(pair.boundaries.size(), 4U);
  EXPECT_EQ(pair.boundaries[1].name, "0+ / 1+");
  EXPECT_EQ(pair.boundaries[1].overall.successes, 3U);
  EXPECT_EQ(pair.boundaries[2].name, "1+ / 2+");
  EXPECT_EQ(pair.boundaries[2].overall.successes, 4U);
  EXPECT_THAT(report->notes, ElementsAre(HasSubstr("2 of their cases")));
  EXPECT_FALSE(report->panel);
}

TEST(AgreementReport, AMethodStandsBesideItsPanel) {
  std::vector<Rater> all{{"r1", {{"1", "3+"}, {"2", "0"}, {"3", "1+"}}},
                         {"r2", {{"1", "3+"}, {"2", "0"}, {"3", "2+"}}},
                         {"r3", {{"1", "3+"}, {"2", "1+"}, {"3", "0"}}},
                         {"tool", {{"1", "3+"}, {"2", "0"}, {"3", "1+"}}}};
  AgreementOptions options;
  options.method = "tool";
  const auto report = agreement_report(real_catalog().dictionary, all, options);
  ASSERT_TRUE(report) << report.error().text();
  ASSERT_EQ(report->pairs.size(), 1U);
  EXPECT_EQ(report->pairs[0].overall.successes, 2U);
  EXPECT_EQ(report->pairs[0].overall.trials, 2U) << "case 3 has no majority";
  EXPECT_EQ(report->without_majority, 1U);
  ASSERT_TRUE(report->panel);
  EXPECT_EQ(report->panel->readers.size(), 3U);
  EXPECT_EQ(report->panel->unanimous.successes, 1U);
  EXPECT_EQ(report->panel->unanimous.trials, 3U);
}

TEST(AgreementReport, RefusesWhatCannotBeCompared) {
  const auto why = [](const std::vector<Rater>& raters, const AgreementOptions& options = {}) {
    const auto report = agreement_report(real_catalog().dictionary, raters, options);
    return report ? std::string() : report.error().text();
  };
  EXPECT_THAT(why({{"a", {{"1", "0"}}}, {"b", {{"2", "0"}}}}), HasSubstr("no case was rated by two"));
  EXPECT_THAT(why({{"a", {{"1", "4+"}}}, {"b", {{"1", "0"}}}}), HasSubstr("'4+' is not a value of ihc_score"));
  AgreementOptions numbers;
  numbers.numbers = true;
  EXPECT_THAT(why({{"a", {{"1", "x"}}}, {"b", {{"1", "2"}}}}, numbers), HasSubstr("cannot be compared as numbers"));
  AgreementOptions method;
  method.method = "c";
  EXPECT_THAT(why({{"a", {{"1", "0"}}}, {"b", {{"1", "0"}}}}, method), HasSubstr("no rater is called so"));
}

TEST(AgreementTables, ReadsAColumnAndRefusesDoubles) {
  const std::string path = testing::TempDir() + "agreement.csv";
  std::ofstream(path) << "id,a,b\n1,0,1+\n2,,2+\n";
  const auto rater = read_rater(path, "id", "a");
  ASSERT_TRUE(rater) << rater.error().text();
  EXPECT_THAT(rater->values, ElementsAre(testing::Pair("1", "0")));
  EXPECT_THAT(read_rater(path, "id", "c").error().text(), HasSubstr("there is no column 'c'; the table has id, a, b"));
  std::ofstream(path) << "id,a\n1,0\n1,2+\n";
  EXPECT_THAT(read_rater(path, "id", "a").error().text(), HasSubstr("line 3: the id '1' stands twice"));
}

}  // namespace
}  // namespace her2::test
