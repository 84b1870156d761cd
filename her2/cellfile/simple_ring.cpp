// SPDX-License-Identifier: Apache-2.0
// Rings that every geometry library takes as valid. All arithmetic is exact.
#include <algorithm>

#include "her2/cellfile/cells_geojson.h"

namespace her2 {
namespace {

using Ring = std::vector<Centipoint>;

std::int64_t hundredths(std::int32_t value) {  // to the nearest, half up
  const std::int64_t doubled = std::int64_t{value} * 200 + kSubpixels;
  const std::int64_t by = 2 * kSubpixels;
  return doubled >= 0 ? doubled / by : -((-doubled + by - 1) / by);
}

std::int64_t cross(Centipoint o, Centipoint a, Centipoint b) {
  return (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
}

int sign(std::int64_t value) { return value > 0 ? 1 : value < 0 ? -1 : 0; }

// c lies on the segment a b, given that the three are in line.
bool within(Centipoint a, Centipoint b, Centipoint c) {
  return std::min(a.x, b.x) <= c.x && c.x <= std::max(a.x, b.x) && std::min(a.y, b.y) <= c.y &&
         c.y <= std::max(a.y, b.y);
}

bool touch(Centipoint a, Centipoint b, Centipoint c, Centipoint d) {
  const int u = sign(cross(a, b, c));
  const int v = sign(cross(a, b, d));
  const int w = sign(cross(c, d, a));
  const int z = sign(cross(c, d, b));
  return (u * v < 0 && w * z < 0) || (u == 0 && within(a, b, c)) || (v == 0 && within(a, b, d)) ||
         (w == 0 && within(c, d, a)) || (z == 0 && within(c, d, b));
}

// Seen from the middle of the ring, the points go once around: then it is simple, found in one pass.
bool star_shaped(const Ring& ring) {
  Centipoint sum;
  for (const Centipoint p : ring) {
    sum.x += p.x;
    sum.y += p.y;
  }
  const auto count = static_cast<std::int64_t>(ring.size());
  const Centipoint middle{sum.x / count, sum.y / count};
  const int turn = sign(cross(middle, ring[0], ring[1]));
  int half_turns = 0;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const Centipoint a = ring[i];
    const Centipoint b = ring[i + 1 < ring.size() ? i + 1 : 0];
    if (turn == 0 || sign(cross(middle, a, b)) != turn) {
      return false;
    }
    half_turns += (a.y < middle.y) != (b.y < middle.y) ? 1 : 0;
  }
  return half_turns == 2;
}

bool simple(const Ring& ring) {
  if (star_shaped(ring)) {
    return true;
  }
  const std::size_t n = ring.size();
  for (std::size_t i = 0; i < n; ++i) {
    const Centipoint a = ring[i];
    const Centipoint b = ring[(i + 1) % n];
    // A neighbour may share the one point, but not run back over the edge.
    if (cross(a, b, ring[(i + 2) % n]) == 0 && !within(a, ring[(i + 2) % n], b)) {
      return false;
    }
    for (std::size_t j = i + 2; j < n && !(i == 0 && j == n - 1); ++j) {
      if (touch(a, b, ring[j], ring[(j + 1) % n])) {
        return false;
      }
    }
  }
  return true;
}

Ring hull(Ring points) {
  std::sort(points.begin(), points.end(),
            [](Centipoint a, Centipoint b) { return a.x != b.x ? a.x < b.x : a.y < b.y; });
  Ring out;
  for (int pass = 0; pass < 2; ++pass) {
    const std::size_t start = out.size();
    for (const Centipoint p : points) {
      while (out.size() >= start + 2 && cross(out[out.size() - 2], out.back(), p) <= 0) {
        out.pop_back();
      }
      out.push_back(p);
    }
    out.pop_back();
    std::reverse(points.begin(), points.end());
  }
  return out;
}

}  // namespace

std::vector<Centipoint> simple_ring(std::span<const SubPoint> outline) {
  Ring ring;
  for (const SubPoint p : outline) {
    const Centipoint at{hundredths(p.x), hundredths(p.y)};
    if (ring.empty() || ring.back() != at) {
      ring.push_back(at);
    }
  }
  while (ring.size() > 1 && ring.front() == ring.back()) {
    ring.pop_back();
  }
  if (ring.size() >= 3 && simple(ring)) {
    return ring;
  }
  const Centipoint first = ring.empty() ? Centipoint{} : ring.front();
  Ring outer = ring.size() >= 3 ? hull(std::move(ring)) : Ring{};
  if (outer.size() >= 3) {
    return outer;
  }
  constexpr std::int64_t kHalf = 50;
  return {
      {first.x + kHalf, first.y}, {first.x, first.y + kHalf}, {first.x - kHalf, first.y}, {first.x, first.y - kHalf}};
}

}  // namespace her2
