// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "her2/ihc/cell_table.h"

namespace her2 {

// A square field of the slide's own grid, which begins at its corner: (row, column), so that fields come from the top
// left on.
using FieldKey = std::pair<std::int32_t, std::int32_t>;

// Parts cells into square fields. Pure integers once the side is rounded to 1/32 level 0 pixel.
class FieldGrid {
 public:
  // `side_um` of a field; `mpp` um per level 0 pixel, above 0.
  FieldGrid(double side_um, double mpp);

  [[nodiscard]] FieldKey of(SubPoint point) const;
  [[nodiscard]] SubPoint corner(FieldKey field) const;  // top left
  [[nodiscard]] std::int32_t side() const { return side_; }

 private:
  std::int32_t side_;  // 1/kSubpixels level 0 pixel
};

}  // namespace her2
