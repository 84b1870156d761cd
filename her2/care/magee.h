// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "her2/care/care_result.h"
#include "her2/evidence/dictionary.h"
#include "her2/evidence/value.h"

namespace her2 {

// Magee equations 1 to 3: estimates of the 21-gene recurrence score in ER-positive, HER2-negative disease. Klein 2013
// (PMC3647116); coefficients as printed in Mod Pathol 2017 (modpathol201741) and BMC Clin Pathol s12907-018-0082-3.
struct MageeInputs {
  double nottingham_score = 3;  // 3 to 9
  double er_h = 0, pgr_h = 0;   // H-scores, 0 to 300
  int her2 = 0;                 // 0 negative, 1 equivocal, 2 positive
  double size_cm = 0;
  double ki67_percent = 0;
};
[[nodiscard]] std::array<double, 3> magee(const MageeInputs& in);

// Magee Decision Algorithm: 0 all three below 18, or none above 25 with a mitotic score of 1: a low recurrence score
// (to 25) is expected; 1 the test would tell; 2 all 31 or more: a high one (above 25) is expected. PMC7384988.
[[nodiscard]] int magee_decision(const std::array<double, 3>& equations, int mitotic_score);

// From nottingham_score (or its parts), er_h_score, pgr_h_score, her2_status, size_mm, ki67_percent, mitotic_score.
[[nodiscard]] CareResult magee_result(const Dictionary& dictionary, const FactValues& facts);

}  // namespace her2
