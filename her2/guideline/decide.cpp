// SPDX-License-Identifier: Apache-2.0
#include "her2/guideline/decide.h"

#include <algorithm>
#include <functional>
#include <set>

namespace her2 {
namespace {

constexpr std::size_t kMostParts = 24;    // a row's parts are kept apart up to this number
constexpr std::size_t kMostLeaves = 600;  // beyond it, leaves are no longer split

// Which steps lead to some facts, and which facts still matter behind each of them.
class Relevance {
 public:
  Relevance(const Plan& plan, const std::vector<FactId>& facts) : asked_(plan.steps.size(), facts.empty()) {
    std::set<FactId> wanted(facts.begin(), facts.end());
    needed_.resize(plan.steps.size() + 1);
    for (std::size_t step = plan.steps.size(); step-- > 0;) {
      needed_[step + 1] = wanted;
      const Table& table = *plan.steps[step].table;
      const bool gives =
          std::any_of(table.gives.begin(), table.gives.end(), [&](FactId f) { return wanted.contains(f); });
      asked_[step] = asked_[step] || gives;
      if (asked_[step]) {
        wanted.insert(table.inputs.begin(), table.inputs.end());
        wanted.insert(table.gives.begin(), table.gives.end());  // what is recorded of them speaks of the inputs
      }
    }
    needed_[0] = wanted;
  }

  [[nodiscard]] bool asked(std::size_t step) const { return asked_[step]; }
  // Facts that the question or a step from `step` on reads.
  [[nodiscard]] const std::set<FactId>& needed_from(std::size_t step) const { return needed_[step]; }

 private:
  std::vector<bool> asked_;
  std::vector<std::set<FactId>> needed_;
};

class Decider {
 public:
  Decider(const Plan& plan, const Worlds& worlds, const Question& question)
      : plan_(plan),
        merge_(question.merge && !question.facts.empty()),
        relevance_(plan, question.facts),
        most_(question.most_evaluations) {
    leaves_.push_back({worlds, std::vector<std::uint64_t>(plan.steps.size()), {}});
    if (merge_) {
      leaves_.front().worlds.keep_only(relevance_.needed_from(0));
    }
  }

  Outcome run() {
    Outcome out;
    for (step_ = 0; step_ < plan_.steps.size() && !out.impossible && !spent(); ++step_) {
      if (!relevance_.asked(step_)) {
        continue;
      }
      next_.clear();
      broken_.clear();
      for (Leaf& leaf : leaves_) {
        if (spent()) {
          break;
        }
        take_step(std::move(leaf));
      }
      if (next_.empty() && !spent()) {
        out.impossible = Impossible{step_, broken_};
      }
      leaves_.swap(next_);
      if (merge_) {
        merge_leaves();
      }
      if (leaves_.size() > kMostLeaves) {
        lump_leaves();
      }
    }
    out.evaluations = evaluations_;
    out.unfinished = spent();
    if (out.unfinished) {
      return out;
    }
    out.leaves = std::move(leaves_);
    return out;
  }

 private:
  [[nodiscard]] bool spent() const { return most_ != 0 && evaluations_ >= most_; }

  // Whether some case of the part meets the condition.
  bool may_meet(const Worlds& worlds, const Condition& condition) {
    ++evaluations_;
    return possible(worlds, {&condition});
  }

  // The parts of the cases that meet it, each counted.
  void parts_meeting(const Worlds& worlds, const Condition& condition,
                     const std::function<bool(const Worlds&)>& visit) {
    ++evaluations_;
    for_each_part(worlds, {&condition}, [&](const Worlds& part) {
      ++evaluations_;
      return visit(part);
    });
  }

  [[nodiscard]] const Table& table() const { return *plan_.steps[step_].table; }

  // Leaves that agree on all that later steps read become one.
  void merge_leaves() {
    const auto& needed = relevance_.needed_from(step_ + 1);
    std::vector<Leaf> merged;
    for (Leaf& leaf : leaves_) {
      leaf.worlds.keep_only(needed);
      const auto same =
          std::find_if(merged.begin(), merged.end(), [&](const Leaf& other) { return other.worlds == leaf.worlds; });
      if (same == merged.end()) {
        merged.push_back(std::move(leaf));
        continue;
      }
      join(*same, leaf);
    }
    leaves_ = std::move(merged);
  }

