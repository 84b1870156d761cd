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

// Whether the edge a -> b, taken as half open in y, lies to the right of the point on the point's row. A point is
// inside when an odd number of edges does. Exact.
bool crosses_right_of(SubPoint a, SubPoint b, SubPoint p);

// The pixels of a plane (1 sub-pixel grid of kSubpixels a pixel) whose centres contains() finds in the ring, row by
// row: calls run(y, first, end) for each stretch [first, end). Much faster than asking pixel by pixel; the same answer.
class RingRows {
 public:
  template <class Run>
  void each(std::span<const SubPoint> ring, const Run& run) {
    const std::int32_t top = cross(ring);
    for (std::size_t row = 0; row + 1 < starts_.size(); ++row) {
      for (auto i = static_cast<std::size_t>(starts_[row]); i + 1 < static_cast<std::size_t>(starts_[row + 1]);
           i += 2) {
        if (crossings_[i] < crossings_[i + 1]) {
          run(top + static_cast<std::int32_t>(row), crossings_[i], crossings_[i + 1]);
        }
      }
    }
  }

 private:
  // The first row whose centres are not above y.
  static std::int32_t first_row(std::int32_t y) { return (y + kSubpixels / 2 - 1) >> 5; }
  // For every row from the one that is returned on, the sorted first pixels whose centres lie at or beyond each
  // crossing of their line with the ring.
  std::int32_t cross(std::span<const SubPoint> ring);
  template <class Int>
  void fill(std::span<const SubPoint> ring, std::int32_t top, std::int32_t left);

  std::vector<std::int32_t> crossings_;
  std::vector<std::int32_t> starts_, next_;  // where each row's crossings begin; where the next one goes
};

// An area that a person drew: outer rings and holes together, by the even-odd rule.
struct Polygon {
  std::vector<Contour> rings;

  [[nodiscard]] bool contains(SubPoint point) const;
};

}  // namespace her2
