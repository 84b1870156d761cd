// SPDX-License-Identifier: Apache-2.0
#include "her2/care/care_facts.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "her2/care/contradictions.h"
#include "her2/care/cpseg.h"
#include "her2/care/cts5.h"
#include "her2/care/said.h"
#include "her2/care/stage.h"
#include "her2/evidence/reconcile.h"
#include "her2/guideline/decide.h"
#include "her2/language/retold.h"
#include "her2/language/say.h"

namespace her2 {
namespace {

constexpr std::string_view kCareTables = "breast-care-facts";

std::uint64_t mask_of(const FactType& type, std::initializer_list<std::string_view> values) {
  std::uint64_t mask = 0;
  for (const auto value : values) {
    mask |= type.mask_of(value);
  }
  return mask;
}

const Value* find(const FactValues& facts, std::optional<FactId> fact) {
  const auto found = fact ? facts.find(*fact) : facts.end();
  return found == facts.end() || found->second.is_missing() ? nullptr : &found->second;
}

// What the tables say of each derived fact, over all readings of the facts.
class Deriver {
 public:
  Deriver(const CareRules& rules, CareFacts& out) : rules_(rules), dictionary_(rules.dictionary()), out_(out) {}

  void run(const FactValues& recorded) {
    FactValues facts = recorded;
    std::erase_if(facts, [](const auto& entry) { return entry.second.is_missing(); });
    note(reconcile(dictionary_, facts), false);
    note(reconcile_care(dictionary_, facts), true);
    raise_flags(facts);
    std::erase_if(facts, [&](const auto& entry) { return out_.contradicted.contains(entry.first); });
    imply(facts);
    stage(facts);
    tell(facts, reconcile(dictionary_, facts));
    score();
  }

 private:
  // Numbers and categories of which one says the other (AJCC 8: T by size, N by count).
  void imply(FactValues& facts) {
    const auto nodes = dictionary_.find("positive_nodes");
    const auto pn = dictionary_.find("pn");
    if (const Value* category = find(facts, pn);
        category != nullptr && nodes && find(facts, nodes) == nullptr && category->is_exact()) {
      const std::string text = value_text(dictionary_[*pn], *category);
      if (text == "0") {
        take(facts, *nodes, Value::of_number(Rational(0)), "pN");
      } else if (text == "1mi" || text == "1") {
        take(facts, *nodes, Value::of_interval(Bound{1, false}, Bound{3, false}), "pN");
      }
    }
    if (const Value* count = find(facts, nodes); count != nullptr && pn && find(facts, pn) == nullptr) {
      const auto exact = count->exact_number();
      if (exact && *exact == 0) {
        take(facts, *pn, Value::of_choices(dictionary_[*pn].mask_of("0")), say("prognosis.positive_nodes"));
      }
    }
    // The size bounds below T4 only: T4 is of any size, and so is what neoadjuvant treatment has changed.
    struct Step {
      std::string_view t;
      int above, most;
    };
    constexpr std::array<Step, 6> kSteps{
        {{"1mi", 0, 1}, {"1a", 1, 5}, {"1b", 5, 10}, {"1c", 10, 20}, {"2", 20, 50}, {"3", 50, 500}}};
    const auto pt = dictionary_.find("pt");
    const auto size = dictionary_.find("size_mm");
    if (const Value* t = find(facts, pt); t != nullptr && size && find(facts, size) == nullptr) {
      std::optional<Value> range;
      std::uint64_t covered = 0;
      int low = 500, high = 0;
      for (const Step& step : kSteps) {
        const std::uint64_t bit = dictionary_[*pt].mask_of(step.t);
        if ((t->choices & bit) != 0) {
          covered |= bit;
          low = std::min(low, step.above);
          high = std::max(high, step.most);
        }
      }
      if (t->state == Value::State::choice && covered == t->choices && covered != 0) {
        take(facts, *size, Value::of_interval(Bound{low, true}, Bound{high, false}), "pT");
      }
    }
  }

  void take(FactValues& facts, FactId fact, const Value& value, const std::string& from) {
    facts[fact] = value;
    out_.derived[fact] = from;
  }

  // Contradictions are named. Those of the extent and the person are taken as not known; those of the HER2 tests are
  // read in every consistent way when the status is decided.
  void note(const Reconciled& reconciled, bool forget) {
    for (const auto& discrepancy : reconciled.discrepancies) {
      if (!discrepancy.conflict) {
        out_.notices.push_back(retold(discrepancy.says));
        continue;
      }
      out_.contradictions.push_back({discrepancy.id, retold(discrepancy.says), discrepancy.facts});
      if (forget) {
        out_.contradicted.insert(discrepancy.facts.begin(), discrepancy.facts.end());
      }
    }
  }

