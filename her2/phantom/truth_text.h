// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "her2/phantom/write.h"

// Truth as text: a CSV row and a QuPath GeoJSON feature a cell, a JSON summary a slide.
namespace her2::phantom {

inline constexpr const char* kCsvHeader =
    "id,kind,x,y,obscured,staining,drawn_complete,completeness,longest_gap,contrast_mod,amplitude_mod,width_um,seen_"
    "width_um,"
    "nucleus_area_um2,cell_area_um2\n";
// Of microarrays: with the core ("A1").
inline const std::string kArrayHeader = std::string(kCsvHeader, std::char_traits<char>::length(kCsvHeader) - 1) + ",core\n";

std::string csv_row(const PhantomSpec& spec, const PhantomCell& cell);
std::string feature(const PhantomSpec& spec, const PhantomCell& cell);  // without a comma
std::string summary(const PhantomSpec& spec, const PhantomFiles& files, const PhantomShares& shares);

}  // namespace her2::phantom
