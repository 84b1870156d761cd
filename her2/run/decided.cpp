// SPDX-License-Identifier: Apache-2.0
#include "her2/run/decided.h"

#include <algorithm>
#include <iterator>
#include <set>

#include <fmt/format.h>

#include "her2/guideline/point.h"
#include "her2/language/data_text.h"
#include "her2/language/say.h"

namespace her2 {

std::string broken_law(const Plan& plan, std::size_t step, const std::string& law) {
  std::string line;  // a law may be written over several lines
  for (const char c : law) {
    const bool blank = c == ' ' || c == '\n' || c == '\r' || c == '\t';
    if (!blank || (!line.empty() && line.back() != ' ')) {
      line += blank ? ' ' : c;
    }
  }
  return say("run.the_recorded_facts_break_what_holds",
             {{"law", line}, {"guideline", plan.steps[step].guideline->id}, {"table", plan.steps[step].table->name}});
}

std::vector<FactId> facts_of_law(const Plan& plan, std::size_t step, const std::string& law) {
  const Table& table = *plan.steps[step].table;
  std::vector<FactId> out;
  for (std::size_t i = 0; i < table.space.size(); ++i) {
    if (table.space_text[i] == law) {
      out = facts_read(table.space[i], plan.dictionary());
    }
  }
  return out;
}

namespace {

// Recorded numbers that a quotient links.
std::vector<FactId> linked_numbers(const Dictionary& dictionary, const FactValues& facts) {
  std::set<FactId> linked;
  for (FactId id = 0; id < dictionary.size(); ++id) {
    const FactType& type = dictionary[id];
    const auto found = facts.find(id);
    if (type.kind == FactKind::quotient && found != facts.end() && found->second.state == Value::State::number) {
      linked.insert({id, type.numerator, type.denominator});
    }
  }
  std::vector<FactId> out;
  std::copy_if(linked.begin(), linked.end(), std::back_inserter(out),
               [&](FactId fact) { return facts.contains(fact) && facts.at(fact).state == Value::State::number; });
  return out;
}

// Why no case can have these facts, and which of them.
void explain_impossible(const Plan& plan, const Impossible& impossible, const FactValues& facts, Decided& out) {
  const Dictionary& dictionary = plan.dictionary();
  if (impossible.what.empty()) {
    out.refusal_facts = linked_numbers(dictionary, facts);
    std::vector<std::string> told;
    for (const FactId fact : out.refusal_facts) {
      told.push_back(fmt::format("{} {}", fact_label(dictionary[fact]), value_text(dictionary[fact], facts.at(fact))));
    }
    const std::string joined = fmt::format("{}", fmt::join(told, ", "));
    out.refusal = told.empty() ? say("run.the_recorded_facts_contradict_each")
                               : say("run.the_recorded_numbers_contradict_each", {{"numbers", joined}});
    return;
  }
  out.refusal_facts = facts_of_law(plan, impossible.step, impossible.what);
  out.refusal = broken_law(plan, impossible.step, impossible.what);
}

// Facts of a case with an ensemble's facts, and every quotient that would contradict them, taken out.
void take_out(const Dictionary& dictionary, const Ensemble& ensemble, FactValues& facts) {
  const auto varies = [&](FactId fact) {
    return std::find(ensemble.ids.begin(), ensemble.ids.end(), fact) != ensemble.ids.end();
  };
  std::erase_if(facts, [&](const auto& entry) {
    const FactType& type = dictionary[entry.first];
    return varies(entry.first) ||
           (type.kind == FactKind::quotient && (varies(type.numerator) || varies(type.denominator)));
  });
}

// The choice or number of an exact value, into a plain case. False: not plain.
bool put(PointFacts& point, const Dictionary& dictionary, FactId fact, const Value& value) {
  switch (value.state) {
    case Value::State::missing: return true;
    case Value::State::unknown: return false;
    case Value::State::choice:
      if (!value.is_exact()) {
        return false;
      }
      point.set_choice(fact, static_cast<unsigned>(__builtin_ctzll(value.choices)));
      return true;
    case Value::State::number:
      return value.written && dictionary[fact].kind != FactKind::choice && point.set_number(fact, *value.written);
  }
  return false;
}

class Sampler {
  static constexpr std::size_t kMostBetween = 5;  // facts, 32 ways
  static constexpr int kMostShare = 1'000'000;

