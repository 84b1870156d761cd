// SPDX-License-Identifier: Apache-2.0
// Every option of the real files: a met case, a case that fails by each criterion alone, and open cases, all made by
// the solver from the criteria and judged by a plain evaluation of the conditions on fully known values.
#include <set>

#include "her2/care/option_proof.h"
#include "her2/guideline/verify_cells.h"
#include "tests/care/care_fixture.h"

namespace her2::test {
namespace {

// The condition on a fully known case, without the engine: choices by index, numbers by comparison.
bool holds(const Condition& condition, const FactValues& facts) {
  const auto value = [&](FactId fact) {
    const auto found = facts.find(fact);
    return found == facts.end() ? Value::missing() : found->second;
  };
  switch (condition.op) {
    case Condition::Op::all:
      return std::all_of(condition.parts.begin(), condition.parts.end(),
                         [&](const Condition& part) { return holds(part, facts); });
    case Condition::Op::any:
      return std::any_of(condition.parts.begin(), condition.parts.end(),
                         [&](const Condition& part) { return holds(part, facts); });
    case Condition::Op::choice: {
      const Value is = value(condition.fact);
      return ((is.is_missing() ? kMissingBit : is.choices) & condition.mask) != 0;
    }
    case Condition::Op::presence: return value(condition.fact).is_missing() == (condition.mask == kMissingBit);
    case Condition::Op::linear: {
      Rational sum = condition.form.constant;
      for (const auto& [fact, coefficient] : condition.form.terms) {
        const auto number = value(fact).exact_number();
        if (!number) {
          return false;
        }
        sum += coefficient * *number;
      }
      return condition.relation == Relation::less         ? sum < 0
             : condition.relation == Relation::less_equal ? sum <= 0
                                                          : sum == 0;
    }
    case Condition::Op::quotient: break;
  }
  ADD_FAILURE() << "an option compares a quotient";
  return false;
}

bool all_hold(const Option& option, const FactValues& facts) {
  return std::all_of(option.criteria.begin(), option.criteria.end(),
                     [&](const Criterion& criterion) { return holds(criterion.when, facts); });
}

CareFacts known(const FactValues& facts) {
  CareFacts out;
  out.known = facts;
  std::erase_if(out.known, [](const auto& entry) { return entry.second.is_missing(); });
  return out;
}

// One case for each row of an option's table: row index -> facts.
std::map<std::size_t, FactValues> cases_of(const Table& table, const Dictionary& dictionary) {
  std::vector<const Condition*> rows;
  for (const Row& row : table.rows) {
    rows.push_back(&row.when);
  }
  std::map<std::size_t, FactValues> out;
  for_each_cell(dictionary, {table.inputs, table.missing_ok, {}}, rows, [&](const Cell& cell) {
    for (std::size_t row = 0; row < rows.size(); ++row) {
      if (!cell.met[row] || out.contains(row)) {
        continue;
      }
      bool uncertain = false;
      if (const auto example = cell.example(uncertain)) {
        out[row] = FactValues(example->begin(), example->end());
      }
    }
    return out.size() < rows.size();
  });
  return out;
}

class Options : public testing::Test {
 protected:
  template <class Work>
  static std::size_t each(Work work) {
    std::size_t count = 0;
    for (const OptionFile& file : real_rules().options) {
      const Guideline tables = option_tables(file, care_catalog().dictionary);
      for (std::size_t i = 0; i < file.options.size(); ++i, ++count) {
        work(file.options[i], cases_of(tables.tables[i], care_catalog().dictionary));
      }
    }
    return count;
  }
};

TEST_F(Options, OneMetCaseAndOneThatFailsByEachCriterionAlone) {
  std::size_t cases = 0;
  const std::size_t options = each([&](const Option& option, const std::map<std::size_t, FactValues>& made) {
    ASSERT_TRUE(made.contains(0)) << option.id << ": no case meets it";
    EXPECT_TRUE(all_hold(option, made.at(0))) << option.id;
    EXPECT_EQ(answer_option(option, known(made.at(0)), care_catalog().dictionary).state, Truth::met) << option.id;
    for (std::size_t criterion = 0; criterion < option.criteria.size(); ++criterion) {
      ASSERT_TRUE(made.contains(criterion + 1)) << option.id << ", criterion " << criterion + 1 << " is dead";
      const FactValues& facts = made.at(criterion + 1);
      for (std::size_t i = 0; i < option.criteria.size(); ++i) {
        EXPECT_EQ(holds(option.criteria[i].when, facts), i != criterion) << option.id << " " << i;
      }
      const OptionAnswer answer = answer_option(option, known(facts), care_catalog().dictionary);
      EXPECT_EQ(answer.state, Truth::not_met) << option.id;
      EXPECT_EQ(failed(answer), std::vector{option.criteria[criterion].when_text}) << option.id;
      ++cases;
    }
  });
  EXPECT_GE(options, 83U);
  EXPECT_GE(cases, 400U);
}

TEST_F(Options, AFactTakenOutOfAMetCaseIsWhatSettlesIt) {
  std::size_t open = 0;
  each([&](const Option& option, const std::map<std::size_t, FactValues>& made) {
    const auto asked = facts_asked_for(option, care_catalog().dictionary);
    for (const auto& [fact, value] : made.at(0)) {
      if (value.is_missing() || std::binary_search(asked.begin(), asked.end(), fact)) {
        continue;
      }
      CareFacts facts = known(made.at(0));
      facts.known.erase(fact);
      const OptionAnswer answer = answer_option(option, facts, care_catalog().dictionary);
      ASSERT_NE(answer.state, Truth::not_met) << option.id;
      if (answer.state == Truth::open) {
        EXPECT_EQ(needed(answer), std::vector{care_catalog().dictionary[fact].name}) << option.id;
        EXPECT_TRUE(answer.settled_by.front().may_close) << option.id;
        EXPECT_TRUE(answer.settled_by.front().may_meet) << option.id;
        ++open;
      }
    }
  });
  EXPECT_GE(open, 300U);
}

TEST_F(Options, WithNothingKnownEachIsOpenAndWhatItNeedsSettlesIt) {
  const Dictionary& dictionary = care_catalog().dictionary;
  each([&](const Option& option, const std::map<std::size_t, FactValues>& made) {
    const OptionAnswer nothing = answer_option(option, known({}), dictionary);
    EXPECT_EQ(nothing.state, Truth::open) << option.id;
    ASSERT_FALSE(nothing.settled_by.empty()) << option.id;
    // Any values of those facts, here those of the made cases, leave nothing open.
    for (const auto& [row, facts] : made) {
      CareFacts told = known({});
      for (const SettlingFact& fact : nothing.settled_by) {
        const auto found = facts.find(fact.fact);
        if (found != facts.end() && !found->second.is_missing()) {
          told.known[fact.fact] = found->second;
        }
      }
      EXPECT_NE(answer_option(option, told, dictionary).state, Truth::open) << option.id << ", row " << row;
    }
  });
}

TEST_F(Options, AreProvedLikeTables) {
  for (const OptionFile& file : real_rules().options) {
    Catalog catalog = care_catalog();
    catalog.guidelines.push_back(option_tables(file, catalog.dictionary));
    Verification all = verify(catalog, catalog.guidelines.back());
    all.append(verify_option_parts(file, catalog.dictionary));
    EXPECT_TRUE(all.ok()) << file.id << ": " << (all.findings.empty() ? "" : text(all.findings.front()));
  }
}

}  // namespace
}  // namespace her2::test
