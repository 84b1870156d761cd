// SPDX-License-Identifier: Apache-2.0
#include "her2/guideline/difference.h"

#include <algorithm>
#include <array>
#include <memory>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "her2/guideline/decide.h"
#include "her2/guideline/difference_space.h"
#include "her2/guideline/point.h"

namespace her2 {
namespace {

// What one plan makes of one case.
struct Made {
  const PointOutcome* outcome = nullptr;
  int value = kNoValue;
};

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
    std::vector<std::size_t> at(space_.choices.size() + space_.numbers.size());
    do {
      compare(at);
    } while (next(at));
    for (auto& [key, found] : found_) {
      ChangedRegion region = std::move(found.region);
      region.choices = merged(found.boxes);
      region.rows_before.assign(found.rows[0].begin(), found.rows[0].end());
      region.rows_after.assign(found.rows[1].begin(), found.rows[1].end());
      out_.regions.push_back(std::move(region));
    }
    return std::move(out_);
  }

 private:
  using Box = std::vector<std::uint64_t>;  // a mask for each of space_.choices
  struct Found {
    ChangedRegion region;
    std::set<Box> boxes;
    std::array<std::set<std::string>, 2> rows;
  };

  [[nodiscard]] bool is_input(FactId fact) const {
    return std::find(space_.inputs.begin(), space_.inputs.end(), fact) != space_.inputs.end();
  }

  bool next(std::vector<std::size_t>& at) const {
    for (std::size_t i = 0; i < at.size(); ++i) {
      const std::size_t size = i < space_.choices.size() ? space_.choices[i].classes.size()
                                                         : space_.numbers[i - space_.choices.size()].cells.size();
      if (++at[i] < size) {
        return true;
      }
      at[i] = 0;
    }
    return false;
  }

  // False: a number of the cell has too many digits for a point.
  bool put(const std::vector<std::size_t>& at) {
    point_.clear();
    for (std::size_t i = 0; i < space_.choices.size(); ++i) {
      const std::uint64_t mask = space_.choices[i].classes[at[i]];
      if (mask != kMissingBit) {
        point_.set_choice(space_.choices[i].fact, first_value(mask & ~kMissingBit));
      }
    }
    for (std::size_t i = 0; i < space_.numbers.size(); ++i) {
      for (const auto& [fact, value] : space_.numbers[i].cells[at[space_.choices.size() + i]]) {
        const auto number = value.exact_number();
        const auto decimal = number ? Decimal::parse(exact_text(*number)) : std::nullopt;
        if (number && (!decimal || !point_.set_number(fact, *decimal))) {
          return false;
        }
      }
    }
    return true;
  }

  void compare(const std::vector<std::size_t>& at) {
    std::array<Made, 2> made;
    bool decided = put(at);
    for (std::size_t side = 0; side < 2 && decided; ++side) {
      made[side].outcome = deciders_[side]->decide(point_);
      decided = made[side].outcome != nullptr && made[side].outcome->broken_step < 0;
      if (decided) {
        made[side].value = static_cast<int>(made[side].outcome->facts[fact_]) - 1;
      }
    }
    if (!decided) {
      ++out_.undecided;
      return;
    }
    ++out_.compared;
    const bool differ = made[0].value != made[1].value;
    if (differ && (where_ == nullptr || holds(dictionary_, *where_, facts_of(at, made)))) {
      take(at, made);
    }
  }

  // The case with what both plans give; where they differ the later one counts.
  FactValues facts_of(const std::vector<std::size_t>& at, const std::array<Made, 2>& made) const {
    FactValues out;
    for (const auto& [fact, value] : example_of(at)) {
      out[fact] = value;
    }
    for (std::size_t side = 0; side < 2; ++side) {
      for (const FactId given : given_by(*plans_[side])) {
        const unsigned value = made[side].outcome->facts[given];
        if (value != 0) {
          out[given] = Value::of_choice(value - 1);
        }
      }
    }
    return out;
  }

  Example example_of(const std::vector<std::size_t>& at) const {
    Example out;
    for (std::size_t i = 0; i < space_.choices.size(); ++i) {
      const std::uint64_t mask = space_.choices[i].classes[at[i]];
      out.emplace_back(space_.choices[i].fact,
                       mask == kMissingBit ? Value::missing() : Value::of_choice(first_value(mask & ~kMissingBit)));
    }
    for (std::size_t i = 0; i < space_.numbers.size(); ++i) {
      const Example& cell = space_.numbers[i].cells[at[space_.choices.size() + i]];
      out.insert(out.end(), cell.begin(), cell.end());
    }
    return out;
  }

