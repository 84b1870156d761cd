// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "her2/report/ish_model.h"
#include "her2/report/status_text.h"

namespace her2 {

// The case for a terminal: group, status and what to do next first, then why.
std::string ish_text(const IshReport& report, const TextStyle& style = {});

}  // namespace her2
