// SPDX-License-Identifier: Apache-2.0
#include "her2/run/case_status.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "her2/guideline/change.h"
#include "her2/language/retold.h"
#include "her2/language/say.h"
#include "her2/report/picture.h"
#include "her2/report/readable_condition.h"
#include "her2/run/decided.h"
#include "her2/run/what_if.h"

namespace her2 {
namespace {

using Texts = std::vector<std::pair<std::string, std::string>>;

Texts citations_of(const Guideline& guideline, const std::vector<std::string>& keys) {
  Texts out;
  for (const auto& key : keys) {
    out.emplace_back(key, guideline.sources.at(key));
  }
  return out;
}

void add_once(Texts& list, const std::string& text, const std::string& row) {
  const bool known = std::any_of(list.begin(), list.end(), [&](const auto& entry) { return entry.first == text; });
  if (!text.empty() && !known) {
    list.emplace_back(text, row);
  }
}

bool one_bit(std::uint64_t mask) { return mask != 0 && (mask & (mask - 1)) == 0; }

// Writes what a plan concludes for one specimen into the model.
class Writer {
 public:
  Writer(const Plan& plan, const Specimen& specimen, const StatusOptions& options)
      : plan_(plan), dictionary_(plan.dictionary()), specimen_(specimen), options_(options) {}

  SpecimenStatus run() {
    out_.id = specimen_.id;
    out_.kind = specimen_.kind;
    out_.site = specimen_.site;
    out_.date = specimen_.date;
    out_.notes = specimen_.notes;
    FactValues facts;
    for (const auto& [id, fact] : specimen_.facts) {
      facts[id] = fact.value;
      write_fact(id, fact);
    }
    if (!specimen_.ensembles.empty()) {
      shares_ = ensemble_shares(plan_, facts, specimen_.ensembles);
      out_.replicates = shares_.replicates;
      for (const auto& ensemble : specimen_.ensembles) {
        out_.conditional_on += (out_.conditional_on.empty() ? "" : "; ") + retold(ensemble.conditional_on);
      }
    }
    out_.ish = ish_point(dictionary_, facts);
    out_.ihc = cell_shares(dictionary_, facts);
    for (const auto& ensemble : specimen_.ensembles) {
      if (out_.ish) {
        add_cloud(*out_.ish, dictionary_, ensemble);
      }
    }
    decided_ = decide_facts(plan_, with_ensemble_ranges(dictionary_, facts, specimen_.ensembles), facts_to_ask());
    write_discrepancies();
    if (!decided_.refusal.empty()) {
      out_.refusal = decided_.refusal;
      return std::move(out_);
    }
    for (const FactId answer : plan_.scheme->answers) {
      write_answer(answer);
    }
    write_actions();
    write_flags();
    write_disagreements();
    if (options_.explain) {
      write_changes();
    }
    return std::move(out_);
  }

 private:
  void write_fact(FactId id, const Fact& fact) {
    const FactType& type = dictionary_[id];
    UsedFact used;
    used.name = type.name;
    used.label = type.label;
    used.value = value_text(type, fact.value);
    used.unit = type.unit;
    used.source = fact.source.file;
    if (!fact.source.place.empty()) {
      used.source += (used.source.empty() ? "" : ", ") + fact.source.place;
    }
    used.author = fact.source.author;
    used.derived_from = fact.derived_from;
    out_.facts.push_back(std::move(used));
  }

  // The answers, and one fact of every table, so that each table's actions and comments are known.
  std::vector<FactId> facts_to_ask() const {
    std::vector<FactId> out = plan_.scheme->answers;
    for (const auto& step : plan_.steps) {
      out.push_back(step.table->gives.front());
    }
    return out;
  }

  [[nodiscard]] const Outcome& outcome_of(FactId fact) const { return decided_.outcomes.at(fact).merged; }

  void write_discrepancies() {
    for (const auto& discrepancy : decided_.discrepancies) {
      out_.notices.push_back({discrepancy.id, retold(discrepancy.says), {}});
    }
    if (decided_.readings.size() > 1) {
      for (const auto& reading : decided_.readings) {
        out_.readings.push_back(retold(reading.assumes));
      }
    }
  }

  MetRow met_row(std::size_t step, int row_index) const {
    const Guideline& guideline = *plan_.steps[step].guideline;
    const Table& table = *plan_.steps[step].table;
    const Row& row = table.rows[static_cast<std::size_t>(row_index)];
    MetRow out;
    out.guideline = guideline.id;
    out.guideline_title = guideline.title;
    out.edition = guideline.body + " " + guideline.edition;
    out.table = table.name;
    out.table_title = table.title;
    out.row = row.id;
    out.when = row.when_text;
    out.reads = readable_condition(row.when_text, dictionary_, &guideline, &table);
    for (const auto& [fact, value] : row.then) {
      out.conclusions.emplace_back(dictionary_[fact].label, dictionary_[fact].values[value]);
    }
    out.action = row.action;
    out.comment = row.comment;
    out.citations = citations_of(guideline, row.cite);
    out.unconfirmed = row.unconfirmed;
    return out;
  }

