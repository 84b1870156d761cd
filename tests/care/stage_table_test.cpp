// SPDX-License-Identifier: Apache-2.0
// The tables themselves are licensed: they are read from the dossier, as a user would read a file of one's own, and a
// made-up table stands in for them everywhere else.
#include "her2/care/stage_table.h"

#include <fstream>
#include <iterator>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/care/csv_rows.h"
#include "tests/care/fixture.h"

namespace her2 {
namespace {

using test::facts;
using test::real_dictionary;
using test::short_text;
using testing::HasSubstr;
using Kind = StageTable::Kind;

constexpr const char* kHeader = "t,n,m,grade,her2,er,pr,stage\n";
// Complete, and nobody's staging: everything is IIA, but T2 N0 with ER positive IB.
const std::string kMadeUp = std::string(kHeader) +
                            "Tis,N0,M0,any,any,any,any,0\nany,any,M1,any,any,any,any,IV\n"
                            "T0,N1mi,M0,any,any,any,any,IIA\nT0,N1,M0,any,any,any,any,IIA\n"
                            "T0,N2,M0,any,any,any,any,IIA\nT0,N3,M0,any,any,any,any,IIA\n"
                            "T1,any,M0,any,any,any,any,IIA\nT3,any,M0,any,any,any,any,IIA\n"
                            "T4,any,M0,any,any,any,any,IIA\nT2,N1mi,M0,any,any,any,any,IIA\n"
                            "T2,N1,M0,any,any,any,any,IIA\nT2,N2,M0,any,any,any,any,IIA\nT2,N3,M0,any,any,any,any,IIA\n"
                            "T2,N0,M0,any,any,neg,any,IIA\nT2,N0,M0,any,any,pos,any,IB\n";

StageTable made_up(Kind kind = Kind::pathological) {
  auto table = StageTable::parse(kMadeUp, "own.csv", kind);
  EXPECT_TRUE(table) << (table ? "" : table.error().text());
  return std::move(*table);
}

std::string refusal(const std::string& text) {
  const auto table = StageTable::parse(text, "own.csv", Kind::clinical);
  return table ? "read" : table.error().text();
}

std::string without(std::string text, const std::string& line) {
  const auto at = text.find(line);
  return text.erase(at, text.find('\n', at) + 1 - at);
}

void every_row(const std::string& file, Kind kind) {
  const std::string path = test::dossier_file(file);
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    GTEST_SKIP() << path << " is absent: set HER2_DOSSIER";
  }
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto table = StageTable::parse(text, path, kind);
  ASSERT_TRUE(table) << table.error().text();
  const auto rows = test::csv_rows(path);
  EXPECT_EQ(rows.size(), 578U);
  const bool clinical = kind == Kind::clinical;
  for (const auto& row : rows) {
    const auto& t = row.at("t");
    std::map<std::string, std::string> texts = {{"m_category", row.at("m").substr(1)}};
    const auto add = [&](const std::string& column, const std::string& fact, std::size_t skip) {
      if (row.at(column) != "any") {
        texts[fact] = row.at(column).substr(skip);
      }
    };
    add("t", clinical ? "ct" : "pt", 1);
    add("n", clinical ? "cn" : "pn", 1);
    add("grade", "grade", 1);
    for (const auto& [column, fact] : {std::pair("her2", "her2_status"), {"er", "er_status"}, {"pr", "pgr_status"}}) {
      if (row.at(column) != "any") {
        texts[fact] = row.at(column) == "pos" ? "positive" : "negative";
      }
    }
    const auto result = prognostic_stage_result(real_dictionary(), facts(texts), &*table, kind);
    EXPECT_EQ(short_text(result), "answered [" + row.at("stage") + "]") << t << row.at("n") << row.at("grade");
  }
}

TEST(StageTable, every_clinical_row_as_a_user_loads_it) { every_row("ajcc8_clinical.csv", Kind::clinical); }
TEST(StageTable, every_pathological_row_as_a_user_loads_it) { every_row("ajcc8_pathologic.csv", Kind::pathological); }

TEST(StageTable, says_so_without_a_table) {
  const auto result =
      prognostic_stage_result(real_dictionary(), facts({{"pt", "2"}, {"pn", "0"}}), nullptr, Kind::pathological);
  EXPECT_EQ(result.state, CareState::open);
  EXPECT_TRUE(result.groups.empty());
  EXPECT_THAT(result.says, HasSubstr("--stage-table"));
}

TEST(StageTable, unknown_grade_and_receptors_leave_a_set) {
  const StageTable table = made_up();
  const auto of = [&](const std::map<std::string, std::string>& texts) {
    return short_text(prognostic_stage_result(real_dictionary(), facts(texts), &table, Kind::pathological));
  };
  const std::map<std::string, std::string> known = {{"pt", "2"},
                                                    {"pn", "0"},
                                                    {"grade", "2"},
                                                    {"er_status", "positive"},
                                                    {"pgr_status", "positive"},
                                                    {"her2_status", "negative"}};
  EXPECT_EQ(of(known), "answered [IB]");
  auto open = known;
  open.erase("er_status");
  EXPECT_EQ(of(open), "open [IB|IIA] ?er_status");
  open["pt"] = "3";
  EXPECT_EQ(of(open), "answered [IIA]");  // does not depend on it
  auto low = known;
  low["recurrence_score"] = "10";
  EXPECT_EQ(of(low), "answered [IA]");
  low["recurrence_score"] = "11";
  EXPECT_EQ(of(low), "answered [IB]");
  low["recurrence_score"] = "5-20";
  EXPECT_EQ(of(low), "open [IA|IB] ?recurrence_score");
  low["her2_status"] = "positive";
  low["recurrence_score"] = "10";
  EXPECT_EQ(of(low), "answered [IB]");
  auto after = known;
  after["neoadjuvant_chemo"] = "yes";
  EXPECT_THAT(of(after), HasSubstr("refused: after neoadjuvant therapy"));
  auto equivocal = known;
  equivocal["her2_status"] = "equivocal";
  EXPECT_EQ(of(equivocal), "answered [IB]");
}

TEST(StageTable, files_in_other_hands) {
  EXPECT_EQ(refusal(kMadeUp), "read");
  std::string tabs = kMadeUp;
  std::replace(tabs.begin(), tabs.end(), ',', '\t');
  EXPECT_EQ(refusal("\xEF\xBB\xBF# mine\r\n\r\n" + tabs), "read");
  std::string semicolons = kMadeUp;
  std::replace(semicolons.begin(), semicolons.end(), ',', ';');
  EXPECT_EQ(refusal(semicolons), "read");
  EXPECT_EQ(refusal(kMadeUp + "T1,N0,M0,G1,pos,pos,pos,IIA\n"), "read");  // the same again
}

TEST(StageTable, broken_files_are_named) {
  EXPECT_EQ(refusal(""),
            "own.csv: the file is empty; a stage table begins with the columns t, n, m, grade, her2, er, pr, stage");
  EXPECT_THAT(refusal("t,n,m,grade,her2,er,stage\n"), HasSubstr("own.csv: line 1: there is no column \"pr\""));
  EXPECT_THAT(refusal("t,t,n,m,grade,her2,er,pr,stage\n"), HasSubstr("column \"t\" stands twice"));
  EXPECT_THAT(refusal(kMadeUp + "T1,N0\n"), HasSubstr("line 17: 2 fields where the line of names has 8"));
  EXPECT_THAT(refusal(kMadeUp + "T5,N0,M0,G1,pos,pos,pos,IIA\n"), HasSubstr("\"T5\" is not understood in column t"));
  EXPECT_THAT(refusal(kMadeUp + "T1,N0,M0,G4,pos,pos,pos,IIA\n"),
              HasSubstr("\"G4\" is not understood in column grade"));
  EXPECT_THAT(refusal(kMadeUp + "T1,N0,M0,G1,maybe,pos,pos,IIA\n"),
              HasSubstr("in column her2; expected pos, neg or any"));
  EXPECT_THAT(refusal(kMadeUp + "T1,N0,M0,G1,pos,pos,pos,V\n"), HasSubstr("\"V\" is not understood in column stage"));
  EXPECT_THAT(refusal(kMadeUp + "T1,N0,M0,G1,pos,pos,pos,any\n"), HasSubstr("in column stage"));
  EXPECT_EQ(
      refusal(kMadeUp + "T1,N0,M0,G1,pos,pos,pos,IA\n"),
      "own.csv: line 17: T1 N0 M0, grade 1, HER2 positive, ER positive, PgR positive is stage IA here but IIA in a "
      "line before");
  EXPECT_EQ(refusal(without(kMadeUp, "T2,N0,M0,any,any,pos")),
            "own.csv: the table is not complete: 12 of 578 combinations have no stage, the first is T2 N0 M0, grade 1, "
            "HER2 negative, ER positive, PgR negative");
  EXPECT_THAT(refusal(without(kMadeUp, "any,any,M1")),
              HasSubstr("1 of 578 combinations have no stage, the first is M1"));
  EXPECT_THAT(refusal("t\xff,n\n"), HasSubstr("not UTF-8"));
}

}  // namespace
}  // namespace her2
