// SPDX-License-Identifier: Apache-2.0
#include "her2/care/predict_facts.h"

#include <algorithm>

#include <fmt/format.h>

#include "her2/care/predict_inputs.h"
#include "her2/language/say.h"

namespace her2 {
namespace {

using Years = PredictCurves::Years;

void start(PredictSpread& spread, const PredictCurves& curves) {
  spread.low = spread.high = curves;
  for (std::size_t arm = 0; arm < kPredictArms; ++arm) {
    for (std::size_t t = 0; t < kPredictYears; ++t) {
      spread.benefit_low[arm][t] = spread.benefit_high[arm][t] =
          curves.benefit(static_cast<PredictArm>(arm), static_cast<int>(t) + 1);
    }
  }
}

void widen(Years& low, Years& high, const Years& by) {
  for (std::size_t t = 0; t < kPredictYears; ++t) {
    low[t] = std::min(low[t], by[t]);
    high[t] = std::max(high[t], by[t]);
  }
}

void widen(PredictSpread& spread, const PredictCurves& curves) {
  for (std::size_t arm = 0; arm < kPredictArms; ++arm) {
    widen(spread.low.alive[arm], spread.high.alive[arm], curves.alive[arm]);
    widen(spread.low.breast[arm], spread.high.breast[arm], curves.breast[arm]);
    widen(spread.low.other[arm], spread.high.other[arm], curves.other[arm]);
    Years benefit;
    for (std::size_t t = 0; t < kPredictYears; ++t) {
      benefit[t] = curves.benefit(static_cast<PredictArm>(arm), static_cast<int>(t) + 1);
    }
    widen(spread.benefit_low[arm], spread.benefit_high[arm], benefit);
  }
}

void describe(CareResult& out, PredictModel model, PredictOutcome outcome) {
  out.id = name_of(model);
  const std::string_view version = name_of(model).substr(8);
  out.title = outcome == PredictOutcome::recurrence ? say("prognosis.predict_recurrence_title", {{"version", version}})
              : outcome == PredictOutcome::death_after_five_years
                  ? say("prognosis.predict_later_title", {{"version", version}})
                  : say("prognosis.predict_title", {{"version", version}});
  const auto limit = [](double at) { return fmt::format("{:g}", at); };
  out.valid = say("prognosis.predict_valid", {{"age_from", limit(kPredictAges.low)},
                                              {"age_to", limit(kPredictAges.high)},
                                              {"size_from", limit(kPredictSizes.low)},
                                              {"size_to", limit(kPredictSizes.high)},
                                              {"nodes_from", limit(kPredictNodes.low)},
                                              {"nodes_to", limit(kPredictNodes.high)}});
  out.sources = {say("prognosis.predict_source")};
  out.unconfirmed = {say("prognosis.predict_unconfirmed")};
}

void add_numbers(PredictAnswer& answer) {
  const auto add = [&](std::string id, std::string label, const Years& low, const Years& high, std::size_t year) {
    answer.result.numbers.push_back({std::move(id), std::move(label), "%", low[year - 1], high[year - 1], 1});
  };
  const PredictSpread& curves = answer.curves;
  const auto first = static_cast<std::size_t>(answer.treated_low), last = static_cast<std::size_t>(answer.treated_high);
  for (const std::size_t year : {5U, 10U, 15U}) {
    add(fmt::format("alive_{}_surgery", year), say("prognosis.alive_surgery", {{"years", year}}), curves.low.alive[0],
        curves.high.alive[0], year);
    add(fmt::format("alive_{}_treated", year), say("prognosis.alive_treated", {{"years", year}}),
        curves.low.alive[first], curves.high.alive[last], year);
  }
  add("breast_10_treated", say("prognosis.dead_of_breast_cancer_treated", {{"years", 10}}), curves.low.breast[last],
      curves.high.breast[first], 10);
  add("other_10_treated", say("prognosis.dead_of_other_causes_treated", {{"years", 10}}), curves.low.other[first],
      curves.high.other[last], 10);
}

void find_treated(PredictAnswer& answer, const Dictionary& dictionary, const FactValues& facts) {
  const auto id = dictionary.find("given_endocrine");
  const auto found = id ? facts.find(*id) : facts.end();
  if (found == facts.end() || found->second.state != Value::State::choice) {
    return;
  }
  const std::uint64_t ten = std::uint64_t{1} << dictionary[*id].index_of("ten-years").value_or(0);
  answer.treated_low = found->second.choices == ten ? PredictArm::extended : PredictArm::bisphosphonate;
  answer.treated_high = (found->second.choices & ten) != 0 ? PredictArm::extended : PredictArm::bisphosphonate;
}

void find_arms(PredictAnswer& answer) {
  for (std::size_t arm = 1; arm < kPredictArms; ++arm) {
    answer.arms[arm] = answer.curves.benefit_low[arm].back() != 0 || answer.curves.benefit_high[arm].back() != 0;
  }
  answer.arms[0] = true;
}

}  // namespace

PredictAnswer predict_answer(const Dictionary& dictionary, const FactValues& facts, PredictModel model,
                             PredictOutcome outcome, PredictWith with) {
  PredictAnswer out;
  CareResult& result = out.result;
  describe(result, model, outcome);
  if (outcome == PredictOutcome::recurrence && model != PredictModel::v2_2) {
    result.state = CareState::refused;
    result.says = say("prognosis.predict_recurrence_only_2_2");
    return out;
  }
  const PredictInputs inputs(dictionary, facts, model, with, result);
  if (result.state == CareState::refused) {
    return out;
  }
  const auto needed = inputs.needed();
  constexpr std::size_t kMostNeeded = 2;
  bool first = true;
  const bool done = needed.size() <= kMostNeeded && inputs.for_each([&](const auto& tumour, const auto& treatment) {
    const PredictCurves curves = predict(model, outcome, tumour, treatment);
    first ? start(out.curves, curves) : widen(out.curves, curves);
    first = false;
  });
  if (!done) {
    result.says = needed.empty() ? say("prognosis.cannot_be_said_without_more")
                                 : say("prognosis.cannot_be_said_without_more_of",
                                       {{"facts", fmt::format("{}", fmt::join(needed, ", "))}});
    result.unknown = {"age_years", "size_mm", "positive_nodes", "er_status"};
    return out;
  }
  out.has_curves = true;
  find_arms(out);
  find_treated(out, dictionary, facts);
  add_numbers(out);
  const bool one = std::all_of(result.numbers.begin(), result.numbers.end(),
                               [](const auto& number) { return number.low == number.high; });
  result.state = one ? CareState::answered : CareState::open;
  result.unknown = inputs.open();
  return out;
}

}  // namespace her2
