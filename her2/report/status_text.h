// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "her2/report/status_model.h"

namespace her2 {

class ReportPage;

struct TextStyle {
  bool colour = false;  // ANSI colours; the words say the same without them
  int width = 80;       // columns; at least 40 and at most 100 are used
  bool unicode = true;  // false: our own signs in ASCII (">=", "->")
  bool ascii = false;   // true: every character is 7-bit ASCII, as ascii_only() has it
  bool details = true;  // false: sources, unconfirmed points and hashes are only counted
};

// The status for a terminal: what it is, what to look at and to do, then why, then the details. Control characters in
// texts of the case are replaced, so that no text can steer the terminal.
std::string status_text(const CaseStatus& status, const TextStyle& style = {});

// The same on any page, with pictures where the page draws. `details` as in TextStyle.
void write_status(ReportPage& page, const CaseStatus& status, bool details);

}  // namespace her2
