// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "her2/report/ish_model.h"
#include "her2/report/status_text.h"

namespace her2 {

class ReportPage;

// The case for a terminal: group, status and what to do next first, then why.
std::string ish_text(const IshReport& report, const TextStyle& style = {});

// The same on any page; where it draws also the pictures and all that the HTML page says besides.
void write_ish(ReportPage& page, const IshReport& report);

}  // namespace her2
