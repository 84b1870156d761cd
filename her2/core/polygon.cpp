// SPDX-License-Identifier: Apache-2.0
#include "her2/core/polygon.h"

#include <algorithm>
#include <utility>

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

void RingRows::box_of(std::span<const SubPoint> ring, SubPoint& low, SubPoint& high) {
  low = high = ring.front();
  for (const SubPoint p : ring) {
    low = {std::min(low.x, p.x), std::min(low.y, p.y)};
    high = {std::max(high.x, p.x), std::max(high.y, p.y)};
  }
}

void RingRows::cross(std::span<const SubPoint> ring, std::int32_t y) {
  crossings_.clear();
  for (std::size_t i = 0; i < ring.size(); ++i) {
    SubPoint a = ring[i];
    SubPoint b = ring[i + 1 < ring.size() ? i + 1 : 0];
    if ((a.y > y) == (b.y > y)) {
      continue;
    }
    if (a.y > b.y) {
      std::swap(a, b);
    }
    // A point is left of the crossing when (p.x - a.x) * dy < (y - a.y) * dx; the first pixel that is not has the least
    // index i with (kSubpixels * i + half - a.x) * dy >= (y - a.y) * dx.
    const std::int64_t dy = std::int64_t{b.y} - a.y;
    const std::int64_t reach = (std::int64_t{y} - a.y) * (std::int64_t{b.x} - a.x);
    const std::int64_t bound = reach + (std::int64_t{a.x} - kSubpixels / 2) * dy;  // i * kSubpixels * dy >= bound
    const std::int64_t unit = kSubpixels * dy;
    const std::int64_t first = bound >= 0 ? (bound + unit - 1) / unit : -(-bound / unit);
    crossings_.push_back(static_cast<std::int32_t>(first));
  }
  std::sort(crossings_.begin(), crossings_.end());
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
