// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "her2/care/care_result.h"
#include "her2/evidence/dictionary.h"
#include "her2/evidence/value.h"

namespace her2 {

// Five-year relative survival of a registry population by receptor subtype and, where it is recorded, SEER summary
// stage (which is not the AJCC stage). US population, not an individual: the result says so. SEER 22 without Illinois
// and Massachusetts: all stages 2014 to 2020 (seer.cancer.gov), by stage 2013 to 2019 (storymd.com reprint). From
// receptor_subtype (else ER, PgR and HER2 status) and seer_stage.
[[nodiscard]] CareResult registry_survival_result(const Dictionary& dictionary, const FactValues& facts);

}  // namespace her2
