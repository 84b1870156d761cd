// SPDX-License-Identifier: Apache-2.0
#include "her2/record/case_list.h"

#include <set>

#include "fixture.h"
#include "her2/guideline/holds.h"
#include "her2/record/cohort_table.h"
#include "tests/run/random_table.h"

namespace her2::test {
namespace {

std::set<std::string> ids(const CaseList& list) {
  std::set<std::string> out;
  for (const auto& one : list.cases) {
    out.insert(one.id);
  }
  return out;
}

TEST(CaseList, AsksFactsAndWhatWasConcluded) {
  TestStore test;
  must(record(*test.store, small_case("low", {{"ihc_score", "1+"}, {"er_percent", "90"}})));
  must(record(*test.store, small_case("pos", {{"ihc_score", "3+"}, {"er_percent", "90"}})));
  must(record(*test.store, small_case("neg", {{"ihc_score", "0"}, {"er_percent", "0"}})));
  must(record(*test.store, small_case("two", {{"ihc_score", "2+"}, {"er_percent", "90"}})));
  must(record(*test.store, small_case("may", {{"ihc_score", "0|1+|3+"}, {"er_percent", "90"}})));
  const auto where = [&](const char* text, bool open = false) {
    return ids(must(list_cases(*test.store, dictionary(), must(parse_where(text, dictionary())), open)));
  };
  using Ids = std::set<std::string>;
  EXPECT_EQ(where("her2_status = negative and er_status = positive"), Ids{"low"});
  EXPECT_EQ(where("her2_status==negative && er_status==positive", true), (Ids{"low", "may"}));
  EXPECT_EQ(where("her2_status = negative"), (Ids{"low", "neg"}));
  EXPECT_EQ(where("ihc_score >= 2+"), (Ids{"pos", "two"}));
  EXPECT_EQ(where("ratio is missing"), (Ids{"low", "pos", "neg", "two", "may"}));
  EXPECT_EQ(where("er_percent <= 0"), Ids{"neg"});
  must(record(*test.store, small_case("ish", {{"cells", "20"}, {"her2_total", "90"}, {"cep17_total", "40"}})));
  must(record(*test.store,
              small_case("odd", {{"cells", "20"}, {"her2_total", "90"}, {"cep17_total", "40"}, {"ratio", "1.2"}})));
  EXPECT_EQ(where("ratio >= 2"), Ids{"ish"}) << "a ratio follows from its counts";
  EXPECT_EQ(where("ratio >= 2", true), (Ids{"ish", "odd"})) << "a contradiction leaves it open";
  EXPECT_FALSE(parse_where("her2_status = nonsense", dictionary()));
  EXPECT_FALSE(parse_where("her2_status = negative; DROP TABLE fact", dictionary()));
}

// Of exact facts the answer must be that of `holds`, case by case.
TEST(CaseList, AgreesWithTheConditionOfEachCase) {
  TestStore test;
  RandomTable table(3, 0);
  std::map<std::string, FactValues> known;
  for (int i = 0; i < 60; ++i) {
    const auto row = table.row();
    std::map<std::string, std::string> facts;
    for (const char* name : {"ihc_score", "er_percent", "pgr_percent", "ki67_percent"}) {
      const auto at = std::find(table.columns().begin(), table.columns().end(), name) - table.columns().begin();
      if (const auto& text = row[static_cast<std::size_t>(at)]; !text.empty()) {
        facts[name] = text;
      }
    }
    const std::string id = "c" + std::to_string(i);
    const Case subject = small_case(id, facts);
    must(record(*test.store, subject));
    for (const auto& [fact, value] : subject.specimens.front().facts) {
      known[id][fact] = value.value;
    }
  }
  for (const char* text :
       {"er_percent >= 10 and ihc_score in {0, 1+}", "not (pgr_percent < 20) or ki67_percent is known",
        "er_percent + pgr_percent > 80", "ihc_score is missing", "ki67_percent <= 20 and er_percent > 1"}) {
    const Condition condition = must(parse_where(text, dictionary()));
    std::set<std::string> right;
    for (int i = 0; i < 60; ++i) {
      const std::string id = "c" + std::to_string(i);
      if (holds(dictionary(), condition, known[id])) {
        right.insert(id);
      }
    }
    EXPECT_EQ(ids(must(list_cases(*test.store, dictionary(), condition, false))), right) << text;
    EXPECT_FALSE(right.empty()) << text;
  }
}

TEST(CohortTable, ARowASpecimenAndEveryColumnExplained) {
  TestStore test;
  must(record(*test.store, small_case("a, \"b\"", {{"ihc_score", "1+"}, {"er_percent", "90"}})));
  Case two = small_case("two", {{"ihc_score", "3+"}});
  two.specimens.push_back(two.specimens.front());
  two.specimens.back().id = "liver";
  must(record(*test.store, two));
  const auto table = must(cohort_table(*test.store, dictionary()));
  ASSERT_EQ(table.rows.size(), 3U);
  for (const auto& row : table.rows) {
    EXPECT_EQ(row.size(), table.columns.size());
  }
  const std::string csv = cohort_csv(table);
  EXPECT_NE(csv.find("\"a, \"\"b\"\"\",core,breast,"), std::string::npos) << csv;
  for (const auto& column : table.columns) {
    EXPECT_FALSE(column.label.empty()) << column.name;
  }
}

}  // namespace
}  // namespace her2::test
