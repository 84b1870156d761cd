// SPDX-License-Identifier: Apache-2.0
#include "her2/report/ihc_model.h"

#include <algorithm>

#include <fmt/format.h>

#include "her2/core/decimal.h"
#include "her2/report/words.h"

namespace her2 {

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
  const PossibleValue* best = nullptr;
  Rational most = -1;
  for (const PossibleValue& value : answer.values) {
    const Rational share = parse_rational(value.probability).value_or(Rational(0));
    if (share > most) {
      most = share;
      best = &value;
    }
  }
  return best == nullptr || answer.state == AnswerState::none ? std::string() : best->value;
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
  const std::string words = answer == nullptr ? "no answer" : answer_words(*answer);
  out.score = fmt::format("{} IHC {}", report.marker, words);
  if (answer != nullptr && answer->state == AnswerState::decided && !answer->values.empty()) {
    const std::string& value = answer->values[0].value;
    out.score = fmt::format("{} IHC {}", report.marker, value);
    out.positive = value == "3+";
    out.negative = value == "0" || value == "0+" || value == "1+";
  }
  out.detail =
      fmt::format("H-score {}, {} tumour cells", interval_words(report.h_score), with_commas(report.tumour_cells));
  return out;
}

}  // namespace her2
