// SPDX-License-Identifier: Apache-2.0
#include "her2/guideline/worlds.h"

#include <algorithm>

namespace her2 {
namespace {

std::uint64_t present_mask(const FactType& type) {
  return type.kind == FactKind::choice ? type.all_values() & ~type.computed_only : kPresentBit;
}

bool constant_holds(const Rational& constant, Relation relation) {
  switch (relation) {
    case Relation::less: return constant < 0;
    case Relation::less_equal: return constant <= 0;
    case Relation::equal: return constant == 0;
  }
  return false;
}

}  // namespace

Worlds::Worlds(const Dictionary& dictionary) : dictionary_(&dictionary), possible_(dictionary.size(), kMissingBit) {}

LinearForm Worlds::reduced(const LinearForm& form) const {
  LinearForm out;
  out.constant = form.constant;
  for (const auto& [fact, coefficient] : form.terms) {
    if (const Rational* value = exact(fact)) {
      out.constant += coefficient * *value;
    } else {
      out.terms.emplace_back(fact, coefficient);
    }
  }
  return out;
}

const Rational* Worlds::exact(FactId fact) const {
  const auto found = exact_.find(fact);
  return found == exact_.end() ? nullptr : &found->second;
}

void Worlds::forget(FactId fact) {
  exact_.erase(fact);
  std::erase_if(linear_, [&](const Constraint& constraint) {
    return std::any_of(constraint.form.terms.begin(), constraint.form.terms.end(),
                       [&](const auto& term) { return term.first == fact; });
  });
}

void Worlds::set_present(FactId fact) {
  const FactType& type = (*dictionary_)[fact];
  if (type.kind == FactKind::quotient) {
    set_present(type.numerator);
    set_present(type.denominator);
    LinearForm denominator;
    denominator.add(type.denominator, -1);
    add(denominator, Relation::less);
    return;
  }
  if (type.kind == FactKind::number && possible_[fact] == kMissingBit) {
    if (type.min) {
      LinearForm form;
      form.add(fact, -1);
      form.constant = *type.min;
      linear_.push_back({form, type.min_open ? Relation::less : Relation::less_equal});
    }
    if (type.max) {
      LinearForm form;
      form.add(fact, 1);
      form.constant = -*type.max;
      linear_.push_back({form, Relation::less_equal});
    }
  }
  possible_[fact] = present_mask(type);
}

void Worlds::set(FactId fact, const Value& value) {
  const FactType& type = (*dictionary_)[fact];
  if (type.kind != FactKind::quotient) {
    forget(fact);
    possible_[fact] = kMissingBit;
  }
  switch (value.state) {
    case Value::State::missing: return;
    case Value::State::unknown:
      if (type.kind == FactKind::quotient) {
        return;  // says nothing beyond what is known of its parts
      }
      set_present(fact);
      possible_[fact] |= kMissingBit;
      return;
    case Value::State::choice: possible_[fact] = value.choices; return;
    case Value::State::number: break;
  }
  const bool quotient = type.kind == FactKind::quotient;
  for (const FactId part : quotient ? std::vector{type.numerator, type.denominator} : std::vector{fact}) {
    if (possible_[part] != kPresentBit) {
      set_present(part);
    }
  }
  if (const auto exact = value.exact_number(); exact && !quotient) {
    std::erase_if(linear_,
                  [&](const Constraint& c) { return c.form.terms.size() == 1 && c.form.terms[0].first == fact; });
    exact_[fact] = *exact;
    return;
  }
  const auto bound = [&](const Bound& at, int sign) {  // sign * (x - at) <= 0, where x is the fact or num - at * den
    LinearForm form;
    if (quotient) {
      form.add(type.numerator, sign);
      form.add(type.denominator, -at.at * sign);
    } else {
      form.add(fact, sign);
      form.constant = -at.at * sign;
    }
    linear_.push_back({reduced(form), at.open ? Relation::less : Relation::less_equal});
  };
  if (quotient) {
    LinearForm denominator;
    denominator.add(type.denominator, -1);
    linear_.push_back({reduced(denominator), Relation::less});
  }
  if (value.low) {
    bound(*value.low, -1);
  }
  if (value.high) {
    bound(*value.high, 1);
  }
}

bool Worlds::restrict(FactId fact, std::uint64_t mask) {
  const std::uint64_t left = possible_[fact] & mask;
  if (left == kMissingBit && possible_[fact] != kMissingBit && (*dictionary_)[fact].kind == FactKind::number) {
    forget(fact);
  }
  possible_[fact] = left;
  return left != 0;
}

bool Worlds::add(const LinearForm& form, Relation relation) {
  Constraint constraint{reduced(form), relation};
  if (constraint.form.terms.empty()) {
    return constant_holds(constraint.form.constant, relation);
  }
  linear_.push_back(std::move(constraint));
  return feasible(linear_);
}

bool Worlds::any() const {
  return std::none_of(possible_.begin(), possible_.end(), [](std::uint64_t mask) { return mask == 0; }) &&
         feasible(linear_);
}

void Worlds::keep_only(const std::set<FactId>& facts) {
  std::set<FactId> kept = facts;
  for (bool grown = true; grown;) {
    grown = false;
    for (const auto& constraint : linear_) {
      const auto& terms = constraint.form.terms;
      if (std::none_of(terms.begin(), terms.end(), [&](const auto& term) { return kept.contains(term.first); })) {
        continue;
      }
      for (const auto& [fact, coefficient] : terms) {
        grown = kept.insert(fact).second || grown;
      }
    }
  }
  for (FactId fact = 0; fact < possible_.size(); ++fact) {
    if (!kept.contains(fact)) {
      possible_[fact] = kMissingBit;
    }
  }
  std::erase_if(exact_, [&](const auto& entry) { return !kept.contains(entry.first); });
  std::erase_if(linear_, [&](const Constraint& constraint) {
    return !constraint.form.terms.empty() && !kept.contains(constraint.form.terms.front().first);
  });
}

void Worlds::widen(const Worlds& other) {
  for (FactId fact = 0; fact < possible_.size(); ++fact) {
    possible_[fact] |= other.possible_[fact];
  }
  std::erase_if(exact_, [&](const auto& entry) {
    const Rational* value = other.exact(entry.first);
    return value == nullptr || *value != entry.second;
  });
  std::erase_if(linear_, [&](const Constraint& constraint) {
    return std::find(other.linear_.begin(), other.linear_.end(), constraint) == other.linear_.end();
  });
}

std::vector<Constraint> Worlds::constraints() const {
  std::vector<Constraint> out = linear_;
  for (const auto& [fact, value] : exact_) {
    Constraint constraint;
    constraint.form.add(fact, 1);
    constraint.form.constant = -value;
    constraint.relation = Relation::equal;
    out.push_back(std::move(constraint));
  }
  return out;
}

Worlds worlds_of(const Dictionary& dictionary, const FactValues& facts) {
  Worlds worlds(dictionary);
  for (const bool quotients : {false, true}) {
    for (const auto& [fact, value] : facts) {
      if ((dictionary[fact].kind == FactKind::quotient) == quotients) {
        worlds.set(fact, value);
      }
    }
  }
  return worlds;
}

// Walks the branches of a conjunction of conditions: first everything that needs no branching, then the alternatives,
// fewest first.
class Brancher {
 public:
  explicit Brancher(const std::function<bool(const Worlds&)>& visit) : visit_(visit) {}

