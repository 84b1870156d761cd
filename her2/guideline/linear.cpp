// SPDX-License-Identifier: Apache-2.0
#include "her2/guideline/linear.h"

#include <algorithm>
#include <set>

#include "her2/guideline/feasible.h"

namespace her2 {
namespace {

// Scales a constraint so that equal half-spaces look equal: the first coefficient becomes 1 or -1.
void normalise(Constraint& constraint) {
  if (constraint.form.terms.empty()) {
    return;
  }
  const Rational factor = abs(constraint.form.terms.front().second);
  if (factor == 1) {
    return;
  }
  for (auto& [fact, coefficient] : constraint.form.terms) {
    coefficient /= factor;
  }
  constraint.form.constant /= factor;
}

// A constraint without facts: whether it holds.
bool holds(const Constraint& constraint) {
  switch (constraint.relation) {
    case Relation::less: return constraint.form.constant < 0;
    case Relation::less_equal: return constraint.form.constant <= 0;
    case Relation::equal: return constraint.form.constant == 0;
  }
  return false;
}

Rational coefficient_of(const LinearForm& form, FactId fact) {
  for (const auto& [id, coefficient] : form.terms) {
    if (id == fact) {
      return coefficient;
    }
  }
  return 0;
}

// Adds a constraint, keeping only the tightest of parallel ones. False when it can never hold.
bool insert(std::vector<Constraint>& system, Constraint constraint) {
  if (constraint.form.terms.empty()) {
    return holds(constraint);
  }
  normalise(constraint);
  if (constraint.relation != Relation::equal) {
    for (auto& other : system) {
      if (other.relation == Relation::equal || other.form.terms != constraint.form.terms) {
        continue;
      }
      if (constraint.form.constant > other.form.constant) {
        other = std::move(constraint);
      } else if (constraint.form.constant == other.form.constant && constraint.relation == Relation::less) {
        other.relation = Relation::less;
      }
      return true;
    }
  }
  system.push_back(std::move(constraint));
  return true;
}

// A system with one fact eliminated, and what is needed to find that fact's value again.
struct Step {
  FactId fact = 0;
  std::vector<Constraint> bounds;  // the constraints that named it
};

class Elimination {
 public:
  explicit Elimination(const std::vector<Constraint>& constraints) {
    for (const auto& constraint : constraints) {
      if (!insert(system_, constraint)) {
        empty_ = true;
        return;
      }
    }
  }

  // Eliminates every fact but `keep`. False when there is no solution.
  bool run(std::optional<FactId> keep) {
    while (!empty_ && substitute_one(keep)) {
    }
    while (!empty_) {
      const auto fact = cheapest(keep);
      if (!fact) {
        break;
      }
      eliminate(*fact);
    }
    return !empty_;
  }

  [[nodiscard]] const std::vector<Constraint>& system() const { return system_; }
  [[nodiscard]] const std::vector<Step>& steps() const { return steps_; }

 private:
  // Uses an equation to replace a fact everywhere.
  bool substitute_one(std::optional<FactId> keep) {
    for (std::size_t i = 0; i < system_.size(); ++i) {
      if (system_[i].relation != Relation::equal) {
        continue;
      }
      const auto& terms = system_[i].form.terms;
      const auto term =
          std::find_if(terms.begin(), terms.end(), [&](const auto& t) { return !keep || t.first != *keep; });
      if (term == terms.end()) {
        continue;
      }
      const Constraint equation = system_[i];
      const FactId fact = term->first;
      const Rational pivot = term->second;
      std::vector<Constraint> rest;
      for (std::size_t j = 0; j < system_.size() && !empty_; ++j) {
        if (j == i) {
          continue;
        }
        Constraint other = system_[j];
        const Rational coefficient = coefficient_of(other.form, fact);
        if (coefficient != 0) {
          other.form.add(equation.form, -coefficient / pivot);
        }
        empty_ = !insert(rest, std::move(other));
      }
      steps_.push_back({fact, {equation}});
      system_ = std::move(rest);
      return true;
    }
    return false;
  }

  // The fact whose elimination makes the fewest new constraints; among equals the lowest id.
  std::optional<FactId> cheapest(std::optional<FactId> keep) const {
    std::map<FactId, std::pair<long, long>> counts;  // upper, lower bounds
    for (const auto& constraint : system_) {
      for (const auto& [fact, coefficient] : constraint.form.terms) {
        if (!keep || fact != *keep) {
          (coefficient > 0 ? counts[fact].first : counts[fact].second) += 1;
        }
      }
    }
    std::optional<FactId> best;
    long best_cost = 0;
    for (const auto& [fact, count] : counts) {
      const long cost = count.first * count.second - count.first - count.second;
      if (!best || cost < best_cost) {
        best = fact;
        best_cost = cost;
      }
    }
    return best;
  }