  // The rows that lead to the fact, back through the tables that feed it. Only rows that hold in every leaf with the
  // value, and only of tables that say more than "nothing recorded".
  void trace(FactId fact, std::uint64_t bit, std::set<std::size_t>& steps, std::vector<MetRow>& rows) const {
    std::set<FactId> wanted{fact};
    for (std::size_t step = plan_.steps.size(); step-- > 0;) {
      const Table& table = *plan_.steps[step].table;
      const bool feeds =
          std::any_of(table.gives.begin(), table.gives.end(), [&](FactId f) { return wanted.contains(f); });
      if (!feeds) {
        continue;
      }
      std::uint64_t rows_met = 0;
      for (const auto& leaf : outcome_of(fact).leaves) {
        rows_met |= (leaf.worlds.possible(fact) & bit) != 0 ? leaf.rows[step] : 0;
      }
      if (!one_bit(rows_met) || rows_met == kPassedBit) {
        continue;
      }
      const int met = __builtin_ctzll(rows_met);
      const Row& row = table.rows[static_cast<std::size_t>(met)];
      for (const FactId input : facts_read(row.when, dictionary_)) {
        wanted.insert(input);
      }
      if (steps.insert(step).second) {
        rows.push_back(met_row(step, met));
      }
    }
    std::reverse(rows.begin(), rows.end());
  }

  void write_answer(FactId fact) {
    const FactType& type = dictionary_[fact];
    Answer answer;
    answer.fact = type.name;
    answer.label = type.label;
    const std::uint64_t mask = decided_.possible(fact);
    if (mask == kMissingBit && shares_.counts[fact].empty()) {
      out_.answers.push_back(std::move(answer));
      return;
    }
    answer.recorded = deciding_step(plan_, outcome_of(fact), fact) < 0;
    for (unsigned value = 0; value < type.values.size(); ++value) {
      const std::uint64_t bit = std::uint64_t{1} << value;
      const auto share = shares_.counts[fact].find(static_cast<int>(value));
      const bool from_ensemble = share != shares_.counts[fact].end();
      if ((mask & bit) == 0 && !from_ensemble) {
        continue;
      }
      if (!from_ensemble && mask_is_from_ensemble(fact)) {
        continue;
      }
      answer.values.push_back(possible_value(fact, value, bit));
    }
    if ((mask & kMissingBit) != 0 && mask != kMissingBit && !mask_is_from_ensemble(fact)) {
      answer.values.push_back({"missing", {}, {}, {}});
    }
    if (mask_is_from_ensemble(fact)) {
      add_unsettled_shares(fact, answer);
    }
    const bool conflict = decided_.is_conflict(fact) && !mask_is_from_ensemble(fact);
    answer.state = answer.values.size() == 1 ? AnswerState::decided
                   : conflict                ? AnswerState::conflict
                                             : AnswerState::open;
    if (answer.state == AnswerState::decided && one_bit(mask)) {
      std::set<std::size_t> steps;
      trace(fact, mask, steps, answer.rows);
    }
    const bool one_reading = decided_.readings.size() == 1 && !mask_is_from_ensemble(fact);
    if (answer.state == AnswerState::open && options_.explain && one_reading) {
      write_settling(fact, answer);
    }
    out_.answers.push_back(std::move(answer));
  }

  // The facts alone say nothing (they stand only in the ensemble), so only replicates count.
  bool mask_is_from_ensemble(FactId fact) { return shares_.replicates > 0 && !shares_.counts[fact].empty(); }

  // Replicates that several values are possible for ("open"), and those in which nothing gives the fact ("missing").
  void add_unsettled_shares(FactId fact, Answer& answer) {
    std::uint64_t given = 0;
    for (const auto& [value, count] : shares_.counts[fact]) {
      given += count;
    }
    const auto open = shares_.counts[fact].find(kOpenValue);
    if (open != shares_.counts[fact].end()) {
      answer.values.push_back({"open", {}, probability(open->second), {}});
    }
    if (given < shares_.replicates) {
      answer.values.push_back({"missing", {}, probability(shares_.replicates - given), {}});
    }
  }

