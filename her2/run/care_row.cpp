// SPDX-License-Identifier: Apache-2.0
#include "her2/run/care_row.h"

#include <algorithm>

#include "her2/care/contradictions.h"
#include "her2/care/npi.h"
#include "her2/care/stage.h"

namespace her2 {
namespace {

// The values that a choice may have in some reading, joined by |.
std::string values_of(const Dictionary& dictionary, const std::vector<FactValues>& readings, std::string_view name) {
  const auto id = dictionary.find(name);
  std::uint64_t mask = 0;
  for (const auto& facts : readings) {
    const auto found = id ? facts.find(*id) : facts.end();
    mask |= found != facts.end() && found->second.state == Value::State::choice ? found->second.choices : 0;
  }
  std::vector<std::string> words;
  for (unsigned i = 0; mask != 0 && i < dictionary[*id].values.size(); ++i) {
    if ((mask >> i & 1U) != 0) {
      words.push_back(dictionary[*id].values[i]);
    }
  }
  return joined_words(words, '|');
}

}  // namespace

std::string joined_words(const std::vector<std::string>& words, char separator) {
  std::string out;
  for (const auto& word : words) {
    out += out.empty() ? "" : std::string(1, separator);
    out += word;
  }
  return out;
}

void CareRow::clear() {
  t.clear();
  n.clear();
  stage.clear();
  prognostic_stage.clear();
  npi_group.clear();
  unknown.clear();
  notices.clear();
  refused.clear();
  has_npi = has_chances = false;
  predict = CareState::open;
}

void CareRowTeller::slow(const MappedRow& row, std::string_view her2, CareRow& out) const {
  out.clear();
  FactValues facts;
  for (const RowValue& small : row.values) {
    if (small.kind != RowValue::Kind::missing) {
      facts[small.fact] = BoundMap::value(row, small);
    }
  }
  if (const auto id = dictionary_.find("her2_status"); id && (her2 == "positive" || her2 == "negative")) {
    facts[*id] = Value::of_choice(dictionary_[*id].index_of(her2).value_or(0));
  }
  const Reconciled reconciled = reconcile_care(dictionary_, facts);
  std::vector<std::string> notices;
  for (const auto& discrepancy : reconciled.discrepancies) {
    notices.push_back(discrepancy.id);
  }
  out.notices = joined_words(notices, ';');
  std::vector<CareResult> npis, predictions, prognostic;
  std::vector<FactValues> readings;
  for (const auto& reading : reconciled.readings) {
    readings.push_back(with_stage_facts(dictionary_, reading.facts));
    const FactValues& now = readings.back();
    npis.push_back(npi_result(dictionary_, now));
    predictions.push_back(
        predict_answer(dictionary_, now, options_.model, PredictOutcome::death, PredictWith::recorded).result);
    const bool surgery = options_.pathological_table != nullptr;
    prognostic.push_back(
        prognostic_stage_result(dictionary_, now, surgery ? options_.pathological_table : options_.clinical_table,
                                surgery ? StageTable::Kind::pathological : StageTable::Kind::clinical));
  }
  out.t = values_of(dictionary_, readings, "t_for_stage");
  out.n = values_of(dictionary_, readings, "n_for_stage");
  out.stage = values_of(dictionary_, readings, "anatomic_stage");
  out.prognostic_stage = joined_words(united(prognostic).groups, '|');
  const CareResult index = united(npis);
  if (!index.groups.empty()) {
    out.has_npi = true;
    out.npi = {index.numbers[0].low, index.numbers[0].high};
    out.npi_survival = {index.numbers[1].low, index.numbers[1].high};
    out.npi_group = joined_words(index.groups, '|');
  }
  const CareResult chances = united(predictions);
  out.predict = chances.state;
  out.refused = chances.state == CareState::refused ? chances.says : "";
  out.unknown = joined_words(chances.unknown, ';');
  if (!chances.numbers.empty() && chances.state != CareState::refused) {
    static constexpr std::array<std::string_view, CareRow::kChances> kIds{"alive_5_treated",   "alive_10_treated",
                                                                          "alive_15_treated",  "alive_10_surgery",
                                                                          "breast_10_treated", "other_10_treated"};
    out.has_chances = true;
    for (const auto& number : chances.numbers) {
      const auto at = std::find(kIds.begin(), kIds.end(), number.id);
      if (at != kIds.end()) {
        out.chances[static_cast<std::size_t>(at - kIds.begin())] = {number.low, number.high};
      }
    }
  }
}

}  // namespace her2
