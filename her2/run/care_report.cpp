// SPDX-License-Identifier: Apache-2.0
#include "her2/run/care_report.h"

#include <cmath>

#include <fmt/format.h>

#include "her2/care/tnm_text.h"
#include "her2/report/care_picture.h"

namespace her2 {
namespace {

Result<std::size_t> counting_specimen(const CaseStatus& status) {
  if (status.specimens.size() == 1) {
    return 0U;
  }
  if (status.counts < 0) {
    return fail(fmt::format("{}; --policy {} does not say which one counts, try most-recent or highest",
                            status.specimens.empty() ? "there is no specimen"
                                                     : fmt::format("there are {} specimens", status.specimens.size()),
                            status.policy));
  }
  return static_cast<std::size_t>(status.counts);
}

// The case with the assumed facts in the specimen that counts, so that its status follows from them too.
Case with_assumed(const Dictionary& dictionary, Case input, std::size_t specimen, const FactValues& facts,
                  const std::vector<std::pair<std::string, std::string>>& assumed) {
  for (const auto& [name, value] : assumed) {
    if (const auto fact = dictionary.find(name)) {
      input.specimens[specimen].facts[*fact] = Fact{*fact, facts.at(*fact), {"--what-if", {}, value, {}, {}}, {}};
    }
  }
  return input;
}

// Recorded facts, and the receptors as concluded where they are not recorded.
FactValues with_conclusions(const Dictionary& dictionary, FactValues facts, const CareFacts& told) {
  for (const auto name : {"her2_status", "er_status", "pgr_status", "receptor_subtype"}) {
    const auto fact = dictionary.find(name);
    const auto known = fact ? told.known.find(*fact) : told.known.end();
    if (known != told.known.end() && !facts.contains(*fact)) {
      facts[*fact] = known->second;
    }
  }
  return facts;
}

// With the treatments that are recorded; the middle of the interval.
std::optional<double> alive_at_ten_years(const Dictionary& dictionary, const CareFacts& facts, PredictModel model) {
  const PredictAnswer answer =
      predict_answer(dictionary, facts.known, model, PredictOutcome::death, PredictWith::recorded);
  if (!answer.has_curves) {
    return std::nullopt;
  }
  constexpr std::size_t kTen = 9;
  const auto arm = static_cast<std::size_t>(PredictArm::extended);
  return (answer.curves.low.alive[arm][kTen] + answer.curves.high.alive[arm][kTen]) / 2;
}

}  // namespace

Result<CareReport> care_report(const CareRules& rules, const Plan& plan, const Case& input,
                               const CareReportOptions& options) {
  const Dictionary& dictionary = rules.dictionary();
  const auto specimen = counting_specimen(case_status(plan, input, {options.policy, false}));
  if (!specimen) {
    return tl::unexpected(specimen.error());
  }
  CareReport report;
  report.rules = &rules;
  report.specimen = *specimen;
  std::vector<std::string> notes;
  std::vector<std::pair<std::string, std::string>> assumed;
  auto recorded = with_tnm(dictionary, care_facts_of(rules, input, *specimen, notes), options.tnm);
  if (!recorded) {
    return tl::unexpected(recorded.error());
  }
  const auto facts = assume(dictionary, std::move(*recorded), options.what_if, assumed);
  if (!facts) {
    return tl::unexpected(facts.error());
  }
  report.status =
      case_status(plan, with_assumed(dictionary, input, *specimen, *facts, assumed), {options.policy, options.all});
  report.answer = care_answer(rules, *facts);
  report.answer.assumed = std::move(assumed);
  report.answer.notes = std::move(notes);
  if (options.all) {
    report.prognosis =
        prognosis(dictionary, with_conclusions(dictionary, *facts, report.answer.facts), options.prognosis);
    report.changes = care_changes(rules, *facts, report.answer, [&](const CareFacts& then) {
      return alive_at_ten_years(dictionary, then, options.prognosis.model);
    });
  }
  return report;
}

PatientFigures patient_figures(const CareReport& report) {
  const PredictAnswer answer = predict_answer(report.rules->dictionary(), report.answer.facts.known, PredictModel::v3_2,
                                              PredictOutcome::death, PredictWith::recorded);
  if (!worth_drawing(answer)) {
    return {};
  }
  const auto at = [&](const auto& low, const auto& high, std::size_t year) {
    const auto arm = static_cast<std::size_t>(PredictArm::extended);
    const auto from = std::lround(low[arm][year - 1]), to = std::lround(high[arm][year - 1]);
    return from == to ? fmt::format("{}", from) : fmt::format("{} to {}", from, to);
  };
  const auto& low = answer.curves.low;
  const auto& high = answer.curves.high;
  return {{"alive_5", at(low.alive, high.alive, 5)},
          {"alive_10", at(low.alive, high.alive, 10)},
          {"breast_10", at(low.breast, high.breast, 10)},
          {"other_10", at(low.other, high.other, 10)}};
}

}  // namespace her2
