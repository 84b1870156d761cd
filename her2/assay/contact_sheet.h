// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "her2/core/error.h"
#include "her2/core/plane.h"
#include "her2/ish/nucleus_table.h"

namespace her2 {

inline constexpr int kSheetTile = 132;  // pixels
inline constexpr int kSheetColumns = 8;
inline constexpr std::size_t kSheetNuclei = 64;  // of one sheet

// The pixels of a box of a field; what lies outside it is black or white.
using FieldPixels = std::function<Result<RgbImage>(std::uint32_t field, const Box& box)>;

// Counted nuclei side by side, at one scale, each with its outline, a ring around each signal (HER2 magenta, CEP17
// green on bright field and yellow-green on dark; doubtful ones broken) and its counts "HER2/CEP17" below its number,
// which starts at `first`. At most kSheetNuclei.
Result<RgbImage> contact_sheet(const NucleusTable& table, std::span<const std::size_t> nuclei, std::size_t first,
                               const FieldPixels& pixels);

}  // namespace her2
