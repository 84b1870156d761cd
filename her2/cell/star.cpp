// SPDX-License-Identifier: Apache-2.0
#include "her2/cell/star.h"

#include <algorithm>

#include "her2/cell/kernels.h"

namespace her2 {
namespace {

constexpr double kPi = 3.141592653589793;

// sin(x) for |x| <= pi / 4 to 1e-12.
constexpr double small_sine(double x) {
  double term = x;
  double sum = x;
  for (int n = 1; n <= 8; ++n) {
    term *= -x * x / ((2 * n) * (2 * n + 1));
    sum += term;
  }
  return sum;
}

constexpr double small_cosine(double x) {
  double term = 1;
  double sum = 1;
  for (int n = 1; n <= 8; ++n) {
    term *= -x * x / ((2 * n - 1) * (2 * n));
    sum += term;
  }
  return sum;
}

constexpr std::int32_t fixed(double value) {
  return static_cast<std::int32_t>(value < 0 ? value * 16384 - 0.5 : value * 16384 + 0.5);
}

constexpr RayTable make_rays() {
  RayTable out;
  constexpr int kQuarter = kRays / 4;
  for (int i = 0; i < kRays; ++i) {
    const int turns = (i + kQuarter / 2) / kQuarter;  // nearest axis
    const double angle = (i - turns * kQuarter) * 2 * kPi / kRays;
    const std::int32_t c = fixed(small_cosine(angle));
    const std::int32_t s = fixed(small_sine(angle));
    const auto at = static_cast<std::size_t>(i);
    switch (turns % 4) {
      case 0:
        out.x[at] = c;
        out.y[at] = s;
        break;
      case 1:
        out.x[at] = -s;
        out.y[at] = c;
        break;
      case 2:
        out.x[at] = -c;
        out.y[at] = -s;
        break;
      default: out.x[at] = s; out.y[at] = -c;
    }
  }
  return out;
}

}  // namespace

const RayTable& ray_table() {
  static constexpr RayTable kTable = make_rays();
  return kTable;
}

void StarTable::make(int width, int every, int first, int step, int count) {
  width_ = width;
  rays_ = static_cast<std::size_t>(kRays / every);
  const auto rays = static_cast<std::size_t>(kRays / every);
  const std::size_t all = rays * static_cast<std::size_t>(count);
  offset_.resize(all);
  top_.resize(all);
  below_.resize(all);
  nearest_.resize(all);
  const RayTable& table = ray_table();
  for (std::size_t at = 0; at < all; ++at) {
    const std::size_t ray = at % rays * static_cast<std::size_t>(every);
    const int radius = std::max(0, first + static_cast<int>(at / rays) * step);
    // From the centre of the middle pixel.
    const std::int32_t x = (table.x[ray] * radius + 8192) >> 14;
    const std::int32_t y = (table.y[ray] * radius + 8192) >> 14;
    const std::int32_t fx = x & 31;
    const std::int32_t fy = y & 31;
    offset_[at] = (y >> 5) * width + (x >> 5);
    top_[at] = (32 - fx) * (32 - fy) | (fx * (32 - fy)) << 16;
    below_[at] = (32 - fx) * fy | (fx * fy) << 16;
    nearest_[at] = ((y + 16) >> 5) * width + ((x + 16) >> 5);
  }
}

void StarTable::read(const Plane<std::int16_t>& plane, int x, int y, std::int16_t* out) const {
  kernels::read_between(plane.row(y) + x, width_, offset_.data(), top_.data(), below_.data(), size(), out);
}

void StarTable::read(const Plane<std::int16_t>& plane, int x, int y, int radii, std::int16_t* out) const {
  kernels::read_between(plane.row(y) + x, width_, offset_.data(), top_.data(), below_.data(),
                        std::min(size(), static_cast<std::size_t>(radii) * rays_), out);
}

void RingFinder::find(std::span<const std::int32_t> costs, int rays, int radii, int step, int bend,
                      std::span<std::int16_t> ring) {
  const auto n = static_cast<std::size_t>(radii);
  const std::size_t stride = (n + kernels::kLanes - 1) / kernels::kLanes * kernels::kLanes;
  costs_.resize(stride * static_cast<std::size_t>(rays));
  for (std::size_t ray = 0; ray < static_cast<std::size_t>(rays); ++ray) {
    const auto from = costs.begin() + static_cast<std::ptrdiff_t>(ray * n);
    const auto to = costs_.begin() + static_cast<std::ptrdiff_t>(ray * stride);
    std::copy(from, from + radii, to);
    std::fill(to + radii, to + static_cast<std::ptrdiff_t>(stride), kernels::kNeverCost);
  }
  find_padded(costs_.data(), rays, radii, step, bend, ring);
}

int RingFinder::stride_of(int radii) { return (radii + kernels::kLanes - 1) / kernels::kLanes * kernels::kLanes; }

void RingFinder::find_padded(const std::int32_t* costs, int rays, int radii, int step, int bend,
                             std::span<std::int16_t> ring) {
  const kernels::RingTask task{costs, rays, stride_of(radii), step, bend};
  const auto stride = static_cast<std::size_t>(task.stride);
  const auto before = [&](int k, int r) {
    const std::int32_t move = ways_[static_cast<std::size_t>(k) * stride + static_cast<std::size_t>(r)] & 7;
    return r + ((move & 1) != 0 ? -(move + 1) / 2 : move / 2);
  };
  ways_.resize(stride * 2 * static_cast<std::size_t>(rays));
  best_.assign(stride + 2 * kernels::kLanes, kernels::kNever);
  // Twice around without a tie between start and end: in the middle the path no longer knows where it began. Then once
  // around from there and back to the same radius.
  for (std::size_t r = 0; r < static_cast<std::size_t>(radii); ++r) {
    best_[kernels::kLanes + r] = 8 * costs[r];
  }
  kernels::ring_sweep(task, 0, 2 * rays, best_.data(), ways_.data());
  const auto begin = best_.begin() + kernels::kLanes;
  int r = static_cast<int>(std::min_element(begin, begin + radii) - begin);
  for (int k = 2 * rays - 1; k > rays; --k) {
    r = before(k, r);
  }
  const auto back = [&](int to) {  // once around; where it began
    for (int k = rays; k > 0; --k) {
      to = before(k, to);
      ring[static_cast<std::size_t>(k - 1)] = static_cast<std::int16_t>(to);
    }
    return to;
  };
  if (back(r) == r) {  // the cheapest way to there began there: it is the ring that the second search would find
    return;
  }
  best_.assign(best_.size(), kernels::kNever);
  best_[kernels::kLanes + static_cast<std::size_t>(r)] = 8 * costs[r];
  kernels::ring_sweep(task, 0, rays + 1, best_.data(), ways_.data());
  back(r);
}

}  // namespace her2