  void take(const std::vector<std::size_t>& at, const std::array<Made, 2>& made) {
    const Example example = example_of(at);
    std::vector<std::string> where;
    std::set<FactId> choices, numbers;
    std::array<std::string, 2> rows;
    for (std::size_t side = 0; side < 2; ++side) {
      Chain chain = chain_of(*plans_[side], *made[side].outcome, example);
      for (std::string& text : chain.where) {
        if (std::find(where.begin(), where.end(), text) == where.end()) {
          where.push_back(std::move(text));
        }
      }
      choices.merge(chain.choices);
      numbers.merge(chain.numbers);
      rows[side] = chain.row;
    }
    Box box;
    for (std::size_t i = 0; i < space_.choices.size(); ++i) {
      const ChoiceInput& choice = space_.choices[i];
      std::uint64_t all = 0;
      for (const std::uint64_t mask : choice.classes) {
        all |= mask;
      }
      const bool counts = choices.contains(choice.fact) || named_.contains(choice.fact);
      box.push_back(counts ? choice.classes[at[i]] : all);
    }
    Found& found = found_[{made[0].value, made[1].value, where}];
    if (found.boxes.empty()) {
      found.region.before = made[0].value;
      found.region.after = made[1].value;
      found.region.where = where;
      found.region.example = plain_example(example, choices, numbers, made);
    }
    found.boxes.insert(std::move(box));
    for (std::size_t side = 0; side < 2; ++side) {
      if (!rows[side].empty()) {
        found.rows[side].insert(rows[side]);
      }
    }
  }

