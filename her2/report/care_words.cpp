// SPDX-License-Identifier: Apache-2.0
#include "her2/report/care_words.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "her2/guideline/change.h"
#include "her2/guideline/decide.h"
#include "her2/language/retold.h"
#include "her2/language/say.h"
#include "her2/report/readable_condition.h"
#include "her2/report/words.h"

namespace her2 {
namespace {

const Dictionary& dictionary_of(const CareReport& report) { return report.rules->dictionary(); }

const Answer* answer_called(const CareReport& report, std::string_view fact) {
  if (report.specimen >= report.status.specimens.size()) {
    return nullptr;
  }
  for (const Answer& answer : report.status.specimens[report.specimen].answers) {
    if (answer.fact == fact) {
      return &answer;
    }
  }
  return nullptr;
}

// What a concluded fact still needs: its table's inputs that are not recorded.
std::vector<std::string> inputs_of(const CareReport& report, FactId fact) {
  std::vector<std::string> out;
  const CareRules& rules = *report.rules;
  for (const auto& step : rules.plan.steps) {
    if (step.guideline->id != "breast-care-facts" ||
        std::find(step.table->gives.begin(), step.table->gives.end(), fact) == step.table->gives.end()) {
      continue;
    }
    for (const FactId input : step.table->inputs) {
      if (!report.answer.facts.known.contains(input)) {
        out.push_back(rules.dictionary()[input].label);
      }
    }
  }
  return out;
}

std::string needed_fact(const CareReport& report, FactId fact) {
  const FactType& type = dictionary_of(report)[fact];
  std::string words = type.label;
  if (const Answer* answer = answer_called(report, type.name); answer != nullptr) {
    const std::string settled = settled_words(*answer);
    if (!settled.empty()) {
      words = say("care.fact_settled_by", {{"fact", words}, {"facts", settled}});
    }
  } else if (const auto inputs = inputs_of(report, fact); !inputs.empty()) {
    words = say("care.fact_or_by", {{"fact", words}, {"facts", listed(inputs, "and")}});
  }
  return report.answer.facts.contradicted.contains(fact) ? say("care.fact_contradicted", {{"fact", words}}) : words;
}

}  // namespace

std::string care_use() { return say("care.use"); }

std::string truth_word(Truth truth) {
  return truth == Truth::met ? say("care.met") : truth == Truth::not_met ? say("care.not_met") : say("care.open");
}

std::string state_words(const OptionAnswer& answer) {
  const OptionSense sense = answer.option->sense;
  switch (answer.state) {
    case Truth::met:
      return sense == OptionSense::not_indicated ? say("care.not_indicated_the_recorded_facts_meet")
             : sense == OptionSense::test        ? say("care.not_recorded_and_other_criteria_ask")
             : sense == OptionSense::omission    ? say("care.criteria_for_leaving_out_met")
                                                 : say("care.the_recorded_facts_meet_the_criteria");
    case Truth::not_met: return say("care.the_recorded_facts_do_not_meet_the");
    case Truth::open: return say("care.cannot_be_said_from_the_recorded_facts");
  }
  return {};
}

std::string fact_words(const CareReport& report, FactId fact) {
  const FactType& type = dictionary_of(report)[fact];
  const auto found = report.answer.facts.known.find(fact);
  if (found == report.answer.facts.known.end()) {
    return say("care.not_recorded", {{"label", type.label}});
  }
  return fmt::format("{}: {}", type.label,
                     with_unit(value_words(type.name, value_text(type, found->second)), type.unit));
}

std::string criterion_words(const CareReport& report, const Criterion& criterion) {
  const Dictionary& dictionary = dictionary_of(report);
  const Condition& when = criterion.when;
  // A bare flag or its negation reads better as a sentence.
  if (when.op == Condition::Op::choice && criterion.when_text.find("==") == std::string::npos &&
      criterion.when_text.find(" in ") == std::string::npos && criterion.when_text.find(" is ") == std::string::npos &&
      criterion.when_text.find('<') == std::string::npos && criterion.when_text.find('>') == std::string::npos) {
    const bool negated = criterion.when_text.starts_with("not ");
    return fmt::format("{}: {}", dictionary[when.fact].label, negated ? say("care.no") : say("care.yes"));
  }
  return readable_condition(criterion.when_text, dictionary);
}

std::string known_words(const CareReport& report, const Criterion& criterion) {
  std::vector<std::string> parts;
  for (const FactId fact : facts_read(criterion.when, dictionary_of(report))) {
    const auto found = report.answer.facts.known.find(fact);
    if (found != report.answer.facts.known.end()) {
      const FactType& type = dictionary_of(report)[fact];
      parts.push_back(
          fmt::format("{} {}", label_in_text(type.label), with_unit(value_text(type, found->second), type.unit)));
    }
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::vector<std::string> failed_words(const CareReport& report, const OptionAnswer& answer) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < answer.criteria.size(); ++i) {
    if (answer.criteria[i] != Truth::not_met) {
      continue;
    }
    const Criterion& criterion = answer.option->criteria[i];
    const std::string known = known_words(report, criterion);
    const std::string asks = criterion_words(report, criterion);
    out.push_back(known.empty() ? asks : say("care.here", {{"asks", asks}, {"known", known}}));
  }
  if (out.empty() && answer.state == Truth::not_met) {
    out.emplace_back(say("care.the_criteria_cannot_all_hold_of_what"));
  }
  return out;
}

std::vector<std::string> needed_words(const CareReport& report, const OptionAnswer& answer) {
  std::vector<std::string> out;
  for (const SettlingFact& needed : answer.settled_by) {
    out.push_back(needed_fact(report, needed.fact));
  }
  return out;
}

std::vector<std::string> remark_words(const OptionAnswer& answer) {
  std::vector<std::string> out;
  for (const Truth wanted : {Truth::met, Truth::open}) {
    for (std::size_t i = 0; i < answer.remarks.size(); ++i) {
      const Remark& remark = answer.option->remarks[i];
      if (answer.remarks[i] != wanted) {
        continue;
      }
      const bool about_case = remark.when.has_value();
      const bool here = about_case && wanted == Truth::met;
      const std::string words =
          remark.kind == Remark::Kind::contraindication
              ? say(here ? "care.contraindication_here" : "care.contraindication", {{"says", remark.says}})
          : remark.kind == Remark::Kind::caution
              ? say(here ? "care.caution_here" : "care.caution", {{"says", remark.says}})
              : remark.says;
      if (about_case && wanted == Truth::open && remark.kind == Remark::Kind::note) {
        continue;  // a note on a case that this may not be
      }
      out.push_back(remark.unconfirmed ? say("care.unconfirmed", {{"words", words}}) : words);
    }
  }
  return out;
}

std::string label_words(const OptionLabel& label) {
  const std::string words =
      fmt::format("{}{}{}: {}", label.authority, label.date.empty() ? "" : " ", date_in(label.date), label.says);
  return label.unconfirmed ? say("care.unconfirmed", {{"words", words}}) : words;
}

std::string trial_words(const Option& option) {
  std::vector<std::string> parts;
  for (const OptionTrial& trial : option.trials) {
    parts.push_back(trial.id.empty() ? trial.name
                    : trial.id_unconfirmed
                        ? say("care.trial_number_unconfirmed", {{"trial", trial.name}, {"number", trial.id}})
                        : fmt::format("{} ({})", trial.name, trial.id));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::vector<std::string> trial_entry_words(const CareReport& report, const OptionAnswer& answer) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < answer.trial_entry.size(); ++i) {
    const Criterion& entry = answer.option->trial_entry[i];
    out.push_back(fmt::format("{}: {}", truth_word(answer.trial_entry[i]), criterion_words(report, entry)));
  }
  return out;
}

std::vector<std::string> answer_change_words(const CareReport& report, const CareChange& change) {
  std::vector<std::string> out;
  for (const AnswerChange& answer : change.answers) {
    const FactType& type = dictionary_of(report)[answer.fact];
    const auto words = [&](const std::string& value) {
      std::vector<std::string> parts;
      for (std::size_t at = 0; at <= value.size();) {
        const std::size_t end = std::min(value.find('|', at), value.size());
        parts.push_back(value_words(type.name, value.substr(at, end - at)));
        at = end + 1;
      }
      return value.empty() ? say("care.not_known") : listed(parts, "or");
    };
    out.push_back(fmt::format("{}: {} → {}", type.label, words(answer.from), words(answer.to)));
  }
  return out;
}

std::vector<OptionGroup> options_in(const CareReport& report, Truth state) {
  std::vector<OptionGroup> out;
  std::size_t at = 0;
  for (const OptionFile& file : report.rules->options) {
    OptionGroup group{&file, {}};
    for (std::size_t i = 0; i < file.options.size(); ++i, ++at) {
      if (report.answer.options[at].state == state) {
        group.answers.push_back(&report.answer.options[at]);
      }
    }
    if (!group.answers.empty()) {
      out.push_back(std::move(group));
    }
  }
  return out;
}

std::size_t count_of(const CareReport& report, Truth state) {
  return static_cast<std::size_t>(
      std::count_if(report.answer.options.begin(), report.answer.options.end(), [&](const OptionAnswer& answer) {
        return answer.state == state && !(state == Truth::met && answer.option->sense == OptionSense::not_indicated);
      }));
}

std::vector<std::string> her2_negative_words(const CareReport& report) {
  const Dictionary& dictionary = dictionary_of(report);
  const auto status = dictionary.find("her2_status");
  const auto found = status ? report.answer.facts.known.find(*status) : report.answer.facts.known.end();
  if (found == report.answer.facts.known.end() || found->second.choices != dictionary[*status].mask_of("negative")) {
    return {};
  }
  std::vector<std::string> out;
  for (const OptionAnswer& answer : report.answer.options) {
    const Option& option = *answer.option;
    if (option.sense == OptionSense::not_indicated && answer.state == Truth::met) {
      out.push_back(say("care.not_indicated", {{"name", option.name}}));
      out.push_back(say("care.why", {{"indication", option.indication}}));
      for (const auto& result : option.results) {
        out.push_back(say("care.evidence", {{"trial", trial_words(option)}, {"result", result}}));
      }
      for (const auto& remark : remark_words(answer)) {
        out.push_back(remark + ".");
      }
    }
  }
  for (const OptionAnswer& answer : report.answer.options) {
    if (answer.option->id.starts_with("tdxd_") && answer.option->kind == "adc") {
      const auto why = answer.state == Truth::open ? needed_words(report, answer) : failed_words(report, answer);
      const std::string reasons = fmt::format("{}", fmt::join(why, "; "));
      const std::string& name = answer.option->name;
      const std::string& whom = answer.option->intended_for;
      const std::string state = state_words(answer);
      out.push_back(why.empty() ? say("care.exception", {{"name", name}, {"intended_for", whom}, {"state", state}})
                    : answer.state == Truth::open
                        ? say("care.exception_needs",
                              {{"name", name}, {"intended_for", whom}, {"state", state}, {"reasons", reasons}})
                        : say("care.exception_not_met",
                              {{"name", name}, {"intended_for", whom}, {"state", state}, {"reasons", reasons}}));
    }
  }
  return out;
}

std::vector<std::pair<std::string, std::string>> care_citations(const CareReport& report) {
  std::set<std::pair<std::string, std::string>> out;
  for (const OptionFile& file : report.rules->options) {
    out.insert(file.sources.begin(), file.sources.end());
  }
  return {out.begin(), out.end()};
}

std::string group_words(const CareResult& result) {
  std::vector<std::string> words;
  std::transform(result.groups.begin(), result.groups.end(), std::back_inserter(words), retold);
  return fmt::format("{}", fmt::join(words, say("care.between_groups")));
}

std::string subtype_words(const CareReport& report) {
  const Dictionary& dictionary = dictionary_of(report);
  std::vector<std::string> parts;
  for (const auto name : {"receptor_subtype", "surrogate_subtype", "her2_spectrum"}) {
    const auto fact = dictionary.find(name);
    const auto found = fact ? report.answer.facts.known.find(*fact) : report.answer.facts.known.end();
    if (found == report.answer.facts.known.end() || !found->second.is_exact()) {
      continue;
    }
    const std::string value = value_text(dictionary[*fact], found->second);
    const bool repeats = value == "undetermined" || value == "positive" ||
                         (std::string_view(name) == "surrogate_subtype" && !value.starts_with("luminal"));
    if (!repeats) {
      const std::string words = value_words(name, value);
      parts.push_back(words.substr(0, words.find(',')));
    }
  }
  return parts.empty() ? say("care.subtype_open") : fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace her2