 public:
  Sampler(const Plan& plan, const FactValues& facts)
      : plan_(plan), facts_(facts), decider_(plan), point_(plan.dictionary()) {}

  void run(const std::vector<Ensemble>& ensembles) {
    constexpr std::uint64_t kMostCombined = 100'000;
    FactValues facts = facts_;
    std::uint64_t combined = 1, longest = 0;
    for (const auto& ensemble : ensembles) {
      take_out(plan_.dictionary(), ensemble, facts);
      combined = std::min(combined * ensemble.rows.size(), kMostCombined + 1);
      longest = std::max<std::uint64_t>(longest, ensemble.rows.size());
    }
    const bool all = combined <= kMostCombined;
    const std::uint64_t rounds = ensembles.empty() || combined == 0 ? 0 : all ? combined : longest;
    for (std::uint64_t round = 0; round < rounds; ++round) {
      std::uint64_t rest = round;
      for (const auto& ensemble : ensembles) {
        const auto& replicate = ensemble.rows[rest % ensemble.rows.size()];
        rest = all ? rest / ensemble.rows.size() : round;
        for (std::size_t i = 0; i < ensemble.ids.size(); ++i) {
          facts[ensemble.ids[i]] = value_of(ensemble.ids[i], replicate[i]);
        }
      }
      count(facts);
    }
  }

  Shares take() { return std::move(shares_); }

 private:
  // A choice in an ensemble is given by the position of its value.
  Value value_of(FactId fact, const Decimal& number) const {
    return plan_.dictionary()[fact].kind == FactKind::choice ? Value::of_choice(static_cast<unsigned>(number.mantissa))
                                                             : Value::of_number(number);
  }

  void count(const FactValues& recorded) {
    ++shares_.replicates;
    // The same reading of the facts as for a single case: derived facts, over-determined counts.
    const Reconciled reconciled = reconcile(plan_.dictionary(), recorded);
    const FactValues& facts = reconciled.readings.front().facts;
    point_.clear();
    between_.clear();
    const bool plain =
        reconciled.readings.size() == 1 && std::all_of(facts.begin(), facts.end(), [&](const auto& entry) {
          return put(point_, plan_.dictionary(), entry.first, entry.second) || put_between(entry.first, entry.second);
        });
    const PointOutcome* outcome = plain ? decide_plain() : nullptr;
    if (outcome != nullptr) {
      count_point(*outcome);
    } else {
      count_set(decide_facts(plan_, recorded, plan_.scheme->answers));
    }
  }

  // A share like 100 x 15 / 643 has more digits than a plain case may: it lies between two neighbours that have not.
  bool put_between(FactId fact, const Value& value) {
    const auto exact = value.exact_number();
    if (!exact || plan_.dictionary()[fact].kind != FactKind::number || between_.size() >= kMostBetween ||
        abs(*exact) >= kMostShare) {
      return false;
    }
    constexpr int kDigits = 6;
    const Rational scaled = *exact * 1'000'000;
    auto below = static_cast<std::int64_t>(numerator(scaled) / denominator(scaled));
    below -= scaled < below ? 1 : 0;
    between_.push_back({fact, Decimal{below, kDigits}, Decimal{below + 1, kDigits}});
    return true;
  }

  // Every test is linear: one that comes out alike with all neighbours comes out so between them, too. Else nullptr.
  const PointOutcome* decide_plain() {
    const PointOutcome* first = nullptr;
    for (unsigned corner = 0; corner < 1U << between_.size(); ++corner) {
      for (std::size_t i = 0; i < between_.size(); ++i) {
        const Neighbours& n = between_[i];
        if (!point_.set_number(n.fact, (corner >> i & 1U) != 0 ? n.above : n.below)) {
          return nullptr;
        }
      }
      const std::uint32_t generation = decider_.generation();
      const PointOutcome* outcome = decider_.decide(point_);
      if (outcome == nullptr ||
          (first != nullptr && (generation != decider_.generation() || outcome->id != first->id))) {
        return nullptr;
      }
      first = outcome;
    }
    return first;
  }

