// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "her2/care/predict_facts.h"

namespace her2 {

// One treatment's share of the chance of being alive, as an interval; the middle is drawn.
struct BenefitRow {
  std::string label;
  int colour = 0;                 // class arm0 to arm6
  std::vector<double> low, high;  // points at 5, 10, 15 years (surgery: percent alive)
};
std::vector<BenefitRow> benefit_rows(const PredictAnswer& answer);

// Whether a picture says anything: PREDICT answers, and the chance of being alive at ten years is known to ten points.
bool worth_drawing(const PredictAnswer& answer);

// "hormone therapy".
std::string arm_words(PredictArm arm);

// Chance of being alive by year: surgery, and on it what each treatment adds, as areas; above them deaths from breast
// cancer, and the line of those who do not die of anything else. HTML (SVG with a title). Needs answer.has_curves.
std::string survival_svg(const PredictAnswer& answer, const std::string& id);

// A hundred people at ten years: alive with surgery, alive through each treatment, dead of breast cancer, of other
// causes. Every kind has a sign of its own besides its colour.
std::string icon_array_svg(const PredictAnswer& answer, const std::string& id);
// The same in words: "64 alive after surgery alone", ...
std::vector<std::string> icon_words(const PredictAnswer& answer);

// Colours of the arms; they hold on light and dark grounds.
extern const char* const kCareColours;

}  // namespace her2
