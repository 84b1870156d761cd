// SPDX-License-Identifier: Apache-2.0
#include "her2/report/words.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <fmt/format.h>

#include "her2/core/decimal.h"

namespace her2 {
namespace {

struct Phrase {
  std::string_view fact, value, words;
};

// Values whose dictionary spelling a person would stumble over. Everything else is printed as it is.
constexpr std::array kPhrases{
    Phrase{"her2_status", "recount", "blinded recount due"},
    Phrase{"her2_status", "adjudicate", "adjudication due"},
    Phrase{"her2_status", "incomplete", "work-up incomplete"},
    Phrase{"her2_status", "need-ihc-or-dual", "IHC or dual-probe ISH needed"},
    Phrase{"her2_status", "need-dual", "dual-probe ISH needed"},
    Phrase{"her2_status", "insufficient", "too few cells counted"},
    Phrase{"her2_status", "undefined", "not defined by this edition"},
    Phrase{"her2_status", "not-tested", "not tested"},
    Phrase{"her2_spectrum", "null", "HER2-null"},
    Phrase{"her2_spectrum", "ultralow", "HER2-ultralow"},
    Phrase{"her2_spectrum", "low", "HER2-low"},
    Phrase{"her2_spectrum", "positive", "HER2-positive"},
    Phrase{"her2_spectrum", "0-not-subclassified", "IHC 0, not subclassified"},
    Phrase{"destiny_entry", "db04-db06-low", "low (both trials)"},
    Phrase{"destiny_entry", "db06-ultralow", "ultralow (DESTINY-Breast06)"},
    Phrase{"tdxd_label", "low-hr-positive", "low, hormone receptor positive"},
    Phrase{"tdxd_label", "ultralow-hr-positive", "ultralow, hormone receptor positive"},
    Phrase{"er_status", "low-positive", "low positive"},
    Phrase{"repeat_on_excision", "must", "required"},
    Phrase{"repeat_on_excision", "may", "may be ordered"},
    Phrase{"repeat_on_excision", "not-advised", "not advised"},
    Phrase{"repeat_on_excision", "no-trigger", "no reason recorded"},
    Phrase{"repeat_on_excision", "review", "review and consider"},
    Phrase{"surrogate_subtype", "luminal-a-like", "luminal A-like"},
    Phrase{"surrogate_subtype", "luminal-b-like-her2-negative", "luminal B-like, HER2-negative"},
    Phrase{"surrogate_subtype", "luminal-b-like-her2-positive", "luminal B-like, HER2-positive"},
    Phrase{"surrogate_subtype", "luminal-a-or-b-like", "luminal A- or B-like"},
    Phrase{"surrogate_subtype", "her2-positive-non-luminal", "HER2-positive, non-luminal"},
    Phrase{"surrogate_subtype", "unclassified-er-negative-pgr-positive", "unclassified: ER negative, PgR positive"},
};

bool one_of(std::string_view value, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

std::string status_line(std::string_view words) {
  const bool plain = one_of(words, {"positive", "negative", "equivocal", "indeterminate"});
  return plain ? fmt::format("HER2 {}", words) : fmt::format("HER2: {}", words);
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
    return "no answer";  // PossibleValue: nothing gives it
  }
  const auto* phrase = std::find_if(kPhrases.begin(), kPhrases.end(),
                                    [&](const Phrase& p) { return p.fact == fact && p.value == value; });
  return std::string(phrase == kPhrases.end() ? value : phrase->words);
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
    case AnswerState::decided: return answer.values.empty() ? "no answer" : choices_words(answer);
    case AnswerState::open: return answer.values.empty() ? "open" : fmt::format("open: {}", choices_words(answer));
    case AnswerState::conflict: return fmt::format("facts contradict each other: {}", choices_words(answer));
    case AnswerState::none: break;
  }
  return "no answer";
}

Tone answer_tone(const Answer& answer) {
  if (answer.state == AnswerState::decided && !answer.values.empty()) {
    return value_tone(answer.fact, answer.values[0].value);
  }
  return answer.state == AnswerState::none ? Tone::neutral : Tone::unsettled;
}

Headline headline(const SpecimenStatus& specimen) {
  if (!specimen.refusal.empty()) {
    return {"HER2: no answer", "the recorded facts cannot be", Tone::unsettled};
  }
  if (specimen.answers.empty()) {
    return {"HER2: no answer", "", Tone::neutral};
  }
  const Answer& first = specimen.answers[0];
  if (first.state == AnswerState::open) {
    return {"HER2 open", choices_words(first), Tone::unsettled};
  }
  if (first.state == AnswerState::conflict) {
    return {"HER2: the facts contradict each other", choices_words(first), Tone::unsettled};
  }
  Headline result{status_line(answer_words(first)), "", answer_tone(first)};
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
    return {"HER2: no answer", "no specimen recorded", Tone::neutral};
  }
  if (status.overall.empty()) {
    return {"HER2: no single status", "the specimens differ", Tone::unsettled};
  }
  return {status_line(value_words("her2_status", status.overall)), "", value_tone("her2_status", status.overall)};
}

std::string percent_words(std::string_view probability) {
  const auto share = parse_rational(probability);
  if (!share) {
    return std::string(probability);
  }
  const Rational percent = *share * 100;
  return fmt::format("{} %", is_integer(Rational(percent * 100)) ? exact_text(percent) : rounded_text(percent, 1));
}

std::string listed(const std::vector<std::string>& parts, std::string_view last_word) {
  if (parts.size() < 2) {
    return parts.empty() ? std::string() : parts[0];
  }
  return fmt::format("{} {} {}", fmt::join(parts.begin(), parts.end() - 1, ", "), last_word, parts.back());
}

std::string settled_words(const Answer& answer) {
  std::vector<std::string> sets;
  for (const auto& facts : answer.settled_by) {
    sets.push_back(listed(facts, "and"));
  }
  return fmt::format("{}", fmt::join(sets, "; or "));
}

bool is_unsettled(const SpecimenStatus& specimen, const Answer& answer) {
  const bool first = &answer == specimen.answers.data();
  return answer.state == AnswerState::open ? first || !answer.settled_by.empty()
                                           : first && answer.state == AnswerState::conflict;
}

std::string unsettled_words(const Answer& answer) {
  if (answer.state == AnswerState::conflict) {
    return fmt::format("{}: the recorded facts contradict each other.", answer.label);
  }
  return answer.settled_by.empty() ? fmt::format("{} is open.", answer.label)
                                   : fmt::format("{}: would be settled by {}.", answer.label, settled_words(answer));
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
      return fmt::format("{}{}{}", rounded_text(*exact, 2), unit.empty() ? "" : " ", unit);
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
    parts.push_back("from " + listed(fact.derived_from, "and"));
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
  for (const std::string* part : {&specimen.kind, &specimen.site, &specimen.date}) {
    if (!part->empty()) {
      parts.push_back(*part);
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
  std::string count = fmt::format("{}", specimen.replicates);
  for (int at = static_cast<int>(count.size()) - 3; at > 0; at -= 3) {
    count.insert(static_cast<std::size_t>(at), ",");
  }
  return specimen.conditional_on.empty()
             ? fmt::format("Shares of {} replicates.", count)
             : fmt::format("Shares of {} replicates, conditional on {}.", count, specimen.conditional_on);
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
  const std::string policy = several ? fmt::format("Policy for several specimens: {}.", status.policy) : "";
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
  return labels.empty() ? std::string()
                        : fmt::format("Not answered, no such facts recorded: {}.", fmt::join(labels, "; "));
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
