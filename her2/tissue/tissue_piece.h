// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "her2/core/plane.h"
#include "her2/core/polygon.h"

namespace her2 {

// A connected piece of tissue on a map of ground, or a part of one.
struct TissuePiece {
  std::int64_t pixels = 0, sum_x = 0, sum_y = 0;
  int left = 0, top = 0, right = 0, bottom = 0;  // pixels that it reaches, the last ones included
  std::vector<SubPoint> edge;                    // corners of the pixels at its edge

  // Its centre, in pixels of the map; a pixel's own centre is at 0.5.
  [[nodiscard]] double x() const { return static_cast<double>(sum_x) / static_cast<double>(pixels) + 0.5; }
  [[nodiscard]] double y() const { return static_cast<double>(sum_y) / static_cast<double>(pixels) + 0.5; }

  void add(int px, int py);
  void add_corners(int px, int py);
};

// The pieces (8 neighbours), in the order of their first pixels. `label`, as large as the map, gets the number of each
// tissue pixel's piece from 1 on; 0 elsewhere.
std::vector<TissuePiece> tissue_pieces(const Plane<std::uint8_t>& ground, Plane<std::int32_t>& label);

}  // namespace her2
