// SPDX-License-Identifier: Apache-2.0
// A decision tree, grown while the two plans are walked through: whenever a condition comes to a test that some kinds
// of cases meet and others do not, the walk is done for both parts.
#include "her2/guideline/difference_tree.h"

#include <algorithm>
#include <bit>
#include <map>
#include <optional>
#include <tuple>

#include "her2/guideline/decide.h"
#include "her2/guideline/difference.h"
#include "her2/guideline/holds.h"

namespace her2 {
namespace {

constexpr std::size_t kWordBits = 64;
constexpr int kUnsettled = -8;  // a required fact is missing while others are there, or no row is met

enum class Reply : std::uint8_t { unknown, no, yes };

// A test of one input: the classes that meet it.
struct InputTest {
  std::size_t input = 0;
  ClassBits met;
};

// A condition whose tests are numbered. `given`: a fact that a table gives, asked for by its mask.
struct WalkQuestion {
  enum class Op : std::uint8_t { all, any, test, given } op = Op::all;
  std::vector<WalkQuestion> parts;
  std::size_t test = 0;
  FactId fact = 0;
  std::uint64_t mask = 0;
};

struct WalkStep {
  std::optional<WalkQuestion> enter;
  std::vector<WalkQuestion> required;  // each: is there
  std::vector<WalkQuestion> space, rows;
};

// What is known on the way.
struct WalkState {
  std::vector<ClassBits> inputs;
  std::vector<Reply> tests;
  std::array<std::vector<int>, 2> rows;
  bool settled = true;  // no table on the way lacked only some of what it requires
};

class KindTree {
 public:
  KindTree(const Plan& before, const Plan& after, FactId fact, const DifferenceSpace& space, const Condition* where,
           const std::function<void(const CaseKinds&)>& visit)
      : dictionary_(before.dictionary()), plans_{&before, &after}, fact_(fact), space_(space), visit_(visit) {
    for (std::size_t i = 0; i < space.choices.size(); ++i) {
      input_of_[space.choices[i].fact] = i;
    }
    for (std::size_t i = 0; i < space.numbers.size(); ++i) {
      for (const FactId number : space.numbers[i].facts) {
        input_of_[number] = space.choices.size() + i;
      }
    }
    for (std::size_t side = 0; side < 2; ++side) {
      for (const auto& step : plans_[side]->steps) {
        add_step(side, *step.table);
      }
    }
    if (where != nullptr) {
      where_ = question(*where);
    }
  }

  void run() {
    WalkState state;
    for (const ChoiceInput& choice : space_.choices) {
      state.inputs.push_back(all_of(choice.classes.size()));
    }
    for (const NumberInput& group : space_.numbers) {
      state.inputs.push_back(all_of(group.cells.size()));
    }
    for (std::size_t side = 0; side < 2; ++side) {
      state.rows[side].assign(steps_[side].size(), kNotAsked);
    }
    state.tests.assign(tests_.size(), Reply::unknown);
    if (std::none_of(state.inputs.begin(), state.inputs.end(), [](const ClassBits& bits) { return none(bits); })) {
      explore(std::move(state));
    }
  }

 private:
  static ClassBits all_of(std::size_t classes) {
    ClassBits out((classes + kWordBits - 1) / kWordBits, ~std::uint64_t{0});
    if (classes % kWordBits != 0) {
      out.back() = (std::uint64_t{1} << classes % kWordBits) - 1;
    }
    return out;
  }
  static bool none(const ClassBits& bits) {
    return std::all_of(bits.begin(), bits.end(), [](std::uint64_t word) { return word == 0; });
  }

  // ---- the questions, once ----------------------------------------------------------------------------------------

  void add_step(std::size_t side, const Table& table) {
    WalkStep out;
    if (table.enter) {
      out.enter = question(*table.enter);
    }
    for (const FactId input : table.inputs) {
      if (table.is_required(input)) {
        out.required.push_back(question(is_there(input)));
      }
    }
    for (const Condition& law : table.space) {
      out.space.push_back(question(law));
    }
    for (const Row& row : table.rows) {
      out.rows.push_back(question(row.when));
    }
    for (const FactId given : table.gives) {
      givers_[side][given].push_back(steps_[side].size());
    }
    steps_[side].push_back(std::move(out));
  }

  [[nodiscard]] Condition is_there(FactId fact) const {
    Condition out;
    out.fact = fact;
    const bool choice = dictionary_[fact].kind == FactKind::choice;
    out.op = choice ? Condition::Op::choice : Condition::Op::presence;
    out.mask = choice ? ~kMissingBit : kPresentBit;
    return out;
  }

