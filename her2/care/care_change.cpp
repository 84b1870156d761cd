// SPDX-License-Identifier: Apache-2.0
#include "her2/care/care_change.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>

namespace her2 {
namespace {

constexpr double kPoints = 2.0;           // smaller changes of survival are not reported
constexpr std::size_t kMostNumbers = 24;  // candidate values of one number, the nearest

void limits_of(const Condition& condition, std::map<FactId, std::set<Rational>>& out) {
  for (const auto& part : condition.parts) {
    limits_of(part, out);
  }
  if (condition.op == Condition::Op::linear && condition.form.terms.size() == 1) {
    const auto& [fact, coefficient] = condition.form.terms.front();
    out[fact].insert(-condition.form.constant / coefficient);
  }
}

class Changes {
 public:
  Changes(const CareRules& rules, const FactValues& recorded, const CareAnswer& now, const TenYears& ten_years)
      : rules_(rules), dictionary_(rules.dictionary()), recorded_(recorded), now_(now), ten_years_(ten_years) {
    for (const auto& file : rules.options) {
      for (const auto& option : file.options) {
        for (const auto& criterion : option.criteria) {
          limits_of(criterion.when, limits_);
        }
      }
    }
    for (const auto& step : rules.plan.steps) {
      for (const auto& row : step.table->rows) {
        limits_of(row.when, limits_);
      }
    }
    before_ = ten_years_ ? ten_years_(now.facts) : std::nullopt;
  }

  std::vector<CareChange> run() {
    for (const auto& [fact, value] : recorded_) {
      if (!value.is_exact() || value.is_missing() || now_.facts.contradicted.contains(fact)) {
        continue;
      }
      const auto number = value.exact_number();
      const FactType& type = dictionary_[fact];
      if (number && type.kind == FactKind::number) {
        numbers(fact, *number);
      } else if (type.kind == FactKind::choice) {
        choices(fact, value);
      }
    }
    return std::move(out_);
  }

 private:
  void choices(FactId fact, const Value& now) {
    const FactType& type = dictionary_[fact];
    const auto from = static_cast<unsigned>(__builtin_ctzll(now.choices));
    std::vector<unsigned> order;
    for (unsigned i = 0; i < type.values.size(); ++i) {
      if (i != from && (type.computed_only >> i & 1U) == 0) {
        order.push_back(i);
      }
    }
    if (type.ordered) {
      const auto far = [&](unsigned i) { return i > from ? i - from : from - i; };
      std::stable_sort(order.begin(), order.end(), [&](unsigned a, unsigned b) { return far(a) < far(b); });
    }
    std::set<std::string> seen;
    for (const unsigned i : order) {
      try_value(fact, Value::of_choice(i), seen);
    }
  }

  // Both sides of each limit: the limit itself and, for whole numbers, its neighbours; else a tenth to either side.
  void numbers(FactId fact, const Rational& from) {
    const FactType& type = dictionary_[fact];
    const Rational step = type.integer ? Rational(1) : Rational(1, 10);
    std::set<Rational> values;
    for (const Rational& limit : limits_[fact]) {
      for (const Rational& value : {Rational(limit - step), limit, Rational(limit + step)}) {
        const bool low = type.min && (value < *type.min || (type.min_open && value == *type.min));
        const bool whole = !type.integer || is_integer(value);
        if (!low && !(type.max && value > *type.max) && whole && value != from) {
          values.insert(value);
        }
      }
    }
    std::vector<Rational> order(values.begin(), values.end());
    std::stable_sort(order.begin(), order.end(),
                     [&](const Rational& a, const Rational& b) { return abs(a - from) < abs(b - from); });
    order.resize(std::min(order.size(), kMostNumbers));
    std::set<std::string> seen;
    for (const Rational& value : order) {
      try_value(fact, Value::of_number(value), seen);
    }
  }

  void try_value(FactId fact, const Value& value, std::set<std::string>& seen) {
    FactValues facts = recorded_;
    facts[fact] = value;
    const CareFacts then = care_facts(rules_, facts);
    if (then.contradictions.size() > now_.facts.contradictions.size()) {
      return;  // no case is like that
    }
    CareChange change;
    change.fact = fact;
    change.from = value_text(dictionary_[fact], recorded_.at(fact));
    change.to = value_text(dictionary_[fact], value);
    compare_answers(then, change);
    for (const auto& answer : now_.options) {
      const Truth state = option_state(*answer.option, then, dictionary_);
      if (state == answer.state) {
        continue;
      }
      (state == Truth::met          ? change.gained
       : answer.state == Truth::met ? change.lost
                                    : change.opened)
          .push_back(answer.option);
    }
    std::erase_if(change.opened, [&](const Option* option) { return was_open(option); });
    if (before_) {
      const auto after = ten_years_(then);
      if (after && std::abs(*after - *before_) > kPoints) {
        change.survival_points = *after - *before_;
      }
    }
    keep(std::move(change), seen);
  }

  [[nodiscard]] bool was_open(const Option* option) const {
    return std::any_of(now_.options.begin(), now_.options.end(),
                       [&](const OptionAnswer& a) { return a.option == option && a.state == Truth::open; });
  }

  void compare_answers(const CareFacts& then, CareChange& change) const {
    static constexpr std::array<std::string_view, 6> kAnswers{"her2_status",       "her2_spectrum",  "receptor_subtype",
                                                              "surrogate_subtype", "anatomic_stage", "clinical_stage"};
    for (const auto name : kAnswers) {
      const auto fact = dictionary_.find(name);
      if (!fact || *fact == change.fact) {
        continue;
      }
      const std::string a = text(now_.facts, *fact), b = text(then, *fact);
      if (a != b) {
        change.answers.push_back({*fact, a, b});
      }
    }
  }

  [[nodiscard]] std::string text(const CareFacts& facts, FactId fact) const {
    const auto found = facts.known.find(fact);
    return found == facts.known.end() ? std::string() : value_text(dictionary_[fact], found->second);
  }

  void keep(CareChange change, std::set<std::string>& seen) {
    if (change.answers.empty() && change.gained.empty() && change.lost.empty() && change.opened.empty() &&
        !change.survival_points) {
      return;
    }
    std::string outcome;
    for (const auto& line : change.answers) {
      outcome += dictionary_[line.fact].name + "=" + line.to + ";";
    }
    for (const auto* list : {&change.gained, &change.lost, &change.opened}) {
      for (const Option* option : *list) {
        outcome += option->id + ",";
      }
      outcome += "|";
    }
    if (seen.insert(outcome + (change.survival_points && outcome == "|||" ? change.to : "")).second) {
      out_.push_back(std::move(change));
    }
  }

  const CareRules& rules_;
  const Dictionary& dictionary_;
  const FactValues& recorded_;
  const CareAnswer& now_;
  const TenYears& ten_years_;
  std::map<FactId, std::set<Rational>> limits_;
  std::optional<double> before_;
  std::vector<CareChange> out_;
};

}  // namespace

std::vector<CareChange> care_changes(const CareRules& rules, const FactValues& recorded, const CareAnswer& now,
                                     const TenYears& ten_years) {
  return Changes(rules, recorded, now, ten_years).run();
}

}  // namespace her2
