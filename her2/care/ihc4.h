// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "her2/care/care_result.h"
#include "her2/evidence/dictionary.h"
#include "her2/evidence/value.h"

namespace her2 {

// IHC4, experimental: 94.7 (-0.100 ER10 - 0.079 PgR10 + 0.586 HER2 + 0.240 ln(1 + 10 Ki67)), ER10 = H-score / 30, PgR10
// = percent / 10, Ki67 in percent (public programs disagree: some take the share, so the unit is a parameter).
enum class Ki67Unit { percent, share };
[[nodiscard]] double ihc4(double er_h, double pgr_percent, double ki67_percent, bool her2_positive,
                          Ki67Unit unit = Ki67Unit::percent);

// From er_h_score, pgr_percent, ki67_percent, her2_status. No groups: none was seen in a source.
[[nodiscard]] CareResult ihc4_result(const Dictionary& dictionary, const FactValues& facts);

}  // namespace her2
