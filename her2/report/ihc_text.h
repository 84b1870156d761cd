// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "her2/report/ihc_model.h"
#include "her2/report/status_text.h"

namespace her2 {

class ReportPage;

// The end of `her2 ihc` in a terminal: the score, what it rests on, what to look at, where the files are.
std::string ihc_text(const IhcReport& report, const TextStyle& style = {});

// The same on any page; where it draws also the pictures and all that the HTML page says besides.
void write_ihc(ReportPage& page, const IhcReport& report);

}  // namespace her2
