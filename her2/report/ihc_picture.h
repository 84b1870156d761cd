// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "her2/report/ihc_model.h"

// Drawings of an IHC report. Floating point is for drawing only. `id` makes an <svg>'s ids unique in a page.
namespace her2 {

// The classes of ihc_svg's bar.
std::vector<CellShare> cell_shares(const IhcReport& report);

// Tumour cells by membrane contrast, or DAB of the nucleus, with the profile's cuts.
std::string histogram_svg(const IhcReport& report, const std::string& id);

// What the histogram shows, in one sentence.
std::string histogram_words(const IhcReport& report);

// The probability of each score as one bar, its parts labelled where there is room.
std::string score_bar(const Answer& answer, const std::string& id);

// A PNG as a data: URL.
std::string png_url(std::string_view png);

}  // namespace her2