  WalkQuestion question(const Condition& condition) {
    WalkQuestion out;
    switch (condition.op) {
      case Condition::Op::all:
      case Condition::Op::any:
        out.op = condition.op == Condition::Op::all ? WalkQuestion::Op::all : WalkQuestion::Op::any;
        for (const Condition& part : condition.parts) {
          out.parts.push_back(question(part));
        }
        return out;
      case Condition::Op::choice:
        if (!input_of_.contains(condition.fact)) {
          out.op = WalkQuestion::Op::given;
          out.fact = condition.fact;
          out.mask = condition.mask;
          return out;
        }
        break;
      case Condition::Op::presence:
      case Condition::Op::linear:
      case Condition::Op::quotient: break;
    }
    out.op = WalkQuestion::Op::test;
    out.test = test(condition);
    return out;
  }

  std::size_t test(const Condition& condition) {
    InputTest out;
    const auto facts = facts_read(condition, dictionary_);
    const auto found = facts.empty() ? input_of_.end() : input_of_.find(facts.front());
    if (found == input_of_.end()) {  // of no input: the same for all cases
      const bool met = holds(dictionary_, condition, std::map<FactId, Value>{});
      out.input = kNoInput;
      out.met = {met ? std::uint64_t{1} : 0};
    } else {
      out.input = found->second;
      out.met = classes_meeting(condition, out.input);
    }
    const auto [at, added] = test_ids_.try_emplace(std::pair(out.input, out.met), tests_.size());
    if (added) {
      tests_.push_back(std::move(out));
    }
    return at->second;
  }

  [[nodiscard]] ClassBits classes_meeting(const Condition& condition, std::size_t input) const {
    const bool choice = input < space_.choices.size();
    const std::size_t classes =
        choice ? space_.choices[input].classes.size() : space_.numbers[input - space_.choices.size()].cells.size();
    ClassBits out((classes + kWordBits - 1) / kWordBits);
    for (std::size_t i = 0; i < classes; ++i) {
      bool met = false;
      if (choice) {
        met = (space_.choices[input].classes[i] & condition.mask) != 0;
      } else {
        const Example& cell = space_.numbers[input - space_.choices.size()].cells[i];
        met = holds(dictionary_, condition, std::map<FactId, Value>(cell.begin(), cell.end()));
      }
      out[i / kWordBits] |= std::uint64_t{met ? 1U : 0U} << i % kWordBits;
    }
    return out;
  }

  // ---- the walk ---------------------------------------------------------------------------------------------------

  // One part of the space: to its end, or to the first test that divides it.
  void explore(WalkState state) {
    split_.reset();
    CaseKinds kinds;
    for (std::size_t side = 0; side < 2 && !split_; ++side) {
      kinds.values[side] = value_of(state, side, fact_, steps_[side].size());
    }
    const bool differ = kinds.values[0] != kinds.values[1];
    kinds.decided = state.settled;
    if (!split_ && kinds.decided && differ && where_) {
      kinds.asked = met(state, *where_, kEither, 0) == Reply::yes;
    }
    if (split_) {
      divide(std::move(state), *split_);
      return;
    }
    kinds.count = 1;
    for (const ClassBits& bits : state.inputs) {
      std::uint64_t size = 0;
      for (const std::uint64_t word : bits) {
        size += static_cast<std::uint64_t>(std::popcount(word));
      }
      kinds.count *= size;
    }
    kinds.inputs = std::move(state.inputs);
    kinds.rows = std::move(state.rows);
    visit_(kinds);
  }

  void divide(WalkState state, std::size_t test_id) {
    const InputTest& test = tests_[test_id];
    WalkState other = state;
    for (std::size_t i = 0; i < test.met.size(); ++i) {
      state.inputs[test.input][i] &= test.met[i];
      other.inputs[test.input][i] &= ~test.met[i];
    }
    state.tests[test_id] = Reply::yes;
    other.tests[test_id] = Reply::no;
    explore(std::move(state));
    explore(std::move(other));
  }

  // unknown: the walk stops at `split_`.
  Reply known(WalkState& state, std::size_t test_id) {
    Reply& out = state.tests[test_id];
    if (out != Reply::unknown) {
      return out;
    }
    const InputTest& test = tests_[test_id];
    if (test.input == kNoInput) {
      return out = test.met.front() != 0 ? Reply::yes : Reply::no;
    }
    bool some = false, others = false;
    const ClassBits& left = state.inputs[test.input];
    for (std::size_t i = 0; i < left.size(); ++i) {
      some = some || (left[i] & test.met[i]) != 0;
      others = others || (left[i] & ~test.met[i]) != 0;
    }
    if (some && others) {
      split_ = test_id;
      return Reply::unknown;
    }
    return out = some ? Reply::yes : Reply::no;
  }