  void count_point(const PointOutcome& outcome) {
    for (const FactId answer : plan_.scheme->answers) {
      const int value = outcome.broken_step >= 0 ? kOpenValue : static_cast<int>(outcome.facts[answer]) - 1;
      if (outcome.broken_step < 0 && value < 0) {
        continue;  // nothing given
      }
      ++shares_.counts[answer][value];
      for (std::size_t step = 0; step < outcome.rows.size() && value >= 0; ++step) {
        const auto& gives = plan_.steps[step].table->gives;
        if (outcome.rows[step] >= 0 && std::find(gives.begin(), gives.end(), answer) != gives.end()) {
          shares_.rows[answer][value] = row_id(plan_, step, outcome.rows[step]);
        }
      }
    }
  }

  void count_set(const Decided& decided) {
    for (const FactId answer : plan_.scheme->answers) {
      const std::uint64_t mask = decided.refusal.empty() ? decided.possible(answer) : 0;
      const bool one = mask != 0 && (mask & (mask - 1)) == 0;
      if (one && mask == kMissingBit) {
        continue;
      }
      const int value = one ? __builtin_ctzll(mask) : kOpenValue;
      ++shares_.counts[answer][value];
      const int step = one ? deciding_step(plan_, decided.outcomes.at(answer).merged, answer) : -1;
      if (step >= 0) {
        const auto at = static_cast<std::size_t>(step);
        shares_.rows[answer][value] = row_id(plan_, at, decided.outcomes.at(answer).merged.rows(at).back());
      }
    }
  }