  void eliminate(FactId fact) {
    Step step{fact, {}};
    std::vector<Constraint> rest;
    std::vector<const Constraint*> upper;
    std::vector<const Constraint*> lower;
    for (const auto& constraint : system_) {
      const Rational coefficient = coefficient_of(constraint.form, fact);
      if (coefficient == 0) {
        rest.push_back(constraint);
      } else {
        (coefficient > 0 ? upper : lower).push_back(&constraint);
        step.bounds.push_back(constraint);
      }
    }
    for (const auto* high : upper) {
      for (const auto* low : lower) {
        Constraint joined;
        joined.form.add(high->form, 1 / coefficient_of(high->form, fact));
        joined.form.add(low->form, -1 / coefficient_of(low->form, fact));
        joined.relation =
            high->relation == Relation::less || low->relation == Relation::less ? Relation::less : Relation::less_equal;
        if (!insert(rest, std::move(joined))) {
          empty_ = true;
          return;
        }
      }
    }
    steps_.push_back(std::move(step));
    system_ = std::move(rest);
  }

  std::vector<Constraint> system_;
  std::vector<Step> steps_;
  bool empty_ = false;
};

void tighten_low(Range& range, const Rational& at, bool open) {
  if (!range.low || at > range.low->at || (at == range.low->at && open)) {
    range.low = Bound{at, open};
  }
}

void tighten_high(Range& range, const Rational& at, bool open) {
  if (!range.high || at < range.high->at || (at == range.high->at && open)) {
    range.high = Bound{at, open};
  }
}

// Bounds on `fact` once every other fact of the constraints has the value in `values`.
Range bounds_given(FactId fact, const std::vector<Constraint>& constraints, const std::map<FactId, Rational>& values) {
  Range range;
  for (const auto& constraint : constraints) {
    Rational rest = constraint.form.constant;
    Rational own = 0;
    for (const auto& [id, coefficient] : constraint.form.terms) {
      if (id == fact) {
        own = coefficient;
      } else {
        rest += coefficient * values.at(id);
      }
    }
    const Rational at = -rest / own;
    const bool open = constraint.relation == Relation::less;
    if (constraint.relation == Relation::equal || own > 0) {
      tighten_high(range, at, open);
    }
    if (constraint.relation == Relation::equal || own < 0) {
      tighten_low(range, at, open);
    }
  }
  return range;
}

// A simple number inside a range that is not empty.
Rational simple_number(const Range& range) {
  const auto inside = [&](const Rational& x) {
    return (!range.low || x > range.low->at || (x == range.low->at && !range.low->open)) &&
           (!range.high || x < range.high->at || (x == range.high->at && !range.high->open));
  };
  if (inside(0)) {
    return 0;
  }
  if (range.low) {
    for (const Rational& candidate : {ceil(range.low->at), Rational(floor(range.low->at) + 1)}) {
      if (inside(candidate)) {
        return candidate;
      }
    }
    if (!range.high) {
      return range.low->at + 1;
    }
    return (range.low->at + range.high->at) / 2;
  }
  const Rational candidate = floor(range.high->at);
  return inside(candidate) ? candidate : Rational(candidate - 1);
}

}  // namespace

bool feasible_in_rationals(const std::vector<Constraint>& constraints) {
  return Elimination(constraints).run(std::nullopt);
}

bool feasible(const std::vector<Constraint>& constraints) {
  const auto quick = feasible_in_integers(constraints);
  return quick ? *quick : feasible_in_rationals(constraints);
}

std::optional<std::map<FactId, Rational>> solution(const std::vector<Constraint>& constraints) {
  Elimination elimination(constraints);
  if (!elimination.run(std::nullopt)) {
    return std::nullopt;
  }
  std::map<FactId, Rational> values;
  // Facts that vanished on the way (their constraints cancelled) are free.
  for (const auto& constraint : constraints) {
    for (const auto& [fact, coefficient] : constraint.form.terms) {
      values.try_emplace(fact, 0);
    }
  }
  const auto& steps = elimination.steps();
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    values[step->fact] = simple_number(bounds_given(step->fact, step->bounds, values));
  }
  return values;
}

std::optional<Range> range_of(FactId fact, const std::vector<Constraint>& constraints) {
  Elimination elimination(constraints);
  if (!elimination.run(fact)) {
    return std::nullopt;
  }
  const Range range = bounds_given(fact, elimination.system(), {});
  if (range.low && range.high &&
      (range.low->at > range.high->at || (range.low->at == range.high->at && (range.low->open || range.high->open)))) {
    return std::nullopt;
  }
  return range;
}

}  // namespace her2
