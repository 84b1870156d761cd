// SPDX-License-Identifier: Apache-2.0
#include "her2/guideline/difference_compare.h"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "her2/guideline/decide.h"
#include "her2/guideline/difference_boxes.h"
#include "her2/guideline/difference_tree.h"
#include "her2/guideline/point.h"

namespace her2 {
namespace {

unsigned first_value(std::uint64_t mask) { return static_cast<unsigned>(__builtin_ctzll(mask)); }

// The rows that led to a fact, and what they say of the inputs.
struct Chain {
  std::vector<std::string> where;
  std::set<FactId> choices;  // inputs that the rows read
  std::set<FactId> numbers;
  std::string row;  // the last
};

class Comparison {
 public:
  Comparison(const Plan& before, const Plan& after, FactId fact, DifferenceSpace space, const Condition* where)
      : dictionary_(before.dictionary()),
        plans_{&before, &after},
        space_(std::move(space)),
        where_(where),
        fact_(fact),
        deciders_{std::make_unique<PointDecider>(before), std::make_unique<PointDecider>(after)},
        point_(before.dictionary()) {
    for (const NumberInput& group : space_.numbers) {
      numbers_.insert(group.facts.begin(), group.facts.end());
    }
    if (where != nullptr) {
      const auto read = facts_read(*where, dictionary_);
      named_.insert(read.begin(), read.end());
      if (std::any_of(read.begin(), read.end(), [&](FactId one) { return !is_input(one); })) {
        for (const ChoiceInput& choice : space_.choices) {
          named_.insert(choice.fact);  // what a table gives may come of any of them
        }
      }
    }
  }

  FactDifference run() {
    out_.fact = fact_;
    out_.inputs = space_.inputs;
    for_each_kind(*plans_[0], *plans_[1], fact_, space_, where_, [&](const CaseKinds& kinds) {
      if (!kinds.decided) {
        out_.undecided += kinds.count;
        return;
      }
      out_.compared += kinds.count;
      if (kinds.values[0] != kinds.values[1] && kinds.asked) {
        take(kinds);
      }
    });
    for (auto& [key, found] : found_) {
      ChangedRegion region = std::move(found.region);
      region.choices = named(merged_boxes(std::move(found.boxes)));
      region.rows_before.assign(found.rows[0].begin(), found.rows[0].end());
      region.rows_after.assign(found.rows[1].begin(), found.rows[1].end());
      out_.regions.push_back(std::move(region));
    }
    return std::move(out_);
  }

 private:
  struct Found {
    ChangedRegion region;
    std::set<ClassBox> boxes;
    std::array<std::set<std::string>, 2> rows;
  };

  [[nodiscard]] bool is_input(FactId fact) const {
    return std::find(space_.inputs.begin(), space_.inputs.end(), fact) != space_.inputs.end();
  }

  // One of these cases.
  [[nodiscard]] Example example_of(const CaseKinds& kinds) const {
    Example out;
    for (std::size_t i = 0; i < space_.choices.size(); ++i) {
      const std::uint64_t mask = space_.choices[i].classes[first_class(kinds.inputs[i])];
      out.emplace_back(space_.choices[i].fact,
                       mask == kMissingBit ? Value::missing() : Value::of_choice(first_value(mask & ~kMissingBit)));
    }
    for (std::size_t i = 0; i < space_.numbers.size(); ++i) {
      const Example& cell = space_.numbers[i].cells[first_class(kinds.inputs[space_.choices.size() + i])];
      out.insert(out.end(), cell.begin(), cell.end());
    }
    return out;
  }

  // What led to a pair of values. The same for all cases that meet the same tests with the same numbers missing.
  struct Lead {
    std::vector<std::string> where;
    std::set<FactId> choices, numbers;
    std::array<std::string, 2> rows;
  };

