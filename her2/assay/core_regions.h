// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "her2/assay/slide_walk.h"
#include "her2/cellfile/regions.h"

namespace her2 {

// The cores of a microarray as regions to measure, named by row and column ("A1"). `scale`: level 0 pixels per pixel of
// the map.
Regions core_regions(const TissueMap& tissue, double scale);

// Area of tissue in a region, mm2, by the overview's pixels.
double tissue_in(const Region& region, const SlideGround& ground);

}  // namespace her2
