// SPDX-License-Identifier: Apache-2.0
// Wrong tables must be found wrong. Each mutation is a slip that a person could make in one of the real guideline
// files; the proof must find it, and its example must show it when the engine evaluates it on both tables.
#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "her2/guideline/verify.h"
#include "tests/guideline/fixture.h"

namespace her2 {
namespace {

using Kind = Finding::Kind;

enum class Slip { replace, drop, duplicate };

struct Mutation {
  const char* name;
  const char* guideline;
  const char* table;
  const char* row;
  Slip slip;
  const char* from;  // replace: text in the row's condition, first place
  const char* to;
  Kind shows;  // gap or overlap

  friend void PrintTo(const Mutation& mutation, std::ostream* out) { *out << mutation.name; }
};

// clang-format off
const Mutation kMutations[] = {
    // A row dropped.
    {"drop_score_3_2018", "breast-her2-2018", "ihc", "score-3", Slip::drop, "", "", Kind::gap},
    {"drop_score_0_stained_2018", "breast-her2-2018", "ihc", "score-0-stained", Slip::drop, "", "", Kind::gap},
    {"drop_group_4_2018", "breast-her2-2018", "dual_probe", "group-4", Slip::drop, "", "", Kind::gap},
    {"drop_no_ratio_2018", "breast-her2-2018", "dual_probe", "no-ratio", Slip::drop, "", "", Kind::gap},
    {"drop_equivocal_2007", "breast-her2-2007", "dual_probe", "equivocal", Slip::drop, "", "", Kind::gap},
    {"drop_ihc_undefined_2007", "breast-her2-2007", "ihc_result", "undefined", Slip::drop, "", "", Kind::gap},
    {"drop_er_low_positive", "breast-er-pgr-2020", "er", "low-positive", Slip::drop, "", "", Kind::gap},
    {"drop_null_destiny", "breast-her2-spectrum-destiny", "spectrum", "null", Slip::drop, "", "", Kind::gap},
    // A row written twice under another name.
    {"duplicate_group_1_2018", "breast-her2-2018", "dual_probe", "group-1", Slip::duplicate, "", "", Kind::overlap},
    {"duplicate_score_1_2013", "breast-her2-2013", "ihc", "score-1", Slip::duplicate, "", "", Kind::overlap},
    {"duplicate_not_tested_2018", "breast-her2-2018", "status", "not-tested", Slip::duplicate, "", "", Kind::overlap},
    // An operator flipped between open and closed.
    {"open_score_3_2018", "breast-her2-2018", "ihc", "score-3", Slip::replace, "strong_complete > 10", "strong_complete >= 10", Kind::overlap},
    {"open_ratio_2_group_1", "breast-her2-2018", "dual_probe", "group-1", Slip::replace, "ratio >= 2.0", "ratio > 2.0", Kind::gap},
    {"close_ratio_2_group_5", "breast-her2-2018", "dual_probe", "group-5", Slip::replace, "ratio < 2.0", "ratio <= 2.0", Kind::overlap},
    {"close_copies_6_group_4", "breast-her2-2018", "dual_probe", "group-4", Slip::replace, "copies < 6.0", "copies <= 6.0", Kind::overlap},
    {"open_copies_6_group_3", "breast-her2-2018", "dual_probe", "group-3", Slip::replace, "copies >= 6.0", "copies > 6.0", Kind::gap},
    {"close_copies_4_group_2", "breast-her2-2018", "dual_probe", "group-2", Slip::replace, "copies < 4.0", "copies <= 4.0", Kind::overlap},
    {"close_ratio_2_2_2007", "breast-her2-2007", "dual_probe", "positive", Slip::replace, "ratio > 2.2", "ratio >= 2.2", Kind::overlap},
    {"open_ratio_1_8_2007", "breast-her2-2007", "dual_probe", "equivocal", Slip::replace, "1.8 <= ratio", "1.8 < ratio", Kind::gap},
    {"close_er_1_percent", "breast-er-pgr-2020", "er", "negative", Slip::replace, "er_percent < 1", "er_percent <= 1", Kind::overlap},
    {"open_fixation_6_hours", "breast-her2-2018", "fixation", "pass", Slip::replace, "6 <= fixation_hours", "6 < fixation_hours", Kind::gap},
    {"close_fixation_72_hours", "breast-her2-2018", "fixation", "too-long", Slip::replace, "> 72", ">= 72", Kind::overlap},
    {"open_allred_proportion_10", "breast-allred", "proportion", "p2", Slip::replace, "er_percent <= 10", "er_percent < 10", Kind::gap},
    {"open_allred_third", "breast-allred", "proportion", "p3", Slip::replace, "3 * er_percent <= 100", "3 * er_percent < 100", Kind::gap},
    // A threshold moved.
    {"threshold_score_3_30_percent", "breast-her2-2018", "ihc", "score-3", Slip::replace, "strong_complete > 10", "strong_complete > 30", Kind::gap},
    {"threshold_copies_5_group_4", "breast-her2-2018", "dual_probe", "group-4", Slip::replace, "4.0 <= copies", "5.0 <= copies", Kind::gap},
    {"threshold_ratio_1_8_group_1", "breast-her2-2018", "dual_probe", "group-1", Slip::replace, "ratio >= 2.0", "ratio >= 1.8", Kind::overlap},
    {"threshold_cells_19", "breast-her2-2018", "ish_count", "too-few", Slip::replace, "< 20", "< 19", Kind::gap},
    {"threshold_areas_3", "breast-her2-2018", "ish_acceptance", "reject", Slip::replace, "invasive_areas < 2", "invasive_areas < 3", Kind::overlap},
    {"threshold_pgr_2_percent", "breast-er-pgr-2020", "pgr", "positive", Slip::replace, "pgr_percent >= 1", "pgr_percent >= 2", Kind::gap},
    {"threshold_single_probe_5", "breast-her2-2018", "single_probe", "negative", Slip::replace, "copies < 4.0", "copies < 5.0", Kind::overlap},
    // An interval shrunk or widened.
    {"shrink_score_1_strong", "breast-her2-2013", "ihc", "score-1", Slip::replace, "at_least_weak <= 10", "at_least_weak <= 5", Kind::gap},
    {"shrink_stained_score_0", "breast-her2-2018", "ihc", "score-0-stained", Slip::replace, "0 < stained <= 10", "0 < stained <= 9", Kind::gap},
    {"widen_stained_score_0", "breast-her2-2018", "ihc", "score-0-stained", Slip::replace, "0 < stained <= 10", "0 < stained <= 11", Kind::overlap},
    {"shrink_ki67_intermediate", "breast-ki67-asco-2022", "ki67", "intermediate", Slip::replace, "5 <= ki67_percent <= 30", "5 <= ki67_percent <= 20", Kind::gap},
    {"shrink_low_positive_er", "breast-er-pgr-2020", "er", "low-positive", Slip::replace, "1 <= er_percent <= 10", "1 <= er_percent <= 9", Kind::gap},
    // A value lost from a set, added to it, or confused with another.
    {"lose_0_plus_negative", "breast-her2-2018", "ihc_result", "negative", Slip::replace, "{0, 0+, 1+}", "{0, 1+}", Kind::gap},
    {"add_2_plus_negative", "breast-her2-2018", "ihc_result", "negative", Slip::replace, "{0, 0+, 1+}", "{0, 0+, 1+, 2+}", Kind::overlap},
    {"lose_recount_spectrum", "breast-her2-spectrum-destiny", "spectrum", "status-open", Slip::replace, "recount, ", "", Kind::gap},
    {"lose_allred_8", "breast-allred", "result", "positive", Slip::replace, ", 8}", "}", Kind::gap},
    {"confuse_group_2_and_3", "breast-her2-2018", "ish_finding", "group-3", Slip::replace, "ish_group == 3", "ish_group == 2", Kind::gap},
    {"confuse_status_positive", "breast-subtype-receptors", "subtype", "triple-negative", Slip::replace, "her2_status == negative", "her2_status == positive", Kind::gap},
    // Logic.
    {"and_for_or_acceptance", "breast-her2-2018", "ihc_acceptance", "reject", Slip::replace, "ihc_artefact or", "ihc_artefact and", Kind::gap},
    {"lose_a_negation_acceptance", "breast-her2-2018", "ihc_acceptance", "accept", Slip::replace, "not (", "(", Kind::gap},
    {"forget_missing_cells", "breast-her2-2018", "ish_count", "not-stated", Slip::replace, "is missing", "is known", Kind::gap},
    {"forget_acceptance_3_plus", "breast-her2-2018", "ihc_result", "positive", Slip::replace, "not ihc_acceptance == reject and ", "", Kind::overlap},
    {"forget_zero_cep17", "breast-her2-2018", "dual_probe", "no-ratio", Slip::replace, "cep17_total == 0", "cep17_total < 0", Kind::gap},
    {"forget_basolateral_exception", "breast-her2-2018", "ihc", "score-1", Slip::replace, "and not (basolateral and incomplete_intense > 0)", "", Kind::overlap},
};
// clang-format on

// The table's part of the file, as [begin, end).
std::pair<std::size_t, std::size_t> block(const std::string& text, std::size_t begin, std::size_t end,
                                          const std::string& header, const std::string& key, const std::string& value) {
  for (std::size_t at = text.find(header, begin); at < end; at = text.find(header, at + 1)) {
    const std::size_t next = std::min({text.find(header, at + header.size()), text.find("\n[[flag]]", at), end});
    const std::size_t line = text.find(key, at);
    const std::size_t written = text.find('"', line);
    if (line < next && text.compare(written, value.size() + 2, "\"" + value + "\"") == 0) {
      return {at, next};
    }
  }
  return {std::string::npos, std::string::npos};
}

// Where a row stands: from its [[table.row]] to the next header.
std::pair<std::size_t, std::size_t> row_block(const std::string& text, const Mutation& mutation) {
  const auto [begin, end] = block(text, 0, text.size(), "[[table]]", "name", mutation.table);
  if (begin == std::string::npos) {
    return {begin, end};
  }
  return block(text, begin, end, "[[table.row]]", "id", mutation.row);
}

std::string mutated(const std::string& text, const Mutation& mutation) {
  const auto [begin, end] = row_block(text, mutation);
  if (begin == std::string::npos) {
    ADD_FAILURE() << "no row " << mutation.row << " in table " << mutation.table;
    return text;
  }
  std::string row = text.substr(begin, end - begin);
  switch (mutation.slip) {
    case Slip::drop: row.clear(); break;
    case Slip::duplicate: {
      std::string again = row;
      again.replace(again.find('"' + std::string(mutation.row) + '"'), 1, "\"again-");
      row += again;
      break;
    }
    case Slip::replace: {
      const std::size_t when = row.find("when");
      const std::size_t at = row.find(mutation.from, when);
      if (at == std::string::npos) {
        ADD_FAILURE() << "row " << mutation.row << " does not say " << mutation.from;
        return text;
      }
      row.replace(at, std::string(mutation.from).size(), mutation.to);
      break;
    }
  }
  return text.substr(0, begin) + row + "\n" + text.substr(end);
}

std::vector<std::string> rows_met(const Dictionary& dictionary, const Table& table, const Example& example) {
  const Worlds worlds = worlds_of(dictionary, example);
  EXPECT_TRUE(worlds.any());
  std::vector<std::string> out;
  for (const Row& row : table.rows) {
    const Truth now = truth(worlds, row.when);
    EXPECT_NE(now, Truth::open) << "in one known case nothing is open";
    if (now == Truth::met) {
      out.push_back(row.id);
    }
  }
  return out;
}

bool enters(const Dictionary& dictionary, const Table& table, const Example& example) {
  const Worlds worlds = worlds_of(dictionary, example);
  return (!table.enter || truth(worlds, *table.enter) == Truth::met) &&
         std::all_of(table.space.begin(), table.space.end(),
                     [&](const Condition& law) { return truth(worlds, law) == Truth::met; });
}

// Finds the slip and shows that its example tells the two tables apart.
void expect_red(const Dictionary& dictionary, const Guideline& before, const Guideline& after, const char* table_name,
                Kind shows) {
  const Table& right = *before.table(table_name);
  const Table& wrong = *after.table(table_name);
  const auto& found = verify(dictionary, after, wrong).findings;
  const auto finding = std::find_if(found.begin(), found.end(), [&](const Finding& f) { return f.kind == shows; });
  ASSERT_NE(finding, found.end()) << "the proof found nothing of this kind";
  ASSERT_FALSE(finding->example.empty());
  SCOPED_TRACE(finding->example_text);
  EXPECT_TRUE(enters(dictionary, right, finding->example));
  EXPECT_EQ(rows_met(dictionary, right, finding->example).size(), 1U) << "the right table has exactly one row for it";
  const auto met = rows_met(dictionary, wrong, finding->example);
  if (shows == Kind::gap) {
    EXPECT_TRUE(met.empty());
  } else {
    EXPECT_GE(met.size(), 2U);
    for (const std::string& row : finding->rows) {
      EXPECT_NE(std::find(met.begin(), met.end(), row), met.end()) << row;
    }
  }
}

class Mutations : public testing::TestWithParam<Mutation> {};

TEST_P(Mutations, AreFoundAndShown) {
  const Mutation& mutation = GetParam();
  const Dictionary& dictionary = test::real_catalog().dictionary;
  const std::string& text = test::real_files().at(std::string(mutation.guideline) + ".toml");
  const auto before = load_guideline(text, dictionary, {});
  ASSERT_TRUE(before) << before.error().text();
  const auto after = load_guideline(mutated(text, mutation), dictionary, {});
  ASSERT_TRUE(after) << after.error().text();
  expect_red(dictionary, *before, *after, mutation.table, mutation.shows);
}

INSTANTIATE_TEST_SUITE_P(Named, Mutations, testing::ValuesIn(kMutations),
                         [](const auto& tested) { return std::string(tested.param.name); });

// Every row of every table: without it there is a gap, with it twice an overlap.
TEST(EveryRow, IsMissedWhenDroppedAndSeenWhenDoubled) {
  const Dictionary& dictionary = test::real_catalog().dictionary;
  std::size_t tried = 0;
  for (const Guideline& guideline : test::real_catalog().guidelines) {
    for (std::size_t t = 0; t < guideline.tables.size(); ++t) {
      if (!guideline.based_on.empty() && !guideline.affirms.empty()) {
        continue;  // the same tables once more
      }
      for (std::size_t row = 0; row < guideline.tables[t].rows.size(); ++row) {
        Guideline wrong = guideline;
        auto& rows = wrong.tables[t].rows;
        SCOPED_TRACE(guideline.id + " " + guideline.tables[t].name + " " + rows[row].id);
        rows.push_back(rows[row]);
        rows.back().id = "again";
        expect_red(dictionary, guideline, wrong, guideline.tables[t].name.c_str(), Kind::overlap);
        rows.pop_back();
        rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(row));
        expect_red(dictionary, guideline, wrong, guideline.tables[t].name.c_str(), Kind::gap);
        ++tried;
      }
    }
  }
  EXPECT_GT(tried, 200U);
}

}  // namespace
}  // namespace her2
