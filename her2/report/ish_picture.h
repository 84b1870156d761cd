// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "her2/report/ish_model.h"

// Drawings of an ISH report. Floating point is for drawing only. `id` makes an <svg>'s ids unique in a page.
namespace her2 {

// The map of ratio and copies with the count on it and, for each way of counting, the region of 95 %.
std::string ish_map_svg(const IshReport& report, const std::string& id);

// Nuclei by their HER2 and CEP17 signals; a circle's area is the number of nuclei with those counts.
std::string ish_scatter_svg(const IshReport& report, const std::string& id);
std::string ish_scatter_words(const IshReport& report);

// How many nuclei have how many signals of a channel.
std::string ish_histogram_svg(const IshReport& report, IshChannel channel, const std::string& id);

// The probability of each group as one bar.
std::string ish_group_bar(const IshScore& score, const std::string& id);

// Colours of these pictures, by the names of html_page.h.
extern const char* const kIshColours;

}  // namespace her2
