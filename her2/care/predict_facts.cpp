// SPDX-License-Identifier: Apache-2.0
#include "her2/care/predict_facts.h"

#include <algorithm>

#include <fmt/format.h>

#include "her2/care/predict_inputs.h"

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
  out.title = fmt::format("PREDICT-compatible {}{}", name_of(model).substr(8),
                          outcome == PredictOutcome::recurrence ? ", recurrence (experimental in the original)"
                          : outcome == PredictOutcome::death_after_five_years ? ", given alive at five years"
                                                                              : "");
  out.valid = fmt::format(
      "early invasive breast cancer after surgery, age {:g} to {:g}; sizes {:g} to {:g} mm and {:g} "
      "to {:g} nodes are those checked here",
      kPredictAges.low, kPredictAges.high, kPredictSizes.low, kPredictSizes.high, kPredictNodes.low,
      kPredictNodes.high);
  out.sources = {
      "formulas: WintonCentre/predict-v30-r @ 42223bc1150b; not affiliated with the NHS or the University of "
      "Cambridge"};
  out.unconfirmed = {"Ki-67 counts as positive above 10 %"};
}

void add_numbers(PredictAnswer& answer) {
  const auto add = [&](std::string id, std::string label, const Years& low, const Years& high, std::size_t year) {
    answer.result.numbers.push_back({std::move(id), std::move(label), "%", low[year - 1], high[year - 1], 1});
  };
  const PredictSpread& curves = answer.curves;
  const auto first = static_cast<std::size_t>(answer.treated_low), last = static_cast<std::size_t>(answer.treated_high);
  for (const std::size_t year : {5U, 10U, 15U}) {
    add(fmt::format("alive_{}_surgery", year), fmt::format("alive at {} years, surgery alone", year),
        curves.low.alive[0], curves.high.alive[0], year);
    add(fmt::format("alive_{}_treated", year), fmt::format("alive at {} years, with the treatments listed", year),
        curves.low.alive[first], curves.high.alive[last], year);
  }
  add("breast_10_treated", "dead of breast cancer at 10 years, with the treatments listed", curves.low.breast[last],
      curves.high.breast[first], 10);
  add("other_10_treated", "dead of other causes at 10 years, with the treatments listed", curves.low.other[first],
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
    result.says = "the recurrence-free variant was published for 2.2 only";
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
    result.says = fmt::format("cannot be said without more of {}",
                              needed.empty() ? "what it needs" : fmt::format("{}", fmt::join(needed, ", ")));
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
