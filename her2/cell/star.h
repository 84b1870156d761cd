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

// The cheapest closed ring on costs[ray * radii + r] with `rays` rays: ring[ray] becomes the index of the radius taken.
// From one ray to the next it moves at most `step` radii, each costing `bend`. Ties go to the shorter move, then to the
// smaller radius. Keeps its memory between calls; one thread at a time.
class RingFinder {
 public:
  void find(std::span<const std::int32_t> costs, int rays, int radii, int step, int bend, std::span<std::int16_t> ring);

 private:
  struct Task {
    std::span<const std::int32_t> costs;
    int rays, radii, step, bend;
  };
  // Goes `count` rays from ray 0 on; the first radius is `start`, or any (-1). Fills best_ and from_.
  void sweep(const Task& task, int count, int start);
  std::vector<std::int32_t> best_, next_, move_;
  std::vector<std::int8_t> from_;
};

}  // namespace her2
