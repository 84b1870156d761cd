// SPDX-License-Identifier: Apache-2.0
#include "her2/run/cohort.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "random_table.h"

namespace her2::test {
namespace {

using testing::HasSubstr;

TEST(Cohort, SameBytesForAnyThreadsAndBlocks) {
  RandomTable random(11, 3);
  const std::string table = random.csv(3000, 40);
  for (const RowFormat format : {RowFormat::tsv, RowFormat::jsonl}) {
    CohortOptions options = by_edition("breast-2018");
    options.format = format;
    const CohortRun one = run_text(table, options);
    ASSERT_TRUE(one.summary);
    EXPECT_EQ(one.summary->rows, 3000U);
    for (const unsigned threads : {1U, 2U, 4U, 7U}) {
      for (const std::size_t block : {std::size_t{256}, std::size_t{5000}, std::size_t{1} << 20U}) {
        if (format == RowFormat::jsonl && block != 5000) {
          continue;
        }
        options.threads = threads;
        const CohortRun other = run_text(table, options, block);
        ASSERT_TRUE(other.summary);
        ASSERT_TRUE(other.out == one.out) << threads << " threads, blocks of " << block;
        EXPECT_EQ(other.summary->parts[0].states, one.summary->parts[0].states);
        EXPECT_EQ(other.summary->parts[0].answers, one.summary->parts[0].answers);
        EXPECT_EQ(other.summary->parts[0].notices, one.summary->parts[0].notices);
        EXPECT_EQ(other.summary->refused_columns, one.summary->refused_columns);
      }
    }
  }
}

// Every row comes out once, in order, and the summary counts what was written.
TEST(Cohort, SummaryCountsWhatIsWritten) {
  RandomTable random(12, 10);
  const CohortRun run = run_text(random.csv(800, 150), by_edition("breast-2018"));
  ASSERT_TRUE(run.summary);
  const auto rows = rows_of_tsv(run.out);
  ASSERT_EQ(rows.size(), 800U);
  std::array<std::uint64_t, kRowStates> states{};
  std::map<std::string, std::uint64_t> status;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i].at("id"), "case-" + std::to_string(i));
    EXPECT_EQ(rows[i].at("line"), std::to_string(i + 2));
    for (int state = 0; state < kRowStates; ++state) {
      states[static_cast<std::size_t>(state)] += rows[i].at("state") == name_of(static_cast<RowState>(state)) ? 1U : 0U;
    }
    if (!rows[i].at("her2_status").empty()) {
      ++status[rows[i].at("her2_status")];
    }
    const bool refused = rows[i].at("state") == "refused" || rows[i].at("state") == "conflict";
    EXPECT_TRUE(!refused || !rows[i].at("refused_reason").empty()) << "line " << i + 2;
    EXPECT_TRUE(!refused || !rows[i].at("refused_column").empty()) << "line " << i + 2 << rows[i].at("refused_reason");
  }
  EXPECT_EQ(run.summary->parts[0].states, states);
  EXPECT_EQ(run.summary->parts[0].answers.at("her2_status"), status);
  for (const std::size_t state : {0U, 1U, 2U, 3U}) {
    EXPECT_GT(states[state], 0U) << "the table holds no row of state " << state;
  }
}

// The rows of a CSV table without quotes as lists of fields.
std::vector<std::vector<std::string>> fields_of(const std::string& csv) {
  std::vector<std::vector<std::string>> out;
  for (const auto& line : split(csv, '\n')) {
    if (!line.empty()) {
      out.push_back(split(line, ','));
    }
  }
  return out;
}

std::string csv_of(const std::vector<std::vector<std::string>>& rows) {
  std::string out;
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      out += (i == 0 ? "" : ",") + row[i];
    }
    out += "\n";
  }
  return out;
}

// Output rows by id, without the line; refusals in any order, as they follow the order of the columns.
std::map<std::string, std::map<std::string, std::string>> by_id(const std::string& out) {
  std::map<std::string, std::map<std::string, std::string>> rows;
  for (auto& row : rows_of_tsv(out)) {
    row.erase("line");
    for (const std::string column : {"refused_column", "refused_value", "refused_reason"}) {
      std::sort(row[column].begin(), row[column].end());
    }
    rows[row.at("id")] = row;
  }
  return rows;
}

