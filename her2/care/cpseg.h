// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "her2/care/care_result.h"
#include "her2/evidence/dictionary.h"
#include "her2/evidence/value.h"

namespace her2 {

// CPS+EG after neoadjuvant chemotherapy, 0 to 6: points for the clinical anatomic stage (I, IIA 0; IIB, IIIA 1; IIIB,
// IIIC 2), the stage after treatment (0, I 0; IIA to IIIB 1; IIIC 2), a negative ER (1) and grade 3 (1). PMC11724176
// table 1. Stages as "I", "IA", ..., "IIIC"; nullopt for a clinical stage 0 or IV, and for IV after treatment.
[[nodiscard]] std::optional<int> cps_eg(std::string_view clinical_stage, std::string_view yp_stage, bool er_positive,
                                        int grade);
// The same and 1 for a negative HER2, 0 to 7. PMC11724176.
[[nodiscard]] std::optional<int> neo_bioscore(std::string_view clinical_stage, std::string_view yp_stage,
                                              bool er_positive, int grade, bool her2_positive);

// From clinical_stage, yp_stage (both anatomic), ER, grade; Neo-Bioscore also HER2 (equivocal: either).
[[nodiscard]] CareResult cps_eg_result(const Dictionary& dictionary, const FactValues& facts);
[[nodiscard]] CareResult neo_bioscore_result(const Dictionary& dictionary, const FactValues& facts);

}  // namespace her2
