// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "her2/care/care_result.h"
#include "her2/care/predict.h"
#include "her2/evidence/dictionary.h"
#include "her2/evidence/value.h"

namespace her2 {

// What PREDICT says of recorded facts. Where the model has a value of its own for an unknown input (grade, screening,
// HER2, Ki-67, PgR) that is used; every other unknown gives the interval over what is possible.

// Which treatments the arms hold.
enum class PredictWith : std::uint8_t {
  recorded,  // those recorded as given or planned (given_...); others are taken as not given
  possible,  // also those that are not recorded and that the model has for this tumour, so that their benefit is seen:
             // endocrine therapy (ER positive), chemotherapy of the third generation, trastuzumab (HER2 positive) and
             // bisphosphonate (after menopause). Radiotherapy only where it is recorded: the model needs the heart dose
};

// A number for every arm and year, as the interval over all possible cases.
struct PredictSpread {
  PredictCurves low, high;
  // Benefit of each arm against the one before it (PredictCurves::benefit), by year.
  std::array<PredictCurves::Years, kPredictArms> benefit_low, benefit_high;
};

struct PredictAnswer {
  CareResult result;  // numbers: alive at 5, 10, 15 years with surgery alone and with all arms; deaths at 10 years
  bool has_curves = false;
  PredictSpread curves;
  std::array<bool, kPredictArms> arms{};  // whether the arm adds anything here
  // The arms between which the treatment lies: `extended` where endocrine therapy for ten years is recorded, both where
  // it may be five or ten, else `bisphosphonate` (which has all the others).
  PredictArm treated_low = PredictArm::bisphosphonate, treated_high = PredictArm::bisphosphonate;
};

[[nodiscard]] PredictAnswer predict_answer(const Dictionary& dictionary, const FactValues& facts, PredictModel model,
                                           PredictOutcome outcome = PredictOutcome::death,
                                           PredictWith with = PredictWith::possible);

}  // namespace her2
