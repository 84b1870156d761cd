// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "her2/report/status_model.h"

namespace her2 {

// The first page of the report: one self-contained HTML file without script, for the screen, a phone and paper. The
// same status gives the same bytes. `more`: sections (HTML) that stand before the sources.
std::string status_html(const CaseStatus& status, std::string_view more = {});

}  // namespace her2
