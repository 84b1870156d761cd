// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "her2/report/ihc_model.h"
#include "her2/report/report_page.h"

// What an IHC report says besides its text, on pages that draw: with the pictures of ihc_picture.h.
namespace her2 {

// How the tumour cells stain: the bar, the table of classes with intervals, the histogram.
void write_staining(ReportPage& page, const IhcReport& report);

// The slide and its cells in pictures, quality, tissue, how sure it is, what it was made from, sources.
void write_further(ReportPage& page, const IhcReport& report);

// Verdicts of quality as a table; nothing where there are none.
void write_quality(ReportPage& page, const std::vector<IhcVerdict>& verdicts);

}  // namespace her2
