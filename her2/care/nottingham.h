// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "her2/care/care_result.h"
#include "her2/evidence/dictionary.h"
#include "her2/evidence/value.h"

namespace her2 {

// Nottingham grade: points for tubules (over 75 % of the tumour 1, 10 to 75 % 2, below 10 % 3), nuclear pleomorphism
// and mitoses, 1 to 3 each; a sum of 3 to 5 is grade 1, 6 to 7 grade 2, 8 to 9 grade 3. pathmd.com, CAP text, NCCN
// note.
[[nodiscard]] int nottingham_grade(int score);
[[nodiscard]] int tubule_points(double percent);
// Points for mitoses in ten fields of 0.274 mm2: below 10, 10 to 20, above 20. At 20 the sources differ: 2 and 3.
[[nodiscard]] std::vector<int> mitotic_points(double mitoses);

// From the three scores, or the share of tubules and the mitotic count with the field's area.
[[nodiscard]] CareResult nottingham_result(const Dictionary& dictionary, const FactValues& facts);

}  // namespace her2