  const Plan& plan_;
  const FactValues& facts_;
  PointDecider decider_;
  PointFacts point_;
  struct Neighbours {
    FactId fact;
    Decimal below, above;
  };
  std::vector<Neighbours> between_;
  Shares shares_;
};

}  // namespace

namespace {

bool is_open(const Plan& plan, const Outcome& outcome) {
  const std::uint64_t mask = outcome.possible(plan.scheme->answers.front());
  return (mask & (mask - 1)) != 0;
}

// A ratio alone leaves the ISH group open. Where the laboratory's own conclusion stands beside it and agrees with the
// side of 2.0 on which the ratio lies, that conclusion is used, and it is said.
void use_reported_ish(const Plan& plan, Decided& decided) {
  const Dictionary& dictionary = plan.dictionary();
  const auto reported = dictionary.find("ish_reported");
  const auto ratio = dictionary.find("ratio");
  if (!reported || !ratio || decided.readings.size() != 1) {
    return;
  }
  FactValues& facts = decided.readings.front().facts;
  const auto status = facts.find(*reported);
  const auto number = facts.find(*ratio);
  const bool counted = std::any_of(facts.begin(), facts.end(), [&](const auto& entry) {
    const std::string& name = dictionary[entry.first].name;
    return name == "copies" || name == "cep17_copies" || name == "her2_total" || name == "cep17_total";
  });
  if (counted || status == facts.end() || number == facts.end() || !number->second.exact_number()) {
    return;
  }
  const std::string side = *number->second.exact_number() >= 2 ? "positive" : "negative";
  if (!status->second.is_exact() || value_text(dictionary[*reported], status->second) != side) {
    return;
  }
  const FactId first = plan.scheme->answers.front();
  FactValues without = facts;
  without.erase(*ratio);
  const Outcome with_ratio = decide(plan, worlds_of(dictionary, facts), {{first}, true});
  const Outcome as_reported = decide(plan, worlds_of(dictionary, without), {{first}, true});
  if (!is_open(plan, with_ratio) || as_reported.leaves.empty() || is_open(plan, as_reported)) {
    return;
  }
  decided.discrepancies.push_back(
      {"ish-as-reported",
       say("run.the_ratio_alone_does_not_give_the",
           {{"ratio", value_text(dictionary[*ratio], number->second)}, {"conclusion", side}}),
       {*ratio, *reported},
       false});
  facts = std::move(without);
}

// Decides one reading for all that is asked; false when it leaves no possible case.
bool decide_reading(const Plan& plan, const Reading& reading, const std::vector<FactId>& asked, Decided& out) {
  const Worlds worlds = worlds_of(plan.dictionary(), reading.facts);
  std::map<FactId, Outcome> outcomes;
  for (const FactId fact : asked) {
    if (outcomes.contains(fact)) {
      continue;
    }
    Outcome outcome = decide(plan, worlds, {{fact}, true});
    if (outcome.impossible || outcome.leaves.empty()) {
      explain_impossible(plan, outcome.impossible.value_or(Impossible{}), reading.facts, out);
      return false;
    }
    outcomes.emplace(fact, std::move(outcome));
  }
  for (auto& [fact, outcome] : outcomes) {
    auto& own = out.outcomes[fact];
    own.merged.leaves.insert(own.merged.leaves.end(), outcome.leaves.begin(), outcome.leaves.end());
    own.by_reading.push_back(std::move(outcome));
  }
  return true;
}

}  // namespace

bool Decided::is_conflict(FactId fact) const {
  const auto& each = outcomes.at(fact).by_reading;
  return std::any_of(each.begin(), each.end(),
                     [&](const Outcome& outcome) { return outcome.possible(fact) != each.front().possible(fact); });
}

std::vector<std::size_t> Decided::flags(const Plan& plan) const {
  std::vector<std::size_t> out;
  for (const Reading& reading : readings) {
    const auto raised = raised_flags(plan, worlds_of(plan.dictionary(), reading.facts));
    if (&reading == readings.data()) {
      out = raised;
    } else {
      std::erase_if(out, [&](std::size_t flag) { return !std::binary_search(raised.begin(), raised.end(), flag); });
    }
  }
  return out;
}

Decided decide_facts(const Plan& plan, const FactValues& facts, const std::vector<FactId>& asked) {
  Decided out;
  std::vector<FactId> all{plan.scheme->answers.front()};
  all.insert(all.end(), asked.begin(), asked.end());
  Reconciled reconciled = reconcile(plan.dictionary(), facts);
  out.discrepancies = std::move(reconciled.discrepancies);
  out.readings = std::move(reconciled.readings);
  use_reported_ish(plan, out);
  std::erase_if(out.readings, [&](const Reading& reading) { return !decide_reading(plan, reading, all, out); });
  if (!out.readings.empty()) {
    out.refusal.clear();
    out.refusal_facts.clear();
  }
  return out;
}

Shares ensemble_shares(const Plan& plan, const FactValues& facts, const std::vector<Ensemble>& ensembles) {
  Sampler sampler(plan, facts);
  sampler.run(ensembles);
  return sampler.take();
}

FactValues with_ensemble_ranges(const Dictionary& dictionary, FactValues facts,
                                const std::vector<Ensemble>& ensembles) {
  const FactValues recorded = facts;
  for (const auto& ensemble : ensembles) {
    for (std::size_t i = 0; i < ensemble.ids.size() && !ensemble.rows.empty(); ++i) {
      if (recorded.contains(ensemble.ids[i]) || dictionary[ensemble.ids[i]].kind == FactKind::choice) {
        continue;
      }
      const auto [low, high] =
          std::minmax_element(ensemble.rows.begin(), ensemble.rows.end(),
                              [i](const auto& a, const auto& b) { return compare(a[i], b[i]) < 0; });
      const bool same = compare((*low)[i], (*high)[i]) == 0;
      facts[ensemble.ids[i]] =
          same ? Value::of_number((*low)[i])
               : Value::of_interval(Bound{(*low)[i].rational(), false}, Bound{(*high)[i].rational(), false});
    }
  }
  return facts;
}

std::string row_id(const Plan& plan, std::size_t step, int row) {
  const auto& [guideline, table] = plan.steps[step];
  return fmt::format("{} {}/{}", guideline->id, table->name, table->rows[static_cast<std::size_t>(row)].id);
}

int deciding_step(const Plan& plan, const Outcome& outcome, FactId fact) {
  for (std::size_t step = plan.steps.size(); step-- > 0;) {
    const auto& gives = plan.steps[step].table->gives;
    if (std::find(gives.begin(), gives.end(), fact) == gives.end()) {
      continue;
    }
    if ((outcome.row_mask(step) & ~kPassedBit) != 0) {
      return static_cast<int>(step);
    }
  }
  return -1;
}

}  // namespace her2