  // Flags of breast-care-facts are contradictions; other flags are worth a look.
  void raise_flags(const FactValues& recorded) {
    const FactValues facts = reconcile(dictionary_, recorded).readings.front().facts;
    for (const std::size_t index : raised_flags(rules_.plan, worlds_of(dictionary_, facts))) {
      const auto& watch = rules_.plan.flags[index];
      if (watch.guideline->id != kCareTables) {
        out_.notices.push_back(flag_says(*watch.guideline, *watch.flag));
        continue;
      }
      Contradiction contradiction{watch.flag->id, flag_says(*watch.guideline, *watch.flag), {}};
      for (const FactId fact : facts_read(watch.flag->when, dictionary_)) {
        if (facts.contains(fact)) {
          contradiction.facts.push_back(fact);
          out_.contradicted.insert(fact);
        }
      }
      out_.contradictions.push_back(std::move(contradiction));
    }
  }

  // T and N used for the stage, and the stages that follow.
  void stage(FactValues& facts) {
    const FactValues more = with_stage_facts(dictionary_, facts);
    for (const auto& [fact, value] : more) {
      if (!facts.contains(fact) && !out_.contradicted.contains(fact)) {
        take(facts, fact, value, say("prognosis.t_n_and_m"));
      }
    }
  }

  // Scores that options ask for, as whole numbers or as the interval that is left.
  void score() {
    const auto put = [&](std::string_view name, const CareResult& result) {
      const auto fact = dictionary_.find(name);
      if (!fact || out_.known.contains(*fact) || result.state == CareState::refused || result.numbers.empty()) {
        return;
      }
      constexpr double kMillion = 1e6;
      const auto exact = [](double number) { return Rational(std::llround(number * kMillion), 1'000'000); };
      const CareNumber& number = result.numbers.front();
      take(out_.known, *fact,
           number.low == number.high
               ? Value::of_number(exact(number.low))
               : Value::of_interval(Bound{exact(number.low), false}, Bound{exact(number.high), false}),
           result.title);
    };
    put("cps_eg", cps_eg_result(dictionary_, out_.known));
    put("cts5", cts5_result(dictionary_, out_.known));
  }

  void tell(const FactValues& facts, const Reconciled& reconciled) {
    out_.known = facts;
    for (const FactId fact : rules_.derived) {
      if (facts.contains(fact)) {
        restrict(fact);
        continue;  // recorded: never overwritten
      }
      std::uint64_t mask = 0;
      for (const Reading& reading : reconciled.readings) {
        mask |= decide(rules_.plan, worlds_of(dictionary_, reading.facts), {{fact}, true}).possible(fact);
      }
      if (mask == 0 || (mask & kMissingBit) != 0) {
        continue;  // nothing gives it, or not in every case
      }
      out_.known[fact] = Value::of_choices(mask);
      out_.derived[fact] = giver(fact);
      restrict(fact);
    }
    join_spectrum();
  }

  // Leaves the values that a criterion can speak of; without any the fact is not known.
  void restrict(FactId fact) {
    const auto found = out_.known.find(fact);
    if (found->second.state != Value::State::choice) {
      return;
    }
    const FactType& type = dictionary_[fact];
    const std::uint64_t settled = settled_values(type);
    std::uint64_t mask = found->second.choices;
    if (type.name == "her2_spectrum" && (mask & type.mask_of("0-not-subclassified")) != 0) {
      mask |= mask_of(type, {"null", "ultralow"});
    }
    if ((mask & ~settled) != 0 && (mask & ~settled) != type.mask_of("0-not-subclassified")) {
      out_.known.erase(found);  // some possible case has no settled value
      out_.derived.erase(fact);
      return;
    }
    found->second = Value::of_choices(mask & settled);
  }

  // A negative status excludes a positive place in the spectrum, and the other way round.
  void join_spectrum() {
    const auto status = dictionary_.find("her2_status");
    const auto spectrum = dictionary_.find("her2_spectrum");
    const Value* is = find(out_.known, status);
    if (is == nullptr || !is->is_exact() || !spectrum || out_.known.contains(*spectrum)) {
      return;
    }
    const bool negative = is->choices == dictionary_[*status].mask_of("negative");
    const FactType& type = dictionary_[*spectrum];
    out_.known[*spectrum] =
        Value::of_choices(negative ? mask_of(type, {"null", "ultralow", "low"}) : type.mask_of("positive"));
    out_.derived[*spectrum] = dictionary_[*status].label;
  }