  const Lead& lead_of(const Example& example, const CaseKinds& kinds) {
    std::vector<FactId> absent;
    for (const auto& [fact, value] : example) {
      if (value.is_missing() && numbers_.contains(fact)) {
        absent.push_back(fact);
      }
    }
    const auto [at, added] = leads_.try_emplace(std::tuple(kinds.rows[0], kinds.rows[1], std::move(absent)));
    Lead& out = at->second;
    for (std::size_t side = 0; side < 2 && added; ++side) {
      Chain chain = chain_of(*plans_[side], kinds.rows[side], example);
      for (std::string& text : chain.where) {
        if (std::find(out.where.begin(), out.where.end(), text) == out.where.end()) {
          out.where.push_back(std::move(text));
        }
      }
      out.choices.merge(chain.choices);
      out.numbers.merge(chain.numbers);
      out.rows[side] = chain.row;
    }
    return out;
  }

  void take(const CaseKinds& kinds) {
    const Example example = example_of(kinds);
    const Lead& lead = lead_of(example, kinds);
    ClassBox box;
    for (std::size_t i = 0; i < space_.choices.size(); ++i) {
      const ChoiceInput& choice = space_.choices[i];
      const bool counts = lead.choices.contains(choice.fact) || named_.contains(choice.fact);
      box.push_back(counts ? mask_of(choice, kinds.inputs[i]) : all_of(choice));
    }
    Found& found = found_[{kinds.values[0], kinds.values[1], lead.where}];
    for (std::size_t side = 0; side < 2; ++side) {
      if (!lead.rows[side].empty()) {
        found.rows[side].insert(lead.rows[side]);
      }
    }
    const bool first = found.boxes.empty();
    found.boxes.insert(std::move(box));
    if (first) {
      found.region.before = kinds.values[0];
      found.region.after = kinds.values[1];
      found.region.where = lead.where;
      found.region.example = plain_example(example, lead.choices, lead.numbers, kinds.values);
    }
  }

  static std::uint64_t mask_of(const ChoiceInput& choice, const ClassBits& bits) {
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < choice.classes.size(); ++i) {
      out |= (bits[i / 64] >> i % 64 & 1U) != 0 ? choice.classes[i] : 0;
    }
    return out;
  }

  static std::uint64_t all_of(const ChoiceInput& choice) {
    std::uint64_t all = 0;
    for (const std::uint64_t mask : choice.classes) {
      all |= mask;
    }
    return all;
  }

  // The case without what plays no part, where that leaves both values as they are.
  Example plain_example(const Example& example, const std::set<FactId>& choices, const std::set<FactId>& numbers,
                        const std::array<int, 2>& values) {
    std::set<FactId> kept = choices;
    for (const NumberInput& group : space_.numbers) {
      if (std::any_of(group.facts.begin(), group.facts.end(), [&](FactId fact) { return numbers.contains(fact); })) {
        kept.insert(group.facts.begin(), group.facts.end());
      }
    }
    Example out = example;
    point_.clear();
    for (auto& [fact, value] : out) {
      if (!kept.contains(fact)) {
        value = Value::missing();
      } else if (value.state == Value::State::choice) {
        point_.set_choice(fact, first_value(value.choices));
      } else if (const auto number = value.exact_number()) {
        const auto decimal = Decimal::parse(exact_text(*number));
        if (!decimal || !point_.set_number(fact, *decimal)) {
          return example;
        }
      }
    }
    for (std::size_t side = 0; side < 2; ++side) {
      const PointOutcome* outcome = deciders_[side]->decide(point_);
      if (outcome == nullptr || outcome->broken_step >= 0 ||
          static_cast<int>(outcome->facts[fact_]) - 1 != values[side]) {
        return example;
      }
    }
    return out;
  }

