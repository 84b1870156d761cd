// SPDX-License-Identifier: Apache-2.0
#include "her2/report/words.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "her2/core/decimal.h"
#include "her2/language/retold.h"
#include "her2/language/say.h"

namespace her2 {
namespace {

bool one_of(std::string_view value, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

// `value`: what the words say; empty when they say more than one.
std::string status_line(std::string_view value, const std::string& words) {
  const bool plain = one_of(value, {"positive", "negative", "equivocal", "indeterminate"});
  return plain ? say("status.her2_is", {{"words", words}}) : say("status.her2_is_other", {{"words", words}});
}

// The spectrum of a specimen whose status is negative, when it is decided.
std::string spectrum_words(const SpecimenStatus& specimen) {
  for (const Answer& answer : specimen.answers) {
    if (answer.fact == "her2_spectrum" && answer.state == AnswerState::decided && !answer.values.empty() &&
        one_of(answer.values[0].value, {"null", "ultralow", "low", "0-not-subclassified"})) {
      return value_words(answer.fact, answer.values[0].value);
    }
  }
  return {};
}

// "positive or negative"; with shares "positive (62 %), negative (38 %)", the most probable first.
std::string choices_words(const Answer& answer) {
  if (answer.values.size() == 1) {
    return value_words(answer.fact, answer.values[0].value);
  }
  std::vector<PossibleValue> values = answer.values;
  const bool shares = !values.empty() && !values[0].probability.empty();
  if (shares) {
    const auto share = [](const PossibleValue& v) { return parse_rational(v.probability).value_or(Rational(0)); };
    std::stable_sort(values.begin(), values.end(), [&](const auto& a, const auto& b) { return share(a) > share(b); });
  }
  std::vector<std::string> parts;
  for (const PossibleValue& value : values) {
    parts.push_back(possible_words(answer.fact, value));
  }
  return shares ? fmt::format("{}", fmt::join(parts, ", ")) : listed(parts, "or");
}

}  // namespace

std::string value_words(std::string_view fact, std::string_view value) {
  if (value == "missing") {
    return say("status.no_answer");  // PossibleValue: nothing gives it
  }
  return say_if(fmt::format("value.{}.{}", fact, value)).value_or(std::string(value));
}

Tone value_tone(std::string_view fact, std::string_view value) {
  if (fact != "her2_status") {
    return Tone::neutral;
  }
  if (value == "positive") {
    return Tone::positive;
  }
  return value == "negative" ? Tone::negative : Tone::unsettled;
}

std::string possible_words(std::string_view fact, const PossibleValue& value) {
  const std::string words = value_words(fact, value.value);
  return value.probability.empty() ? words : fmt::format("{} ({})", words, percent_words(value.probability));
}

std::string answer_words(const Answer& answer) {
  switch (answer.state) {
    case AnswerState::decided: return answer.values.empty() ? say("status.no_answer") : choices_words(answer);
    case AnswerState::open:
      return answer.values.empty() ? say("status.open") : say("status.open_with", {{"choices", choices_words(answer)}});
    case AnswerState::conflict: return say("status.facts_contradict_each_other", {{"choices", choices_words(answer)}});
    case AnswerState::none: break;
  }
  return say("status.no_answer");
}

std::string recorded_words(const Answer& answer) {
  const std::string words = answer_words(answer);
  return answer.recorded ? say("status.answer_as_recorded", {{"answer", words}}) : words;
}

std::string research_use() { return say("report.research_use"); }

Tone answer_tone(const Answer& answer) {
  if (answer.state == AnswerState::decided && !answer.values.empty()) {
    return value_tone(answer.fact, answer.values[0].value);
  }
  return answer.state == AnswerState::none ? Tone::neutral : Tone::unsettled;
}

Headline headline(const SpecimenStatus& specimen) {
  if (!specimen.refusal.empty()) {
    return {say("status.her2_no_answer"), say("status.the_recorded_facts_cannot_be"), Tone::unsettled};
  }
  if (specimen.answers.empty()) {
    return {say("status.her2_no_answer"), "", Tone::neutral};
  }
  const Answer& first = specimen.answers[0];
  if (first.state == AnswerState::open) {
    return {say("status.her2_open"), choices_words(first), Tone::unsettled};
  }
  if (first.state == AnswerState::conflict) {
    return {say("status.her2_the_facts_contradict_each_other"), choices_words(first), Tone::unsettled};
  }
  const bool one = first.state == AnswerState::decided && first.values.size() == 1;
  Headline result{status_line(one ? first.values[0].value : "", answer_words(first)), "", answer_tone(first)};
  if (first.state == AnswerState::decided && result.tone == Tone::negative) {
    result.detail = spectrum_words(specimen);
  }
  return result;
}

Headline headline(const CaseStatus& status) {
  if (const SpecimenStatus* specimen = counting_specimen(status)) {
    return headline(*specimen);
  }
  if (status.specimens.empty()) {
    return {say("status.her2_no_answer"), say("status.no_specimen_recorded"), Tone::neutral};
  }
  if (status.overall.empty()) {
    return {say("status.her2_no_single_status"), say("status.the_specimens_differ"), Tone::unsettled};
  }
  return {status_line(status.overall, value_words("her2_status", status.overall)), "",
          value_tone("her2_status", status.overall)};
}

std::string staining_words(std::string_view label) { return name_in("staining", label); }

std::string percent_words(std::string_view probability) {
  const auto share = parse_rational(probability);
  if (!share) {
    return std::string(probability);
  }
  const Rational percent = *share * 100;
  return percent_in(is_integer(Rational(percent * 100)) ? exact_text(percent) : rounded_text(percent, 1));
}

std::string listed(const std::vector<std::string>& parts, std::string_view last_word) {
  if (parts.size() < 2) {
    return parts.empty() ? std::string() : parts[0];
  }
  const std::string most = fmt::format("{}", fmt::join(parts.begin(), parts.end() - 1, ", "));
  return last_word == "or" ? say("list.or", {{"list", most}, {"last", parts.back()}})
                           : say("list.and", {{"list", most}, {"last", parts.back()}});
}

std::string settled_words(const Answer& answer) {
  std::vector<std::string> sets;
  for (const auto& facts : answer.settled_by) {
    sets.push_back(listed(facts, "and"));
  }
  std::string out;
  for (const std::string& set : sets) {
    out = out.empty() ? set : say("list.or_else", {{"list", out}, {"last", set}});
  }
  return out;
}

bool is_unsettled(const SpecimenStatus& specimen, const Answer& answer) {
  const bool first = &answer == specimen.answers.data();
  return answer.state == AnswerState::open ? first || !answer.settled_by.empty()
                                           : first && answer.state == AnswerState::conflict;
}

std::string unsettled_words(const Answer& answer) {
  if (answer.state == AnswerState::conflict) {
    return say("status.the_recorded_facts_contradict_each", {{"label", answer.label}});
  }
  return answer.settled_by.empty()
             ? say("status.is_open", {{"label", answer.label}})
             : say("status.would_be_settled_by", {{"label", answer.label}, {"settled", settled_words(answer)}});
}

std::string case_words(std::string_view fact, const PossibleValue& value) {
  const std::string words = value_words(fact, value.value);
  return value.row.empty() ? words : fmt::format("{} ({})", words, value.row);
}

std::string with_unit(std::string_view value, std::string_view unit) {
  // A measured share is a quotient of counts, "53600/2281 %": exact, but people read 23.50 %.
  const std::string_view number =
      !unit.empty() && value.ends_with(unit) ? value.substr(0, value.size() - unit.size()) : value;
  if (number.find('/') != std::string_view::npos &&
      number.find_first_not_of("0123456789/ ") == std::string_view::npos) {
    if (const auto exact = parse_rational(number.substr(0, number.find_last_not_of(' ') + 1))) {
      return fmt::format("{}{}{}", number_in(rounded_text(*exact, 2)), unit.empty() ? "" : " ", unit);
    }
  }
  if (!unit.empty() && number.size() < value.size()) {
    return std::string(value);
  }
  return unit.empty() ? std::string(value) : fmt::format("{} {}", value, unit);
}

std::string source_words(const UsedFact& fact) {
  std::vector<std::string> parts;
  if (!fact.derived_from.empty()) {
    std::vector<std::string> names;
    std::transform(fact.derived_from.begin(), fact.derived_from.end(), std::back_inserter(names), retold);
    parts.push_back(say("status.derived_from", {{"facts", listed(names, "and")}}));
  }
  for (const std::string* part : {&fact.source, &fact.author}) {
    if (!part->empty()) {
      parts.push_back(*part);
    }
  }
  return fmt::format("{}", fmt::join(parts, "; "));
}

std::string specimen_words(const SpecimenStatus& specimen) {
  std::vector<std::string> parts;
  for (const std::string& part : {specimen.kind.empty() ? "" : value_words("specimen_kind", specimen.kind),
                                  specimen.site, date_in(specimen.date)}) {
    if (!part.empty()) {
      parts.push_back(part);
    }
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string conclusion_words(const MetRow& row) {
  std::vector<std::string> parts;
  for (const auto& [label, value] : row.conclusions) {
    if (value == "none" && row.conclusions.size() > 1) {
      continue;
    }
    parts.push_back(fmt::format("{}: {}", label, value));
  }
  return fmt::format("{}", fmt::join(parts, "; "));
}

const std::string& condition_words(const MetRow& row) { return row.reads.empty() ? row.when : row.reads; }

std::string ensemble_words(const SpecimenStatus& specimen) {
  if (specimen.replicates == 0) {
    return {};
  }
  return specimen.conditional_on.empty()
             ? say("status.shares_of_replicates", {{"replicates", grouped(specimen.replicates)}})
             : say("status.shares_of_replicates_conditional_on",
                   {{"replicates", grouped(specimen.replicates)}, {"conditional_on", specimen.conditional_on}});
}

std::string scheme_words(const CaseStatus& status) {
  std::vector<std::string> parts;
  for (const std::string* part : {&status.scheme_title, &status.edition}) {
    if (!part->empty() && (parts.empty() || parts[0].find(*part) == std::string::npos)) {
      parts.push_back(*part);
    }
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::vector<const MetRow*> rows_met(const SpecimenStatus& specimen) {
  std::vector<const MetRow*> rows;
  std::set<std::string> seen;
  for (const Answer& answer : specimen.answers) {
    for (const MetRow& row : answer.rows) {
      if (seen.insert(row.id()).second) {
        rows.push_back(&row);
      }
    }
  }
  return rows;
}

std::string citation_keys(const std::vector<std::pair<std::string, std::string>>& citations) {
  std::vector<std::string_view> keys;
  for (const auto& citation : citations) {
    keys.push_back(citation.first);
  }
  return fmt::format("{}", fmt::join(keys, ", "));
}

std::vector<std::pair<std::string, std::string>> all_citations(const CaseStatus& status) {
  std::set<std::pair<std::string, std::string>> all;
  for (const SpecimenStatus& specimen : status.specimens) {
    for (const Answer& answer : specimen.answers) {
      for (const MetRow& row : answer.rows) {
        all.insert(row.citations.begin(), row.citations.end());
      }
    }
    for (const Notice& notice : specimen.notices) {
      all.insert(notice.citations.begin(), notice.citations.end());
    }
  }
  return {all.begin(), all.end()};
}

std::string policy_words(const CaseStatus& status) {
  if (status.specimens.size() == 1 && !status.overall.empty()) {
    return {};
  }
  const bool several = status.specimens.size() > 1 && !status.policy.empty();
  const std::string policy =
      several ? say("status.policy_for_several_specimens", {{"policy", name_in("policy", status.policy)}}) : "";
  return status.overall_why.empty() || policy.empty() ? status.overall_why + policy
                                                      : fmt::format("{} {}", status.overall_why, policy);
}

std::vector<const Answer*> answers_given(const SpecimenStatus& specimen) {
  std::vector<const Answer*> given;
  for (const Answer& answer : specimen.answers) {
    const bool says_nothing =
        answer.state == AnswerState::none || (answer.state == AnswerState::decided && answer.values.size() == 1 &&
                                              one_of(answer.values[0].value, {"none", "missing"}));
    if (given.empty() || !says_nothing) {
      given.push_back(&answer);
    }
  }
  return given;
}

std::string unanswered_words(const SpecimenStatus& specimen) {
  std::vector<std::string> labels;
  for (std::size_t i = 1; i < specimen.answers.size(); ++i) {
    if (specimen.answers[i].state == AnswerState::none) {
      labels.push_back(specimen.answers[i].label);
    }
  }
  const std::string joined = fmt::format("{}", fmt::join(labels, "; "));
  return labels.empty() ? std::string() : say("status.not_answered_no_such_facts_recorded", {{"list", joined}});
}

std::vector<std::string> other_readings(const SpecimenStatus& specimen) {
  std::set<std::string> named;
  if (!specimen.answers.empty()) {
    for (const PossibleValue& value : specimen.answers[0].values) {
      named.insert(value.assumes.begin(), value.assumes.end());
    }
  }
  std::vector<std::string> others;
  std::copy_if(specimen.readings.begin(), specimen.readings.end(), std::back_inserter(others),
               [&](const std::string& reading) { return !named.contains(reading); });
  return others;
}

const SpecimenStatus* counting_specimen(const CaseStatus& status) {
  const auto count = static_cast<int>(status.specimens.size());
  return status.counts >= 0 && status.counts < count ? &status.specimens[static_cast<std::size_t>(status.counts)]
                                                     : nullptr;
}

}  // namespace her2
