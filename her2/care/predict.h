// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "her2/core/error.h"

namespace her2 {

// PREDICT-compatible prognosis after surgery of early invasive breast cancer: chance of being alive, and of death from
// breast cancer and from other causes, year by year to 15, with each treatment added. Versions 2.2, 3.1 and 3.2,
// written from the published formulas; not affiliated with the NHS or the University of Cambridge. Research use only.
//
// Source of all formulas and coefficients: WintonCentre/predict-v30-r @ 42223bc1150b (2025-04-14). Checked against
// results of that code to 1e-9 percentage points (tests/care/predict_test.cpp). docs/prognosis.md has the formulas.

enum class PredictModel : std::uint8_t { v2_2, v3_1, v3_2 };
[[nodiscard]] std::string_view name_of(PredictModel model);  // "predict-3.2"
[[nodiscard]] std::optional<PredictModel> predict_model(std::string_view name);

// What the model does with an unknown value is part of the model: the mean of its cohort for screening and grade, no
// effect for receptors.
enum class Known : std::uint8_t { no, yes, unknown };

struct PredictTumour {
  double age = 0;      // years at diagnosis, 25 to 85
  double size_mm = 0;  // invasive, kPredictSizes
  double nodes = 0;    // positive, kPredictNodes; 2.2 takes 0.5 for a single micrometastasis (unconfirmed)
  int grade = 0;       // 1 to 3; 0 unknown
  bool er = true;
  Known screened = Known::unknown;  // found by screening
  Known her2 = Known::unknown;
  Known ki67 = Known::unknown;  // over 10 % (unconfirmed)
  Known pgr = Known::unknown;   // 3.x
  bool smokes = false;          // now; 3.x
};

// Treatments that are added to surgery. What does not apply is ignored by the model: endocrine therapy with a negative
// ER, trastuzumab with a HER2 that is not positive, radiotherapy and its dose to the heart in 2.2.
struct PredictTreatment {
  bool radiotherapy = false;
  double heart_gy = 0;  // mean dose to the heart; counts with radiotherapy only
  bool endocrine = false;
  int chemotherapy = 0;  // 0 none, 2 second generation, 3 third generation
  bool trastuzumab = false;
  bool bisphosphonate = false;
};

// Each arm has the treatments of all before it, as far as they are among the PredictTreatment's; `extended` is
// `bisphosphonate` with endocrine therapy for ten years in place of five.
enum class PredictArm : std::uint8_t {
  surgery,
  radiotherapy,
  endocrine,
  chemotherapy,
  trastuzumab,
  bisphosphonate,
  extended,
};
inline constexpr std::size_t kPredictArms = 7, kPredictYears = 15;

enum class PredictOutcome : std::uint8_t {
  death,                   // of any cause, from diagnosis
  recurrence,              // recurrence or death: 2.2 only, experimental in the original
  death_after_five_years,  // of those alive at five years; years 1 to 5 are then 100 %
};

// Percent, by arm and year (index 0 is the end of year 1). alive + breast + other = 100.
struct PredictCurves {
  using Years = std::array<double, kPredictYears>;
  std::array<Years, kPredictArms> alive;   // alive (recurrence: and free of it)
  std::array<Years, kPredictArms> breast;  // dead of breast cancer (recurrence: or recurred)
  std::array<Years, kPredictArms> other;   // dead of other causes

  [[nodiscard]] const Years& alive_in(PredictArm arm) const { return alive[static_cast<std::size_t>(arm)]; }
  // What the arm adds to the chance of being alive, in percentage points at the end of `year` (1 to 15): against the
  // arm before it; `extended` against `bisphosphonate`.
  [[nodiscard]] double benefit(PredictArm arm, int year) const;
};

// The range that the original is for (age), and over which this implementation was checked against it (size, nodes,
// dose to the heart): outside of it we do not answer.
struct PredictRange {
  double low = 0, high = 0;
};
inline constexpr PredictRange kPredictAges{25, 85}, kPredictSizes{1, 200}, kPredictNodes{0, 50}, kPredictHeart{0, 8};

// Nothing, or which input lies outside its range.
[[nodiscard]] Result<void> check_predict(const PredictTumour& tumour, const PredictTreatment& treatment);

// `published_quirks`: as the published 2.2 script, whose ten years of endocrine therapy act in years 11 to 15 even
// where no endocrine therapy is given. Its other quirk, that an unknown grade counts as grade 1 when ER is negative, is
// what 2.2 does here as well; predict_facts.h then takes all three grades. Input must lie in the range. Thread-safe.
[[nodiscard]] PredictCurves predict(PredictModel model, PredictOutcome outcome, const PredictTumour& tumour,
                                    const PredictTreatment& treatment, bool published_quirks = false);

}  // namespace her2
