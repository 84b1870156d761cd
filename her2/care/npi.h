// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "her2/care/care_result.h"
#include "her2/evidence/dictionary.h"
#include "her2/evidence/value.h"

namespace her2 {

// Nottingham Prognostic Index: 0.2 x size in cm + grade + 1, 2 or 3 for 0, 1 to 3, or 4 and more positive nodes.
[[nodiscard]] double npi(double size_mm, int grade, double nodes);

// "EPG", "GPG", "MPG I", "MPG II", "PPG", "VPPG" (limits 2.4, 3.4, 4.4, 5.4, 6.4 belong to the lower group). Decided on
// fiftieths, not on the rounded index, so that 20 mm, grade 2, no nodes is 3.4 and GPG.
[[nodiscard]] int npi_group(double size_mm, int grade, double nodes);
[[nodiscard]] std::string_view npi_group_name(int group);

// Chance in percent not to die of breast cancer in 10 years: -3.0079 NPI^2 + 12.30 NPI + 83.84, for NPI 2.0 to 6.9.
// Blamey 2010. Not clamped: npi_result clamps.
[[nodiscard]] double npi_survival(double index);

// From size_mm, grade and positive_nodes.
[[nodiscard]] CareResult npi_result(const Dictionary& dictionary, const FactValues& facts);

}  // namespace her2
