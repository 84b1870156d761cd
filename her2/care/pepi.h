// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "her2/care/care_result.h"
#include "her2/evidence/dictionary.h"
#include "her2/evidence/value.h"

namespace her2 {

// PEPI for relapse-free survival, after neoadjuvant endocrine therapy: 3 points for pT3 or pT4, 3 for positive nodes,
// 0, 1, 2, 3 for Ki-67 to 2.7, 19.7, 53.1 % and above, 3 for an ER Allred score of 0 to 2. Ellis 2008.
[[nodiscard]] int pepi(bool t3_or_4, bool node_positive, double ki67_percent, int allred);

// From ypt, ypn (else yp_nodes), yp_ki67_percent and yp_allred.
[[nodiscard]] CareResult pepi_result(const Dictionary& dictionary, const FactValues& facts);

}  // namespace her2
