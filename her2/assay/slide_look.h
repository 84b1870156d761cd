// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "her2/assay/work_grid.h"
#include "her2/ihc/area_meter.h"
#include "her2/ihc/connectivity.h"
#include "her2/ihc/quality.h"

namespace her2 {

// What a slide is like, from a fixed sample of squares with tissue: before its cells are measured.
struct SlideLook {
  QualitySums quality;
  ConnectivitySums connectivity;
};

// `squares`: some squares of ConnectivityBlocks, in any order.
Result<SlideLook> look_at_slide(TileCache& tiles, const WorkGrid& grid, const std::vector<Box>& squares,
                                const AreaSettings& settings, int t_mem, int threads);

}  // namespace her2
