// SPDX-License-Identifier: Apache-2.0
#include "her2/guideline/difference_space.h"

#include <algorithm>
#include <array>
#include <functional>

namespace her2 {
namespace {

// Calls `visit` with every condition of the steps: entries, laws and rows.
void for_each_condition(const Plan& plan, const std::function<void(const Condition&)>& visit) {
  for (const auto& step : plan.steps) {
    if (step.table->enter) {
      visit(*step.table->enter);
    }
    std::for_each(step.table->space.begin(), step.table->space.end(), visit);
    for (const Row& row : step.table->rows) {
      visit(row.when);
    }
  }
}

// The tests inside a condition that cannot be taken apart.
void for_each_test(const Condition& condition, const std::function<void(const Condition&)>& visit) {
  if (condition.op == Condition::Op::all || condition.op == Condition::Op::any) {
    for (const Condition& part : condition.parts) {
      for_each_test(part, visit);
    }
  } else {
    visit(condition);
  }
}

Condition is_there(FactId number, bool there) {
  Condition out;
  out.op = Condition::Op::presence;
  out.fact = number;
  out.mask = there ? kPresentBit : kMissingBit;
  return out;
}

Condition joined(Condition::Op op, std::vector<Condition> parts) {
  Condition out;
  out.op = op;
  out.parts = std::move(parts);
  return out;
}

using Numbers = std::set<FactId>;

class Builder {
 public:
  Builder(const Plan& before, const Plan& after, const Condition* where) : plans_{&before, &after}, where_(where) {
    const auto note = [&](const Condition& condition) {
      for_each_test(condition, [&](const Condition& test) { tests_.push_back(test); });
    };
    for (const Plan* plan : plans_) {
      for_each_condition(*plan, note);
    }
    if (where != nullptr) {
      note(*where);
    }
  }

  ChoiceInput choice(FactId fact, std::uint64_t possible) const {
    ChoiceInput out;
    out.fact = fact;
    const FactType& type = dictionary()[fact];
    std::map<std::vector<bool>, std::uint64_t> classes;
    for (unsigned value = 0; value <= type.values.size(); ++value) {
      const std::uint64_t bit = value == type.values.size() ? kMissingBit : std::uint64_t{1} << value;
      if ((possible & bit) == 0) {
        continue;
      }
      std::vector<bool> met{bit == kMissingBit};  // a required input that is missing differs from all others
      for (const Condition& test : tests_) {
        if (test.op == Condition::Op::choice && test.fact == fact) {
          met.push_back((test.mask & bit) != 0);
        }
      }
      classes[met] |= bit;
    }
    for (const auto& [met, mask] : classes) {
      out.classes.push_back(mask);
    }
    std::sort(out.classes.begin(), out.classes.end());
    return out;
  }

  // Splits the numbers into groups that no table and no test names together.
  std::vector<Numbers> groups(const Numbers& numbers) const {
    std::vector<Numbers> out;
    const auto join = [&](const std::vector<FactId>& named) {
      Numbers group;
      for (const FactId fact : named) {
        if (numbers.contains(fact)) {
          group.insert(fact);
        }
      }
      if (group.empty()) {
        return;
      }
      std::erase_if(out, [&](const Numbers& other) {
        const bool meets = std::any_of(other.begin(), other.end(), [&](FactId fact) { return group.contains(fact); });
        if (meets) {
          group.insert(other.begin(), other.end());
        }
        return meets;
      });
      out.push_back(group);
    };
    for (const Plan* plan : plans_) {
      for (const auto& step : plan->steps) {
        std::vector<FactId> required;
        std::copy_if(step.table->inputs.begin(), step.table->inputs.end(), std::back_inserter(required),
                     [&](FactId input) { return step.table->is_required(input); });
        join(required);
      }
    }
    for (const Condition& test : tests_) {
      join(facts_read(test, dictionary()));
    }
    return out;
  }

  NumberInput cells(const Numbers& group) const {
    NumberInput out;
    out.facts.assign(group.begin(), group.end());
    const Condition together = given_together(group);
    std::vector<Condition> laws = laws_of(group), questions;
    for (const FactId fact : group) {
      questions.push_back(is_there(fact, true));
    }
    for (const Condition& test : tests_) {
      const auto facts = facts_read(test, dictionary());
      if (test.op != Condition::Op::choice && !facts.empty() && group.contains(facts.front())) {
        questions.push_back(test);
      }
    }
    InputSpace space{out.facts, out.facts, {&together}};
    for (const Condition& law : laws) {
      space.assumed.push_back(&law);
    }
    std::vector<const Condition*> asked;
    for (const Condition& question : questions) {
      asked.push_back(&question);
    }
    for_each_cell(dictionary(), space, asked, [&](const Cell& cell) {
      bool uncertain = false;
      if (auto example = cell.example(uncertain)) {
        out.cells.push_back(std::move(*example));
      }
      return true;
    });
    return out;
  }

