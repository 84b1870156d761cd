// SPDX-License-Identifier: Apache-2.0
#include "her2/run/care_cohort.h"

#include <gmock/gmock.h>

#include "table_fixture.h"
#include "tests/places.h"

namespace her2::test {
namespace {

using testing::HasSubstr;

struct CareRun {
  Result<CareCohortSummary> summary;
  std::string out;
};

CareRun run_care(const std::string& table, CareCohortOptions options = {}, const std::string& map_name = "plain",
                 std::size_t block = 1U << 20) {
  const TempFolder folder;
  ColumnMap map = real_map(map_name);
  map.format.block = block;
  options.plan = &real_plan("2023");
  auto out = OutputFile::open(folder / "out");
  auto reader = BlockReader::open(folder.write("table.csv", table), map.format);
  EXPECT_TRUE(reader) << (reader ? "" : reader.error().text());
  auto summary = care_cohort(std::move(*reader), map, real_vocabulary(), options, *out);
  EXPECT_TRUE(out->commit());
  return {std::move(summary), text_of_file(folder / "out")};
}

constexpr const char* kNames =
    "id,age_years,size_mm,positive_nodes,grade,er_status,pgr_status,her2_status,smoking,pt,pn,m_category,"
    "given_endocrine,given_chemotherapy,given_radiotherapy,heart_dose_gy\n";

TEST(CareCohort, a_row_is_told) {
  const auto run =
      run_care(std::string(kNames) + "a,57,29,0,1,positive,positive,negative,never,,,,five-years,third-generation,,\n");
  ASSERT_TRUE(run.summary) << run.summary.error().text();
  const auto rows = rows_of_tsv(run.out);
  ASSERT_EQ(rows.size(), 1U);
  const auto& row = rows.front();
  EXPECT_EQ(row.at("receptor_subtype"), "HR+/HER2-");
  EXPECT_EQ(row.at("t"), "2");
  EXPECT_EQ(row.at("n"), "0");
  EXPECT_EQ(row.at("anatomic_stage"), "IIA");
  EXPECT_EQ(row.at("npi"), "2.5800");
  EXPECT_EQ(row.at("npi_group"), "GPG");
  const auto expected = predict(PredictModel::v3_2, PredictOutcome::death,
                                {57, 29, 0, 1, true, Known::unknown, Known::no, Known::unknown, Known::yes, false},
                                {false, 0, true, 3, false, false});
  EXPECT_NEAR(std::stod(row.at("alive_10")), expected.alive_in(PredictArm::bisphosphonate)[9], 5e-5);
  EXPECT_NEAR(std::stod(row.at("alive_10_surgery")), expected.alive[0][9], 5e-5);
  EXPECT_NEAR(std::stod(row.at("breast_10")), expected.breast[5][9], 5e-5);
  EXPECT_EQ(run.summary->predict[0], 1U);
  EXPECT_EQ(run.summary->quick, 1U);
}

TEST(CareCohort, what_is_unknown_refused_or_contradictory_is_said_in_its_line) {
  const auto run =
      run_care(std::string(kNames) +
               "a,57,29,0,1,positive,positive,negative,,,,,,,,\n"          // smoking: an interval
               "b,24,29,0,1,positive,positive,negative,never,,,,,,,\n"     // too young for the model
               "c,57,60,3,1,positive,positive,negative,never,1c,0,,,,,\n"  // T1 with 60 mm, N0 with 3 nodes
               "d,,,,2,positive,positive,negative,never,,,,,,,\n"          // too little
               "e,57,abc,0,1,positive,positive,negative,never,,,,,,,\n"    // no number
               "a,57,29,0,1,positive,positive,negative,never,,,,,,,\n"     // an id twice
               "f,57,29\n"                                                 // too few fields
               "g,57,29,0,1,positive,positive,negative,never,,,1,,,,\n");  // metastatic
  ASSERT_TRUE(run.summary) << run.summary.error().text();
  const auto rows = rows_of_tsv(run.out);
  ASSERT_EQ(rows.size(), 8U);
  EXPECT_EQ(rows[0].at("not_known"), "smoking");
  EXPECT_THAT(rows[0].at("alive_10"), HasSubstr("-"));
  EXPECT_THAT(rows[1].at("refused_reason"), HasSubstr("outside 25 to 85 years"));
  EXPECT_EQ(rows[1].at("anatomic_stage"), "IIA");
  EXPECT_EQ(rows[1].at("npi"), "2.5800");
  EXPECT_EQ(rows[2].at("notices"), "t-against-size;n-against-nodes");
  EXPECT_EQ(rows[2].at("receptor_subtype"), "HR+/HER2-");
  EXPECT_THAT(rows[2].at("anatomic_stage"), HasSubstr("IA|"));
  EXPECT_EQ(rows[3].at("alive_10"), "");
  EXPECT_EQ(rows[4].at("refused_column"), "size_mm");
  EXPECT_THAT(rows[5].at("refused_reason"), HasSubstr("same id"));
  EXPECT_THAT(rows[6].at("refused_reason"), HasSubstr("fields"));
  EXPECT_EQ(rows[7].at("anatomic_stage"), "IV");
  EXPECT_THAT(rows[7].at("refused_reason"), HasSubstr("distant metastases"));
  EXPECT_EQ(run.summary->rows, 8U);
  EXPECT_EQ(run.summary->rows_refused, 2U);
  EXPECT_EQ(run.summary->cells_refused, 1U);
}

// A table whose rows are plain, odd, or both.
std::string mixed_table(std::uint64_t seed, int rows) {
  Dice dice(seed);
  std::string out =
      "id,age_years,size_mm,positive_nodes,grade,er_status,er_percent,pgr_status,ki67_percent,her2_status,ihc_score,"
      "detection,smoking,pt,pn,m_category,given_endocrine,given_chemotherapy,given_trastuzumab,given_radiotherapy,"
      "heart_dose_gy,recorded_npi,menopausal_status,recorded_stage\n";
  const auto maybe = [&](int percent, const std::string& text) { return dice.chance(percent) ? text : std::string(); };
  for (int i = 0; i < rows; ++i) {
    const std::vector<std::string> ages = {"24", "25", "85", "61.5", "40-45", "unknown"};
    const std::vector<std::string> sizes = {"0.5", "5.4", "20", "20.4", "20.5", "60", "10-30", "200"};
    const std::vector<std::string> words = {"negative", "positive", "low-positive|positive", "low-positive"};
    const std::vector<std::string> chemo = {"none", "second-generation", "third-generation", "none|third-generation"};
    const std::vector<std::string> endocrine = {"no", "five-years", "ten-years", "five-years|ten-years", "unknown"};
    const std::vector<std::string> index = {"3.4", "4.44", "4.044", "5", "4.0440001"};
    const std::vector<std::string> fields = {"r" + std::to_string(i),
                                             dice.chance(80) ? std::to_string(dice.roll(25, 85)) : dice.of(ages),
                                             dice.chance(60) ? std::to_string(dice.roll(1, 70)) : dice.of(sizes),
                                             maybe(95, std::to_string(dice.roll(0, 12))),
                                             maybe(95, std::to_string(dice.roll(1, 3))),
                                             maybe(80, dice.of(words)),
                                             maybe(30, std::to_string(dice.roll(0, 100))),
                                             maybe(70, dice.chance(50) ? "positive" : "negative"),
                                             maybe(50, std::to_string(dice.roll(0, 60))),
                                             maybe(50, dice.chance(20) ? "positive" : "negative"),
                                             maybe(20, "3+"),
                                             maybe(30, "screening"),
                                             maybe(80, dice.chance(30) ? "current" : "never"),
                                             maybe(15, dice.chance(50) ? "1c" : "2"),
                                             maybe(15, dice.chance(50) ? "0" : "1"),
                                             maybe(20, dice.chance(90) ? "0" : "1"),
                                             maybe(60, dice.of(endocrine)),
                                             maybe(50, dice.of(chemo)),
                                             maybe(20, "yes"),
                                             maybe(30, "yes"),
                                             maybe(40, "2"),
                                             maybe(30, dice.of(index)),
                                             maybe(30, dice.chance(50) ? "pre" : "post"),
                                             maybe(20, dice.chance(50) ? "II" : "IV")};
    for (std::size_t k = 0; k < fields.size(); ++k) {
      out += (k == 0 ? "" : ",") + fields[k];
    }
    out += "\n";
  }
  return out;
}

TEST(CareCohort, the_quick_way_says_what_the_long_way_says) {
  for (const auto model : {PredictModel::v2_2, PredictModel::v3_1, PredictModel::v3_2}) {
    const std::string table = mixed_table(static_cast<std::uint64_t>(model) + 11, 300);
    CareCohortOptions options;
    options.prognosis.model = model;
    const auto quick = run_care(table, options);
    options.quick = false;
    const auto slow = run_care(table, options);
    ASSERT_TRUE(quick.summary);
    EXPECT_EQ(quick.summary->rows_refused, 0U);
    EXPECT_EQ(slow.summary->quick, 0U);
    EXPECT_GT(quick.summary->quick, 100U);
    EXPECT_LT(quick.summary->quick, 270U);
    const auto a = split(quick.out, '\n'), b = split(slow.out, '\n');
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
      EXPECT_EQ(a[i], b[i]);
    }
  }
}

TEST(CareCohort, the_same_bytes_for_any_threads_blocks_and_formats) {
  const std::string table = mixed_table(5, 200);
  for (const auto format : {RowFormat::tsv, RowFormat::csv, RowFormat::jsonl}) {
    CareCohortOptions options;
    options.format = format;
    const auto one = run_care(table, options);
    options.threads = 3;
    EXPECT_EQ(run_care(table, options, "plain", 4096).out, one.out);
    EXPECT_GT(one.out.size(), 200U * 20);
  }
}

TEST(CareCohort, categories_are_read_as_reports_write_them) {
  const auto run = run_care(
      "id,pt,pn,m_category\na,pT1c,N1mi,cM0\nb,T2,pN0 (i+),MX\nc,T4d,N3c,M0\nd,T1,N0,M0 "
      "(i+)\ne,TX,N1,M0\nf,T9,N0,M0\n");
  const auto rows = rows_of_tsv(run.out);
  ASSERT_EQ(rows.size(), 6U);
  EXPECT_EQ(rows[0].at("anatomic_stage"), "IB");
  EXPECT_EQ(rows[1].at("anatomic_stage"), "IIA|IV");  // M is not known
  EXPECT_EQ(rows[2].at("anatomic_stage"), "IIIC");
  EXPECT_EQ(rows[3].at("anatomic_stage"), "IA");
  EXPECT_EQ(rows[4].at("anatomic_stage"), "IIA|IIB|IIIA|IIIB");
  EXPECT_EQ(rows[5].at("refused_column"), "pt");
}

TEST(CareCohort, a_stage_table_adds_its_column) {
  std::string own = "t,n,m,grade,her2,er,pr,stage\nTis,N0,M0,any,any,any,any,0\nany,any,M1,any,any,any,any,IV\n";
  for (const char* cell : {"T0,N1mi", "T0,N1", "T0,N2", "T0,N3", "T1,any", "T2,any", "T3,any", "T4,any"}) {
    own += std::string(cell) + ",M0,any,any,any,any,IIIC\n";
  }
  const auto table = StageTable::parse(own, "own.csv", StageTable::Kind::pathological);
  ASSERT_TRUE(table) << table.error().text();
  CareCohortOptions options;
  options.prognosis.pathological_table = &*table;
  const auto run = run_care(std::string(kNames) + "a,57,29,0,1,positive,positive,negative,never,,,,,,,\n", options);
  EXPECT_EQ(rows_of_tsv(run.out).front().at("prognostic_stage"), "IIIC");
}

class MetabricNpi : public testing::Test {
 protected:
  void SetUp() override {
    path_ = data_folder() + "/tables/metabric/brca_metabric_clinical_data.tsv";
    if (!std::filesystem::exists(path_)) {
      GTEST_SKIP() << path_ << " is absent: set HER2_TEST_DATA";
    }
  }
  std::string path_;
};

TEST_F(MetabricNpi, npi_is_recomputed_and_the_wrong_column_found) {
  const auto run = run_care(text_of_file(path_), {}, "metabric");
  ASSERT_TRUE(run.summary) << run.summary.error().text();
  EXPECT_EQ(run.summary->rows, 2509U);
  // README of the data: of 2,040 rows with size, nodes, grade and NPI 1,833 have a size term ten times too small, 161
  // not
  EXPECT_EQ(run.summary->notices.at("npi-size-term"), 1833U);
  EXPECT_EQ(run.summary->notices.at("npi-differs"), 2040U - 1833 - 161);
  const auto& subtypes = run.summary->subtypes;
  EXPECT_GT(subtypes.at("HR+/HER2-"), 1000U);
  EXPECT_GT(subtypes.at("triple-negative"), 200U);
  for (const auto& row : rows_of_tsv(run.out)) {
    if (!row.at("npi").empty() && row.at("npi").find('-') == std::string::npos) {
      EXPECT_GE(std::stod(row.at("npi")), 2.0);
    }
  }
}

}  // namespace
}  // namespace her2::test
