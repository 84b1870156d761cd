// SPDX-License-Identifier: Apache-2.0
// The fast way of tables gives what the general way gives: state, answers, rule, notices, reasons.
#include "her2/run/row_decider.h"

#include <gtest/gtest.h>

#include "random_table.h"

namespace her2::test {
namespace {

std::string text_of(const Verdict& verdict) {
  std::string out(name_of(verdict.state));
  for (const auto& answer : verdict.answers) {
    out += "," + answer;
  }
  out += "\nrule " + verdict.rule + "\nnotices " + verdict.notices + "\nreason " + verdict.reason + "\nabout";
  auto facts = verdict.conflict_facts;
  std::sort(facts.begin(), facts.end());
  facts.erase(std::unique(facts.begin(), facts.end()), facts.end());
  for (const FactId fact : facts) {
    out += " " + real_catalog().dictionary[fact].name;
  }
  return out;
}

constexpr std::size_t kRows = 4000;

// Compares every row of a random table with the general way, which is asked once for each set of facts.
class Comparison {
 public:
  explicit Comparison(const std::string& edition) : plan_(real_plan(edition)) {}

  void run(RandomTable& random, std::size_t rows, std::size_t different) {
    const std::string csv = random.csv(rows, different);
    auto reader = BlockReader::open(memory_source(csv), "random", TableFormat{});
    ASSERT_TRUE(reader);
    const auto bound = BoundMap::bind(real_map("plain"), real_vocabulary(), plan_.dictionary(), reader->shape());
    ASSERT_TRUE(bound);
    answers_ = reachable_answers(plan_, bound->facts());
    RowDecider decider(plan_, *bound, answers_, [](Verdict& verdict) { verdict.tail = "finished"; });
    RowSplitter splitter(reader->shape());
    Block block;
    MappedRow mapped;
    while (reader->next(block).value_or(false)) {
      ASSERT_TRUE(splitter.start(block));
      TableRow row;
      while (splitter.next(row) && !testing::Test::HasFailure()) {
        const Verdict* known = row.problem == TableRow::Problem::none ? decider.known(row) : nullptr;
        known_before_ += known == nullptr ? 0 : 1;
        bound->map_row(row, mapped);
        compare(known == nullptr ? decider.decide(mapped) : *known, mapped);
        ++compared_;
      }
      if (compared_ % 3000 == 0) {
        decider.forget();
      }
    }
  }

  [[nodiscard]] std::size_t compared() const { return compared_; }
  [[nodiscard]] std::size_t known_before() const { return known_before_; }
  [[nodiscard]] const std::map<RowState, std::size_t>& states() const { return states_; }

 private:
  void compare(const Verdict& fast, const MappedRow& mapped) {
    FactValues facts;
    std::string key;
    for (const RowValue& value : mapped.values) {
      // An empty field says nothing; beside a value that cannot be read "not done" proves nothing.
      const bool not_done =
          value.column != RowValue::kNoColumn && !mapped.fields[value.column].empty() && mapped.refusals.empty();
      if (value.kind != RowValue::Kind::missing || not_done) {
        facts[value.fact] = BoundMap::value(mapped, value);
        key += std::to_string(value.fact) + "=" + value_text(plan_.dictionary()[value.fact], facts[value.fact]) + ";";
      }
    }
    key += mapped.refusals.empty() ? "" : "refused";
    auto found = known_.find(key);
    if (found == known_.end()) {
      Verdict general = verdict_of(plan_, decide_facts(plan_, facts, answers_), answers_);
      if (!mapped.refusals.empty() && general.state != RowState::decided) {
        general.state = RowState::refused;
      }
      found = known_.emplace(key, text_of(general)).first;
    }
    EXPECT_EQ(text_of(fast), found->second) << plan_.scheme->id << " " << key;
    EXPECT_EQ(fast.tail, "finished");
    ++states_[fast.state];
  }

  const Plan& plan_;
  std::vector<FactId> answers_;
  std::map<std::string, std::string> known_;
  std::map<RowState, std::size_t> states_;
  std::size_t compared_ = 0, known_before_ = 0;
};

// 20,000 rows that say 1,000 different things; odd values are rare, so that most go the fast way.
TEST(RowDecider, GivesWhatDecideFactsGives) {
  std::size_t compared = 0, known_before = 0;
  std::map<RowState, std::size_t> states;
  std::uint64_t seed = 100;
  for (const char* edition : {"breast-2018", "breast-2018", "breast-2013", "breast-2007", "breast-fda-ratio"}) {
    RandomTable random(++seed, 1);
    Comparison comparison(edition);
    comparison.run(random, kRows, 200);
    compared += comparison.compared();
    known_before += comparison.known_before();
    for (const auto& [state, count] : comparison.states()) {
      states[state] += count;
    }
  }
  EXPECT_EQ(compared, 5 * kRows);
  EXPECT_GT(known_before, kRows);  // rows of a class that was met before
  for (const RowState state : {RowState::decided, RowState::open, RowState::conflict, RowState::refused}) {
    EXPECT_GT(states[state], 100U) << name_of(state);
  }
}

// 20,000 rows that all differ, with many odd values.
TEST(LongRowDecider, GivesWhatDecideFactsGives) {
  for (const char* edition : {"breast-2023", "breast-2013", "breast-2007", "breast-nccn", "breast-tdxd-label"}) {
    RandomTable random(7, 15);
    Comparison comparison(edition);
    comparison.run(random, 4000, 4000);
    EXPECT_EQ(comparison.compared(), 4000U);
  }
}

}  // namespace
}  // namespace her2::test
