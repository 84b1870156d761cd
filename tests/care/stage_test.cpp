// SPDX-License-Identifier: Apache-2.0
#include "her2/care/stage.h"

#include <algorithm>
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

template <class Names>
unsigned index_of(const Names& names, const std::string& name) {
  return static_cast<unsigned>(std::find(names.begin(), names.end(), name) - names.begin());
}

std::string stage(const std::map<std::string, std::string>& texts, StageBasis basis = StageBasis::pathological) {
  return short_text(stage_result(real_dictionary(), facts(texts), basis));
}

TEST(Stage, names_are_those_of_the_facts) {
  for (const char* fact : {"ct", "pt", "ypt", "t_for_stage"}) {
    const auto& values = real_dictionary()[*real_dictionary().find(fact)].values;
    EXPECT_TRUE(std::equal(values.begin(), values.end(), kTNames.begin(), kTNames.end())) << fact;
  }
  for (const char* fact : {"cn", "pn", "ypn", "n_for_stage"}) {
    const auto& values = real_dictionary()[*real_dictionary().find(fact)].values;
    EXPECT_TRUE(std::equal(values.begin(), values.end(), kNNames.begin(), kNNames.end())) << fact;
  }
  for (const char* fact : {"anatomic_stage", "clinical_stage", "yp_stage", "recorded_stage"}) {
    const auto& values = real_dictionary()[*real_dictionary().find(fact)].values;
    EXPECT_TRUE(std::equal(values.begin(), values.end(), kStageNames.begin(), kStageNames.end())) << fact;
  }
}

TEST(Stage, every_row_of_the_anatomic_table) {
  const auto rows = test::csv_rows(test::dossier_file("ajcc8_anatomic.csv"));
  if (rows.empty()) {
    GTEST_SKIP() << "ajcc8_anatomic.csv is absent: set HER2_DOSSIER";
  }
  EXPECT_EQ(rows.size(), 26U);
  for (const auto& row : rows) {
    for (unsigned t = 0; t < kTNames.size(); ++t) {
      const std::string name = kTNames[t] == "is" ? "Tis" : "T" + std::string(kTNames[t].substr(0, 1));
      if (row.at("t") != "any" && row.at("t") != name) {
        continue;
      }
      for (unsigned n = 0; n < kNNames.size(); ++n) {
        if (row.at("n") == "any" || row.at("n") == "N" + std::string(kNNames[n])) {
          const auto found = anatomic_stage(t, n, row.at("m") == "M1" ? 1 : 0);
          ASSERT_TRUE(found);
          EXPECT_EQ(kStageNames[*found], row.at("stage")) << name << row.at("n");
        }
      }
    }
  }
  EXPECT_FALSE(anatomic_stage(0, 0, 0));
  for (unsigned n = 1; n < 5; ++n) {
    EXPECT_FALSE(anatomic_stage(1, n, 0));
  }
}

TEST(Stage, t_of_a_size) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"0.4", "1mi"}, {"1", "1mi"},  {"1.0", "1mi"}, {"1.1", "1a"}, {"1.4", "1a"},  {"1.9", "1a"},  {"2", "1a"},
      {"5", "1a"},    {"5.4", "1a"}, {"5.5", "1b"},  {"10", "1b"},  {"10.4", "1b"}, {"10.5", "1c"}, {"20", "1c"},
      {"20.4", "1c"}, {"20.5", "2"}, {"50", "2"},    {"50.4", "2"}, {"50.5", "3"},  {"51", "3"},    {"200", "3"}};
  for (const auto& [size, t] : cases) {
    EXPECT_EQ(t_of_size(parse_rational(size).value()), 1U << index_of(kTNames, t)) << size;
  }
  EXPECT_EQ(t_of_size(0), 3U);  // T0 or Tis
}

TEST(Stage, n_of_nodes_and_deposit) {
  const auto n = [](unsigned nodes, const char* deposit) {
    return n_of_nodes(nodes, *deposit == 0 ? std::nullopt : parse_rational(deposit));
  };
  EXPECT_EQ(n(0, ""), 1U);
  EXPECT_EQ(n(2, ""), 2U | 4U);
  EXPECT_EQ(n(2, "0.2"), 1U);  // isolated tumour cells
  EXPECT_EQ(n(2, "0.21"), 2U);
  EXPECT_EQ(n(2, "2.0"), 2U);
  EXPECT_EQ(n(3, "2.1"), 4U);
  EXPECT_EQ(n(4, ""), 8U);
  EXPECT_EQ(n(9, "5"), 8U);
  EXPECT_EQ(n(10, "5"), 16U);
  EXPECT_EQ(n(4, "1"), 2U | 8U);  // the source does not say
}

