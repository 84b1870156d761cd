// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>

#include "her2/core/plane.h"
#include "her2/core/polygon.h"

// Lines and areas drawn into integer planes that cover a box of level 0 pixels.
namespace her2::phantom {

class Brush {
 public:
  Brush();
  // A line of the membrane's profile (optics.h) with its peak and FWHM (sub-pixels); where lines meet the larger value
  // holds, so the order of drawing does not matter.
  void line(SubPoint from, SubPoint to, int peak, int width, const Box& box, Plane<std::uint16_t>& plane) const;

 private:
  std::array<std::uint16_t, 257> profile_{};  // 1/4096, by squared distance over squared reach in 1/256
  double reach_ = 0;
};

// Calls span(y, x0, x1) for the pixels [x0, x1) of row y, relative to the box, whose centres lie in the ring.
void fill(const Contour& ring, const Box& box, const std::function<void(int y, int x0, int x1)>& span);

}  // namespace her2::phantom
