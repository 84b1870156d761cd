// SPDX-License-Identifier: Apache-2.0
// Counts through the guideline's own tables: the B rows of the worked cases, the map of groups, IHC, readers.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "her2/exchange/case_json.h"
#include "her2/exchange/ish_counts.h"
#include "her2/report/ish_html.h"
#include "her2/report/ish_json.h"
#include "her2/run/ish_run.h"
#include "tests/places.h"
#include "tests/run/fixture.h"

namespace her2 {
namespace {

using test::real_catalog;

// Nuclei with these totals, as even as whole signals allow.
ReaderCounts counts_of(std::uint64_t cells, std::uint64_t her2, std::uint64_t cep17) {
  std::string text = "nucleus,her2,cep17\n";
  for (std::uint64_t i = 0; i < cells; ++i) {
    const auto part = [&](std::uint64_t total) { return total * (i + 1) / cells - total * i / cells; };
    text += std::to_string(i) + "," + std::to_string(part(her2)) + "," + std::to_string(part(cep17)) + "\n";
  }
  auto file = parse_counts(std::move(*open_text(memory_source(text), Encoding::utf8)), "counts.csv");
  return std::move(file->readers.front());
}

IshRun run_of(ReaderCounts counts, std::string ihc = {}, std::string edition = "2018") {
  IshRun run;
  run.readers.push_back(std::move(counts));
  run.ihc_score = std::move(ihc);
  run.edition = std::move(edition);
  return run;
}

std::string answer_words_of(const CaseStatus& status, const std::string& fact) {
  for (const Answer& answer : status.specimens.at(0).answers) {
    if (answer.fact == fact) {
      return answer.state == AnswerState::decided ? answer.values[0].value : "open";
    }
  }
  return "absent";
}

std::string status_of(const IshReport& report) { return answer_words_of(report.editions.at(0).counted, "her2_status"); }

struct Row {
  std::string id;
  std::uint64_t cells = 0, her2 = 0, cep17 = 0;
  std::string expected;
};

std::vector<Row> b_rows() {
  std::ifstream file(test::dossier_folder() + "/worked_cases.csv");
  std::vector<Row> out;
  for (std::string line; std::getline(file, line);) {
    if (line.size() < 4 || line[0] != 'B' || line[1] < '0' || line[1] > '9') {
      continue;
    }
    std::vector<std::string> cells;
    std::stringstream text(line);
    for (std::string cell; std::getline(text, cell, ',');) {
      cells.push_back(cell);
    }
    out.push_back({cells[0], std::stoull(cells[9]), std::stoull(cells[10]), std::stoull(cells[11]), cells[20]});
  }
  return out;
}

TEST(IshRunTest, BRowsOfTheWorkedCases) {
  const auto rows = b_rows();
  if (rows.empty()) {
    GTEST_SKIP() << "no worked cases at " << test::dossier_folder();
  }
  EXPECT_GE(rows.size(), 6U);
  for (const Row& row : rows) {
    const auto report = ish_report(run_of(counts_of(row.cells, row.her2, row.cep17)), real_catalog());
    ASSERT_TRUE(report) << row.id << report.error().text();
    const std::string group = report->score.count.group ? std::to_string(*report->score.count.group) : "none";
    EXPECT_NE(row.expected.find("group=" + group), std::string::npos) << row.id << ": " << row.expected;
    EXPECT_EQ(answer_words_of(report->editions[0].counted, "ish_group"), group) << row.id;
    if (group == "none") {
      EXPECT_EQ(status_of(*report), "indeterminate") << row.id;
      EXPECT_TRUE(report->refused());
      EXPECT_NE(ish_json(*report).find("\"ratio\": null"), std::string::npos);
    }
  }
}

// her2/ish knows the map of groups; what it says must be what the guideline's table says.
TEST(IshRunTest, TheMapIsTheGuidelines) {
  for (const std::uint64_t her2 : {79U, 80U, 81U, 119U, 120U, 121U, 160U}) {
    for (const std::uint64_t cep17 : {39U, 40U, 41U, 59U, 60U, 61U, 79U, 80U, 81U}) {
      const auto report = ish_report(run_of(counts_of(20, her2, cep17)), real_catalog());
      ASSERT_TRUE(report);
      EXPECT_EQ(answer_words_of(report->editions[0].counted, "ish_group"), std::to_string(*report->score.count.group))
          << her2 << "/" << cep17;
    }
  }
}

TEST(IshRunTest, IhcJoins) {
  const auto group4 = [] { return counts_of(30, 148, 87); };
  EXPECT_EQ(status_of(*ish_report(run_of(group4()), real_catalog())), "incomplete");
  EXPECT_EQ(status_of(*ish_report(run_of(group4(), "1+"), real_catalog())), "negative");
  EXPECT_EQ(status_of(*ish_report(run_of(group4(), "2+"), real_catalog())), "recount");
  EXPECT_EQ(status_of(*ish_report(run_of(group4(), "3+"), real_catalog())), "positive");
  const auto wrong = ish_report(run_of(group4(), "5+"), real_catalog());
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().file, "--ihc");
}

TEST(IshRunTest, TheSecondReaderIsTheRecount) {
  auto run = run_of(counts_of(30, 148, 87), "2+");
  run.readers.push_back(counts_of(25, 125, 72));
  run.recount.blinded = true;
  auto report = ish_report(run, real_catalog());
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->second->is_recount);
  EXPECT_EQ(status_of(*report), "negative");  // group 4 again
  run.readers[1] = counts_of(25, 99, 60);     // group 5: another group
  report = ish_report(run, real_catalog());
  EXPECT_EQ(status_of(*report), "adjudicate");
  EXPECT_TRUE(report->second->comparison.groups_differ);
  run.readers[1] = counts_of(12, 60, 34);  // too few
  EXPECT_EQ(status_of(*ish_report(run, real_catalog())), "insufficient");
  run.ihc_score = "1+";  // none is called for: compared, not used
  report = ish_report(run, real_catalog());
  EXPECT_FALSE(report->second->is_recount);
  EXPECT_EQ(status_of(*report), "negative");
}

