// SPDX-License-Identifier: Apache-2.0
#include "her2/phantom/brush.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "her2/phantom/optics.h"

namespace her2::phantom {
namespace {

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a >= 0 ? a / b : -((-a + b - 1) / b); }

// First pixel whose centre is at or after this sub-pixel position.
std::int64_t first_centre(std::int64_t sub) { return floor_div(sub - kSubpixels / 2 + kSubpixels - 1, kSubpixels); }

}  // namespace

Brush::Brush() : reach_(membrane_reach()) {
  for (std::size_t i = 0; i < profile_.size(); ++i) {
    profile_[i] = static_cast<std::uint16_t>(std::floor(membrane_profile(static_cast<double>(i) / 256) * 4096 + 0.5));
  }
}

void Brush::line(SubPoint from, SubPoint to, int peak, int width, const Box& box, Plane<std::uint16_t>& plane) const {
  const double reach = reach_ * width;
  const auto far = static_cast<std::int64_t>(std::ceil(reach));
  const std::int64_t x0 = std::max(first_centre(std::min(from.x, to.x) - far), box.x);
  const std::int64_t x1 = std::min(first_centre(std::max(from.x, to.x) + far) + 1, box.right());
  const std::int64_t y0 = std::max(first_centre(std::min(from.y, to.y) - far), box.y);
  const std::int64_t y1 = std::min(first_centre(std::max(from.y, to.y) + far) + 1, box.bottom());
  if (x0 >= x1 || y0 >= y1) {
    return;
  }
  const double ex = to.x - from.x, ey = to.y - from.y, length2 = ex * ex + ey * ey;
  const double scale = 256 / (reach * reach), across = length2 > 0 ? scale / length2 : 0;
  for (std::int64_t y = y0; y < y1; ++y) {
    std::uint16_t* row = plane.row(static_cast<int>(y - box.y));
    const std::int64_t centre_y = y * kSubpixels + kSubpixels / 2;
    const auto dy = static_cast<double>(centre_y - from.y);
    for (std::int64_t x = x0; x < x1; ++x) {
      const std::int64_t centre_x = x * kSubpixels + kSubpixels / 2;
      const auto dx = static_cast<double>(centre_x - from.x);
      const double along = dx * ex + dy * ey;
      double at = 0;
      if (along <= 0) {
        at = (dx * dx + dy * dy) * scale;
      } else if (along >= length2) {
        at = ((dx - ex) * (dx - ex) + (dy - ey) * (dy - ey)) * scale;
      } else {
        const double cross = dx * ey - dy * ex;
        at = cross * cross * across;
      }
      if (at < 256) {
        const int value = peak * profile_[static_cast<std::size_t>(at)] / 4096;
        std::uint16_t& pixel = row[x - box.x];
        pixel = std::max(pixel, static_cast<std::uint16_t>(value));
      }
    }
  }
}

void fill(const Contour& ring, const Box& box, const std::function<void(int y, int x0, int x1)>& span) {
  std::int64_t low = INT64_MAX, high = INT64_MIN, left = INT64_MAX, right = INT64_MIN;
  for (const SubPoint& p : ring) {
    low = std::min<std::int64_t>(low, p.y);
    high = std::max<std::int64_t>(high, p.y);
    left = std::min<std::int64_t>(left, p.x);
    right = std::max<std::int64_t>(right, p.x);
  }
  if (first_centre(right) < box.x || first_centre(left) >= box.right()) {
    return;
  }
  const std::int64_t y0 = std::max(first_centre(low), box.y), y1 = std::min(first_centre(high), box.bottom());
  std::vector<std::int64_t> cuts;
  for (std::int64_t y = y0; y < y1; ++y) {
    const std::int64_t centre = y * kSubpixels + kSubpixels / 2;
    cuts.clear();
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const SubPoint &p = ring[i], &q = ring[(i + 1) % ring.size()];
      if ((p.y <= centre) == (q.y <= centre)) {
        continue;
      }
      // The first pixel whose centre is not left of the edge, from the upper end so that both sides agree.
      const SubPoint &a = p.y < q.y ? p : q, &b = p.y < q.y ? q : p;
      const std::int64_t dy = b.y - a.y, rise = (centre - a.y) * (b.x - a.x);
      cuts.push_back(first_centre(a.x + floor_div(rise + dy - 1, dy)));
    }
    std::sort(cuts.begin(), cuts.end());
    for (std::size_t k = 0; k + 1 < cuts.size(); k += 2) {
      const std::int64_t x0 = std::max(cuts[k], box.x), x1 = std::min(cuts[k + 1], box.right());
      if (x0 < x1) {
        span(static_cast<int>(y - box.y), static_cast<int>(x0 - box.x), static_cast<int>(x1 - box.x));
      }
    }
  }
}

}  // namespace her2::phantom