  // `step`: asks; what tables after it give is not known to it.
  Reply met(WalkState& state, const WalkQuestion& question, std::size_t side, std::size_t step) {
    switch (question.op) {
      case WalkQuestion::Op::all:
      case WalkQuestion::Op::any: {
        const Reply ends = question.op == WalkQuestion::Op::all ? Reply::no : Reply::yes;
        for (const WalkQuestion& part : question.parts) {
          const Reply one = met(state, part, side, step);
          if (one == Reply::unknown || one == ends) {
            return one;
          }
        }
        return ends == Reply::no ? Reply::yes : Reply::no;
      }
      case WalkQuestion::Op::test: return known(state, question.test);
      case WalkQuestion::Op::given: {
        // With `where`, what both give is meant; where they differ the later one counts.
        int value = kNoValue;
        for (const std::size_t from : side == kEither ? std::vector<std::size_t>{1, 0} : std::vector{side}) {
          value = value == kNoValue ? value_of(state, from, question.fact, side == kEither ? steps_[from].size() : step)
                                    : value;
          if (split_) {
            return Reply::unknown;
          }
        }
        const std::uint64_t bit = value == kNoValue ? kMissingBit : std::uint64_t{1} << static_cast<unsigned>(value);
        return (question.mask & bit) != 0 ? Reply::yes : Reply::no;
      }
    }
    return Reply::no;
  }

  // What a plan gives before step `end`: by the first of the fact's tables that concludes.
  int value_of(WalkState& state, std::size_t side, FactId fact, std::size_t end) {
    const auto givers = givers_[side].find(fact);
    if (givers == givers_[side].end()) {
      return kNoValue;
    }
    for (const std::size_t step : givers->second) {
      if (step >= end) {
        break;
      }
      int& row = state.rows[side][step];
      if (row == kNotAsked) {
        const int found = row_of(state, side, step);
        if (split_) {
          return kNoValue;
        }
        row = found;
      }
      state.settled = state.settled && row != kUnsettled;
      if (row >= 0) {
        for (const auto& [given, value] : plans_[side]->steps[step].table->rows[static_cast<std::size_t>(row)].then) {
          if (given == fact) {
            return static_cast<int>(value);
          }
        }
      }
    }
    return kNoValue;
  }

  int row_of(WalkState& state, std::size_t side, std::size_t index) {
    const WalkStep& step = steps_[side][index];
    if (step.enter && met(state, *step.enter, side, index) != Reply::yes) {
      return kNotEntered;
    }
    std::size_t missing = 0;
    for (const WalkQuestion& required : step.required) {
      missing += met(state, required, side, index) == Reply::no ? 1U : 0U;
      if (split_) {
        return kNotEntered;
      }
    }
    if (missing > 0) {
      return missing < step.required.size() ? kUnsettled : kNotEntered;
    }
    for (const WalkQuestion& law : step.space) {
      if (met(state, law, side, index) != Reply::yes) {
        return kUnsettled;
      }
    }
    for (std::size_t row = 0; row < step.rows.size(); ++row) {
      const Reply here = met(state, step.rows[row], side, index);
      if (here == Reply::unknown) {
        return kNotEntered;
      }
      if (here == Reply::yes) {
        return static_cast<int>(row);
      }
    }
    return kUnsettled;
  }

  static constexpr std::size_t kNoInput = static_cast<std::size_t>(-1);
  static constexpr std::size_t kEither = 2;
  const Dictionary& dictionary_;
  std::array<const Plan*, 2> plans_;
  FactId fact_;
  const DifferenceSpace& space_;
  const std::function<void(const CaseKinds&)>& visit_;
  std::map<FactId, std::size_t> input_of_;
  std::vector<InputTest> tests_;
  std::map<std::pair<std::size_t, ClassBits>, std::size_t> test_ids_;
  std::array<std::vector<WalkStep>, 2> steps_;
  std::array<std::map<FactId, std::vector<std::size_t>>, 2> givers_;
  std::optional<WalkQuestion> where_;
  std::optional<std::size_t> split_;  // the test that divides the part at hand
};

}  // namespace

void for_each_kind(const Plan& before, const Plan& after, FactId fact, const DifferenceSpace& space,
                   const Condition* where, const std::function<void(const CaseKinds&)>& visit) {
  KindTree(before, after, fact, space, where, visit).run();
}

std::size_t first_class(const ClassBits& bits) {
  std::size_t word = 0;
  while (bits[word] == 0) {
    ++word;
  }
  return word * kWordBits + static_cast<std::size_t>(std::countr_zero(bits[word]));
}

}  // namespace her2
