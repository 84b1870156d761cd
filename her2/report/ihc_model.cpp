// SPDX-License-Identifier: Apache-2.0
#include "her2/report/ihc_model.h"

#include <algorithm>

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
  return editions.empty() ||
         std::any_of(qc.begin(), qc.end(), [](const IhcVerdict& v) { return v.severity == Severity::refused; });
}

const Answer* ihc_score_of(const CaseStatus& edition) {
  for (const SpecimenStatus& specimen : edition.specimens) {
    for (const Answer& answer : specimen.answers) {
      if (answer.fact == "ihc_score") {
        return &answer;
      }
    }
  }
  return nullptr;
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
    return answer.values[0].value;
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
  const CaseStatus& edition = report.editions.at(std::min(report.primary, report.editions.size() - 1));
  const Answer* answer = ihc_score_of(edition);
  out.score = fmt::format("{} IHC {}", report.marker, answer == nullptr ? "no answer" : score_words(*answer));
  if (answer != nullptr && answer->state == AnswerState::decided && !answer->values.empty()) {
    const std::string& value = answer->values[0].value;
    out.positive = value == "3+";
    out.negative = value == "0" || value == "0+" || value == "1+";
  }
  out.detail =
      fmt::format("H-score {}, {} tumour cells", interval_words(report.h_score), with_commas(report.tumour_cells));
  return out;
}

}  // namespace her2
