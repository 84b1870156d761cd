// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "her2/report/cohort_model.h"

namespace her2 {

// A self-contained page; the rows behind each number open in place.
std::string cohort_html(const CohortReport& report);
// As schemas/cohort.schema.json says.
std::string cohort_json(const CohortReport& report);

}  // namespace her2