  // Puts all leaves beyond the limit into one that holds every case of theirs (and perhaps more).
  void lump_leaves() {
    Leaf& lump = leaves_[kMostLeaves - 1];
    for (std::size_t i = kMostLeaves; i < leaves_.size(); ++i) {
      lump.worlds.widen(leaves_[i].worlds);
      join(lump, leaves_[i]);
    }
    leaves_.erase(leaves_.begin() + kMostLeaves, leaves_.end());
  }

  // Adds the rows and disagreements of another part.
  static void join(Leaf& leaf, const Leaf& other) {
    for (std::size_t step = 0; step < leaf.rows.size(); ++step) {
      leaf.rows[step] |= other.rows[step];
    }
    auto& all = leaf.disagreements;
    all.insert(all.end(), other.disagreements.begin(), other.disagreements.end());
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
  }

  void take_step(Leaf leaf) {
    if (!table().enter) {
      enter(std::move(leaf));
      return;
    }
    const Condition& enter_when = *table().enter;
    const Condition stay_out = complement(enter_when, plan_.dictionary());
    const bool may_enter = may_meet(leaf.worlds, enter_when);
    const bool may_stay_out = may_meet(leaf.worlds, stay_out);
    if (may_enter && may_stay_out) {
      parts_meeting(leaf.worlds, stay_out, [&](const Worlds& part) {
        pass_by({part, leaf.rows, leaf.disagreements});
        return true;
      });
      parts_meeting(leaf.worlds, enter_when, [&](const Worlds& part) {
        enter({part, leaf.rows, leaf.disagreements});
        return true;
      });
    } else if (may_enter) {
      enter(std::move(leaf));
    } else if (may_stay_out) {
      pass_by(std::move(leaf));
    }
  }

  // The table does not apply: what it gives stays as it is.
  void pass_by(Leaf leaf) {
    leaf.rows[step_] = kPassedBit;
    next_.push_back(std::move(leaf));
  }

  // Enters with every required input present; passes by where all of them are missing.
  void enter(Leaf leaf) {
    std::vector<FactId> required;
    for (const FactId input : table().inputs) {
      if (table().is_required(input)) {
        required.push_back(input);
      }
    }
    const auto may_be_missing = [&](FactId fact) { return (leaf.worlds.possible(fact) & kMissingBit) != 0; };
    if (!required.empty() && std::all_of(required.begin(), required.end(), may_be_missing)) {
      Leaf outside = leaf;
      for (const FactId fact : required) {
        outside.worlds.restrict(fact, kMissingBit);
      }
      pass_by(std::move(outside));
      if (std::all_of(required.begin(), required.end(), [&](FactId f) { return leaf.worlds.surely_missing(f); })) {
        return;
      }
    }
    for (const FactId fact : required) {
      if (leaf.worlds.surely_missing(fact)) {
        leaf.worlds.set_present(fact);  // exists, since others of its kind do, but is not to hand
      } else {
        leaf.worlds.restrict(fact, ~kMissingBit);
      }
    }
    if (obeys_space(leaf.worlds)) {
      choose_rows(std::move(leaf));
    }
  }

  bool obeys_space(Worlds& worlds) {
    const auto& space = table().space;
    for (std::size_t i = 0; i < space.size(); ++i) {
      std::vector<Worlds> parts;
      parts_meeting(worlds, space[i], [&](const Worlds& part) {
        parts.push_back(part);
        return parts.size() < 2;
      });
      if (parts.empty()) {
        broken_ = table().space_text[i];
        return false;
      }
      if (parts.size() == 1) {
        worlds = std::move(parts.front());
      }
    }
    return true;
  }

