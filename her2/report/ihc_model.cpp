// SPDX-License-Identifier: Apache-2.0
#include "her2/report/ihc_model.h"

#include <algorithm>
#include <functional>
#include <map>

#include <fmt/format.h>

#include "her2/core/decimal.h"
#include "her2/language/say.h"
#include "her2/report/words.h"

namespace her2 {
namespace {

Rational share_of(const PossibleValue& value) { return parse_rational(value.probability).value_or(Rational(0)); }

std::vector<PossibleValue> by_probability(const Answer& answer) {
  std::vector<PossibleValue> values = answer.values;
  std::stable_sort(values.begin(), values.end(),
                   [](const auto& a, const auto& b) { return share_of(a) > share_of(b); });
  return values;
}

// "71 %"; never 0 or 100 for what is possible but not certain.
std::string whole_percent(std::string_view probability) {
  const Rational percent = parse_rational(probability).value_or(Rational(0)) * 100;
  const bool impossible = percent == Rational(0);
  const bool certain = percent == Rational(100);
  if (!impossible && percent < Rational(1)) {
    return say("ihc.below_1");
  }
  return !certain && percent > Rational(99) ? say("ihc.above_99") : rounded_text(percent, 0) + " %";
}

}  // namespace

bool IhcReport::refused() const { return (editions.empty() && !microarray) || refused_by_quality(); }

bool IhcReport::refused_by_quality() const {
  return std::any_of(qc.begin(), qc.end(), [](const IhcVerdict& v) { return v.severity == Severity::refused; });
}

const Answer* answer_of(const CaseStatus& edition, std::string_view fact) {
  for (const SpecimenStatus& specimen : edition.specimens) {
    for (const Answer& answer : specimen.answers) {
      if (answer.fact == fact) {
        return &answer;
      }
    }
  }
  return nullptr;
}

const Answer* ihc_score_of(const CaseStatus& edition) { return answer_of(edition, "ihc_score"); }

std::string edition_words(const IhcReport& report, const CaseStatus& edition) {
  const Answer* answer = answer_of(edition, report.answer_fact);
  if (report.nuclear && answer != nullptr) {
    if (!answer->rows.empty()) {
      return answer->rows.back().edition;
    }
    for (const PossibleValue& value : answer->values) {
      if (!value.row.empty()) {
        return value.row.substr(0, value.row.find(' '));
      }
    }
  }
  return edition.edition.empty() ? edition.scheme : edition.edition;
}

std::string allred_words(const IhcNuclear& nuclear) {
  return nuclear.proportion ? say("ihc.allred_score_is", {{"score", *nuclear.proportion + nuclear.intensity},
                                                          {"proportion", *nuclear.proportion},
                                                          {"intensity", nuclear.intensity}})
                            : std::string();
}

std::string hot_spot_words(const IhcNuclear& nuclear) {
  return nuclear.hot_spot
             ? say("ihc.of_tumour_cells_in_the_field_of", {{"hot_percent", percent_in(nuclear.hot_percent, 1)},
                                                           {"hot_cells", grouped(nuclear.hot_cells)},
                                                           {"side_um", number_in(nuclear.side_um, 0)},
                                                           {"x", number_in(nuclear.x, 0)},
                                                           {"y", number_in(nuclear.y, 0)}})
             : std::string();
}

std::string likeliest(const Answer& answer) {
  const auto values = by_probability(answer);
  return values.empty() || answer.state == AnswerState::none ? std::string() : values.front().value;
}

std::string with_commas(std::uint64_t number) { return grouped(number).text; }

std::string interval_words(const IhcInterval& value) {
  const int digits = std::max({value.value, value.low, value.high}) >= 100 ? 0 : 1;
  if (value.low == value.high) {
    return number_in(value.value, digits);
  }
  return say("ihc.to", {{"value", number_in(value.value, digits)},
                        {"low", number_in(value.low, digits)},
                        {"high", number_in(value.high, digits)}});
}

const char* name_of(Severity severity) {
  switch (severity) {
    case Severity::ok: return "ok";
    case Severity::warning: return "warning";
    case Severity::refused: break;
  }
  return "refused";
}

std::string score_words(const Answer& answer) {
  if (answer.state == AnswerState::decided && answer.values.size() == 1) {
    return value_words(answer.fact, answer.values[0].value);
  }
  const auto values = by_probability(answer);
  if (answer.state == AnswerState::none || values.empty()) {
    return say("ihc.no_answer");
  }
  std::vector<std::string> words;
  for (const PossibleValue& value : values) {
    const std::string name = value_words(answer.fact, value.value);
    words.push_back(value.probability.empty() ? name : fmt::format("{} ({})", name, whole_percent(value.probability)));
  }
  const std::string choices = listed(words, "or");
  return answer.state == AnswerState::conflict ? say("ihc.contradictory", {{"choices", choices}}) : choices;
}

namespace {

// "3+ in 2 cores, 2+ in 4, no score in 1", the strongest first.
std::string cores_words(const IhcReport& report) {
  std::map<std::string, std::size_t, std::greater<>> count;
  std::size_t none = 0;
  for (const IhcRegion& region : report.regions) {
    if (region.role == "core") {
      ++(region.likeliest.empty() ? none : count[region.likeliest]);
    }
  }
  std::vector<std::string> parts;
  for (const auto& [value, cores] : count) {
    parts.push_back(say("ihc.in", {{"value", value_words(report.answer_fact, value)}, {"cores", cores}}));
  }
  if (none > 0) {
    parts.push_back(say("ihc.no_score_in", {{"cores", none}}));
  }
  return listed(parts, "and");
}

}  // namespace

IhcHeadline ihc_headline(const IhcReport& report) {
  IhcHeadline out;
  if (report.refused()) {
    out.score = say("ihc.no_score");
    for (const IhcVerdict& verdict : report.qc) {
      if (verdict.severity == Severity::refused) {
        out.detail += (out.detail.empty() ? "" : " ") + verdict.reason;
      }
    }
    return out;
  }
  const std::string cells = say("ihc.tumour_cells", {{"tumour_cells", grouped(report.tumour_cells)}});
  if (report.microarray) {
    const auto cores = std::count_if(report.regions.begin(), report.regions.end(),
                                     [](const IhcRegion& region) { return region.role == "core"; });
    out.score = say("ihc.microarray_cores", {{"marker", report.marker}, {"cores", cores}});
    out.detail = fmt::format("{}; {}", cores_words(report), cells);
    return out;
  }
  const CaseStatus& edition = report.editions.at(std::min(report.primary, report.editions.size() - 1));
  const Answer* answer = answer_of(edition, report.answer_fact);
  const std::string says = answer == nullptr ? say("ihc.no_answer") : score_words(*answer);
  if (report.nuclear) {
    const IhcNuclear& nuclear = *report.nuclear;
    out.score = say("ihc.percent_and_answer",
                    {{"marker", report.marker}, {"percent", percent_in(nuclear.percent.value, 1)}, {"answer", says}});
    if (answer != nullptr && answer->state == AnswerState::decided) {
      const Tone tone = value_tone(answer->fact, answer->values.at(0).value);
      out.positive = tone == Tone::positive;
      out.negative = tone == Tone::negative;
    }
    const std::string range = nuclear.percent.low == nuclear.percent.high
                                  ? std::string()
                                  : say("ihc.range", {{"low", number_in(nuclear.percent.low, 1)},
                                                      {"high", percent_in(nuclear.percent.high, 1)}}) +
                                        "; ";
    const std::string h_score = say("ihc.h_score_is", {{"score", interval_words(report.h_score)}});
    const std::string allred =
        nuclear.proportion ? say("ihc.allred_is", {{"score", *nuclear.proportion + nuclear.intensity}}) + ", " : "";
    out.detail = fmt::format("{}{}, {}{}", range, h_score, allred, cells);
    return out;
  }
  out.score = say("ihc.ihc", {{"marker", report.marker}, {"answer", says}});
  if (answer != nullptr && answer->state == AnswerState::decided && !answer->values.empty()) {
    const std::string& value = answer->values[0].value;
    out.positive = value == "3+";
    out.negative = value == "0" || value == "0+" || value == "1+";
  }
  out.detail = say("ihc.h_score", {{"interval", interval_words(report.h_score)}, {"cells", cells}});
  return out;
}

}  // namespace her2