  [[nodiscard]] std::string giver(FactId fact) const {
    for (std::size_t step = rules_.plan.steps.size(); step-- > 0;) {
      const auto& [guideline, table] = rules_.plan.steps[step];
      if (std::find(table->gives.begin(), table->gives.end(), fact) != table->gives.end()) {
        return fmt::format("{} {}", guideline->id, table->name);
      }
    }
    return {};
  }

  const CareRules& rules_;
  const Dictionary& dictionary_;
  CareFacts& out_;
};

void add_facts(std::set<FactId>& out, const Criterion& criterion, const Dictionary& dictionary) {
  const auto read = facts_read(criterion.when, dictionary);
  out.insert(read.begin(), read.end());
}

}  // namespace

std::uint64_t settled_values(const FactType& type) {
  if (type.name == "her2_status" || type.name == "hr_status") {
    return mask_of(type, {"positive", "negative"});
  }
  if (type.name == "er_status" || type.name == "pgr_status") {
    return mask_of(type, {"negative", "low-positive", "positive"});
  }
  if (type.name == "her2_spectrum") {
    return mask_of(type, {"null", "ultralow", "low", "positive"});
  }
  if (type.name == "receptor_subtype" || type.name == "surrogate_subtype") {
    return type.all_values();
  }
  return type.all_values() & ~type.computed_only;
}

Result<CareRules> care_rules(const Catalog& catalog, const Scheme& base, std::vector<OptionFile> options) {
  if (catalog.guideline(kCareTables) == nullptr) {
    return fail(fmt::format("the guideline files lack {}.toml, which options need", kCareTables));
  }
  CareRules rules;
  rules.scheme = std::make_unique<Scheme>(base);
  auto bare = make_plan(catalog, base);
  if (!bare) {
    return tl::unexpected(bare.error());
  }
  for (const auto& step : bare->steps) {
    rules.of_a_specimen.insert(step.table->inputs.begin(), step.table->inputs.end());
  }
  rules.scheme->guidelines.emplace_back(kCareTables);
  auto plan = make_plan(catalog, *rules.scheme);
  if (!plan) {
    return tl::unexpected(plan.error());
  }
  rules.plan = std::move(*plan);
  rules.options = std::move(options);
  const Dictionary& dictionary = catalog.dictionary;
  std::set<FactId> read;
  for (const auto& file : rules.options) {
    for (const auto& option : file.options) {
      for (const auto& criterion : option.criteria) {
        add_facts(read, criterion, dictionary);
      }
      for (const auto& criterion : option.trial_entry) {
        add_facts(read, criterion, dictionary);
      }
    }
  }
  for (const auto name : {"receptor_subtype", "surrogate_subtype", "pgr_status", "her2_status", "her2_spectrum"}) {
    if (const auto fact = dictionary.find(name)) {
      read.insert(*fact);
    }
  }
  std::set<FactId> given;
  for (const auto& step : rules.plan.steps) {
    given.insert(step.table->gives.begin(), step.table->gives.end());
  }
  std::set_intersection(read.begin(), read.end(), given.begin(), given.end(), std::back_inserter(rules.derived));
  return rules;
}

Worlds CareFacts::worlds(const Dictionary& dictionary, const std::vector<FactId>& facts,
                         const std::vector<FactId>& as_recorded) const {
  Worlds out(dictionary);
  for (const FactId fact : facts) {
    const auto found = known.find(fact);
    const bool asked = std::binary_search(as_recorded.begin(), as_recorded.end(), fact);
    if (found != known.end() && (asked || found->second.state != Value::State::unknown)) {
      out.set(fact, found->second);
    } else if (!asked) {
      out.set_present(fact);
      if (dictionary[fact].kind == FactKind::choice) {
        out.restrict(fact, settled_values(dictionary[fact]));
      }
    }
  }
  return out;
}

CareFacts care_facts(const CareRules& rules, const FactValues& recorded) {
  CareFacts out;
  Deriver(rules, out).run(recorded);
  for (const auto& file : rules.options) {
    for (const auto& option : file.options) {
      for (const FactId fact : option.facts(rules.dictionary())) {
        if (!out.known.contains(fact)) {
          out.not_recorded.insert(fact);
        }
      }
    }
  }
  return out;
}

}  // namespace her2
