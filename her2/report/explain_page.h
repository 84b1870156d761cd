// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "her2/care/explain.h"
#include "her2/report/document.h"

namespace her2 {

// The patient page: large plain type, one column, made to be printed. Self-contained, no script.
std::string explain_html(const PatientPage& page);
// The same for a terminal and for Markdown.
Document explain_document(const PatientPage& page);

}  // namespace her2
