// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "her2/core/plane.h"

// Closed star-shaped contours around a centre: one radius for each of some directions, found by dynamic programming on
// a map of costs. Local and exact: no flood order, so the same at every tile seam.
namespace her2 {

inline constexpr int kRays = 64;  // directions that there are, from the x axis on, towards y (clockwise on the screen)

// Unit vectors of the rays, 1/16384. From a Taylor series in plain arithmetic, so that every processor has the same.
struct RayTable {
  std::array<std::int32_t, kRays> x{}, y{};
};
const RayTable& ray_table();

// A plane's value between its pixels, linear; x and y in 1/32 pixel, pixel (0, 0)'s centre at (16, 16). Must lie at
// least one pixel inside the plane.
inline int sample(const Plane<std::int16_t>& plane, std::int32_t x, std::int32_t y) {
  x -= 16;
  y -= 16;
  const std::int32_t fx = x & 31;
  const std::int32_t fy = y & 31;
  const std::int16_t* at = plane.row(y >> 5) + (x >> 5);
  const int top = at[0] * (32 - fx) + at[1] * fx;
  const std::int16_t* below = at + plane.width();
  const int bottom = below[0] * (32 - fx) + below[1] * fx;
  return (top * (32 - fy) + bottom * fy + 512) >> 10;
}

// Where the points of a star lie on a plane of a given width: for reading all of them at once. Centres are in the
// middle of a pixel.
class StarTable {
 public:
  // Rays 0, every, 2 every, ... of ray_table(); radii `first` + i * step for i < count (1/32 pixel; below 0 counts as
  // 0). Entry i * rays + ray.
  void make(int width, int every, int first, int step, int count);
  [[nodiscard]] int width() const { return width_; }
  [[nodiscard]] std::size_t size() const { return offset_.size(); }
  // sample() at every entry; (x, y) is the centre's pixel. At least one pixel must lie beyond every point.
  void read(const Plane<std::int16_t>& plane, int x, int y, std::int16_t* out) const;
  // The same at the first `radii` radii only.
  void read(const Plane<std::int16_t>& plane, int x, int y, int radii, std::int16_t* out) const;
  // How far the pixel in which an entry lies is from the centre's, in the plane's memory.
  [[nodiscard]] const std::int32_t* nearest() const { return nearest_.data(); }

 private:
  int width_ = -1;
  std::size_t rays_ = 0;
  std::vector<std::int32_t> offset_, top_, below_, nearest_;
};

// The cheapest closed ring on costs[ray * radii + r] with `rays` rays: ring[ray] becomes the index of the radius taken.
// From one ray to the next it moves at most `step` radii, each costing `bend`. Ties go to the shorter move, then to the
// smaller radius. `step` is 1 to 3, costs at most 2^16 (forbidden) and at least -2^16. Keeps its memory between calls;
// one thread at a time.
class RingFinder {
 public:
  void find(std::span<const std::int32_t> costs, int rays, int radii, int step, int bend, std::span<std::int16_t> ring);

  // The same for costs[ray * stride_of(radii) + r], in which what is beyond `radii` is kernels::kNeverCost.
  static int stride_of(int radii);
  void find_padded(const std::int32_t* costs, int rays, int radii, int step, int bend, std::span<std::int16_t> ring);

 private:
  std::vector<std::int32_t> costs_, best_, ways_;
};

}  // namespace her2