TEST(IshRunTest, FewNucleiAndOneArea) {
  EXPECT_EQ(status_of(*ish_report(run_of(counts_of(19, 100, 40)), real_catalog())), "insufficient");
  auto counts = counts_of(20, 100, 40);
  counts.table.areas = {"A"};
  const auto report = ish_report(run_of(std::move(counts)), real_catalog());
  EXPECT_EQ(status_of(*report), "indeterminate");
  EXPECT_TRUE(report->refused());
}

// A lower bound decides where it can: group 1 stays group 1 with more signals, group 4 does not stay.
TEST(IshRunTest, AtLeast) {
  auto sure = counts_of(20, 100, 40);
  sure.table.nuclei[3].counts[0].cluster.at_least = true;
  EXPECT_EQ(status_of(*ish_report(run_of(std::move(sure), "2+"), real_catalog())), "positive");
  auto open = counts_of(20, 90, 50);
  open.table.nuclei[3].counts[0].cluster.at_least = true;
  const auto report = ish_report(run_of(std::move(open), "2+"), real_catalog());
  EXPECT_EQ(status_of(*report), "open");
  EXPECT_EQ(report->replicates, 0U);
}

TEST(IshRunTest, TheCaseReadsBackAndDecidesTheSame) {
  const auto report = ish_report(run_of(counts_of(46, 178, 92), "2+"), real_catalog());
  ASSERT_TRUE(report);
  const auto read = parse_case(report->case_json, real_catalog().dictionary, "case.json");
  ASSERT_TRUE(read) << read.error().text();
  const CaseStatus status = case_status(test::real_plan("2018"), *read, {});
  const Answer& answer = status.specimens[0].answers[0];
  ASSERT_EQ(answer.values.size(), report->editions[0].likely.size());
  for (const PossibleValue& value : answer.values) {
    const auto& likely = report->editions[0].likely;
    const auto same = std::find_if(likely.begin(), likely.end(), [&](const auto& l) { return l.value == value.value; });
    ASSERT_NE(same, likely.end()) << value.value;
    EXPECT_EQ(same->probability, value.probability);
  }
  // The probabilities of the statuses are those of the groups that lead to them.
  double recount = (*report->score.groups)[1] + (*report->score.groups)[3] + (*report->score.groups)[2];
  for (const PossibleValue& likely : report->editions[0].likely) {
    if (likely.value == "recount") {
      EXPECT_NEAR(std::stod(likely.probability), recount, 0.01);
      recount = 0;
    }
  }
  EXPECT_EQ(recount, 0);
}

TEST(IshRunTest, CasesThatCannotBeJoined) {
  auto run = run_of(counts_of(20, 100, 40));
  Case input;
  input.id = "x";
  input.specimens.resize(2);
  input.specimens[0].id = "a";
  input.specimens[1].id = "b";
  run.joined = input;
  run.joined_file = "x.json";
  EXPECT_NE(ish_report(run, real_catalog()).error().reason.find("--specimen"), std::string::npos);
  run.specimen = "c";
  EXPECT_NE(ish_report(run, real_catalog()).error().reason.find("no specimen c"), std::string::npos);
  run.specimen = "b";
  EXPECT_TRUE(ish_report(run, real_catalog()));
  run.joined->specimens[1] = test::specimen({{"cells", "20"}});
  run.joined->specimens[1].id = "b";
  EXPECT_NE(ish_report(run, real_catalog()).error().reason.find("states cells already"), std::string::npos);
}

TEST(IshRunTest, FacesAreTheSameBytesAgain) {
  const auto one = ish_report(run_of(counts_of(46, 178, 92), "2+", ""), real_catalog());
  const auto two = ish_report(run_of(counts_of(46, 178, 92), "2+", ""), real_catalog());
  EXPECT_EQ(ish_json(*one), ish_json(*two));
  EXPECT_EQ(ish_html(*one), ish_html(*two));
  EXPECT_EQ(one->editions.size(), 4U);
}

}  // namespace
}  // namespace her2
