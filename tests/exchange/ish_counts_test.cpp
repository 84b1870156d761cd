// SPDX-License-Identifier: Apache-2.0
// Counts of people as they come: what is understood, and a sentence with row and column for what is not.
#include <gtest/gtest.h>

#include "her2/exchange/ish_counts.h"
#include "her2/ish/counting.h"

namespace her2 {
namespace {

Result<CountsFile> read(std::string_view text) {
  return parse_counts(std::move(*open_text(memory_source(text), Encoding::utf8)), "c.csv");
}

std::string refusal(std::string_view text) {
  const auto out = read(text);
  return out ? "read" : out.error().text();
}

TEST(IshCounts, NamesOfColumnsAndSeparators) {
  for (const std::string_view text :
       {"her2,cep17\n4,2\n5,3\n", "CEN-17\tHER2 signals\n2\t4\n3\t5\n", "cell;ErbB2;CEP 17\n1;4;2\n2;5;3\n",
        "\xEF\xBB\xBFHER2,CEP17\r\n4,2\r\n,\r\n5,3\r\n"}) {
    const auto file = read(text);
    ASSERT_TRUE(file) << file.error().text();
    const CountSums sums = sums_of(counted(file->readers[0].table));
    EXPECT_EQ(sums.nuclei, 2U);
    EXPECT_EQ(sums.her2, 9U);
    EXPECT_EQ(sums.cep17, 5U);
  }
}

TEST(IshCounts, ReadersAreasVerdictsPlaces) {
  const auto file = read(
      "nucleus,reader,area,her2,cep17,verdict,x_um,y_um,shade\n"
      "n1,ann,A,4,2,accepted,10,20,red\nn1,bob,A,5,2,,10,20,red\nn2,ann,B,,,overlap,1.5,2,\nn3,ann,B,>20,2,yes,3,4,\n");
  ASSERT_TRUE(file) << file.error().text();
  ASSERT_EQ(file->readers.size(), 2U);
  EXPECT_EQ(file->readers[0].reader, "ann");
  const NucleusTable& ann = file->readers[0].table;
  EXPECT_EQ(ann.nuclei.size(), 3U);
  EXPECT_TRUE(ann.named);
  EXPECT_EQ(ann.areas, (std::vector<std::string>{"A", "B"}));
  EXPECT_EQ(ann.nuclei[1].verdict, NucleusVerdict::overlap);
  EXPECT_EQ(ann.nuclei[1].centroid, (SubPoint{48, 64}));
  EXPECT_TRUE(ann.nuclei[2].counts[0].cluster.at_least);
  EXPECT_EQ(count_of(ann.nuclei[2].counts[0], false, ClusterReading::mean), 21U);
  EXPECT_EQ(file->unused, std::vector<std::string>{"shade"});
}

TEST(IshCounts, RefusalsNameRowAndColumn) {
  EXPECT_EQ(refusal("her2,cep17\n4,2\n4,-1\n"),
            "c.csv: row 2 (line 3), column cep17: \"-1\" is negative; a count is a whole number from 0 to 1000");
  EXPECT_NE(refusal("her2,cep17\n2.5,2\n").find("row 1 (line 2), column her2: \"2.5\" is a fraction"),
            std::string::npos);
  EXPECT_NE(refusal("her2,cep17\n4,\n").find("column cep17: is empty"), std::string::npos);
  EXPECT_NE(refusal("her2,cep17\nmany,2\n").find("\"many\" is no count"), std::string::npos);
  EXPECT_NE(refusal("her2,cep17\n1001,2\n").find("more than 1000"), std::string::npos);
  EXPECT_NE(refusal("her2,cep17\n1,2,3\n").find("line 2"), std::string::npos);
  EXPECT_NE(refusal("her2,copies\n1,2\n").find("no column for CEP17 signals"), std::string::npos);
  EXPECT_NE(refusal("cep17\n1\n").find("no column for HER2 signals"), std::string::npos);
  EXPECT_NE(refusal("her2,cep17,HER2 signals\n1,2,1\n").find("both mean her2"), std::string::npos);
  EXPECT_NE(refusal("her2,cep17\n").find("holds no nucleus"), std::string::npos);
  EXPECT_NE(refusal("her2,cep17,verdict\n1,2,maybe\n").find("\"maybe\" is no verdict"), std::string::npos);
  EXPECT_NE(refusal("her2,cep17,x_um\n1,2,3\n").find("only one of the columns"), std::string::npos);
  EXPECT_NE(refusal("her2,cep17\n-1,2\n1,-2\n3,3\n2,x\n").find("; 2 further rows are wrong too (2, 4)"),
            std::string::npos);
}

TEST(IshCounts, OwnTableReadsBack) {
  const auto file = read(
      "nucleus,area,her2,cep17,verdict,her2_doubtful,x_um,y_um\n"
      "\"a, 1\",A,4,2,,1,10.5,20\nb,B,20+,2,,0,1,2\nc,B,,,border,,3,4\n");
  ASSERT_TRUE(file);
  const NucleusTable& before = file->readers[0].table;
  const std::string csv = nuclei_csv(before);
  const auto again = read(csv);
  ASSERT_TRUE(again) << again.error().text() << csv;
  const NucleusTable& after = again->readers[0].table;
  ASSERT_EQ(after.nuclei.size(), before.nuclei.size());
  for (std::size_t i = 0; i < before.nuclei.size(); ++i) {
    EXPECT_EQ(after.id(i), before.id(i));
    EXPECT_EQ(after.nuclei[i].verdict, before.nuclei[i].verdict);
    EXPECT_EQ(after.nuclei[i].centroid, before.nuclei[i].centroid);
    EXPECT_EQ(after.nuclei[i].counts[0].doubtful, before.nuclei[i].counts[0].doubtful);
  }
  EXPECT_EQ(counted(after), counted(before));
  EXPECT_TRUE(after.nuclei[1].counts[0].cluster.at_least);
}

TEST(IshEditsFile, TableAndJsonSayTheSame) {
  const auto table = parse_ish_edits(
      "nucleus,action,reason,her2,cep17,author,time\n7,reject,overlap,,,Ann,2026-01-02\n8,recount,,5,2,Ann,\n9,accept,,"
      ",,,\n",
      "e.csv");
  ASSERT_TRUE(table) << table.error().text();
  ASSERT_EQ(table->size(), 3U);
  EXPECT_EQ((*table)[0].reason, NucleusVerdict::overlap);
  EXPECT_EQ((*table)[1].her2, 5);
  const auto json = parse_ish_edits(ish_edits_json(*table), "e.json");
  ASSERT_TRUE(json) << json.error().text();
  EXPECT_EQ(ish_edits_json(*json), ish_edits_json(*table));
  EXPECT_EQ((*json)[0].time, "2026-01-02");
}

TEST(IshEditsFile, Refusals) {
  const auto says = [](std::string_view text) {
    const auto out = parse_ish_edits(text, "e");
    return out ? std::string("read") : out.error().text();
  };
  EXPECT_EQ(says("nucleus,action\n1,delete\n"),
            "e: row 1 (line 2): the action \"delete\" is not known; expected accept, reject or recount");
  EXPECT_NE(says("nucleus,action,her2\n1,recount,4\n").find("a recount needs cep17"), std::string::npos);
  EXPECT_NE(says("nucleus,action,reason\n1,reject,ugly\n").find("no reason to reject"), std::string::npos);
  EXPECT_NE(says("a,b\n1,2\n").find("no table of corrections"), std::string::npos);
  EXPECT_NE(says("{\"edits\": []}").find("her2-ish-edits/1"), std::string::npos);
  EXPECT_NE(says("{\"format\": \"her2-ish-edits/1\", \"edits\": [{\"nuclues\": \"1\"}]}").find("nuclues"),
            std::string::npos);
  EXPECT_NE(says("{\"format\": \"her2-ish-edits/1\", \"edits\": [{\"action\": \"accept\"}]}").find("edit 1"),
            std::string::npos);
}

}  // namespace
}  // namespace her2