TEST(Stage, from_categories_and_from_measurements) {
  EXPECT_EQ(stage({{"pt", "1c"}, {"pn", "0"}, {"m_category", "0"}}), "answered [IA]");
  EXPECT_EQ(stage({{"size_mm", "22"}, {"positive_nodes", "0"}}), "answered [IIA]");
  EXPECT_EQ(stage({{"size_mm", "22"}, {"positive_nodes", "2"}}), "answered [IIB]");
  EXPECT_EQ(stage({{"size_mm", "12"}, {"positive_nodes", "2"}}), "open [IB|IIA] ?node_deposit_mm");
  EXPECT_EQ(stage({{"size_mm", "12"}, {"positive_nodes", "2"}, {"node_deposit_mm", "1.5"}}), "answered [IB]");
  EXPECT_EQ(stage({{"size_mm", "18-22"}, {"positive_nodes", "0"}}), "open [IA|IIA] ?size_mm");
  EXPECT_EQ(stage({{"size_mm", "12"}, {"positive_nodes", "0"}, {"t4_features", "skin"}}), "answered [IIIB]");
  EXPECT_EQ(stage({{"size_mm", "12"}, {"positive_nodes", "0"}, {"inflammatory", "unknown"}}),
            "open [IA|IIIB] ?inflammatory");
  EXPECT_EQ(stage({{"pt", "1c"}, {"pn", "unknown"}}), "open [IA|IB|IIA|IIIA|IIIC] ?pn");
  EXPECT_EQ(stage({{"pt", "2"}}), "open [IIA|IIB|IIIA|IIIC] ?pn");
  EXPECT_EQ(stage({{"pt", "4"}, {"pn", "0|1"}}), "answered [IIIB]");
  EXPECT_EQ(stage({{"pt", "1c"}, {"pn", "0"}, {"m_category", "1"}}), "answered [IV]");
  EXPECT_EQ(stage({{"m_category", "1"}}), "answered [IV]");
  EXPECT_EQ(stage({{"pt", "is"}, {"pn", "0"}}), "answered [0]");
  EXPECT_THAT(stage({{"pt", "is"}, {"pn", "1"}}), HasSubstr("refused: this T and N have no anatomic stage"));
  EXPECT_THAT(stage({{"pt", "0"}, {"pn", "0"}}), HasSubstr("refused"));
  EXPECT_THAT(stage_result(real_dictionary(), {}, StageBasis::clinical).says, HasSubstr("cannot be said"));
  EXPECT_THAT(stage_result(real_dictionary(), facts({{"pt", "2"}, {"pn", "0"}}), StageBasis::pathological).assumes,
              testing::ElementsAre("no metastasis is recorded: taken as M0"));
}

TEST(Stage, after_treatment) {
  const auto after = StageBasis::after_treatment;
  EXPECT_EQ(stage({{"ypt", "0"}, {"ypn", "0"}}, after), "answered [complete response]");
  EXPECT_EQ(stage({{"ypt", "is"}, {"ypn", "0"}}, after), "answered [complete response]");
  EXPECT_EQ(stage({{"ypt", "1a"}, {"yp_nodes", "1"}, {"yp_deposit_mm", "3"}}, after), "answered [IIA]");
  EXPECT_EQ(stage({{"ypt", "0"}, {"ypn", "0"}, {"m_category", "1"}}, after), "answered [IV]");  // M1 stays
}

TEST(Stage, facts_that_follow) {
  const auto text = [](const std::map<std::string, std::string>& recorded, const std::string& name) {
    const auto all = with_stage_facts(real_dictionary(), facts(recorded));
    const auto id = *real_dictionary().find(name);
    return all.contains(id) ? value_text(real_dictionary()[id], all.at(id)) : "";
  };
  EXPECT_EQ(text({{"ct", "2"}, {"cn", "1"}, {"pt", "1c"}}, "t_for_stage"), "1c");
  EXPECT_EQ(text({{"ct", "2"}, {"cn", "1"}, {"pt", "1c"}}, "n_for_stage"), "1");
  EXPECT_EQ(text({{"ct", "2"}, {"cn", "1"}, {"pt", "1c"}}, "anatomic_stage"), "IIA");
  EXPECT_EQ(text({{"ct", "2"}, {"cn", "1"}, {"pt", "1c"}}, "clinical_stage"), "IIB");
  EXPECT_EQ(text({{"ypt", "0"}, {"ypn", "0"}}, "yp_stage"), "0");
  EXPECT_EQ(text({{"ypt", "1a"}, {"ypn", "1"}}, "yp_stage"), "IIA");
  EXPECT_EQ(text({{"anatomic_stage", "IV"}, {"pt", "1c"}, {"pn", "0"}}, "anatomic_stage"), "IV");  // recorded stays
  EXPECT_EQ(text({{"er_status", "positive"}}, "anatomic_stage"), "");
}

TEST(Stage, more_knowledge_never_widens) {
  for (const auto& narrow : {"1c", "1b", "2", "3"}) {
    const auto wide = anatomic_stages(tnm_of(real_dictionary(), facts({{"pn", "0"}}), StageBasis::pathological));
    const auto known =
        anatomic_stages(tnm_of(real_dictionary(), facts({{"pt", narrow}, {"pn", "0"}}), StageBasis::pathological));
    EXPECT_EQ(known.stages & ~wide.stages, 0);
  }
}

}  // namespace
}  // namespace her2
