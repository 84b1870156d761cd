// SPDX-License-Identifier: Apache-2.0
#include "her2/core/polygon.h"

namespace her2 {
namespace {

// Whether the edge a -> b, taken as half open in y, lies to the right of the point on the point's row.
bool crosses(SubPoint a, SubPoint b, SubPoint p) {
  if ((a.y > p.y) == (b.y > p.y)) {
    return false;
  }
  // p.x < a.x + (p.y - a.y) * (b.x - a.x) / (b.y - a.y), without the division
  const std::int64_t dy = std::int64_t{b.y} - a.y;
  const std::int64_t left = (std::int64_t{p.x} - a.x) * dy;
  const std::int64_t right = (std::int64_t{p.y} - a.y) * (std::int64_t{b.x} - a.x);
  return dy > 0 ? left < right : left > right;
}

bool odd_crossings(std::span<const SubPoint> ring, SubPoint point) {
  bool odd = false;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    odd ^= crosses(ring[i], ring[i + 1 < ring.size() ? i + 1 : 0], point);
  }
  return odd;
}

}  // namespace

std::int64_t doubled_area(std::span<const SubPoint> ring) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const SubPoint a = ring[i];
    const SubPoint b = ring[i + 1 < ring.size() ? i + 1 : 0];
    sum += std::int64_t{a.x} * b.y - std::int64_t{b.x} * a.y;
  }
  return sum;
}

bool contains(std::span<const SubPoint> ring, SubPoint point) { return odd_crossings(ring, point); }

bool Polygon::contains(SubPoint point) const {
  bool odd = false;
  for (const Contour& ring : rings) {
    odd ^= odd_crossings(ring, point);
  }
  return odd;
}

}  // namespace her2
