// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "her2/core/polygon.h"
#include "her2/tissue/tissue.h"

// The cores of a tissue microarray, from the map of tissue.
namespace her2 {

struct Core {
  int row = 0, column = 0;       // on the array's grid, from the top left core that there is
  std::string label;             // row as letter, column as number from 1: "A1", "B12", "AA3"
  std::vector<SubPoint> around;  // convex outline of its tissue, pixels of the map (1/32)
  double area_mm2 = 0;           // of its tissue
};

// Pieces of tissue of which each has at least a quarter of the usual size are cores; the distance between neighbours
// and the direction of rows come from the cores themselves, so that a tilted array (below 45 degrees) and missing cores
// do not matter. Smaller pieces belong to the core at whose place they lie, if any. A piece larger than 1.4 of the
// usual is cut where it lies over several places (touching_cores.h); with fewer than three cores that stand alone
// nothing is cut. Ordered by row, then column.
std::vector<Core> find_cores(const TissueMap& tissue);

std::string core_label(int row, int column);

}  // namespace her2