  // True: go on; false: the visitor has seen enough.
  bool run(Worlds worlds, const std::vector<const Condition*>& conditions) {
    std::vector<const Condition*> alternatives;
    for (const Condition* condition : conditions) {
      if (!apply(worlds, *condition, alternatives)) {
        return true;
      }
    }
    return branch(worlds, alternatives);
  }

 private:
  // Applies what needs no branching; false when no world is left.
  static bool apply(Worlds& worlds, const Condition& condition, std::vector<const Condition*>& alternatives) {
    switch (condition.op) {
      case Condition::Op::all:
        return std::all_of(condition.parts.begin(), condition.parts.end(),
                           [&](const Condition& part) { return apply(worlds, part, alternatives); });
      case Condition::Op::any: alternatives.push_back(&condition); return true;
      case Condition::Op::choice:
      case Condition::Op::presence: return worlds.restrict(condition.fact, condition.mask);
      case Condition::Op::linear:
        for (const auto& [fact, coefficient] : condition.form.terms) {
          if (!worlds.restrict(fact, kPresentBit)) {
            return false;
          }
        }
        return worlds.add(condition.form, condition.relation);
      case Condition::Op::quotient: return apply_quotient(worlds, condition);
    }
    return false;
  }

  static bool apply_quotient(Worlds& worlds, const Condition& condition) {
    const FactType& type = worlds.dictionary()[condition.fact];
    if (!worlds.restrict(type.numerator, kPresentBit) || !worlds.restrict(type.denominator, kPresentBit)) {
      return false;
    }
    LinearForm denominator;
    denominator.add(type.denominator, -1);
    if (!worlds.add(denominator, Relation::less)) {
      return false;
    }
    LinearForm form;
    form.add(type.numerator, 1);
    form.add(type.denominator, -condition.form.constant);
    Relation relation = condition.relation;
    if (condition.negated) {
      LinearForm turned;
      turned.add(form, -1);
      form = std::move(turned);
      relation = relation == Relation::less ? Relation::less_equal : Relation::less;
    }
    return worlds.add(form, relation);
  }

