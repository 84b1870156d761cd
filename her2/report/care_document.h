// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "her2/report/care_model.h"
#include "her2/report/document.h"

namespace her2 {

// The care report as a plain document, for a terminal and for Markdown. `all`: also each option that is not met, with
// every failed criterion, and the sources; else those are counted.
Document care_document(const CareReport& report, bool all);

}  // namespace her2
