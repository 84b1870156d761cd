// SPDX-License-Identifier: Apache-2.0
#include "her2/signal/outline.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "her2/core/plane.h"

namespace her2::signal {
namespace {

constexpr std::size_t kPoints = 48;

struct Local {
  Plane<std::uint8_t> mask;  // with an empty pixel around it
  int x0 = 0, y0 = 0;
};

Local local_mask(std::span<const std::int32_t> pixels, int width) {
  int low_x = width;
  int low_y = pixels.front() / width;
  int high_x = 0;
  int high_y = low_y;
  for (const std::int32_t pixel : pixels) {
    low_x = std::min(low_x, pixel % width);
    high_x = std::max(high_x, pixel % width);
    low_y = std::min(low_y, pixel / width);
    high_y = std::max(high_y, pixel / width);
  }
  Local out{{high_x - low_x + 3, high_y - low_y + 3}, low_x - 1, low_y - 1};
  for (const std::int32_t pixel : pixels) {
    out.mask.at(pixel % width - out.x0, pixel / width - out.y0) = 1;
  }
  return out;
}

// Corners of the border around the piece whose first pixel is (x, y), pixels to the right of the way.
std::vector<std::array<int, 2>> walk(const Plane<std::uint8_t>& mask, int x, int y) {
  constexpr std::array<std::array<int, 2>, 4> kStep{{{1, 0}, {0, 1}, {-1, 0}, {0, -1}}};
  const auto in = [&](int px, int py) { return mask.inside(px, py) && mask.at(px, py) != 0; };
  std::vector<std::array<int, 2>> out;
  int cx = x;
  int cy = y;
  std::size_t direction = 0;
  do {
    out.push_back({cx, cy});
    cx += kStep[direction][0];
    cy += kStep[direction][1];
    // The two pixels ahead, to the left and to the right of the way.
    const auto ahead = [&](std::size_t side) {
      const int dx = kStep[direction][0];
      const int dy = kStep[direction][1];
      const int sx = side == 0 ? dy : -dy;  // left, right of the way
      const int sy = side == 0 ? -dx : dx;
      const int px = cx + (dx + sx > 0 ? 0 : -1);
      const int py = cy + (dy + sy > 0 ? 0 : -1);
      return in(px, py);
    };
    if (!ahead(1)) {
      direction = (direction + 1) % 4;
    } else if (ahead(0)) {
      direction = (direction + 3) % 4;
    }
  } while (cx != x || cy != y || direction != 0);
  return out;
}

std::vector<std::array<int, 2>> longest_border(Plane<std::uint8_t> mask) {
  std::vector<std::array<int, 2>> best;
  std::vector<std::array<int, 2>> stack;
  for (int y = 0; y < mask.height(); ++y) {
    for (int x = 0; x < mask.width(); ++x) {
      if (mask.at(x, y) != 1) {
        continue;
      }
      auto border = walk(mask, x, y);
      if (border.size() > best.size()) {
        best = std::move(border);
      }
      stack.push_back({x, y});  // this piece is done
      while (!stack.empty()) {
        const auto [px, py] = stack.back();
        stack.pop_back();
        if (!mask.inside(px, py) || mask.at(px, py) != 1) {
          continue;
        }
        mask.at(px, py) = 2;
        for (const auto& [dx, dy] : {std::array{1, 0}, std::array{-1, 0}, std::array{0, 1}, std::array{0, -1}}) {
          stack.push_back({px + dx, py + dy});
        }
      }
    }
  }
  return best;
}

}  // namespace

Contour outline_of(std::span<const std::int32_t> pixels, int width, int height, int pitch) {
  const Local local = local_mask(pixels, width);
  const auto border = longest_border(local.mask);
  const std::size_t n = border.size();
  // A moving mean over about a twelfth of the way around takes the steps out of the border.
  const std::size_t half = std::clamp<std::size_t>(n / 24, 1, 8);
  const auto span = static_cast<double>(2 * half + 1);
  Contour out;
  for (std::size_t i = 0; i < kPoints; ++i) {
    const std::size_t middle = i * n / kPoints;
    double x = 0;
    double y = 0;
    for (std::size_t k = 0; k <= 2 * half; ++k) {
      const auto& corner = border[(middle + n * 2 + k - half) % n];
      x += corner[0];
      y += corner[1];
    }
    const auto place = [&](double sum, int origin, int most) {
      const double at = std::clamp(sum / span + origin, 0.0, static_cast<double>(most));
      return static_cast<std::int32_t>(std::floor(at * pitch * kSubpixels + 0.5));
    };
    out.push_back({place(x, local.x0, width), place(y, local.y0, height)});
  }
  return out;
}

std::int64_t doubled_hull_area(std::span<const SubPoint> ring) {
  std::vector<SubPoint> points(ring.begin(), ring.end());
  std::sort(points.begin(), points.end(), [](SubPoint a, SubPoint b) { return a.x != b.x ? a.x < b.x : a.y < b.y; });
  std::vector<SubPoint> hull;
  for (int side = 0; side < 2; ++side) {
    const std::size_t base = hull.size();
    for (const SubPoint p : points) {
      const auto turns = [&] {
        const SubPoint a = hull[hull.size() - 2];
        const SubPoint b = hull.back();
        return std::int64_t{b.x - a.x} * (p.y - a.y) - std::int64_t{b.y - a.y} * (p.x - a.x) <= 0;
      };
      while (hull.size() >= base + 2 && turns()) {
        hull.pop_back();
      }
      hull.push_back(p);
    }
    hull.pop_back();
    std::reverse(points.begin(), points.end());
  }
  return std::abs(doubled_area(hull));
}

}  // namespace her2::signal