  // One test on its own: surely met, surely not met, or open (nothing is branched).
  static Truth quick(const Worlds& worlds, const Condition& condition) {
    switch (condition.op) {
      case Condition::Op::choice:
      case Condition::Op::presence: {
        const std::uint64_t now = worlds.possible(condition.fact);
        return (now & condition.mask) == 0 ? Truth::not_met : (now & ~condition.mask) == 0 ? Truth::met : Truth::open;
      }
      case Condition::Op::all:
      case Condition::Op::any: {
        const Truth decisive = condition.op == Condition::Op::all ? Truth::not_met : Truth::met;
        bool open = false;
        for (const auto& part : condition.parts) {
          const Truth one = quick(worlds, part);
          if (one == decisive) {
            return decisive;
          }
          open = open || one == Truth::open;
        }
        return open ? Truth::open : (decisive == Truth::met ? Truth::not_met : Truth::met);
      }
      case Condition::Op::linear: return quick_linear(worlds, condition.form, condition.relation);
      case Condition::Op::quotient: return quick_quotient(worlds, condition);
    }
    return Truth::open;
  }

  static Truth quick_linear(const Worlds& worlds, const LinearForm& form, Relation relation) {
    bool all_exact = true;
    for (const auto& [fact, coefficient] : form.terms) {
      if (worlds.surely_missing(fact)) {
        return Truth::not_met;
      }
      all_exact = all_exact && worlds.exact(fact) != nullptr && worlds.possible(fact) == kPresentBit;
    }
    if (!all_exact) {
      return Truth::open;
    }
    return constant_holds(worlds.reduced(form).constant, relation) ? Truth::met : Truth::not_met;
  }

  static Truth quick_quotient(const Worlds& worlds, const Condition& condition) {
    const FactType& type = worlds.dictionary()[condition.fact];
    if (worlds.surely_missing(type.numerator) || worlds.surely_missing(type.denominator)) {
      return Truth::not_met;
    }
    const Rational* numerator = worlds.exact(type.numerator);
    const Rational* denominator = worlds.exact(type.denominator);
    if (numerator == nullptr || denominator == nullptr) {
      return Truth::open;
    }
    if (*denominator <= 0) {
      return Truth::not_met;
    }
    const bool holds = constant_holds(*numerator - condition.form.constant * *denominator, condition.relation);
    return holds != condition.negated ? Truth::met : Truth::not_met;
  }

  bool branch(const Worlds& worlds, const std::vector<const Condition*>& alternatives) {
    // Drop what is already decided; take the alternative with the fewest open parts.
    std::vector<const Condition*> undecided;
    const Condition* chosen = nullptr;
    std::ptrdiff_t fewest = 0;
    for (const Condition* alternative : alternatives) {
      const Truth now = quick(worlds, *alternative);
      if (now == Truth::not_met) {
        return true;
      }
      if (now == Truth::met) {
        continue;
      }
      undecided.push_back(alternative);
      const auto parts = std::count_if(alternative->parts.begin(), alternative->parts.end(),
                                       [&](const Condition& part) { return quick(worlds, part) != Truth::not_met; });
      if (chosen == nullptr || parts < fewest) {
        chosen = alternative;
        fewest = parts;
      }
    }
    if (chosen == nullptr) {
      return !worlds.any() || visit_(worlds);
    }
    std::erase(undecided, chosen);
    for (const auto& part : chosen->parts) {
      if (quick(worlds, part) == Truth::not_met) {
        continue;
      }
      std::vector<const Condition*> rest = undecided;
      Worlds next = worlds;
      if (apply(next, part, rest) && !branch(next, rest)) {
        return false;
      }
    }
    return true;
  }

  const std::function<bool(const Worlds&)>& visit_;
};

bool for_each_part(const Worlds& worlds, const std::vector<const Condition*>& conditions,
                   const std::function<bool(const Worlds&)>& visit) {
  return Brancher(visit).run(worlds, conditions);
}

bool possible(const Worlds& worlds, const std::vector<const Condition*>& conditions) {
  return !for_each_part(worlds, conditions, [](const Worlds&) { return false; });
}

Truth truth(const Worlds& worlds, const Condition& condition) {
  if (!possible(worlds, {&condition})) {
    return Truth::not_met;
  }
  const Condition opposite = complement(condition, worlds.dictionary());
  return possible(worlds, {&opposite}) ? Truth::open : Truth::met;
}

}  // namespace her2