  // Back from the fact through the rows that were met: what they read made the value what it is.
  Chain chain_of(const Plan& plan, const std::vector<int>& rows, const Example& example) const {
    Chain out;
    std::set<FactId> wanted{fact_};
    for (std::size_t step = plan.steps.size(); step-- > 0;) {
      const Table& table = *plan.steps[step].table;
      if (std::none_of(table.gives.begin(), table.gives.end(), [&](FactId given) { return wanted.contains(given); })) {
        continue;
      }
      const int met = rows[step];
      if (met == kNotAsked) {
        continue;
      }
      if (table.enter) {
        note_choices(*table.enter, wanted, out);
      }
      if (met == kNotEntered) {
        note_absence(table, example, out);
        continue;
      }
      const Row& row = table.rows[static_cast<std::size_t>(met)];
      note_choices(row.when, wanted, out);
      note_numbers(row, out);
      if (out.row.empty()) {
        out.row = fmt::format("{} {}/{}", plan.steps[step].guideline->id, table.name, row.id);
      }
    }
    std::reverse(out.where.begin(), out.where.end());
    return out;
  }

  void note_choices(const Condition& condition, std::set<FactId>& wanted, Chain& out) const {
    for (const FactId read : facts_read(condition, dictionary_)) {
      wanted.insert(read);
      if (dictionary_[read].kind == FactKind::choice) {
        out.choices.insert(read);
      }
    }
  }

  void note_numbers(const Row& row, Chain& out) const {
    const bool several = row.when.op == Condition::Op::all && !row.when.parts.empty();
    const std::vector<Condition> parts = several ? row.when.parts : std::vector<Condition>{row.when};
    for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
      const auto facts = facts_read(*part, dictionary_);
      const bool of_numbers =
          std::any_of(facts.begin(), facts.end(), [&](FactId fact) { return numbers_.contains(fact); });
      const std::string& text = part->text.empty() ? row.when_text : part->text;
      if (of_numbers) {
        out.numbers.insert(facts.begin(), facts.end());
      }
      if (of_numbers && std::find(out.where.begin(), out.where.end(), text) == out.where.end()) {
        out.where.push_back(text);
      }
    }
  }

  // A table that was not entered for want of its numbers.
  void note_absence(const Table& table, const Example& example, Chain& out) const {
    for (const FactId input : table.inputs) {
      const bool absent = numbers_.contains(input) && table.is_required(input) &&
                          std::any_of(example.begin(), example.end(), [&](const auto& entry) {
                            return entry.first == input && entry.second.is_missing();
                          });
      const std::string text = fmt::format("{} is missing", dictionary_[input].name);
      if (absent && std::find(out.where.begin(), out.where.end(), text) == out.where.end()) {
        out.where.push_back(text);
      }
    }
  }

  // The same cases as few boxes; choices of which any value will do are left out.
  std::vector<ChoiceBox> named(const std::vector<ClassBox>& boxes) const {
    std::vector<ChoiceBox> out;
    for (const ClassBox& box : boxes) {
      ChoiceBox named;
      for (std::size_t i = 0; i < box.size(); ++i) {
        if (box[i] != all_of(space_.choices[i])) {
          named[space_.choices[i].fact] = box[i];
        }
      }
      out.push_back(std::move(named));
    }
    return out;
  }

  const Dictionary& dictionary_;
  std::array<const Plan*, 2> plans_;
  DifferenceSpace space_;
  const Condition* where_;
  FactId fact_;
  std::array<std::unique_ptr<PointDecider>, 2> deciders_;
  PointFacts point_;
  std::set<FactId> numbers_, named_;  // `named_`: choices that `where_` may hang on
  std::map<std::tuple<int, int, std::vector<std::string>>, Found> found_;
  std::map<std::tuple<std::vector<int>, std::vector<int>, std::vector<FactId>>, Lead> leads_;
  FactDifference out_;
};

}  // namespace

FactDifference compare(const Plan& before, const Plan& after, FactId fact, DifferenceSpace space,
                       const Condition* where) {
  return Comparison(before, after, fact, std::move(space), where).run();
}

}  // namespace her2
