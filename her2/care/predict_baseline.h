// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "her2/care/predict.h"

namespace her2 {

// Cumulative hazards of a model at index 0, years 1 to 15; to be multiplied by e^index. Inside of predict*.cpp.
struct PredictBaseline {
  PredictCurves::Years breast;  // with the HER2 effect of each year where it changes over time (3.x, ER positive)
  PredictCurves::Years other;
};

// Precomputed: one for each model, outcome, ER and HER2.
[[nodiscard]] const PredictBaseline& predict_baseline(PredictModel model, PredictOutcome outcome, bool er, Known her2);

}  // namespace her2
