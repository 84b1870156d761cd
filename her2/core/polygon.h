// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

// Outlines in a slide's level 0 pixels: x to the right, y down, (0, 0) is the top left corner of the top left pixel, so
// that pixel's centre is (0.5, 0.5) (as QuPath and GeoJSON have it).
namespace her2 {

// Contours that we measure are kept in 1/32 level 0 pixel, so that their arithmetic is exact.
inline constexpr int kSubpixels = 32;

struct SubPoint {
  std::int32_t x = 0, y = 0;  // 1/kSubpixels level 0 pixel
  bool operator==(const SubPoint&) const = default;
};

// A closed ring without its first point repeated; simple (does not touch itself).
using Contour = std::vector<SubPoint>;

// Twice the signed area (positive: clockwise on the screen), in squared sub-pixels. Exact.
std::int64_t doubled_area(std::span<const SubPoint> ring);

// Even-odd rule; points on a left or top edge are inside, on a right or bottom edge outside. Exact.
bool contains(std::span<const SubPoint> ring, SubPoint point);

// An area that a person drew: outer rings and holes together, by the even-odd rule.
struct Polygon {
  std::vector<Contour> rings;

  [[nodiscard]] bool contains(SubPoint point) const;
};

}  // namespace her2