  void choose_rows(Leaf leaf) {
    std::vector<int> met;
    for (std::size_t row = 0; row < table().rows.size(); ++row) {
      if (may_meet(leaf.worlds, table().rows[row].when)) {
        met.push_back(static_cast<int>(row));
      }
    }
    const bool sure = met.size() == 1;  // the row holds in the whole leaf: tables are complete
    // What is recorded also speaks of what is not: rows that contradict it fall away where others agree with it.
    const auto agrees = [&](int row) {
      return agrees_with_recorded(leaf.worlds, table().rows[static_cast<std::size_t>(row)]);
    };
    if (std::any_of(met.begin(), met.end(), agrees)) {
      std::erase_if(met, [&](int row) { return !agrees(row); });
    }
    for (const int row : met) {
      if (sure || next_.size() + leaves_.size() > kMostLeaves) {
        conclude(leaf, row);
        continue;
      }
      std::vector<Worlds> parts;
      parts_meeting(leaf.worlds, table().rows[static_cast<std::size_t>(row)].when, [&](const Worlds& part) {
        parts.push_back(part);
        return parts.size() <= kMostParts;
      });
      if (parts.size() > kMostParts) {
        conclude(leaf, row);
        continue;
      }
      for (Worlds& part : parts) {
        conclude({std::move(part), leaf.rows, leaf.disagreements}, row);
      }
    }
  }

  static bool agrees_with_recorded(const Worlds& worlds, const Row& row) {
    return std::all_of(row.then.begin(), row.then.end(), [&](const auto& given) {
      const std::uint64_t now = worlds.possible(given.first);
      return now == kMissingBit || (now >> given.second & 1U) != 0;
    });
  }

  void conclude(Leaf leaf, int row) {
    leaf.rows[step_] = std::uint64_t{1} << static_cast<unsigned>(row);
    for (const auto& [fact, value] : table().rows[static_cast<std::size_t>(row)].then) {
      const std::uint64_t bit = std::uint64_t{1} << value;
      const std::uint64_t now = leaf.worlds.possible(fact);
      if (now == kMissingBit) {
        leaf.worlds.set(fact, Value::of_choice(value));
      } else if ((now & bit) != 0) {
        leaf.worlds.restrict(fact, bit);
      } else {
        leaf.disagreements.emplace_back(step_, fact);
      }
    }
    next_.push_back(std::move(leaf));
  }

  const Plan& plan_;
  bool merge_;
  Relevance relevance_;
  std::uint64_t most_, evaluations_ = 0;
  std::size_t step_ = 0;
  std::vector<Leaf> leaves_, next_;
  std::string broken_;
};

}  // namespace

std::uint64_t Outcome::possible(FactId fact) const {
  std::uint64_t mask = 0;
  for (const auto& leaf : leaves) {
    mask |= leaf.worlds.possible(fact);
  }
  return mask;
}

std::uint64_t Outcome::row_mask(std::size_t step) const {
  std::uint64_t mask = 0;
  for (const auto& leaf : leaves) {
    mask |= leaf.rows[step];
  }
  return mask;
}

std::vector<int> Outcome::rows(std::size_t step) const {
  const std::uint64_t mask = row_mask(step);
  std::vector<int> out;
  if ((mask & kPassedBit) != 0) {
    out.push_back(kNotEntered);
  }
  for (int row = 0; row < 63; ++row) {
    if ((mask >> static_cast<unsigned>(row) & 1U) != 0) {
      out.push_back(row);
    }
  }
  return out;
}

Outcome decide(const Plan& plan, const Worlds& worlds, const Question& question) {
  if (!worlds.any()) {
    Outcome out;
    out.impossible = Impossible{};
    return out;
  }
  return Decider(plan, worlds, question).run();
}

namespace {

bool raised(const Flag& flag, const Outcome& outcome, const Dictionary& dictionary) {
  const Condition opposite = complement(flag.when, dictionary);
  return !outcome.leaves.empty() && std::none_of(outcome.leaves.begin(), outcome.leaves.end(),
                                                 [&](const Leaf& leaf) { return possible(leaf.worlds, {&opposite}); });
}

}  // namespace

std::vector<std::size_t> raised_flags(const Plan& plan, const Outcome& outcome) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < plan.flags.size(); ++i) {
    if (raised(*plan.flags[i].flag, outcome, plan.dictionary())) {
      out.push_back(i);
    }
  }
  return out;
}

std::vector<std::size_t> raised_flags(const Plan& plan, const Worlds& worlds) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < plan.flags.size(); ++i) {
    const Flag& flag = *plan.flags[i].flag;
    const Outcome outcome = decide(plan, worlds, {facts_read(flag.when, plan.dictionary()), true});
    if (raised(flag, outcome, plan.dictionary())) {
      out.push_back(i);
    }
  }
  return out;
}

}  // namespace her2
