// SPDX-License-Identifier: Apache-2.0
#include "her2/guideline/change.h"

#include <algorithm>
#include <set>

namespace her2 {
namespace {

// The last step of the plan that gives the fact.
std::optional<std::size_t> step_giving(const Plan& plan, FactId fact) {
  for (std::size_t i = plan.steps.size(); i-- > 0;) {
    const auto& gives = plan.steps[i].table->gives;
    if (std::find(gives.begin(), gives.end(), fact) != gives.end()) {
      return i;
    }
  }
  return std::nullopt;
}

// Facts that the plan's tables read: choices, numbers, and quotients whose two parts are both read.
std::set<FactId> facts_of(const Plan& plan) {
  std::set<FactId> out;
  for (const auto& step : plan.steps) {
    out.insert(step.table->inputs.begin(), step.table->inputs.end());
  }
  const Dictionary& dictionary = plan.dictionary();
  for (FactId fact = 0; fact < dictionary.size(); ++fact) {
    const FactType& type = dictionary[fact];
    if (type.kind == FactKind::quotient && out.contains(type.numerator) && out.contains(type.denominator)) {
      out.insert(fact);
    }
  }
  return out;
}

// All values that the fact takes in a leaf. A quotient is looked at with its denominator set to 1: nothing else fixes
// the scale of numerator and denominator when a case gives quotients only.
std::optional<Range> range_in(const Worlds& worlds, FactId fact) {
  std::vector<Constraint> constraints = worlds.constraints();
  const FactType& type = worlds.dictionary()[fact];
  if (type.kind != FactKind::quotient) {
    return range_of(fact, constraints);
  }
  Constraint one;
  one.form.add(type.denominator, 1);
  one.form.constant = -1;
  one.relation = Relation::equal;
  constraints.push_back(std::move(one));
  return range_of(type.numerator, constraints);
}

struct Target {
  Value value;
  Rational distance;
};

// The point of a range that is nearest to `from`; for whole-number facts a whole number.
std::optional<Target> nearest_in(const Range& range, const Rational& from, bool integer) {
  std::optional<Bound> low = range.low;
  std::optional<Bound> high = range.high;
  if (integer) {
    if (low) {
      low = Bound{low->open ? Rational(floor(low->at) + 1) : ceil(low->at), false};
    }
    if (high) {
      high = Bound{high->open ? Rational(ceil(high->at) - 1) : floor(high->at), false};
    }
    if (low && high && low->at > high->at) {
      return std::nullopt;
    }
  }
  if (low && low->at >= from) {
    return Target{low->open ? Value::of_interval(low, std::nullopt) : Value::of_number(low->at), low->at - from};
  }
  if (high && high->at <= from) {
    return Target{high->open ? Value::of_interval(std::nullopt, high) : Value::of_number(high->at), from - high->at};
  }
  return std::nullopt;  // the range holds `from` itself: not a change
}

class Search {
 public:
  Search(const Plan& plan, const FactValues& facts, FactId answer, std::size_t step)
      : plan_(plan), facts_(facts), answer_(answer), step_(step) {
    const Outcome now = decide(plan, worlds_of(plan.dictionary(), facts), {{answer}, false});
    rows_ = now.leaves.empty() ? std::vector<int>{} : now.rows(step);
  }

  [[nodiscard]] bool settled() const { return rows_.size() == 1; }

  // How many evaluations are left, and whether the last search came to its end.
  [[nodiscard]] bool finished() const { return finished_; }

  std::optional<Change> number(FactId fact, const Rational& from) {
    Worlds worlds = worlds_of(plan_.dictionary(), without(fact));
    worlds.set_present(fact);
    const bool integer = plan_.dictionary()[fact].integer;
    std::optional<Change> best;
    const Outcome outcome = decided(worlds);
    for (const Leaf& leaf : outcome.leaves) {
      const int row = row_of(leaf.rows[step_]);
      const auto range = row == rows_.front() ? std::nullopt : range_in(leaf.worlds, fact);
      const auto target = range ? nearest_in(*range, from, integer) : std::nullopt;
      if (target && (!best || target->distance < *best->distance)) {
        best = Change{fact, target->value, row, leaf.worlds.possible(answer_), target->distance};
      }
    }
    return best;
  }

  // The value nearest in order, for unordered choices the first.
  std::optional<Change> choice(FactId fact, unsigned from) {
    const FactType& type = plan_.dictionary()[fact];
    std::optional<Change> best;
    unsigned best_distance = 0;
    for (unsigned index = 0; index < type.values.size(); ++index) {
      if (index == from || (type.computed_only >> index & 1U) != 0) {
        continue;
      }
      FactValues changed = facts_;
      changed[fact] = Value::of_choice(index);
      const Outcome outcome = decided(worlds_of(plan_.dictionary(), changed));
      if (outcome.unfinished) {
        return std::nullopt;
      }
      const auto rows = outcome.leaves.empty() ? std::vector<int>{} : outcome.rows(step_);
      const unsigned distance = index > from ? index - from : from - index;
      if (rows.size() == 1 && rows != rows_ && (!best || (type.ordered && distance < best_distance))) {
        best = Change{fact, changed[fact], rows.front(), outcome.possible(answer_), std::nullopt};
        best_distance = distance;
      }
    }
    return best;
  }

 private:
  Outcome decided(const Worlds& worlds) {
    if (left_ == 0) {
      finished_ = false;
      Outcome out;
      out.unfinished = true;
      return out;
    }
    Outcome out = decide(plan_, worlds, {{answer_}, false, left_});
    left_ -= std::min(left_, out.evaluations);
    finished_ = !out.unfinished;
    return out;
  }

  static int row_of(std::uint64_t mask) { return mask == kPassedBit ? kNotEntered : __builtin_ctzll(mask); }

  [[nodiscard]] FactValues without(FactId fact) const {
    FactValues out = facts_;
    out.erase(fact);
    return out;
  }

  const Plan& plan_;
  const FactValues& facts_;
  FactId answer_;
  std::size_t step_;
  std::vector<int> rows_;
  std::uint64_t left_ = kMostChangeEvaluations;
  bool finished_ = true;
};

Rational relative(const Change& change, const FactValues& facts) {
  const auto from = facts.at(change.fact).exact_number();
  return !from || *from == 0 ? *change.distance : Rational(*change.distance / abs(*from));
}

}  // namespace

NearestChanges nearest_changes(const Plan& plan, const FactValues& facts, FactId answer) {
  NearestChanges out;
  const auto step = step_giving(plan, answer);
  if (!step) {
    return out;
  }
  Search search(plan, facts, answer, *step);
  if (!search.settled()) {
    return out;
  }
  const std::set<FactId> read = facts_of(plan);
  for (const auto& [fact, value] : facts) {
    if (!read.contains(fact) || !value.is_exact() || value.is_missing()) {
      continue;
    }
    const auto number = value.exact_number();
    auto change = number ? search.number(fact, *number)
                         : search.choice(fact, static_cast<unsigned>(__builtin_ctzll(value.choices)));
    if (!search.finished()) {
      out.not_searched.push_back(fact);
    } else if (change) {
      out.changes.push_back(std::move(*change));
    }
  }
  std::stable_sort(out.changes.begin(), out.changes.end(), [&](const Change& a, const Change& b) {
    if (!a.distance || !b.distance) {
      return !a.distance && b.distance.has_value();
    }
    return relative(a, facts) < relative(b, facts);
  });
  return out;
}

}  // namespace her2
