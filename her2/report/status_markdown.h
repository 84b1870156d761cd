// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "her2/report/status_model.h"

namespace her2 {

// The status as Markdown (CommonMark with tables), in the order of status_text.
std::string status_markdown(const CaseStatus& status);

}  // namespace her2
