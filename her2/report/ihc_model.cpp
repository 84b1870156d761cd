// SPDX-License-Identifier: Apache-2.0
#include "her2/report/ihc_model.h"

#include <algorithm>
#include <functional>
#include <map>

#include <fmt/format.h>

#include "her2/core/decimal.h"
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
    return "below 1 %";
  }
  return !certain && percent > Rational(99) ? "above 99 %" : rounded_text(percent, 0) + " %";
}

}  // namespace

bool IhcReport::refused() const {
  return (editions.empty() && !microarray) || refused_by_quality();
}

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
  return nuclear.proportion ? fmt::format("{} (proportion {}, intensity {})", *nuclear.proportion + nuclear.intensity,
                                          *nuclear.proportion, nuclear.intensity)
                            : std::string();
}

std::string hot_spot_words(const IhcNuclear& nuclear) {
  return nuclear.hot_spot ? fmt::format("{:.1f} % of {} tumour cells in the field of {:.0f} um at x {:.0f}, y {:.0f}",
                                        nuclear.hot_percent, with_commas(nuclear.hot_cells), nuclear.side_um,
                                        nuclear.x, nuclear.y)
                          : std::string();
}

std::string likeliest(const Answer& answer) {
  const auto values = by_probability(answer);
  return values.empty() || answer.state == AnswerState::none ? std::string() : values.front().value;
}

std::string with_commas(std::uint64_t number) {
  std::string out = std::to_string(number);
  for (std::size_t at = out.size(); at > 3; at -= 3) {
    out.insert(at - 3, ",");
  }
  return out;
}

std::string interval_words(const IhcInterval& value) {
  const int digits = std::max({value.value, value.low, value.high}) >= 100 ? 0 : 1;
  if (value.low == value.high) {
    return fmt::format("{:.{}f}", value.value, digits);
  }
  return fmt::format("{:.{}f} ({:.{}f} to {:.{}f})", value.value, digits, value.low, digits, value.high, digits);
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
    return "no answer";
  }
  std::vector<std::string> words;
  for (const PossibleValue& value : values) {
    const std::string name = value_words(answer.fact, value.value);
    words.push_back(value.probability.empty() ? name : fmt::format("{} ({})", name, whole_percent(value.probability)));
  }
  const std::string contradiction = answer.state == AnswerState::conflict ? "contradictory: " : "";
  return contradiction + listed(words, "or");
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
    parts.push_back(fmt::format("{} in {}", value_words(report.answer_fact, value), cores));
  }
  if (none > 0) {
    parts.push_back(fmt::format("no score in {}", none));
  }
  return listed(parts, "and");
}

}  // namespace

IhcHeadline ihc_headline(const IhcReport& report) {
  IhcHeadline out;
  if (report.refused()) {
    out.score = "No score";
    for (const IhcVerdict& verdict : report.qc) {
      if (verdict.severity == Severity::refused) {
        out.detail += (out.detail.empty() ? "" : " ") + verdict.reason;
      }
    }
    return out;
  }
  const std::string cells = fmt::format("{} tumour cells", with_commas(report.tumour_cells));
  if (report.microarray) {
    const auto cores = std::count_if(report.regions.begin(), report.regions.end(),
                                     [](const IhcRegion& region) { return region.role == "core"; });
    out.score = fmt::format("{} microarray, {} cores", report.marker, cores);
    out.detail = fmt::format("{}; {}", cores_words(report), cells);
    return out;
  }
  const CaseStatus& edition = report.editions.at(std::min(report.primary, report.editions.size() - 1));
  const Answer* answer = answer_of(edition, report.answer_fact);
  const std::string says = answer == nullptr ? "no answer" : score_words(*answer);
  if (report.nuclear) {
    const IhcNuclear& nuclear = *report.nuclear;
    out.score = fmt::format("{} {:.1f} %: {}", report.marker, nuclear.percent.value, says);
    if (answer != nullptr && answer->state == AnswerState::decided) {
      const Tone tone = value_tone(answer->fact, answer->values.at(0).value);
      out.positive = tone == Tone::positive;
      out.negative = tone == Tone::negative;
    }
    const std::string range = nuclear.percent.low == nuclear.percent.high
                                  ? std::string()
                                  : fmt::format("{:.1f} to {:.1f} %; ", nuclear.percent.low, nuclear.percent.high);
    const std::string allred = nuclear.proportion
                                   ? fmt::format(", Allred {}", *nuclear.proportion + nuclear.intensity)
                                   : std::string();
    out.detail = fmt::format("{}H-score {}{}, {}", range, interval_words(report.h_score), allred, cells);
    return out;
  }
  out.score = fmt::format("{} IHC {}", report.marker, says);
  if (answer != nullptr && answer->state == AnswerState::decided && !answer->values.empty()) {
    const std::string& value = answer->values[0].value;
    out.positive = value == "3+";
    out.negative = value == "0" || value == "0+" || value == "1+";
  }
  out.detail = fmt::format("H-score {}, {}", interval_words(report.h_score), cells);
  return out;
}

}  // namespace her2
