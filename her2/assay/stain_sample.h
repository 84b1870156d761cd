// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "her2/assay/work_grid.h"
#include "her2/core/error.h"
#include "her2/stain/estimate.h"

namespace her2 {

// The stain vectors of a slide from some squares with tissue, whatever their order.
Result<StainEstimate> estimate_on_slide(TileCache& tiles, const WorkGrid& grid, const std::vector<Box>& squares,
                                        const White& white, const StainVectors& prior, int threads);

}  // namespace her2
