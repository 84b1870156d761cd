// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "her2/care/care_result.h"
#include "her2/evidence/dictionary.h"
#include "her2/evidence/value.h"

namespace her2 {

// Residual Cancer Burden after neoadjuvant treatment: 1.4 (f d)^0.17 + [4 (1 - 0.75^n) m]^0.17, f = invasive share of
// the bed, d = sqrt(d1 d2) in mm, n = positive nodes, m = largest nodal deposit in mm. Symmans, JCO 2007.
struct RcbInputs {
  double d1_mm = 0, d2_mm = 0;
  double cellularity_percent = 0;  // cancer, share of the bed's area
  double in_situ_percent = 0;      // of it, in situ
  double nodes = 0;
  double deposit_mm = 0;
};
[[nodiscard]] double rcb(const RcbInputs& in);
// 0 RCB-0 (nothing left), 1 RCB-I (to 1.36), 2 RCB-II (to 3.28), 3 RCB-III.
[[nodiscard]] int rcb_class(double index);
[[nodiscard]] std::string_view rcb_class_name(int rcb_class);

// From bed_length_mm, bed_width_mm, bed_cellularity_percent, bed_in_situ_percent, yp_nodes, yp_deposit_mm.
[[nodiscard]] CareResult rcb_result(const Dictionary& dictionary, const FactValues& facts);

}  // namespace her2
