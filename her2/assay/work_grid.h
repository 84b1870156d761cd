// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "her2/core/error.h"
#include "her2/core/plane.h"
#include "her2/slide/slide.h"
#include "her2/slide/tile_cache.h"

namespace her2 {

// The pixels that are measured on: those of a level, each doubled, as they are, or averaged, so that they come near to
// 0.25 um. All areas share one grid that begins at the slide's corner.
struct WorkGrid {
  int level = 0;
  int zoom = 0;             // 1: doubled (linear); 0: as stored; -n: means of 2^n x 2^n
  double work_mpp = 0;      // um per working pixel, 0.18 to 0.36 unless the slide is coarser than 0.72
  double level0_scale = 1;  // level 0 pixels per working pixel
  Box bounds;               // of the slide, in working pixels

  [[nodiscard]] Box to_level(
      const Box& work) const;  // pixels of the level that a box needs, a margin for doubling included
};

// `mpp`: um per level 0 pixel.
WorkGrid work_grid(const SlideInfo& info, double mpp);

// Reads a box of working pixels; outside of the slide is white. `scratch` is for reuse.
Result<void> read_work(TileCache& tiles, int worker, const WorkGrid& grid, const Box& box, RgbImage& scratch,
                       RgbImage& out);

}  // namespace her2
