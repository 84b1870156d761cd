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

// The pixels of a plane (1 sub-pixel grid of kSubpixels a pixel) whose centres contains() finds in the ring, row by
// row: calls run(y, first, end) for each stretch [first, end). Much faster than asking pixel by pixel; the same answer.
class RingRows {
 public:
  template <class Run>
  void each(std::span<const SubPoint> ring, const Run& run) {
    SubPoint low{}, high{};
    box_of(ring, low, high);
    const std::int32_t half = kSubpixels / 2;
    for (std::int32_t y = floor_pixel(low.y - half); y <= floor_pixel(high.y); ++y) {
      cross(ring, y * kSubpixels + half);
      for (std::size_t i = 0; i + 1 < crossings_.size(); i += 2) {
        if (crossings_[i] < crossings_[i + 1]) {
          run(y, crossings_[i], crossings_[i + 1]);
        }
      }
    }
  }

 private:
  static std::int32_t floor_pixel(std::int32_t v) { return v >> 5; }
  static void box_of(std::span<const SubPoint> ring, SubPoint& low, SubPoint& high);
  // Sorted first pixels whose centres lie at or beyond each crossing of the line with the ring.
  void cross(std::span<const SubPoint> ring, std::int32_t y);
  std::vector<std::int32_t> crossings_;
};

// An area that a person drew: outer rings and holes together, by the even-odd rule.
struct Polygon {
  std::vector<Contour> rings;

  [[nodiscard]] bool contains(SubPoint point) const;
};

}  // namespace her2
