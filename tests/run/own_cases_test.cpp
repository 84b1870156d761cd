// SPDX-License-Identifier: Apache-2.0
// Every vector of tests/cases/*.csv through the engine, each under its guideline alone; which rows of which tables they
// reach is counted. The columns are described in docs/guidelines/README.md.
#include <algorithm>
#include <filesystem>
#include <set>

#include <gtest/gtest.h>

#include "fixture.h"
#include "her2/exchange/table_reader.h"
#include "her2/run/decided.h"

namespace her2::test {
namespace {

struct Vector {
  std::string guideline, facts, expected, why;
};

std::vector<Vector> vectors_of(const std::string& path) {
  std::vector<Vector> out;
  auto reader = BlockReader::open(path, TableFormat{});
  if (!reader) {
    ADD_FAILURE() << reader.error().text();
    return out;
  }
  EXPECT_EQ(reader->shape().names, (std::vector<std::string>{"guideline", "facts", "expected", "why"})) << path;
  RowSplitter splitter(reader->shape());
  Block block;
  while (reader->next(block).value_or(false)) {
    EXPECT_TRUE(splitter.start(block));
    TableRow row;
    while (splitter.next(row)) {
      EXPECT_EQ(row_problem_text(row, 4), "") << path << " line " << row.line;
      const auto* f = row.fields;
      out.push_back({std::string(f[0]), std::string(f[1]), std::string(f[2]), std::string(f[3])});
    }
  }
  return out;
}

std::vector<std::pair<std::string, std::string>> pairs_of(const std::string& text) {
  std::vector<std::pair<std::string, std::string>> out;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const auto end = std::min(text.find(';', begin), text.size());
    const std::string item = text.substr(begin, end - begin);
    const auto equals = item.find('=');
    out.emplace_back(item.substr(0, equals), item.substr(equals + 1));
    begin = end + 1;
  }
  return out;
}

// One guideline as a scheme of its own; everything that it gives is an answer.
struct Alone {
  Scheme scheme;
  Plan plan;
};

const Alone& alone(const std::string& id) {
  static std::map<std::string, Alone> known;
  const auto found = known.find(id);
  if (found != known.end()) {
    return found->second;
  }
  Alone& made = known[id];
  const Guideline* guideline = real_catalog().guideline(id);
  if (guideline == nullptr) {
    ADD_FAILURE() << "no guideline " << id;
    std::abort();
  }
  made.scheme = {id, guideline->edition, guideline->tumour, guideline->title, {id}, {}, false};
  for (const auto& table : guideline->tables) {
    made.scheme.answers.insert(made.scheme.answers.end(), table.gives.begin(), table.gives.end());
  }
  made.plan = *make_plan(real_catalog(), made.scheme);
  return made;
}

using RowName = std::string;  // "guideline table/row"

// A table that a guideline takes over unchanged belongs to the guideline it comes from.
std::string owner(const Guideline& guideline, const Table& table) {
  const Guideline* base = guideline.based_on.empty() ? nullptr : real_catalog().guideline(guideline.based_on);
  const Table* same = base == nullptr ? nullptr : base->table(table.name);
  const auto equal_rows = [](const Row& a, const Row& b) { return a.id == b.id && a.when_text == b.when_text; };
  const bool taken_over = same != nullptr && std::equal(table.rows.begin(), table.rows.end(), same->rows.begin(),
                                                        same->rows.end(), equal_rows);
  return taken_over ? owner(*base, *same) : guideline.id;
}

std::set<RowName> all_rows() {
  std::set<RowName> out;
  for (const auto& guideline : real_catalog().guidelines) {
    for (const auto& table : guideline.tables) {
      for (const auto& row : table.rows) {
        out.insert(owner(guideline, table) + " " + table.name + "/" + row.id);
      }
    }
  }
  return out;
}

class OwnCases : public testing::Test {
 protected:
  void check(const Vector& vector) {
    SCOPED_TRACE(vector.guideline + ": " + vector.facts + " (" + vector.why + ")");
    const Plan& plan = alone(vector.guideline).plan;
    FactValues facts;
    const auto items = pairs_of(vector.facts);
    for (const auto& [id, fact] : specimen({items.begin(), items.end()}).facts) {
      facts[id] = fact.value;
    }
    Decided decided = decide_facts(plan, facts, plan.scheme->answers);
    ASSERT_EQ(decided.refusal, "");
    if (decided.readings.size() > 1) {  // facts that contradict each other: the vector says what the tables alone do
      for (auto& [fact, outcomes] : decided.outcomes) {
        outcomes.merged = decide(plan, worlds_of(plan.dictionary(), facts), {{fact}, true});
      }
    }
    bool row_named = false;
    for (const auto& [name, value] : pairs_of(vector.expected)) {
      if (name == "row") {
        row_named = true;
        check_row(plan, decided, value);
      } else {
        check_value(decided, name, value);
      }
    }
    EXPECT_TRUE(row_named);
  }