TEST(Cohort, OrderOfRowsAndColumnsChangesNothing) {
  RandomTable random(13, 4);
  const auto rows = fields_of(random.csv(600, 120));
  const auto expected = by_id(run_text(csv_of(rows), by_edition("breast-2018")).out);
  ASSERT_EQ(expected.size(), 600U);
  auto turned = rows;
  std::vector<std::vector<std::string>> body(turned.begin() + 1, turned.end());
  random.dice().shuffle(body);
  std::copy(body.begin(), body.end(), turned.begin() + 1);
  EXPECT_EQ(by_id(run_text(csv_of(turned), by_edition("breast-2018")).out), expected);

  std::vector<std::size_t> order(rows.front().size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    order[i] = i;
  }
  random.dice().shuffle(order);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    for (std::size_t i = 0; i < order.size(); ++i) {
      turned[row][i] = rows[row][order[i]];
    }
  }
  const auto shuffled = run_text(csv_of(turned), by_edition("breast-2018"));
  ASSERT_TRUE(shuffled.summary);
  const auto got = by_id(shuffled.out);
  for (const auto& [id, row] : expected) {
    auto mine = got.at(id);
    EXPECT_EQ(mine, row) << id;
  }
}

TEST(Cohort, RepeatedIdsAreRefused) {
  for (const unsigned threads : {1U, 4U}) {
    CohortOptions options = by_edition("breast-2018");
    options.threads = threads;
    const CohortRun run = run_text("id,ihc_score\nA,3+\nB,0\nA,1+\nC,2+\nA,0\n", options, 10);
    ASSERT_TRUE(run.summary);
    const auto rows = rows_of_tsv(run.out);
    ASSERT_EQ(rows.size(), 5U);
    EXPECT_EQ(rows[0].at("her2_status"), "positive");
    for (const std::size_t again : {2U, 4U}) {
      EXPECT_EQ(rows[again].at("state"), "refused");
      EXPECT_EQ(rows[again].at("id"), "A");
      EXPECT_EQ(rows[again].at("line"), std::to_string(again + 2));
      EXPECT_EQ(rows[again].at("her2_status"), "");
      EXPECT_THAT(rows[again].at("refused_reason"), HasSubstr("same id"));
      EXPECT_EQ(rows[again].at("refused_column"), "id");
    }
    EXPECT_EQ(run.summary->parts[0].states[static_cast<std::size_t>(RowState::refused)], 2U);
  }
}

TEST(Cohort, RaggedRowsAreRefusedAndTheOthersGoOn) {
  const CohortRun run =
      run_text("id,ihc_score,cells\nA,3+,20\nB,2+\nC,1+,20,9\n,0,20\nE,0,\n", by_edition("breast-2018"));
  ASSERT_TRUE(run.summary);
  const auto rows = rows_of_tsv(run.out);
  ASSERT_EQ(rows.size(), 5U);
  EXPECT_EQ(rows[0].at("state"), "decided");
  EXPECT_EQ(rows[1].at("state"), "refused");
  EXPECT_THAT(rows[1].at("refused_reason"), HasSubstr("2"));
  EXPECT_EQ(rows[2].at("state"), "refused");
  EXPECT_THAT(rows[2].at("refused_reason"), HasSubstr("4"));
  EXPECT_THAT(rows[3].at("refused_reason"), HasSubstr("id"));
  EXPECT_EQ(rows[4].at("her2_status"), "negative");
}

TEST(Cohort, RefusalsNameColumnValueAndReason) {
  const CohortRun run =
      run_text("id,ihc_score,cells,her2_total,cep17_total\nA,4+,,,\nB,2+,0,80,40\nC,2+,20,-3,40\nD,3+,20,x,40\n",
               by_edition("breast-2018"));
  ASSERT_TRUE(run.summary);
  const auto rows = rows_of_tsv(run.out);
  ASSERT_EQ(rows.size(), 4U);
  const std::vector<std::pair<std::string, std::string>> wrong{
      {"ihc_score", "4+"}, {"cells", "0"}, {"her2_total", "-3"}, {"her2_total", "x"}};
  for (std::size_t i = 0; i < wrong.size(); ++i) {
    EXPECT_EQ(rows[i].at("refused_column"), wrong[i].first);
    EXPECT_EQ(rows[i].at("refused_value"), wrong[i].second);
    EXPECT_NE(rows[i].at("refused_reason"), "");
  }
  EXPECT_EQ(rows[0].at("state"), "refused");
  EXPECT_EQ(rows[3].at("state"), "decided") << "IHC 3+ is positive whatever ISH says";
  EXPECT_EQ(run.summary->cells_refused, 4U);
  EXPECT_EQ(run.summary->refused_columns.at("her2_total"), 2U);
}

