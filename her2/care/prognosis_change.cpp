// SPDX-License-Identifier: Apache-2.0
#include "her2/care/prognosis_change.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "her2/care/contradictions.h"

namespace her2 {
namespace {

constexpr std::array<std::string_view, 20> kChoices{"grade",
                                                    "er_status",
                                                    "pgr_status",
                                                    "her2_status",
                                                    "detection",
                                                    "smoking",
                                                    "menopausal_status",
                                                    "ct",
                                                    "cn",
                                                    "pt",
                                                    "pn",
                                                    "ypt",
                                                    "ypn",
                                                    "m_category",
                                                    "given_radiotherapy",
                                                    "given_endocrine",
                                                    "given_chemotherapy",
                                                    "given_trastuzumab",
                                                    "given_bisphosphonate",
                                                    "t4_features"};

struct Number {
  std::string_view fact;
  double low, high;  // where the answer can be
};
constexpr std::array<Number, 8> kNumbers{{{"age_years", 25, 85},
                                          {"size_mm", 1, 200},
                                          {"size_clinical_mm", 1, 200},
                                          {"positive_nodes", 0, 50},
                                          {"node_deposit_mm", 0, 20},
                                          {"er_percent", 0, 100},
                                          {"pgr_percent", 0, 100},
                                          {"ki67_percent", 0, 100}}};

// What is compared.
struct Outcome {
  std::string stage;
  bool has_survival = false;
  double low = 0, high = 0;
  [[nodiscard]] double middle() const { return (low + high) / 2; }
};

class Searcher {
 public:
  Searcher(const Dictionary& dictionary, const FactValues& facts, const PrognosisOptions& options, double points)
      : dictionary_(dictionary), facts_(facts), options_(options), points_(points), now_(outcome_of(facts)) {}

  std::vector<PrognosisChange> run() {
    for (const auto name : kChoices) {
      try_choices(name);
    }
    for (const Number& number : kNumbers) {
      try_numbers(number);
    }
    std::stable_sort(out_.begin(), out_.end(), [](const auto& a, const auto& b) {
      return std::abs(a.alive_to - a.alive_from) > std::abs(b.alive_to - b.alive_from);
    });
    return std::move(out_);
  }

 private:
  Outcome outcome_of(const FactValues& facts) const {
    Outcome out;
    FactValues derived = with_stage_facts(dictionary_, facts);
    if (const auto id = dictionary_.find("anatomic_stage"); id && derived.contains(*id)) {
      out.stage = value_text(dictionary_[*id], derived.at(*id));
    }
    const auto answer =
        predict_answer(dictionary_, derived, options_.model, PredictOutcome::death, PredictWith::recorded);
    if (answer.has_curves) {
      out.has_survival = true;
      out.low = answer.curves.low.alive_in(answer.treated_low)[9];
      out.high = answer.curves.high.alive_in(answer.treated_high)[9];
    }
    return out;
  }

  [[nodiscard]] bool differs(const Outcome& then) const {
    const bool survival = now_.has_survival && then.has_survival &&
                          (std::abs(then.low - now_.low) > points_ || std::abs(then.high - now_.high) > points_);
    return survival || then.stage != now_.stage;
  }

  // The facts with one of them changed, and without those that say the same in another way (T beside the size) and now
  // contradict it. Nothing: the change cannot be (before menopause at 80).
  [[nodiscard]] std::optional<FactValues> changed(FactId fact, const Value& to) const {
    FactValues facts = facts_;
    for (const std::string_view name : {"anatomic_stage", "clinical_stage", "t_for_stage", "n_for_stage"}) {
      if (const auto id = dictionary_.find(name)) {
        facts.erase(*id);  // they follow from others
      }
    }
    facts[fact] = to;
    const Reconciled reconciled = reconcile_care(dictionary_, facts);
    const auto impossible = [](const Discrepancy& one) { return one.id == "menopause-against-age"; };
    if (std::any_of(reconciled.discrepancies.begin(), reconciled.discrepancies.end(), impossible)) {
      return std::nullopt;
    }
    for (const auto& reading : reconciled.readings) {
      if (reading.facts.contains(fact)) {
        return reading.facts;
      }
    }
    return facts;
  }

  // Adds the change if it makes a difference.
  bool try_value(FactId fact, const Value& from, const Value& to) {
    const auto facts = changed(fact, to);
    if (!facts) {
      return false;
    }
    const Outcome then = outcome_of(*facts);
    if (differs(then)) {
      add(fact, from, to, then);
      return true;
    }
    return false;
  }

  void add(FactId fact, const Value& from, const Value& to, const Outcome& then) {
    const FactType& type = dictionary_[fact];
    out_.push_back({type.name, type.label, type.unit, value_text(type, from), value_text(type, to), now_.stage,
                    then.stage, now_.middle(), then.middle()});
  }

  [[nodiscard]] const Value* exact(std::string_view name, FactId& fact) const {
    const auto id = dictionary_.find(name);
    const auto found = id ? facts_.find(*id) : facts_.end();
    if (found == facts_.end() || found->second.is_missing() || !found->second.is_exact()) {
      return nullptr;
    }
    fact = *id;
    return &found->second;
  }

  void try_choices(std::string_view name) {
    FactId fact = 0;
    const Value* from = exact(name, fact);
    if (from == nullptr) {
      return;
    }
    const FactType& type = dictionary_[fact];
    static constexpr std::array<std::string_view, 3> kPlain{"negative", "positive", "low-positive"};
    for (unsigned i = 0; i < type.values.size(); ++i) {
      const bool receptor = name.ends_with("_status") && name != "menopausal_status";
      const bool plain = std::find(kPlain.begin(), kPlain.end(), type.values[i]) != kPlain.end();
      if ((from->choices >> i & 1U) != 0 || (receptor && !plain)) {
        continue;
      }
      try_value(fact, *from, Value::of_choice(i));
    }
  }

  static Value whole(double number) { return Value::of_number(Decimal{static_cast<std::int64_t>(number), 0}); }

  void try_numbers(const Number& number) {
    FactId fact = 0;
    const Value* from = exact(number.fact, fact);
    if (from == nullptr) {
      return;
    }
    const auto at = from->low->at.convert_to<double>();
    for (double to = std::floor(at) + 1; to <= number.high; ++to) {
      if (try_value(fact, *from, whole(to))) {
        break;
      }
    }
    for (double to = std::ceil(at) - 1; to >= number.low; --to) {
      if (try_value(fact, *from, whole(to))) {
        break;
      }
    }
  }

  const Dictionary& dictionary_;
  const FactValues& facts_;
  const PrognosisOptions& options_;
  double points_;
  Outcome now_;
  std::vector<PrognosisChange> out_;
};

}  // namespace

std::vector<PrognosisChange> prognosis_changes(const Dictionary& dictionary, const FactValues& facts,
                                               const PrognosisOptions& options, double points) {
  return Searcher(dictionary, facts, options, points).run();
}

}  // namespace her2
