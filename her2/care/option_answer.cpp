// SPDX-License-Identifier: Apache-2.0
#include "her2/care/option_answer.h"

#include <algorithm>
#include <set>

namespace her2 {
namespace {

Condition constant(bool value) {
  Condition out;
  out.op = value ? Condition::Op::all : Condition::Op::any;
  return out;
}

bool holds(const Rational& number, Relation relation) {
  switch (relation) {
    case Relation::less: return number < 0;
    case Relation::less_equal: return number <= 0;
    case Relation::equal: return number == 0;
  }
  return false;
}

// One value of a fact: the bit of a choice, or a number.
struct Exact {
  std::uint64_t bit = 0;
  Rational number;
};

// The condition where `fact` has this value.
Condition with_value(const Condition& condition, FactId fact, const Exact& value) {
  switch (condition.op) {
    case Condition::Op::all:
    case Condition::Op::any: {
      Condition out = condition;
      for (auto& part : out.parts) {
        part = with_value(part, fact, value);
      }
      return out;
    }
    case Condition::Op::choice: return condition.fact == fact ? constant((condition.mask & value.bit) != 0) : condition;
    case Condition::Op::presence: return condition.fact == fact ? constant(condition.mask == kPresentBit) : condition;
    case Condition::Op::linear: {
      Condition out = condition;
      for (const auto& [id, coefficient] : condition.form.terms) {
        if (id == fact) {
          out.form.constant += coefficient * value.number;
          out.form.add(fact, -coefficient);
        }
      }
      return out.form.terms.empty() ? constant(holds(out.form.constant, out.relation)) : out;
    }
    case Condition::Op::quotient: return condition;  // the loader refuses these
  }
  return condition;
}

// Constants that the condition compares this number with.
void limits_of(const Condition& condition, FactId fact, std::set<Rational>& out) {
  for (const auto& part : condition.parts) {
    limits_of(part, fact, out);
  }
  if (condition.op == Condition::Op::linear && condition.form.terms.size() == 1 &&
      condition.form.terms.front().first == fact) {
    out.insert(-condition.form.constant / condition.form.terms.front().second);
  }
}

// One value of each kind that the condition tells apart, as far as the worlds allow.
std::vector<Exact> samples(const Worlds& worlds, const Condition& condition, FactId fact) {
  const FactType& type = worlds.dictionary()[fact];
  std::vector<Exact> out;
  if (type.kind == FactKind::choice) {
    for (unsigned i = 0; i < type.values.size(); ++i) {
      const std::uint64_t bit = std::uint64_t{1} << i;
      if ((worlds.possible(fact) & bit) != 0) {
        out.push_back({bit, 0});
      }
    }
    return out;
  }
  std::set<Rational> limits;
  limits_of(condition, fact, limits);
  std::set<Rational> points(limits.begin(), limits.end());
  std::optional<Rational> last;
  for (const Rational& limit : limits) {
    points.insert(last ? Rational((*last + limit) / 2) : Rational(limit - 1));
    last = limit;
  }
  points.insert(last ? Rational(*last + 1) : Rational(0));
  for (const Rational& point : points) {
    const Rational number = type.integer ? ceil(point) : point;
    LinearForm form;
    form.add(fact, 1);
    form.constant = -number;
    Worlds with = worlds;
    if (with.add(form, Relation::equal)) {
      out.push_back({0, number});
    }
  }
  return out;
}

class Settler {
 public:
  Settler(const Condition& all, const Worlds& worlds) : all_(all), worlds_(worlds) {}

  [[nodiscard]] std::optional<SettlingFact> look_at(FactId fact) const {
    const std::vector<Exact> values = samples(worlds_, all_, fact);
    std::vector<Condition> met, failed;
    SettlingFact out{fact, false, false};
    for (const Exact& value : values) {
      met.push_back(with_value(all_, fact, value));
      failed.push_back(complement(met.back(), worlds_.dictionary()));
      out.may_close = out.may_close || !possible(worlds_, {&met.back()});
      out.may_meet = out.may_meet || !possible(worlds_, {&failed.back()});
    }
    for (std::size_t a = 0; a < met.size(); ++a) {
      for (std::size_t b = 0; b < met.size(); ++b) {
        if (a != b && possible(worlds_, {&met[a], &failed[b]})) {
          return out;
        }
      }
    }
    return std::nullopt;
  }

 private:
  const Condition& all_;
  const Worlds& worlds_;
};

Condition all_of(const Option& option) {
  Condition out;
  out.op = Condition::Op::all;
  for (const auto& criterion : option.criteria) {
    out.parts.push_back(criterion.when);
  }
  return out;
}

Truth truth_of(const Condition& condition, const CareFacts& facts, const Dictionary& dictionary) {
  return truth(facts.worlds(dictionary, facts_read(condition, dictionary), {}), condition);
}

bool is_exact(const Worlds& worlds, FactId fact) {
  const std::uint64_t mask = worlds.possible(fact);
  return worlds.dictionary()[fact].kind == FactKind::choice ? (mask & (mask - 1)) == 0 : worlds.exact(fact) != nullptr;
}

}  // namespace

Truth option_state(const Option& option, const CareFacts& facts, const Dictionary& dictionary) {
  const Worlds worlds = facts.worlds(dictionary, option.facts(dictionary), facts_asked_for(option, dictionary));
  return truth(worlds, all_of(option));
}

OptionAnswer answer_option(const Option& option, const CareFacts& facts, const Dictionary& dictionary) {
  OptionAnswer out;
  out.option = &option;
  const auto read = option.facts(dictionary);
  const auto asked = facts_asked_for(option, dictionary);
  const Worlds worlds = facts.worlds(dictionary, read, asked);
  const Condition all = all_of(option);
  out.state = truth(worlds, all);
  for (const auto& criterion : option.criteria) {
    out.criteria.push_back(truth(worlds, criterion.when));
  }
  for (const auto& entry : option.trial_entry) {
    out.trial_entry.push_back(truth_of(entry.when, facts, dictionary));
  }
  for (const auto& remark : option.remarks) {
    out.remarks.push_back(remark.when ? truth_of(*remark.when, facts, dictionary) : Truth::met);
  }
  if (out.state != Truth::open) {
    return out;
  }
  const Settler settler(all, worlds);
  for (const FactId fact : read) {
    if (is_exact(worlds, fact) || std::binary_search(asked.begin(), asked.end(), fact)) {
      continue;
    }
    if (const auto needed = settler.look_at(fact)) {
      out.settled_by.push_back(*needed);
      out.contradicted = out.contradicted || facts.contradicted.contains(fact);
    }
  }
  std::stable_sort(out.settled_by.begin(), out.settled_by.end(), [](const auto& a, const auto& b) {
    return a.may_close != b.may_close ? a.may_close : a.may_meet && !b.may_meet;
  });
  return out;
}

}  // namespace her2