TEST(Cohort, StrictStopsAtTheFirstRefusal) {
  const std::string good = "id,ihc_score,ratio,copies,cep17_copies\nA,3+,,,\nB,0,,,\n";
  CohortOptions options = by_edition("breast-2018");
  options.strict = true;
  ASSERT_TRUE(run_text(good, options).summary);
  EXPECT_FALSE(run_text(good, options).summary->stopped);
  const std::vector<std::pair<std::string, std::string>> bad{{"C,4+,,,\n", "ihc_score"},
                                                             {"C,3+,x,,\n", "ratio"},
                                                             {"A,3+,,,\n", "\"A\""},
                                                             {"C,3+\n", "2"},
                                                             {"C,2+,1.0,5.0,2.0\n", "ratio 1.0"}};
  for (const auto& [row, word] : bad) {
    for (const unsigned threads : {1U, 4U}) {
      options.threads = threads;
      const CohortRun run = run_text(good + row + "D,9+,,,\n", options, 24);
      ASSERT_TRUE(run.summary) << row;
      ASSERT_TRUE(run.summary->stopped) << row;
      EXPECT_EQ(run.summary->stopped->place, "line 4") << row;
      EXPECT_THAT(run.summary->stopped->reason, HasSubstr(word)) << row;
    }
  }
}

TEST(Cohort, RowsNameTheirOwnEdition) {
  CohortOptions options = by_edition("breast-2023");
  options.by_edition = {{"2007", &real_plan("breast-2007")}, {"2018", &real_plan("breast-2018")}};
  const std::string table =
      "id,edition,cells,her2_total,cep17_total,ihc_score\nA,2007,20,84,40,\nB,2018,20,84,40,\nC,,20,84,40,\nD,1999,20,"
      "84,40,\n";
  const CohortRun run = run_text(table, options);
  ASSERT_TRUE(run.summary);
  const auto rows = rows_of_tsv(run.out);
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[0].at("her2_status"), "equivocal") << "2.1 lies in 1.8 to 2.2";
  EXPECT_THAT(rows[0].at("rule"), HasSubstr("breast-her2-2007"));
  EXPECT_EQ(rows[1].at("her2_status"), "positive");
  EXPECT_THAT(rows[2].at("rule"), HasSubstr("breast-her2-2023"));
  EXPECT_EQ(rows[3].at("state"), "refused");
  EXPECT_EQ(rows[3].at("refused_column"), "edition");
}

// Ids and values with every character that a format must write otherwise.
TEST(Cohort, EveryFormatReadsBack) {
  const std::vector<std::string> ids{"plain",      "a,b",         "say \"so\"",           "tab\there",
                                     "two\nlines", "back\\slash", "\xC3\xA4\xE2\x82\xAC", "\x01"};
  std::string table = "id,ihc_score\n";
  for (const auto& id : ids) {
    std::string quoted;
    for (const char c : id) {
      quoted += std::string(c == '"' ? 2 : 1, c);
    }
    table += "\"" + quoted + "\",\"x \"\"" + quoted + "\"\"\"\n";
  }
  CohortOptions options = by_edition("breast-2018");
  options.format = RowFormat::csv;
  const TempFolder folder;
  const std::string csv = folder.write("out.csv", run_text(table, options).out);
  auto reader = BlockReader::open(csv, TableFormat{});
  ASSERT_TRUE(reader);
  RowSplitter splitter(reader->shape());
  Block block;
  ASSERT_TRUE(*reader->next(block));
  ASSERT_TRUE(splitter.start(block));
  const auto& names = reader->shape().names;
  const auto column = [&](const char* name) {
    return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
  };
  TableRow row;
  for (const auto& id : ids) {
    ASSERT_TRUE(splitter.next(row));
    ASSERT_EQ(row_problem_text(row, names.size()), "");
    EXPECT_EQ(row.fields[column("id")], id);
    EXPECT_EQ(row.fields[column("state")], "refused");
    EXPECT_EQ(row.fields[column("refused_value")], "x \"" + id + "\"");
  }
  EXPECT_FALSE(splitter.next(row));

  options.format = RowFormat::jsonl;
  const auto lines = split(run_text(table, options).out, '\n');
  ASSERT_EQ(lines.size(), ids.size() + 1);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto json = nlohmann::json::parse(lines[i]);
    EXPECT_EQ(json.at("id"), ids[i]);
    EXPECT_EQ(json.at("state"), "refused");
    EXPECT_TRUE(json.at("her2_status").is_null() || json.at("her2_status").is_string());
    EXPECT_EQ(json.at("refusals").at(0).at("value"), "x \"" + ids[i] + "\"");
  }

  options.format = RowFormat::tsv;
  const auto rows = rows_of_tsv(run_text(table, options).out);
  ASSERT_EQ(rows.size(), ids.size());
  EXPECT_EQ(rows[3].at("id"), "tab here");
  EXPECT_EQ(rows[4].at("id"), "two lines");
}

}  // namespace
}  // namespace her2::test
