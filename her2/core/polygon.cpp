// SPDX-License-Identifier: Apache-2.0
#include "her2/core/polygon.h"

#include <algorithm>
#include <utility>

namespace her2 {

bool crosses_right_of(SubPoint a, SubPoint b, SubPoint p) {
  if ((a.y > p.y) == (b.y > p.y)) {
    return false;
  }
  // p.x < a.x + (p.y - a.y) * (b.x - a.x) / (b.y - a.y), without the division
  const std::int64_t dy = std::int64_t{b.y} - a.y;
  const std::int64_t left = (std::int64_t{p.x} - a.x) * dy;
  const std::int64_t right = (std::int64_t{p.y} - a.y) * (std::int64_t{b.x} - a.x);
  return dy > 0 ? left < right : left > right;
}

namespace {

bool odd_crossings(std::span<const SubPoint> ring, SubPoint point) {
  bool odd = false;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    odd ^= crosses_right_of(ring[i], ring[i + 1 < ring.size() ? i + 1 : 0], point);
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

// A point is left of an edge's crossing with its row when (p.x - a.x) * dy < (p.y - a.y) * dx. The first pixel that is
// not has the least index i with kSubpixels * i * dy >= (y - a.y) * dx + (a.x - half) * dy; from row to row the right
// side grows by kSubpixels * dx, so that after the first row no division is needed.
template <class Int>
void RingRows::fill(std::span<const SubPoint> ring, std::int32_t top, std::int32_t left) {
  constexpr std::int32_t kHalf = kSubpixels / 2;
  const auto put = [this](std::int32_t row, Int at) {
    const std::int32_t place = next_[static_cast<std::size_t>(row)]++;
    crossings_[static_cast<std::size_t>(place)] = static_cast<std::int32_t>(at);
  };
  for (std::size_t i = 0; i < ring.size(); ++i) {
    SubPoint a = ring[i];
    SubPoint b = ring[i + 1 < ring.size() ? i + 1 : 0];
    if (a.y > b.y) {
      std::swap(a, b);
    }
    const std::int32_t first = first_row(a.y);
    const std::int32_t end = first_row(b.y);
    if (first >= end) {
      continue;
    }
    const Int dx = static_cast<Int>(b.x) - a.x;
    const Int dy = static_cast<Int>(b.y) - a.y;
    const Int unit = kSubpixels * dy;
    const Int bound = (static_cast<Int>(first) * kSubpixels + kHalf - a.y) * dx +
                      (static_cast<Int>(a.x) - left - kHalf) * dy + unit - 1;
    Int at = bound / unit;  // rounded down
    Int rest = bound - at * unit;
    if (rest < 0) {
      --at;
      rest += unit;
    }
    at += left / kSubpixels;
    put(first - top, at);
    if (first + 1 == end) {
      continue;
    }
    Int by = dx / dy;
    Int more = dx - by * dy;
    if (more < 0) {
      --by;
      more += dy;
    }
    for (std::int32_t y = first + 1; y < end; ++y) {
      at += by;
      rest += kSubpixels * more;
      if (rest >= unit) {
        ++at;
        rest -= unit;
      }
      put(y - top, at);
    }
  }
}

std::int32_t RingRows::cross(std::span<const SubPoint> ring) {
  SubPoint low = ring.front();
  SubPoint high = low;
  for (const SubPoint p : ring) {
    low = {std::min(low.x, p.x), std::min(low.y, p.y)};
    high = {std::max(high.x, p.x), std::max(high.y, p.y)};
  }
  const std::int32_t top = first_row(low.y);
  const auto rows = static_cast<std::size_t>(std::max(0, first_row(high.y) - top));
  starts_.assign(rows + 1, 0);
  for (std::size_t i = 0; i < ring.size(); ++i) {  // how many more or fewer edges each row has than the one above
    const std::int32_t a = first_row(ring[i].y);
    const std::int32_t b = first_row(ring[i + 1 < ring.size() ? i + 1 : 0].y);
    ++starts_[static_cast<std::size_t>(std::min(a, b) - top)];
    --starts_[static_cast<std::size_t>(std::max(a, b) - top)];
  }
  std::int32_t here = 0;
  std::int32_t before = 0;
  for (std::int32_t& start : starts_) {
    here += start;
    start = before;
    before += here;
  }
  next_.assign(starts_.begin(), starts_.end());
  crossings_.resize(static_cast<std::size_t>(starts_.back()));
  constexpr std::int32_t kShort = 1 << 12;  // sub-pixels: all products stay within 32 bits
  const bool is_short = high.x - low.x < kShort && high.y - low.y < kShort;
  const std::int32_t left = low.x & ~(kSubpixels - 1);
  if (is_short) {
    fill<std::int32_t>(ring, top, left);
  } else {
    fill<std::int64_t>(ring, top, left);
  }
  for (std::size_t row = 0; row < rows; ++row) {
    const auto from = crossings_.begin() + starts_[row];
    const auto to = crossings_.begin() + starts_[row + 1];
    if (to - from == 2) {
      if (from[1] < from[0]) {
        std::swap(from[0], from[1]);
      }
    } else {
      std::sort(from, to);
    }
  }
  return top;
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
