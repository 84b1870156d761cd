// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "her2/core/polygon.h"

namespace her2 {

// A polygon for many questions: its edges lie in bands of rows, so that a point is held against those of its own band
// and not against all. Copies what it needs; takes about 50 bytes an edge.
class PolygonIndex {
 public:
  explicit PolygonIndex(const Polygon& polygon);

  // Polygon::contains(), the same answer.
  [[nodiscard]] bool contains(SubPoint point) const;
  // Of all points; low is greater than high when there are none.
  [[nodiscard]] SubPoint low() const { return low_; }
  [[nodiscard]] SubPoint high() const { return high_; }

 private:
  struct Edge {
    SubPoint a, b;
  };
  [[nodiscard]] std::size_t band(std::int32_t y) const {
    return static_cast<std::size_t>((std::int64_t{y} - low_.y) / band_height_);
  }

  SubPoint low_{INT32_MAX, INT32_MAX}, high_{INT32_MIN, INT32_MIN};
  std::int64_t band_height_ = 1;
  std::vector<std::size_t> first_;  // of each band in edges_; one more for the end
  std::vector<Edge> edges_;         // band by band
};

}  // namespace her2