  // The case without what plays no part, where that leaves both values as they are.
  Example plain_example(const Example& example, const std::set<FactId>& choices, const std::set<FactId>& numbers,
                        const std::array<Made, 2>& made) {
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
          static_cast<int>(outcome->facts[fact_]) - 1 != made[side].value) {
        return example;
      }
    }
    return out;
  }

  // Back from the fact through the rows that were met: what they read made the value what it is.
  Chain chain_of(const Plan& plan, const PointOutcome& outcome, const Example& example) const {
    Chain out;
    std::set<FactId> wanted{fact_};
    for (std::size_t step = plan.steps.size(); step-- > 0;) {
      const Table& table = *plan.steps[step].table;
      if (std::none_of(table.gives.begin(), table.gives.end(), [&](FactId given) { return wanted.contains(given); })) {
        continue;
      }
      if (table.enter) {
        note_choices(*table.enter, wanted, out);
      }
      const int met = outcome.rows[step];
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

  // The same set as few boxes: two that differ in one choice become one, until none do.
  std::vector<ChoiceBox> merged(std::set<Box> boxes) const {
    for (bool changed = true; changed;) {
      changed = false;
      for (std::size_t i = 0; i < space_.choices.size(); ++i) {
        std::map<Box, std::uint64_t> by_rest;
        for (Box box : boxes) {
          const std::uint64_t mask = box[i];
          box[i] = 0;
          by_rest[box] |= mask;
        }
        changed = changed || by_rest.size() < boxes.size();
        boxes.clear();
        for (const auto& [rest, mask] : by_rest) {
          Box box = rest;
          box[i] = mask;
          boxes.insert(box);
        }
      }
    }
    std::vector<ChoiceBox> out;
    for (const Box& box : boxes) {
      ChoiceBox named;
      for (std::size_t i = 0; i < box.size(); ++i) {
        std::uint64_t all = 0;
        for (const std::uint64_t mask : space_.choices[i].classes) {
          all |= mask;
        }
        if (box[i] != all) {
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
  FactDifference out_;
};

// The values that the tables of both plans give a fact; missing where one of them may not be entered.
std::uint64_t values_given(const Plan& before, const Plan& after, FactId fact) {
  std::uint64_t out = 0;
  for (const Plan* plan : {&before, &after}) {
    for (const auto& step : plan->steps) {
      const Table& table = *step.table;
      if (std::find(table.gives.begin(), table.gives.end(), fact) == table.gives.end()) {
        continue;
      }
      for (const Row& row : table.rows) {
        for (const auto& [given, value] : row.then) {
          out |= given == fact ? std::uint64_t{1} << value : 0;
        }
      }
      out |= table.enter || table.missing_ok.size() < table.inputs.size() ? kMissingBit : 0;
    }
  }
  return out;
}

bool same_tables(const Plan& a, const Plan& b) {
  return std::equal(a.steps.begin(), a.steps.end(), b.steps.begin(), b.steps.end(),
                    [](const auto& x, const auto& y) { return x.table == y.table; });
}

std::size_t numbers_among(const Dictionary& dictionary, const std::vector<FactId>& facts) {
  return static_cast<std::size_t>(std::count_if(
      facts.begin(), facts.end(), [&](FactId fact) { return dictionary[fact].kind == FactKind::number; }));
}

// Whether a condition says anything of the facts that these plans read or give.
bool bears_on(const Condition& where, const Plan& before, const Plan& after) {
  std::set<FactId> known = read_by(before);
  known.merge(read_by(after));
  known.merge(given_by(before));
  known.merge(given_by(after));
  const auto facts = facts_read(where, before.dictionary());
  return std::any_of(facts.begin(), facts.end(), [&](FactId fact) { return known.contains(fact); });
}

Result<FactDifference> compare(const Plan& before, const Plan& after, FactId fact, const Condition* where,
                               const std::map<FactId, std::uint64_t>& possible) {
  DifferenceSpace space = difference_space(before, after, fact, where, possible);
  if (space.combinations() > kMostCombinations) {
    return fail(fmt::format("{} cannot be compared: there are more than {} kinds of cases",
                            before.dictionary()[fact].name, kMostCombinations));
  }
  return Comparison(before, after, fact, std::move(space), where).run();
}

}  // namespace

bool holds(const Dictionary& dictionary, const Condition& condition, const FactValues& facts) {
  const auto number = [&](FactId fact) {
    const auto found = facts.find(fact);
    return found == facts.end() ? std::nullopt : found->second.exact_number();
  };
  const auto compares = [](const Rational& sum, Relation relation) {
    return relation == Relation::less ? sum < 0 : relation == Relation::less_equal ? sum <= 0 : sum == 0;
  };
  switch (condition.op) {
    case Condition::Op::all:
      return std::all_of(condition.parts.begin(), condition.parts.end(),
                         [&](const Condition& part) { return holds(dictionary, part, facts); });
    case Condition::Op::any:
      return std::any_of(condition.parts.begin(), condition.parts.end(),
                         [&](const Condition& part) { return holds(dictionary, part, facts); });
    case Condition::Op::choice: {
      const auto found = facts.find(condition.fact);
      const bool missing = found == facts.end() || found->second.is_missing();
      return ((missing ? kMissingBit : found->second.choices) & condition.mask) != 0;
    }
    case Condition::Op::presence: return ((number(condition.fact) ? kPresentBit : kMissingBit) & condition.mask) != 0;
    case Condition::Op::linear: {
      Rational sum = condition.form.constant;
      for (const auto& [fact, coefficient] : condition.form.terms) {
        const auto value = number(fact);
        if (!value) {
          return false;
        }
        sum += coefficient * *value;
      }
      return compares(sum, condition.relation);
    }
    case Condition::Op::quotient: return holds(dictionary, expand_quotient(condition, dictionary), facts);
  }
  return false;
}

Result<PlanDifference> difference(const Plan& before, const Plan& after, const DifferenceOptions& options) {
  PlanDifference out;
  const std::set<FactId> given_before = given_by(before), given_after = given_by(after);
  std::set<FactId> cuts;
  std::map<FactId, std::uint64_t> possible;
  std::set<FactId> done;
  for (const auto& step : after.steps) {
    for (const FactId fact : step.table->gives) {
      if (!given_before.contains(fact) || !done.insert(fact).second) {
        continue;
      }
      const Plan first = steps_to(before, fact, cuts), second = steps_to(after, fact, cuts);
      bool cut = same_tables(first, second);
      if (!cut) {
        auto compared = compare(first, second, fact, nullptr, possible);
        if (!compared) {
          return tl::unexpected(compared.error());
        }
        cut = compared->regions.empty() || numbers_among(before.dictionary(), compared->inputs) > kMostNumbers;
        if (options.where && bears_on(*options.where, first, second)) {
          compared = compare(first, second, fact, &*options.where, possible);
        }
        if (!compared) {
          return tl::unexpected(compared.error());
        }
        out.facts.push_back(std::move(*compared));
      }
      if (cut) {
        cuts.insert(fact);
        possible[fact] = values_given(before, after, fact);
      }
    }
  }
  std::set_difference(given_before.begin(), given_before.end(), given_after.begin(), given_after.end(),
                      std::back_inserter(out.only_before));
  std::set_difference(given_after.begin(), given_after.end(), given_before.begin(), given_before.end(),
                      std::back_inserter(out.only_after));
  return out;
}

}  // namespace her2
