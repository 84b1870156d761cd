// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "her2/care/care_result.h"
#include "her2/evidence/dictionary.h"
#include "her2/evidence/value.h"

namespace her2 {

// CTS5, late distant recurrence (years 5 to 10) after five years of endocrine therapy without recurrence:
// 0.438 n + 0.988 (0.093 s - 0.001 s^2 + 0.375 grade + 0.017 age), s = size in mm, at most 30; n = 0, 1, 2, 3, 4 for 0,
// 1, 2 to 3, 4 to 9, 10 and more nodes. PMC6049399 (ATAC and BIG 1-98).
[[nodiscard]] double cts5(double age, double size_mm, int grade, double nodes);
// 0 low (below 3.13), 1 intermediate (3.13 to 3.86), 2 high (above 3.86); decided on millionths.
[[nodiscard]] int cts5_group(double age, double size_mm, int grade, double nodes);

// From age_years, size_mm, grade, positive_nodes; refused for a negative ER and before menopause.
[[nodiscard]] CareResult cts5_result(const Dictionary& dictionary, const FactValues& facts);

}  // namespace her2
