// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "her2/core/error.h"
#include "her2/slide/slide.h"
#include "her2/slide/tiff_page.h"

// Which pages of a TIFF file are the levels of one picture, and what its maker wrote about it.
namespace her2 {

struct TiffPyramid {
  SlideInfo info;  // format, scale, names of what is left out; levels without their tiles
  std::vector<TiffPage> levels;
  bool for_openslide = false;  // a maker's own layout of tiles: nothing else is filled
};

// Opens the file's pages and chooses. Error: fluorescence, no level, or a level that cannot be decoded.
Result<TiffPyramid> read_tiff_pyramid(const std::shared_ptr<const FileBytes>& file);

}  // namespace her2
