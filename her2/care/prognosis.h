// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "her2/care/care_result.h"
#include "her2/care/predict_facts.h"
#include "her2/care/stage_table.h"
#include "her2/evidence/reconcile.h"

namespace her2 {

struct PrognosisOptions {
  PredictModel model = PredictModel::v3_2;
  PredictWith with = PredictWith::possible;
  const StageTable* clinical_table = nullptr;      // the user's; not ours to ship
  const StageTable* pathological_table = nullptr;  // both must outlive the call
};

// Stage and prognosis of one case: everything of this room that is neither option nor subtype.
struct Prognosis {
  std::vector<Discrepancy> discrepancies;  // contradictions, named; see contradictions.h
  std::vector<std::string> readings;       // the readings that were looked at, where facts contradict each other
  std::vector<CareResult> stages;          // anatomic before treatment, at surgery, after treatment; prognostic
  PredictAnswer predict;                   // from diagnosis
  PredictAnswer predict_later;             // given alive at five years
  PredictAnswer predict_recurrence;        // 2.2 only; else refused
  std::vector<CareResult> scores;          // NPI, CTS5, Nottingham grade, Magee, IHC4, CPS+EG, Neo-Bioscore, RCB, PEPI
  CareResult registry;                     // a population
};

// Scores for which nothing of their own is recorded are left out. Of facts that contradict each other every consistent
// reading is taken, and a result is their union: what does not depend on them stays as it is. Never fails. Thread-safe.
[[nodiscard]] Prognosis prognosis(const Dictionary& dictionary, const FactValues& facts,
                                  const PrognosisOptions& options);

// The same result under several readings as one: intervals and groups united.
[[nodiscard]] CareResult united(const std::vector<CareResult>& readings);

}  // namespace her2