  PossibleValue possible_value(FactId fact, unsigned value, std::uint64_t bit) {
    PossibleValue out;
    out.value = dictionary_[fact].values[value];
    const int step = deciding_step(plan_, outcome_of(fact), fact);
    const auto& by_reading = decided_.outcomes.at(fact).by_reading;
    for (std::size_t i = 0; i < by_reading.size(); ++i) {
      for (const auto& leaf : by_reading[i].leaves) {
        if ((leaf.worlds.possible(fact) & bit) == 0) {
          continue;
        }
        const std::uint64_t rows = step < 0 ? 0 : leaf.rows[static_cast<std::size_t>(step)] & ~kPassedBit;
        if (rows != 0) {
          out.row = row_id(plan_, static_cast<std::size_t>(step), __builtin_ctzll(rows));
        }
        const std::string assumes = retold(decided_.readings[i].assumes);
        if (!assumes.empty() && std::find(out.assumes.begin(), out.assumes.end(), assumes) == out.assumes.end()) {
          out.assumes.push_back(assumes);
        }
      }
    }
    const auto share = shares_.counts[fact].find(static_cast<int>(value));
    if (share != shares_.counts[fact].end()) {
      out.probability = probability(share->second);
      const auto row = shares_.rows[fact].find(static_cast<int>(value));
      out.row = row == shares_.rows[fact].end() ? out.row : row->second;
    }
    return out;
  }

  std::string probability(std::uint64_t count) const {
    const Rational share(count, shares_.replicates);
    const bool certain = count == 0 || count == shares_.replicates;
    const std::string text = rounded_text(share, 4);
    return certain || (text != "0.0000" && text != "1.0000") ? text : rounded_text(share, 7);
  }

  void write_settling(FactId fact, Answer& answer) {
    const FactValues& facts = decided_.readings.front().facts;
    const Outcome apart = decide(plan_, worlds_of(dictionary_, facts), {{fact}, false});
    const SettlingFacts found = settling_facts(plan_, facts, apart, fact);
    if (!found.searched) {
      out_.notices.push_back(
          {"settling-not-searched", say("run.what_would_settle_was_not_searched_to", {{"label", answer.label}}), {}});
    }
    for (const auto& set : found.sets) {
      std::vector<std::string> labels;
      for (const FactId member : set) {
        labels.push_back(dictionary_[recorded_as(dictionary_, member)].label);
      }
      answer.settled_by.push_back(std::move(labels));
    }
  }

  // Actions and comments of every row that is met in all leaves.
  void write_actions() {
    for (std::size_t step = 0; step < plan_.steps.size(); ++step) {
      const auto rows = outcome_of(plan_.steps[step].table->gives.front()).rows(step);
      if (rows.size() != 1 || rows.front() == kNotEntered) {
        continue;
      }
      const Row& row = plan_.steps[step].table->rows[static_cast<std::size_t>(rows.front())];
      add_once(out_.actions, row.action, row_id(plan_, step, rows.front()));
      add_once(out_.comments, row.comment, row_id(plan_, step, rows.front()));
    }
  }

  void write_flags() {
    for (const std::size_t index : decided_.flags(plan_)) {
      const auto& [guideline, flag] = plan_.flags[index];
      out_.notices.push_back({flag->id, flag->says, citations_of(*guideline, flag->cite)});
    }
  }

  void write_disagreements() {
    std::set<std::pair<std::size_t, FactId>> seen;
    for (const auto& [asked, outcomes] : decided_.outcomes) {
      for (const auto& leaf : outcomes.merged.leaves) {
        for (const auto& [step, fact] : leaf.disagreements) {
          if (one_bit(leaf.rows[step]) && seen.emplace(step, fact).second) {
            write_disagreement(step, fact, __builtin_ctzll(leaf.rows[step]));
          }
        }
      }
    }
  }

  void write_disagreement(std::size_t step, FactId fact, int row) {
    const FactType& type = dictionary_[fact];
    const auto& then = plan_.steps[step].table->rows[static_cast<std::size_t>(row)].then;
    const auto given = std::find_if(then.begin(), then.end(), [&](const auto& t) { return t.first == fact; });
    out_.notices.push_back(
        {"recorded-against-table",
         say("run.is_recorded_as_but_the_facts_give", {{"label", type.label},
                                                       {"value", value_text(type, specimen_.value(fact))},
                                                       {"values", type.values[given->second]},
                                                       {"row", row_id(plan_, step, row)}}),
         {}});
  }

  void write_changes() {
    const bool one =
        decided_.readings.size() == 1 && !out_.answers.empty() && out_.answers.front().state == AnswerState::decided;
    if (one && shares_.replicates == 0) {
      WhatWouldChange found = what_would_change(plan_, specimen_, decided_);
      out_.changes = std::move(found.changes);
      if (!found.not_searched.empty()) {
        const std::string not_searched = fmt::format("{}", fmt::join(found.not_searched, ", "));
        out_.notices.push_back({"change-not-searched",
                                say("run.what_would_change_the_answer_was_not", {{"not_searched", not_searched}}),
                                {}});
      }
    }
  }

  const Plan& plan_;
  const Dictionary& dictionary_;
  const Specimen& specimen_;
  const StatusOptions& options_;
  Shares shares_;
  Decided decided_;
  SpecimenStatus out_;
};

}  // namespace

SpecimenStatus specimen_status(const Plan& plan, const Specimen& specimen, const StatusOptions& options) {
  return Writer(plan, specimen, options).run();
}

}  // namespace her2