  static void check_value(const Decided& decided, const std::string& name, const std::string& value) {
    const Dictionary& dictionary = real_catalog().dictionary;
    const auto fact = dictionary.find(name);
    ASSERT_TRUE(fact) << name;
    ASSERT_TRUE(decided.outcomes.contains(*fact)) << name << " is given by no table of the guideline";
    std::uint64_t wanted = 0;
    for (std::size_t begin = 0; begin <= value.size();) {
      const auto end = std::min(value.find('|', begin), value.size());
      const auto index = dictionary[*fact].index_of(value.substr(begin, end - begin));
      ASSERT_TRUE(index) << name << " " << value;
      wanted |= std::uint64_t{1} << *index;
      begin = end + 1;
    }
    EXPECT_EQ(decided.possible(*fact), wanted) << name << " is not " << value;
  }

  void check_row(const Plan& plan, const Decided& decided, const std::string& wanted) {
    for (std::size_t step = 0; step < plan.steps.size(); ++step) {
      const auto& [guideline, table] = plan.steps[step];
      for (std::size_t row = 0; row < table->rows.size(); ++row) {
        if (table->name + "/" + table->rows[row].id != wanted) {
          continue;
        }
        const auto met = decided.outcomes.at(table->gives.front()).merged.row_mask(step);
        EXPECT_EQ(met, std::uint64_t{1} << row) << "row " << wanted;
        reached_.insert(owner(*guideline, *table) + " " + wanted);
        return;
      }
    }
    ADD_FAILURE() << "there is no row " << wanted;
  }

  std::set<RowName> reached_;
};

// Rows that no recorded facts can reach in a scheme: they ask for a value that only a table of another scheme gives.
const std::set<RowName> kWithoutVector{
    "breast-her2-2013 ish_result/group-indeterminate", "colorectal-her2-heracles her2_criterion/undefined",
    "colorectal-her2-heracles ihc_class/undefined", "colorectal-her2-harmonised ihc_result/undefined",
    "colorectal-her2-triumph ihc_result/undefined", "solid-tdxd-label-fda label/no-score"};

TEST_F(OwnCases, EveryVectorAndEveryRow) {
  std::size_t files = 0, vectors = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(HER2_SOURCE) + "/tests/cases")) {
    if (entry.path().extension() != ".csv") {
      continue;
    }
    ++files;
    for (const auto& vector : vectors_of(entry.path().string())) {
      EXPECT_EQ(vector.guideline, entry.path().stem().string());
      ++vectors;
      check(vector);
    }
  }
  const std::set<RowName> all = all_rows();
  std::set<RowName> missed;
  std::set_difference(all.begin(), all.end(), reached_.begin(), reached_.end(), std::inserter(missed, missed.end()));
  EXPECT_EQ(missed, kWithoutVector);
  EXPECT_EQ(files, real_catalog().guidelines.size());
  std::printf("%zu vectors reach %zu of %zu rows of %zu guidelines\n", vectors, reached_.size(), all.size(), files);
  EXPECT_GE(vectors, 700U);
}

}  // namespace
}  // namespace her2::test