 private:
  [[nodiscard]] const Dictionary& dictionary() const { return plans_[0]->dictionary(); }

  // Numbers that a table requires are there together or not at all: what it makes of some of them is unknown.
  Condition given_together(const Numbers& group) const {
    std::set<Numbers> required;
    Numbers all;
    for (const Plan* plan : plans_) {
      for (const auto& step : plan->steps) {
        Numbers here;
        for (const FactId input : step.table->inputs) {
          if (group.contains(input) && step.table->is_required(input)) {
            here.insert(input);
          }
        }
        all.insert(here.begin(), here.end());
        if (!here.empty()) {
          required.insert(here);
        }
      }
    }
    std::set<Numbers> unions{{}};
    for (const Numbers& one : required) {
      for (Numbers other : std::set<Numbers>(unions)) {
        other.insert(one.begin(), one.end());
        unions.insert(other);
      }
    }
    std::vector<Condition> ways;
    for (const Numbers& there : unions) {
      std::vector<Condition> parts;
      for (const FactId fact : all) {
        parts.push_back(is_there(fact, there.contains(fact)));
      }
      ways.push_back(joined(Condition::Op::all, std::move(parts)));
    }
    return joined(Condition::Op::any, std::move(ways));
  }

  // The tables' laws about these numbers; where a number is missing there is none.
  std::vector<Condition> laws_of(const Numbers& group) const {
    std::vector<Condition> out;
    for (const Plan* plan : plans_) {
      for (const auto& step : plan->steps) {
        for (const Condition& law : step.table->space) {
          const auto facts = facts_read(law, dictionary());
          if (facts.empty() || !group.contains(facts.front())) {
            continue;
          }
          std::vector<Condition> parts{law};
          for (const FactId fact : facts) {
            parts.push_back(is_there(fact, false));
          }
          out.push_back(joined(Condition::Op::any, std::move(parts)));
        }
      }
    }
    return out;
  }

  std::array<const Plan*, 2> plans_;
  const Condition* where_;
  std::vector<Condition> tests_;
};

}  // namespace

std::set<FactId> read_by(const Plan& plan) {
  std::set<FactId> out;
  for (const auto& step : plan.steps) {
    out.insert(step.table->inputs.begin(), step.table->inputs.end());
  }
  return out;
}

std::set<FactId> given_by(const Plan& plan) {
  std::set<FactId> out;
  for (const auto& step : plan.steps) {
    out.insert(step.table->gives.begin(), step.table->gives.end());
  }
  return out;
}

Plan steps_to(const Plan& plan, FactId fact, const std::set<FactId>& cuts) {
  Plan out = plan;
  out.steps.clear();
  out.flags.clear();
  std::set<FactId> wanted{fact};
  for (std::size_t i = plan.steps.size(); i-- > 0;) {
    const Table& table = *plan.steps[i].table;
    const bool leads = std::any_of(table.gives.begin(), table.gives.end(), [&](FactId given) {
      return wanted.contains(given) && (given == fact || !cuts.contains(given));
    });
    if (leads) {
      out.steps.insert(out.steps.begin(), plan.steps[i]);
      wanted.insert(table.inputs.begin(), table.inputs.end());
    }
  }
  return out;
}

std::uint64_t DifferenceSpace::combinations() const {
  constexpr std::uint64_t kMost = std::uint64_t{1} << 60;
  std::uint64_t out = 1;
  const auto times = [&](std::size_t count) { out = out > kMost / (count + 1) ? kMost : out * count; };
  for (const ChoiceInput& choice : choices) {
    times(choice.classes.size());
  }
  for (const NumberInput& number : numbers) {
    times(number.cells.size());
  }
  return out;
}

DifferenceSpace difference_space(const Plan& before, const Plan& after, FactId fact, const Condition* where,
                                 const std::map<FactId, std::uint64_t>& possible) {
  const Dictionary& dictionary = before.dictionary();
  std::set<FactId> read = read_by(before), given = given_by(before);
  read.merge(read_by(after));
  given.merge(given_by(after));
  if (where != nullptr) {
    for (const FactId named : facts_read(*where, dictionary)) {
      read.insert(named);
    }
  }
  const Builder builder(before, after, where);
  DifferenceSpace out;
  Numbers numbers;
  for (const FactId input : read) {
    const FactType& type = dictionary[input];
    if (given.contains(input) || input == fact || type.kind == FactKind::quotient) {
      continue;  // what a table gives is not recorded besides
    }
    out.inputs.push_back(input);
    if (type.kind == FactKind::number) {
      numbers.insert(input);
      continue;
    }
    const auto known = possible.find(input);
    const std::uint64_t any = (type.all_values() & ~type.computed_only) | kMissingBit;
    out.choices.push_back(builder.choice(input, known == possible.end() ? any : known->second));
  }
  for (const Numbers& group : builder.groups(numbers)) {
    out.numbers.push_back(builder.cells(group));
  }
  return out;
}

}  // namespace her2
