// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "her2/report/ish_model.h"
#include "her2/report/report_page.h"

// What an ISH report says besides its text, on pages that draw.
namespace her2 {

// The map of groups, each nucleus's signals, and how many nuclei have how many.
void write_pictures(ReportPage& page, const IshReport& report);

// The nuclei in pictures, second population, quality, how sure it is, other ways to count, where it comes from.
void write_further(ReportPage& page, const IshReport& report);

}  // namespace her2
