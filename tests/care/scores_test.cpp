// SPDX-License-Identifier: Apache-2.0
// Every row of score_vectors.csv, and what the scores say of facts.
#include <cmath>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "her2/care/cpseg.h"
#include "her2/care/cts5.h"
#include "her2/care/ihc4.h"
#include "her2/care/magee.h"
#include "her2/care/nottingham.h"
#include "her2/care/npi.h"
#include "her2/care/pepi.h"
#include "her2/care/rcb.h"
#include "tests/care/csv_rows.h"
#include "tests/care/fixture.h"

namespace her2 {
namespace {

using test::facts;
using test::real_dictionary;
using test::short_text;
using testing::HasSubstr;
using Row = std::map<std::string, std::string>;

double at(const Row& row, const std::string& name) { return std::stod(row.at(name)); }
int whole(const Row& row, const std::string& name) { return std::stoi(row.at(name)); }

void check_row(const Row& row) {
  const std::string& score = row.at("score");
  if (score.starts_with("NPI")) {
    const double size_mm = std::round(at(row, "in1") * 1e6) / 1e5;  // cm with one digit
    const double index = npi(size_mm, whole(row, "in2"), at(row, "in3"));
    EXPECT_NEAR(index, at(row, "out1"), 1e-9);
    std::string group(npi_group_name(npi_group(size_mm, whole(row, "in2"), at(row, "in3"))));
    group = group == "MPG I" ? "MPG1" : group == "MPG II" ? "MPG2" : group;
    EXPECT_EQ(group, row.at("out2")) << row.at("in1");
    EXPECT_NEAR(npi_survival(index), at(row, "out3"), 1e-9);
  } else if (score.starts_with("CPSEG")) {
    EXPECT_EQ(cps_eg(row.at("in1"), row.at("in2"), row.at("in3") == "1", whole(row, "in4")), whole(row, "out1"));
    EXPECT_EQ(neo_bioscore(row.at("in1"), row.at("in2"), row.at("in3") == "1", whole(row, "in4"), false),
              whole(row, "out1") + 1);
  } else if (score.starts_with("CTS5")) {
    EXPECT_NEAR(cts5(at(row, "in1"), at(row, "in2"), whole(row, "in3"), at(row, "in4")), at(row, "out1"), 1e-9);
    constexpr std::array<const char*, 3> kGroups{"low", "intermediate", "high"};
    const int group = cts5_group(at(row, "in1"), at(row, "in2"), whole(row, "in3"), at(row, "in4"));
    EXPECT_EQ(kGroups[static_cast<std::size_t>(group)], row.at("out2"));
  } else if (score.starts_with("RCB")) {
    const double index =
        rcb({at(row, "in1"), at(row, "in2"), at(row, "in3"), at(row, "in4"), at(row, "in5"), at(row, "in6")});
    EXPECT_NEAR(index, at(row, "out1"), 1e-9);
    EXPECT_EQ(rcb_class_name(rcb_class(index)), row.at("out2"));
  } else if (score.starts_with("MAGEE")) {
    const std::string& her2 = row.at("in4");
    const auto equations = magee({at(row, "in1"), at(row, "in2"), at(row, "in3"),
                                  her2 == "neg"   ? 0
                                  : her2 == "pos" ? 2
                                                  : 1,
                                  at(row, "in5"), at(row, "in6")});
    EXPECT_NEAR(equations[0], at(row, "out1"), 1e-9);
    EXPECT_NEAR(equations[1], at(row, "out2"), 1e-9);
    EXPECT_NEAR(equations[2], at(row, "out3"), 1e-9);
  } else if (score.starts_with("IHC4")) {
    EXPECT_NEAR(ihc4(at(row, "in1"), at(row, "in2"), at(row, "in3"), row.at("in4") == "1"), at(row, "out1"), 1e-9);
  } else {
    ADD_FAILURE() << "no test for " << score;
  }
}

TEST(Scores, every_vector) {
  const auto rows = test::csv_rows(test::dossier_file("score_vectors.csv"));
  if (rows.empty()) {
    GTEST_SKIP() << "score_vectors.csv is absent: set HER2_DOSSIER";
  }
  EXPECT_EQ(rows.size(), 448U);
  for (const Row& row : rows) {
    check_row(row);
  }
}

TEST(Scores, worked_examples_of_the_dossier) {
  EXPECT_EQ(npi_group(20, 2, 0), 1);  // sits on 3.4
  EXPECT_NEAR(npi_survival(npi(20, 2, 0)), 90.9, 0.05);
  EXPECT_NEAR(npi_survival(npi(10, 1, 0)), 96.3, 0.05);
  EXPECT_NEAR(npi_survival(npi(35, 3, 5)), 31.2, 0.05);
  EXPECT_NEAR(cts5(60, 20, 2, 0), 3.1912, 5e-5);
  EXPECT_NEAR(cts5(65, 10, 1, 0), 2.2823, 5e-5);
  EXPECT_NEAR(cts5(55, 30, 3, 5), 5.2166, 5e-5);
  EXPECT_NEAR(cts5(58, 15, 2, 1), 3.3091, 5e-5);
  EXPECT_EQ(cts5(58, 45, 2, 1), cts5(58, 30, 2, 1));
  EXPECT_NEAR(rcb({20, 15, 10, 0, 0, 0}), 1.5370, 5e-5);
  EXPECT_NEAR(rcb({35, 20, 40, 5, 3, 8}), 3.7148, 5e-5);
  EXPECT_NEAR(rcb({5, 3, 1, 0, 0, 0}), 0.8056, 5e-5);
  EXPECT_NEAR(rcb({0, 0, 0, 0, 1, 0.5}), 0.8888, 5e-5);
  EXPECT_EQ(rcb({}), 0);
  EXPECT_NEAR(ihc4(240, 80, 10, false), -30.7, 0.05);
  EXPECT_NEAR(ihc4(240, 80, 10, false, Ki67Unit::share), -119.9, 0.05);
  EXPECT_EQ(cps_eg("IIIA", "IIA", true, 2), 2);
  EXPECT_EQ(cps_eg("IIB", "IIA", true, 3), 3);
  EXPECT_EQ(cps_eg("IIIC", "IIIC", false, 3), 6);
  EXPECT_EQ(cps_eg("IV", "IIA", true, 1), std::nullopt);
  EXPECT_EQ(neo_bioscore("IIIC", "IIIC", false, 3, true), 6);
}

TEST(Scores, limits_of_groups_are_those_of_the_sources) {
  EXPECT_EQ(npi_group(19.9, 2, 0), 1);
  EXPECT_EQ(npi_group(20.1, 2, 0), 2);
  EXPECT_EQ(rcb_class(1.36), 1);
  EXPECT_EQ(rcb_class(1.3601), 2);
  EXPECT_EQ(rcb_class(3.28), 2);
  EXPECT_EQ(rcb_class(3.2801), 3);
  EXPECT_EQ(pepi(false, false, 2.7, 3), 0);
  EXPECT_EQ(pepi(false, false, 2.8, 3), 1);
  EXPECT_EQ(pepi(false, false, 19.7, 3), 1);
  EXPECT_EQ(pepi(false, false, 19.8, 3), 2);
  EXPECT_EQ(pepi(false, false, 53.1, 3), 2);
  EXPECT_EQ(pepi(true, true, 53.2, 2), 12);
  EXPECT_EQ(tubule_points(75), 2);
  EXPECT_EQ(tubule_points(75.1), 1);
  EXPECT_EQ(tubule_points(10), 2);
  EXPECT_EQ(tubule_points(9.9), 3);
  EXPECT_EQ(mitotic_points(9), std::vector<int>{1});
  EXPECT_EQ(mitotic_points(10), std::vector<int>{2});
  EXPECT_EQ(mitotic_points(20), (std::vector<int>{2, 3}));
  EXPECT_EQ(mitotic_points(21), std::vector<int>{3});
  EXPECT_EQ(magee_decision({17.9, 17.9, 17.9}, 3), 0);
  EXPECT_EQ(magee_decision({18, 17, 17}, 2), 1);
  EXPECT_EQ(magee_decision({25, 18, 17}, 1), 0);
  EXPECT_EQ(magee_decision({25.1, 18, 17}, 1), 1);
  EXPECT_EQ(magee_decision({31, 31, 31}, 3), 2);
  EXPECT_EQ(magee_decision({31, 30.9, 31}, 3), 1);
}

TEST(Scores, npi_from_facts) {
  const auto npi_of = [](const std::map<std::string, std::string>& texts) {
    return short_text(npi_result(real_dictionary(), facts(texts)));
  };
  EXPECT_EQ(npi_of({{"size_mm", "20"}, {"grade", "2"}, {"positive_nodes", "0"}}),
            "answered npi=3.40 npi_survival_10=91 % [GPG]");
  EXPECT_EQ(npi_of({{"size_mm", "20"}, {"grade", "2-3"}, {"positive_nodes", "0"}}),
            "open npi=3.40 to 4.40 npi_survival_10=80 to 91 % [GPG|MPG I] ?grade");
  EXPECT_EQ(npi_of({{"size_mm", "20"}, {"nottingham_score", "7"}, {"positive_nodes", "1-3"}}),
            "answered npi=4.40 npi_survival_10=80 % [MPG I]");
  EXPECT_EQ(npi_of({{"size_mm", "10-40"}, {"grade", "2"}, {"positive_nodes", "0"}}),
            "open npi=3.20 to 3.80 npi_survival_10=87 to 92 % [GPG|MPG I] ?size_mm");
  EXPECT_THAT(npi_of({{"positive_nodes", "0"}}), HasSubstr("?size_mm ?grade"));
  EXPECT_THAT(npi_of({{"er_status", "positive"}}), HasSubstr("open"));
  EXPECT_THAT(npi_result(real_dictionary(), {}).says, HasSubstr("cannot be said"));
}

TEST(Scores, a_known_part_narrows_and_never_widens) {
  const auto width = [](const std::map<std::string, std::string>& texts) {
    const auto result = npi_result(real_dictionary(), facts(texts));
    return result.numbers.front().high - result.numbers.front().low;
  };
  const double wide = width({{"size_mm", "10-40"}, {"grade", "unknown"}, {"positive_nodes", "1"}});
  const double narrow = width({{"size_mm", "20-30"}, {"grade", "2|3"}, {"positive_nodes", "1"}});
  EXPECT_LT(narrow, wide);
  EXPECT_EQ(width({{"size_mm", "20"}, {"grade", "3"}, {"positive_nodes", "1"}}), 0);
}

TEST(Scores, refusals_name_the_reason) {
  EXPECT_EQ(short_text(cts5_result(real_dictionary(), facts({{"er_percent", "0"}, {"age_years", "60"}}))),
            "refused: ER is negative; this score is for ER-positive disease");
  EXPECT_THAT(short_text(cts5_result(real_dictionary(), facts({{"menopausal_status", "pre"}}))),
              HasSubstr("after menopause"));
  EXPECT_THAT(short_text(magee_result(real_dictionary(), facts({{"her2_status", "positive"}}))),
              HasSubstr("HER2-negative"));
  EXPECT_THAT(short_text(cps_eg_result(real_dictionary(), facts({{"clinical_stage", "IV"}}))), HasSubstr("refused"));
  EXPECT_THAT(short_text(npi_result(real_dictionary(), facts({{"size_mm", "0"}, {"grade", "2"}}))),
              HasSubstr("outside 0.1 to 500 mm"));
}

TEST(Scores, scores_after_treatment) {
  EXPECT_EQ(short_text(cps_eg_result(
                real_dictionary(),
                facts({{"clinical_stage", "IIB"}, {"yp_stage", "IIA"}, {"er_percent", "90"}, {"grade", "3"}}))),
            "answered cps_eg=3 points cps_eg_survival_5=84.8 % [3]");
  EXPECT_EQ(short_text(neo_bioscore_result(real_dictionary(), facts({{"clinical_stage", "IIB"},
                                                                     {"yp_stage", "II"},
                                                                     {"er_percent", "90"},
                                                                     {"grade", "3"},
                                                                     {"her2_status", "equivocal"}}))),
            "open neo_bioscore=3 to 4 points [3|4] ?her2_status");
  EXPECT_EQ(short_text(rcb_result(real_dictionary(), facts({{"bed_length_mm", "20"},
                                                            {"bed_width_mm", "15"},
                                                            {"bed_cellularity_percent", "10"},
                                                            {"bed_in_situ_percent", "0"},
                                                            {"yp_nodes", "0"},
                                                            {"yp_deposit_mm", "0"}}))),
            "answered rcb=1.54 [RCB-II]");
  EXPECT_EQ(short_text(
                pepi_result(real_dictionary(),
                            facts({{"ypt", "2"}, {"yp_nodes", "0"}, {"yp_ki67_percent", "2-10"}, {"yp_allred", "7"}}))),
            "open pepi=0 to 1 points [0|1 to 3] ?yp_ki67_percent");
}

TEST(Scores, nottingham_and_magee_from_parts) {
  EXPECT_EQ(short_text(nottingham_result(real_dictionary(), facts({{"tubule_percent", "5"},
                                                                   {"pleomorphism_score", "3"},
                                                                   {"mitoses_10_hpf", "20"},
                                                                   {"hpf_area_mm2", "0.274"}}))),
            "open nottingham_score=8 to 9 points [3] ?mitoses_10_hpf");
  const auto other_field = nottingham_result(
      real_dictionary(), facts({{"tubule_score", "2"}, {"pleomorphism_score", "2"}, {"mitoses_10_hpf", "3"}}));
  EXPECT_THAT(short_text(other_field), HasSubstr("[1|2]"));
  EXPECT_THAT(other_field.assumes, testing::Contains(HasSubstr("0.274 mm2")));
  const std::map<std::string, std::string> low = {
      {"nottingham_score", "6"}, {"er_h_score", "270"},  {"pgr_h_score", "200"}, {"her2_status", "negative"},
      {"size_mm", "15"},         {"ki67_percent", "10"}, {"mitotic_score", "1"}};
  EXPECT_EQ(short_text(magee_result(real_dictionary(), facts(low))),
            "answered magee_1=15.2 magee_2=16.7 magee_3=14.5 [low score expected]");
}

}  // namespace
}  // namespace her2
