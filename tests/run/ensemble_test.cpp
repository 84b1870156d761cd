// SPDX-License-Identifier: Apache-2.0
// An ensemble's probabilities are the shares of its points' answers.
#include <gtest/gtest.h>

#include "her2/run/decided.h"
#include "random_table.h"

namespace her2::test {
namespace {

const Dictionary& dictionary() { return real_catalog().dictionary; }

FactId fact(const char* name) { return *dictionary().find(name); }

Ensemble ensemble(const std::vector<const char*>& names, const std::vector<std::vector<int>>& rows) {
  Ensemble out;
  for (const char* name : names) {
    out.ids.push_back(fact(name));
  }
  for (const auto& row : rows) {
    auto& replicate = out.rows.emplace_back();
    for (const int number : row) {
      replicate.push_back(Decimal{number, 0});
    }
  }
  out.conditional_on = "the nuclei counted";
  return out;
}

std::map<std::string, std::string> probabilities(const SpecimenStatus& status, const std::string& name) {
  std::map<std::string, std::string> out;
  for (const auto& one : status.answers) {
    for (const auto& value : one.values) {
      if (one.fact == name) {
        out[value.value] = value.probability;
      }
    }
  }
  return out;
}

SpecimenStatus status_of(const std::map<std::string, std::string>& facts, const std::vector<Ensemble>& ensembles) {
  Specimen subject = specimen(facts);
  subject.ensembles = ensembles;
  return specimen_status(real_plan("breast-2018"), subject, {SpecimenPolicy::each, true});
}

// Each replicate decided on its own as a case; the answers counted.
TEST(Ensembles, ProbabilitiesAreShares) {
  Dice dice(21);
  for (const std::string score : {"1+", "2+", "3+", "2+|3+"}) {
    std::vector<std::vector<int>> rows;
    std::map<std::string, std::map<std::string, int>> shares;  // answer -> value -> replicates
    constexpr int kReplicates = 80;
    for (int i = 0; i < kReplicates; ++i) {
      const int cep17 = dice.roll(0, 9) == 0 ? 0 : dice.roll(36, 44);
      rows.push_back({20, dice.roll(72, 90), cep17});
      const auto point = decided("breast-2018", {{"ihc_score", score},
                                                 {"cells", "20"},
                                                 {"her2_total", std::to_string(rows.back()[1])},
                                                 {"cep17_total", std::to_string(cep17)}});
      for (const auto& one : point.answers) {
        const std::string value = answer(point, one.fact);
        ++shares[one.fact][value.empty() ? "missing" : value.find('|') != std::string::npos ? "open" : value];
      }
    }
    const auto status = status_of({{"ihc_score", score}}, {ensemble({"cells", "her2_total", "cep17_total"}, rows)});
    EXPECT_EQ(status.replicates, static_cast<std::uint64_t>(kReplicates));
    for (const std::string name : {"her2_status", "ish_group", "her2_comment", "her2_spectrum"}) {
      std::map<std::string, std::string> expected;
      for (const auto& [value, count] : shares[name]) {
        expected[value] = rounded_text(Rational(count, kReplicates), 4);
      }
      if (expected.size() == 1 && expected.contains("missing")) {
        expected.clear();
      }
      EXPECT_EQ(probabilities(status, name), expected) << score << " " << name;
      for (const auto& one : status.answers) {
        EXPECT_TRUE(one.fact != name ||
                    (one.state == AnswerState::decided) == (expected.size() == 1 && !expected.contains("open")))
            << score << " " << name;
      }
    }
    EXPECT_TRUE(status.changes.empty()) << "what one number would change is not asked of an ensemble";
  }
}

// Two ensembles vary independently: every combination counts, each with both.
TEST(Ensembles, SeveralAreCombined) {
  const auto counts = ensemble({"cells", "her2_total", "cep17_total"}, {{20, 80, 40}, {20, 60, 40}, {20, 60, 42}});
  const auto shares = ensemble({"strong_complete"}, {{50}, {0}});
  const auto status = status_of({{"faint_incomplete", "0"},
                                 {"faint_complete", "0"},
                                 {"weak_incomplete", "0"},
                                 {"weak_complete", "20"},
                                 {"moderate_incomplete", "0"},
                                 {"moderate_complete", "0"},
                                 {"strong_incomplete", "0"}},
                                {counts, shares});
  EXPECT_EQ(status.replicates, 6U);
  EXPECT_EQ(probabilities(status, "ihc_score"),
            (std::map<std::string, std::string>{{"2+", "0.5000"}, {"3+", "0.5000"}}));
  EXPECT_EQ(probabilities(status, "ish_group"), (std::map<std::string, std::string>{{"1", "0.3333"}, {"5", "0.6667"}}));
  // Positive by 3+ (3 of 6) or by group 1 (2 of 6, one of them also 3+).
  EXPECT_EQ(probabilities(status, "her2_status"),
            (std::map<std::string, std::string>{{"negative", "0.3333"}, {"positive", "0.6667"}}));
}

// A replicate that no single value follows from is said to be open; the answer is then not decided.
TEST(Ensembles, OpenReplicatesAreCounted) {
  const auto status = status_of({{"copies", "4.0-5.0"}, {"ihc_score", "1+"}}, {ensemble({"er_percent"}, {{50}, {0}})});
  EXPECT_EQ(probabilities(status, "er_status"),
            (std::map<std::string, std::string>{{"negative", "0.5000"}, {"positive", "0.5000"}}));
  const auto open = status_of({{"ihc_score", "1+|3+"}},
                              {ensemble({"cells", "her2_total", "cep17_total"}, {{20, 60, 40}, {20, 100, 40}})});
  EXPECT_EQ(probabilities(open, "her2_status"),
            (std::map<std::string, std::string>{{"open", "0.5000"}, {"positive", "0.5000"}}));
  EXPECT_EQ(open.answers.front().state, AnswerState::open);
}

// What has to be done next must not forget the counts that stand only in the ensemble.
TEST(Ensembles, CountForActions) {
  const auto without = decided("breast-2018", {{"ihc_score", "2+"}});
  ASSERT_FALSE(without.actions.empty());
  const auto with = status_of({{"ihc_score", "2+"}},
                              {ensemble({"cells", "her2_total", "cep17_total"}, {{20, 120, 40}, {20, 130, 40}})});
  EXPECT_EQ(probabilities(with, "her2_status"), (std::map<std::string, std::string>{{"positive", "1.0000"}}));
  for (const auto& [action, row] : with.actions) {
    EXPECT_NE(action, without.actions.front().first) << row;
  }
}

// A share of 1 in 30,000 is neither 0 nor 1.
TEST(Ensembles, RareIsNotNever) {
  std::vector<std::vector<int>> rows(30000, {20, 120, 40});
  rows.front() = {20, 40, 40};
  const auto status = status_of({}, {ensemble({"cells", "her2_total", "cep17_total"}, rows)});
  EXPECT_EQ(probabilities(status, "her2_status"),
            (std::map<std::string, std::string>{{"negative", "0.0000333"}, {"positive", "0.9999667"}}));
}

}  // namespace
}  // namespace her2::test
