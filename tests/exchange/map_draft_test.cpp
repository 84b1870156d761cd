// SPDX-License-Identifier: Apache-2.0
// Drafts of column maps: tables as people write them, and public tables against the maps that we wrote for them by
// hand.
#include "her2/exchange/map_draft.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include <unistd.h>

#include "tests/exchange/fixture.h"
#include "tests/places.h"

namespace her2 {
namespace {

using test::dictionary;
using test::vocabulary;

const ColumnNamesBook& book() {
  static const ColumnNamesBook read = [] {
    auto parsed =
        ColumnNamesBook::parse(test::source_file("maps/column-names.toml"), "maps/column-names.toml", dictionary());
    if (!parsed) {
      ADD_FAILURE() << parsed.error().text();
      std::abort();
    }
    return std::move(*parsed);
  }();
  return read;
}

MapDraft draft_of(const std::string& path) {
  auto draft = draft_map(path, {}, book(), vocabulary(), dictionary());
  EXPECT_TRUE(draft) << draft.error().text();
  return draft ? *draft : MapDraft{};
}

MapDraft draft_of_text(const std::string& text) {
  const std::string path =
      (std::filesystem::temp_directory_path() / ("her2-draft-test-" + std::to_string(::getpid()) + ".csv")).string();
  std::ofstream(path, std::ios::binary) << text;
  MapDraft out = draft_of(path);
  std::filesystem::remove(path);
  return out;
}

std::string fact_of(const MapDraft& draft, const std::string& column) {
  const auto found = std::find_if(draft.columns.begin(), draft.columns.end(),
                                  [&](const DraftedColumn& one) { return one.column == column; });
  return found == draft.columns.end() ? "" : dictionary()[found->fact].name;
}

TEST(MapDraft, NamesAreComparedByLettersAndDigits) {
  EXPECT_EQ(normal_column_name("HER2 IHC (Score)"), "her2 ihc score");
  EXPECT_EQ(normal_column_name("her2_ihc_score"), "her2 ihc score");
  EXPECT_EQ(normal_column_name("ER%"), "er percent");
  EXPECT_EQ(normal_column_name("--"), "");
}

TEST(MapDraft, AMessyTable) {
  const auto draft = draft_of_text(
      "Patient ID;HER2/neu IHC;HER2 FISH ratio;ER;PR (%);Ki-67 index;Grade;pT;Surgeon\n"
      "17;2+;1,93;positive;0,90;22;G2;pT1c;A\n"
      "18;3+;;pos;0,05;>30;3;T2;B\n"
      "19;four;2,10;neg;0,40;NA;II;pTX;A\n");
  EXPECT_EQ(draft.id, "Patient ID");
  EXPECT_FALSE(draft.id_by_values);
  EXPECT_EQ(draft.delimiter, ';');
  EXPECT_EQ(fact_of(draft, "HER2/neu IHC"), "ihc_score");
  EXPECT_EQ(fact_of(draft, "HER2 FISH ratio"), "ratio");
  EXPECT_EQ(fact_of(draft, "ER"), "er_status") << "its values are words";
  EXPECT_EQ(fact_of(draft, "PR (%)"), "pgr_percent");
  EXPECT_EQ(fact_of(draft, "Ki-67 index"), "ki67_percent");
  EXPECT_EQ(fact_of(draft, "Grade"), "grade");
  EXPECT_EQ(fact_of(draft, "pT"), "pt");
  EXPECT_EQ(draft.unused, std::vector<std::string>{"Surgeon"});
  ASSERT_EQ(draft.columns.size(), 7U);
  EXPECT_EQ(draft.columns[0].odd, std::vector<std::string>{"four"});
  EXPECT_TRUE(draft.columns[1].decimal_comma);
  EXPECT_EQ(draft.columns[2].only_positive, (std::vector<std::string>{"positive", "pos"}));
  EXPECT_TRUE(draft.columns[3].decimal_comma && draft.columns[3].share);
}

TEST(MapDraft, TheValuesDecideBetweenFactsOfOneName) {
  EXPECT_EQ(fact_of(draft_of_text("id,ER\n1,90\n2,0\n3,<1%\n"), "ER"), "er_percent");
  EXPECT_EQ(fact_of(draft_of_text("id,HER2\n1,2+\n2,0\n"), "HER2"), "ihc_score");
  EXPECT_EQ(fact_of(draft_of_text("id,HER2\n1,Positive\n2,negative\n"), "HER2"), "her2_status");
  EXPECT_EQ(fact_of(draft_of_text("id,HER2\n1,blue\n2,green\n"), "HER2"), "") << "values that say nothing";
}

TEST(MapDraft, AnIdWithoutAName) {
  const auto draft = draft_of_text("who,site,her2_status\nx1,A,positive\nx2,A,negative\n");
  EXPECT_EQ(draft.id, "who");
  EXPECT_TRUE(draft.id_by_values);
  EXPECT_EQ(draft_of_text("site,her2_status\nA,positive\nA,negative\n").id, "");
}

// The file says what the draft says, whatever the names are.
TEST(MapDraft, IsAMapThatReads) {
  const auto draft = draft_of_text(
      "case,HER2 status,\"ER \"\"\\ status\",Tumor size\nA,positive,positive,1\nB,\"neg\\\"\"\tx\",negative,20\n");
  const std::string toml = draft_toml(draft, "a \"table\"\n.csv", dictionary());
  const auto map = ColumnMap::parse(toml, "draft.toml", dictionary());
  ASSERT_TRUE(map) << map.error().text() << "\n" << toml;
  EXPECT_EQ(map->subject.id, std::vector<std::string>{"case"});
  ASSERT_EQ(map->columns.size(), draft.columns.size());
  for (const ColumnRule& rule : map->columns) {
    EXPECT_EQ(dictionary()[rule.fact].name, fact_of(draft, rule.column));
  }
}

// Every column that both know means the same in the draft and in the map that a person wrote.
void expect_as_by_hand(const std::string& table, const std::string& preset, std::size_t at_least) {
  const std::string path = test::data_folder() + "/tables/" + table;
  if (!std::filesystem::exists(path)) {
    GTEST_SKIP() << path << " is absent";
  }
  const auto draft = draft_of(path);
  const ColumnMap map = test::preset(preset);
  EXPECT_TRUE(std::find(map.subject.id.begin(), map.subject.id.end(), draft.id) != map.subject.id.end()) << draft.id;
  std::size_t same = 0;
  for (const ColumnRule& rule : map.columns) {
    const std::string drafted = fact_of(draft, rule.column);
    if (!drafted.empty()) {
      EXPECT_EQ(drafted, dictionary()[rule.fact].name) << rule.column;
      ++same;
    }
  }
  EXPECT_GE(same, at_least);
}

TEST(MapDraft, MetabricAsByHand) { expect_as_by_hand("metabric/brca_metabric_clinical_data.tsv", "metabric", 8); }
TEST(MapDraft, TcgaAsByHand) {
  expect_as_by_hand("tcga_brca/nationwidechildrens.org_clinical_patient_brca.txt", "tcga-biotab", 7);
}

TEST(MapDraft, ABookThatIsWrong) {
  const auto wrong = [](const char* toml) {
    const auto read = ColumnNamesBook::parse(toml, "names.toml", dictionary());
    return read ? std::string("read") : read.error().text();
  };
  EXPECT_NE(wrong("[facts]\nnothing = [\"a\"]\n").find("names.toml: line 2"), std::string::npos);
  EXPECT_NE(wrong("[facts]\nratio = \"a\"\n").find("must be a list of names"), std::string::npos);
  EXPECT_NE(wrong("[facts]\nratio = [\"A b\"]\n").find("small letters"), std::string::npos);
  EXPECT_NE(wrong("id = [3]\n").find("small letters"), std::string::npos);
}

}  // namespace
}  // namespace her2
