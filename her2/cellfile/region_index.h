// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "her2/cellfile/regions.h"
#include "her2/core/polygon_index.h"

namespace her2 {

// Regions for many questions: a point is held against the regions around its square of a grid, and against few of their
// edges, not against all. Copies what it needs. Thread-safe.
class RegionIndex {
 public:
  explicit RegionIndex(const Regions& regions);

  // Regions::find(), the same answer.
  [[nodiscard]] int find(SubPoint point, bool control = false) const;

 private:
  // Squares that a region's extent touches, both ends included.
  struct Squares {
    std::int64_t left, top, right, bottom;
  };
  [[nodiscard]] Squares squares_of(const PolygonIndex& area) const;
  [[nodiscard]] std::size_t places_on(std::int64_t side);
  [[nodiscard]] std::span<const std::int32_t> around(SubPoint point) const;

  std::vector<PolygonIndex> areas_;
  std::vector<RegionRole> roles_;
  SubPoint low_{INT32_MAX, INT32_MAX}, high_{INT32_MIN, INT32_MIN};  // of all regions
  std::int64_t side_ = 1;                                            // squares across and down
  std::int64_t width_ = 1, height_ = 1;                              // of a square
  std::vector<std::size_t> first_;                                   // of each square in places_; one more for the end
  std::vector<std::int32_t> places_;                                 // regions, in order within a square
};

}  // namespace her2
