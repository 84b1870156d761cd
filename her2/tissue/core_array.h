// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>
#include <vector>

#include "her2/tissue/tissue_piece.h"

namespace her2 {

// The directions and distances of a tissue microarray, in pixels of the map.
struct CoreArray {
  double cosine = 1, sine = 0;  // of the angle from the map's x to the rows'
  double across = 1, down = 1;  // between neighbours along and between rows

  // How many columns and rows lie between two points.
  [[nodiscard]] std::pair<double, double> steps(double dx, double dy) const {
    return {(dx * cosine + dy * sine) / across, (dy * cosine - dx * sine) / down};
  }
  // The way over so many columns and rows.
  [[nodiscard]] std::pair<double, double> way(double columns, double rows) const {
    return {columns * across * cosine - rows * down * sine, columns * across * sine + rows * down * cosine};
  }
};

// From the cores' own neighbours; tilts below 45 degrees.
CoreArray array_of(const std::vector<const TissuePiece*>& cores);

// (row, column) of each core, the first one's being (0, 0): from one core to the nearest of those that have no place
// yet, step by step, so that small errors do not add up over the array.
std::vector<std::pair<int, int>> places_of(const std::vector<const TissuePiece*>& cores, const CoreArray& array);

}  // namespace her2
