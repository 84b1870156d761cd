// SPDX-License-Identifier: Apache-2.0
// The public tables, whole: every row accounted for, and the known exceptions found by name. The tables are not part of
// the project; without them the tests are skipped. What is checked here was counted from the tables by other means.
#include <algorithm>
#include <set>
#include <tuple>

#include <gtest/gtest.h>

#include "her2/stats/proportion.h"
#include "table_fixture.h"
#include "tests/places.h"

namespace her2::test {
namespace {

using Table = std::vector<std::map<std::string, std::string>>;

// The columns of the source itself, for comparison; three lines of names.
std::map<std::string, std::map<std::string, std::string>> source_rows(const std::string& path) {
  std::map<std::string, std::map<std::string, std::string>> out;
  const auto lines = split(text_of_file(path), '\n');
  const auto names = split(lines.at(0), '\t');
  for (std::size_t line = 3; line < lines.size(); ++line) {
    const auto fields = split(lines[line], '\t');
    if (fields.size() == names.size()) {
      std::map<std::string, std::string> row;
      for (std::size_t i = 0; i < names.size(); ++i) {
        row[names[i]] = fields[i];
      }
      out[row.at("bcr_patient_barcode")] = row;
    }
  }
  return out;
}

bool has(const std::string& notices, const std::string& id) {
  const auto ids = split(notices, ';');
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

std::set<std::string> ids_with(const Table& rows, const std::string& notice) {
  std::set<std::string> out;
  for (const auto& row : rows) {
    if (has(row.at("notices"), notice)) {
      out.insert(row.at("id"));
    }
  }
  return out;
}

std::map<std::string, int> counts_of(const Table& rows, const std::string& column) {
  std::map<std::string, int> out;
  for (const auto& row : rows) {
    ++out[row.at(column)];
  }
  return out;
}

class PublicTable : public testing::Test {
 protected:
  // The rows of a table under an edition; empty when it is absent.
  Table rows(const std::string& file, const std::string& map, const std::string& edition) {
    path_ = data_folder() + "/tables/" + file;
    if (!std::filesystem::exists(path_)) {
      return {};
    }
    CohortOptions options;
    options.plans = {&real_plan(edition)};
    options.threads = 2;
    CohortRun run = run_cohort(path_, real_map(map), options);
    EXPECT_TRUE(run.summary) << run.summary.error().text();
    summary_ = run.summary.value_or(CohortSummary{});
    return rows_of_tsv(run.out);
  }

  std::string path_;
  CohortSummary summary_;
};

class Tcga : public PublicTable {
 protected:
  void SetUp() override {
    static const auto once = [this] {
      auto read = rows(file_, "tcga-biotab", "breast-2018");
      return std::tuple(read, summary_, read.empty() ? decltype(source_){} : source_rows(path_));
    }();
    std::tie(rows_, summary_, source_) = once;
    if (rows_.empty()) {
      GTEST_SKIP() << file_ << " is absent";
    }
  }

  std::string file_ = "tcga_brca/nationwidechildrens.org_clinical_patient_brca.txt";
  Table rows_;
  std::map<std::string, std::map<std::string, std::string>> source_;
};

TEST_F(Tcga, EveryRowIsAccountedFor) {
  ASSERT_EQ(rows_.size(), 1097U);
  ASSERT_EQ(source_.size(), 1097U);
  std::set<std::string> ids;
  for (const auto& row : rows_) {
    ids.insert(row.at("id"));
    EXPECT_TRUE(source_.contains(row.at("id")));
    const auto& state = row.at("state");
    EXPECT_TRUE(state != "decided" || (!row.at("her2_status").empty() && !row.at("rule").empty())) << row.at("id");
    EXPECT_TRUE(state != "refused" || !row.at("refused_reason").empty()) << row.at("id");
    EXPECT_TRUE(state != "conflict" || !row.at("refused_reason").empty()) << row.at("id");
  }
  EXPECT_EQ(ids.size(), 1097U);
  EXPECT_EQ(summary_.rows, 1097U);
  auto states = counts_of(rows_, "state");
  EXPECT_EQ(states["decided"] + states["open"] + states["conflict"] + states["refused"], 1097);
  for (const auto& [state, count] : states) {
    std::printf("TCGA under 2018: %s %d\n", state.c_str(), count);
  }
  EXPECT_EQ(states["refused"], 0) << "every cell of the table is understood";
  EXPECT_TRUE(summary_.refused_columns.empty());
}

// Of 101 rows with copies and ratio the four that contradict themselves, and one whose copies are totals (816 / 51 is
// 16.0, the ratio says 16.3).
TEST_F(Tcga, RatiosThatAreNotTheMeans) {
  EXPECT_EQ(ids_with(rows_, "ratio-not-means"),
            (std::set<std::string>{"TCGA-A1-A0SJ", "TCGA-A2-A1G1", "TCGA-A7-A13H", "TCGA-AO-A03L", "TCGA-BH-A0H9"}));
  EXPECT_EQ(ids_with(rows_, "ish-status-against-ratio"), (std::set<std::string>{"TCGA-A2-A25E"}));
}

// 53 rows have a score that is not that of the status. In one of them the status is "[Not Evaluated]", which states
// nothing that a score could contradict: 52 are pointed out.
TEST_F(Tcga, ScoresAgainstTheStatus) {
  const std::map<std::string, std::string> kStatus{
      {"0", "Negative"}, {"1+", "Negative"}, {"2+", "Equivocal"}, {"3+", "Positive"}};
  std::set<std::string> differ, not_evaluated;
  int scored = 0;
  for (const auto& [id, row] : source_) {
    const auto wanted = kStatus.find(row.at("her2_ihc_score"));
    if (wanted == kStatus.end()) {
      continue;
    }
    ++scored;
    if (row.at("her2_status_by_ihc") != wanted->second) {
      differ.insert(id);
      if (row.at("her2_status_by_ihc") == "[Not Evaluated]") {
        not_evaluated.insert(id);
      }
    }
  }
  EXPECT_EQ(scored, 622);
  EXPECT_EQ(differ.size(), 53U);
  ASSERT_EQ(not_evaluated.size(), 1U);
  differ.erase(*not_evaluated.begin());
  EXPECT_EQ(ids_with(rows_, "score-against-status"), differ);
}

// 35 copy numbers are above 12: 32 are pointed out; the other three are no whole numbers and agree with their ratio.
TEST_F(Tcga, CopyNumbersThatAreTotals) {
  std::set<std::string> high;
  for (const auto& [id, row] : source_) {
    const auto number = Decimal::parse(row.at("her2_copy_number"));
    if (number && number->rational() > 12) {
      high.insert(id);
    }
  }
  EXPECT_EQ(high.size(), 35U);
  std::set<std::string> flagged = ids_with(rows_, "totals-as-means");
  EXPECT_EQ(flagged.size(), 30U);
  const auto merely_high = ids_with(rows_, "high-mean");
  flagged.insert(merely_high.begin(), merely_high.end());
  std::set<std::string> left;
  std::set_difference(high.begin(), high.end(), flagged.begin(), flagged.end(), std::inserter(left, left.end()));
  EXPECT_EQ(left, (std::set<std::string>{"TCGA-BH-A0C0", "TCGA-GM-A2DA", "TCGA-OL-A5RZ"}));
  EXPECT_TRUE(std::includes(high.begin(), high.end(), flagged.begin(), flagged.end())) << "nothing up to 12 is flagged";
}

// ">6" copies, CEP17 2 and ratio 3.0 agree within what was written.
TEST_F(Tcga, RoundingIsNoContradiction) {
  const auto row = std::find_if(rows_.begin(), rows_.end(), [](const auto& r) { return r.at("id") == "TCGA-EW-A2FR"; });
  ASSERT_NE(row, rows_.end());
  EXPECT_EQ(row->at("state"), "decided");
  EXPECT_EQ(row->at("her2_status"), "positive");
}

TEST_F(Tcga, RatioOfTheLabelAgreesWithFish) {
  const Table by_ratio = rows(file_, "tcga-biotab", "breast-fda-ratio");
  ASSERT_EQ(by_ratio.size(), 1097U);
  int with_ratio = 0, agree = 0;
  std::set<std::string> others;
  for (const auto& row : by_ratio) {
    const auto& source = source_.at(row.at("id"));
    if (!Decimal::parse(source.at("her2_cent17_ratio"))) {
      continue;
    }
    ++with_ratio;
    std::string fish = source.at("her2_fish_status");
    fish.front() = static_cast<char>(std::tolower(fish.front()));
    if (row.at("her2_status") == fish) {
      ++agree;
    } else {
      others.insert(row.at("id"));
    }
  }
  EXPECT_EQ(with_ratio, 233);
  EXPECT_EQ(agree, 230);
  EXPECT_EQ(others.size(), 3U);
  EXPECT_TRUE(others.contains("TCGA-A7-A13H"));
  EXPECT_TRUE(others.contains("TCGA-A2-A25E"));
  for (const auto& row : by_ratio) {
    if (row.at("id") == "TCGA-A7-A13H") {
      EXPECT_EQ(row.at("state"), "conflict");
    } else if (row.at("id") == "TCGA-A2-A25E") {
      EXPECT_TRUE(has(row.at("notices"), "ish-status-against-ratio"));
    }
  }
}

TEST_F(Tcga, HerTwoNegativeShare) {
  auto status = counts_of(rows_, "her2_status");
  const auto negative = static_cast<std::uint64_t>(status["negative"]);
  const auto known = negative + static_cast<std::uint64_t>(status["positive"]);
  EXPECT_EQ(summary_.parts[0].answers.at("her2_status").at("negative"), negative);
  const auto interval = wilson(negative, known);
  std::printf("TCGA under 2018: HER2-negative %llu of %llu, %.1f %% (%.1f to %.1f)\n",
              static_cast<unsigned long long>(negative), static_cast<unsigned long long>(known),
              100.0 * static_cast<double>(negative) / static_cast<double>(known), 100 * interval.low,
              100 * interval.high);
  EXPECT_GT(known, 800U);
  EXPECT_GT(interval.low, 0.75);
  EXPECT_LT(interval.high, 0.85);
  EXPECT_EQ(status["positive"] > 0, true);
}

class Metabric : public PublicTable {};

TEST_F(Metabric, EveryRowAsRecorded) {
  const Table all = rows("metabric/brca_metabric_clinical_data.tsv", "metabric", "breast-2018");
  if (all.empty()) {
    GTEST_SKIP() << path_ << " is absent";
  }
  ASSERT_EQ(all.size(), 2509U);
  auto status = counts_of(all, "her2_status");
  EXPECT_EQ(status["negative"], 1733);
  EXPECT_EQ(status["positive"], 247);
  EXPECT_EQ(counts_of(all, "state")["open"], 529);
  EXPECT_EQ(counts_of(all, "state")["refused"], 0);
  EXPECT_EQ(counts_of(all, "er_status")["low-positive|positive"], 1817) << "spelt Positve";
  EXPECT_EQ(counts_of(all, "pgr_status")["positive"], 1040);
  // GAIN is no HER2 result: the column is not used.
  const auto& unused = summary_.unused_columns;
  EXPECT_EQ(std::count(unused.begin(), unused.end(), "HER2 status measured by SNP6"), 1);
  const int triple_negative = counts_of(all, "receptor_subtype")["triple-negative"];
  EXPECT_GT(triple_negative, 250);
  EXPECT_LT(triple_negative, 340);
}

TEST_F(Metabric, StudyFileOfCbioportal) {
  const Table all = rows("metabric/data_clinical_patient.txt", "cbioportal", "breast-2018");
  if (all.empty()) {
    GTEST_SKIP() << path_ << " is absent";
  }
  ASSERT_EQ(all.size(), 2509U);
  EXPECT_EQ(counts_of(all, "er_status")["low-positive|positive"], 1817);
  EXPECT_FALSE(summary_.parts[0].answers.contains("her2_status")) << "the file has no HER2 result";
  EXPECT_EQ(counts_of(all, "receptor_subtype")["triple-negative"], 0);
  const auto& unused = summary_.unused_columns;
  EXPECT_EQ(std::count(unused.begin(), unused.end(), "HER2_SNP6"), 1);
}

}  // namespace
}  // namespace her2::test
