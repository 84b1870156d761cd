// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "her2/report/care_model.h"

namespace her2 {

// The care report as one self-contained page: no script, nothing fetched. Options are filtered by plain style rules.
std::string care_html(const CareReport& report);

}  // namespace her2
