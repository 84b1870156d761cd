// SPDX-License-Identifier: Apache-2.0
#include "her2/run/what_if.h"

#include <algorithm>

#include "her2/guideline/change.h"
#include "her2/language/data_text.h"

namespace her2 {
namespace {

class Changes {
 public:
  Changes(const Plan& plan, const Specimen& specimen, const Decided& decided)
      : plan_(plan),
        dictionary_(plan.dictionary()),
        specimen_(specimen),
        decided_(decided),
        answer_(plan.scheme->answers.front()) {}

  WhatWouldChange run() {
    const NearestChanges found = nearest_changes(plan_, decided_.readings.front().facts, answer_);
    for (const Change& change : found.changes) {
      const FactId fact = recorded_as(dictionary_, change.fact);
      const bool shown = std::any_of(out_.begin(), out_.end(),
                                     [&](const WhatIf& what) { return what.fact == dictionary_[fact].name; });
      if (specimen_.facts.contains(fact) && !shown) {  // other derived facts: nobody can change them on their own
        add(fact, change.to);
      }
    }
    WhatWouldChange out{std::move(out_), {}};
    for (const FactId id : found.not_searched) {
      const FactId fact = recorded_as(dictionary_, id);
      const std::string label = fact_label(dictionary_[fact]);
      const bool named = std::find(out.not_searched.begin(), out.not_searched.end(), label) != out.not_searched.end();
      if (specimen_.facts.contains(fact) && !named) {
        out.not_searched.push_back(label);
      }
    }
    return out;
  }

 private:
  // The recorded facts with one of them changed.
  FactValues changed_facts(FactId fact, const Value& to) const {
    const FactValues& used = decided_.readings.front().facts;
    FactValues out;
    for (const auto& [id, recorded] : specimen_.facts) {
      const FactType& type = dictionary_[id];
      const bool computed = type.kind == FactKind::quotient && (type.numerator == fact || type.denominator == fact);
      if (!computed || used.contains(id)) {
        out[id] = recorded.value;
      }
    }
    out[fact] = point_of(to);
    return out;
  }

  // Beyond a bound there is no smallest change: a little beyond it.
  static Value point_of(const Value& to) {
    if (to.state != Value::State::number || to.is_exact()) {
      return to;
    }
    const Rational little(1, 1000);
    return Value::of_number(to.low ? Rational(to.low->at + little) : Rational(to.high->at - little));
  }

  void add(FactId fact, const Value& to) {
    const Decided then = decide_facts(plan_, changed_facts(fact, to), {});
    if (!then.refusal.empty() || then.readings.size() != 1) {
      return;
    }
    const Outcome& outcome = then.outcomes.at(answer_).merged;
    const int step = deciding_step(plan_, outcome, answer_);
    if (step < 0) {
      return;
    }
    const auto at = static_cast<std::size_t>(step);
    const bool same_rows = outcome.row_mask(at) == decided_.outcomes.at(answer_).merged.row_mask(at);
    if (same_rows && then.possible(answer_) == decided_.possible(answer_)) {
      return;
    }
    const FactType& type = dictionary_[fact];
    const auto rows = outcome.rows(at);
    WhatIf what;
    what.fact = type.name;
    what.label = fact_label(type);
    what.from = value_text(type, specimen_.value(fact));
    what.to = value_text(type, to);
    what.unit = type.unit;
    what.gives = value_text(dictionary_[answer_], Value::of_choices(then.possible(answer_) & ~kMissingBit));
    what.row = rows.size() == 1 && rows.front() >= 0 ? row_id(plan_, at, rows.front()) : "";
    out_.push_back(std::move(what));
  }

  const Plan& plan_;
  const Dictionary& dictionary_;
  const Specimen& specimen_;
  const Decided& decided_;
  FactId answer_;
  std::vector<WhatIf> out_;
};

}  // namespace

FactId recorded_as(const Dictionary& dictionary, FactId fact) {
  constexpr std::string_view kDerived = "_counted";
  const std::string& name = dictionary[fact].name;
  const auto plain =
      name.ends_with(kDerived) ? dictionary.find(name.substr(0, name.size() - kDerived.size())) : std::nullopt;
  return plain.value_or(fact);
}

WhatWouldChange what_would_change(const Plan& plan, const Specimen& specimen, const Decided& decided) {
  return Changes(plan, specimen, decided).run();
}

}  // namespace her2
