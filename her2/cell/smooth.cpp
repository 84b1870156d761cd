// SPDX-License-Identifier: Apache-2.0
#include "her2/cell/smooth.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "her2/cell/kernels.h"

namespace her2 {
namespace {

// Radii of three boxes whose variances ((2r + 1)^2 - 1) / 12 add up nearest to sigma^2 without passing it by much.
std::array<int, 3> radii_for(double sigma) {
  const double ideal = (std::sqrt(4 * sigma * sigma + 1) - 1) / 2;  // three equal boxes: 3 r (r + 1) / 3 = sigma^2
  const int low = static_cast<int>(ideal);
  std::array<int, 3> out{low, low, low};
  double best = -1;
  for (int larger = 0; larger <= 3; ++larger) {
    const double variance = ((3 - larger) * low * (low + 1) + larger * (low + 1) * (low + 2)) / 3.0;
    const double off = std::abs(variance - sigma * sigma);
    if (best < 0 || off < best) {
      best = off;
      for (int i = 0; i < 3; ++i) {
        out[static_cast<std::size_t>(i)] = low + (i < larger ? 1 : 0);
      }
    }
  }
  return out;
}

// Means of `count` values from their sums. In single precision, which every processor rounds alike; sums stay below
// 2^24, and the shift keeps what is truncated above zero.
class Mean {
 public:
  explicit Mean(int count) : share_(1.0F / static_cast<float>(count)) {}
  [[nodiscard]] std::int16_t operator()(std::int32_t sum) const {
    return static_cast<std::int16_t>(static_cast<std::int32_t>(static_cast<float>(sum) * share_ + 4096.5F) - 4096);
  }

 private:
  float share_;
};

void box_rows(const Plane<std::int16_t>& in, int radius, Plane<std::int16_t>& out) {
  const int width = in.width();
  const Mean mean(2 * radius + 1);
  for (int y = 0; y < in.height(); ++y) {
    const std::int16_t* from = in.row(y);
    std::int16_t* to = out.row(y);
    std::int32_t sum = from[0] * (radius + 1);
    for (int i = 1; i <= radius; ++i) {
      sum += from[std::min(i, width - 1)];
    }
    for (int x = 0; x < width; ++x) {
      to[x] = mean(sum);
      sum += from[std::min(x + radius + 1, width - 1)] - from[std::max(x - radius, 0)];
    }
  }
}

void box_columns(const Plane<std::int16_t>& in, int radius, Plane<std::int16_t>& out) {
  const int width = in.width();
  const int height = in.height();
  const Mean mean(2 * radius + 1);
  std::vector<std::int32_t> sums(static_cast<std::size_t>(width));
  for (int i = -radius; i <= radius; ++i) {
    const std::int16_t* row = in.row(std::clamp(i, 0, height - 1));
    for (int x = 0; x < width; ++x) {
      sums[static_cast<std::size_t>(x)] += row[x];
    }
  }
  for (int y = 0; y < height; ++y) {
    std::int16_t* to = out.row(y);
    const std::int16_t* enters = in.row(std::min(y + radius + 1, height - 1));
    const std::int16_t* leaves = in.row(std::max(y - radius, 0));
    for (int x = 0; x < width; ++x) {
      std::int32_t& sum = sums[static_cast<std::size_t>(x)];
      to[x] = mean(sum);
      sum += enters[x] - leaves[x];
    }
  }
}

// Both passes at once for a radius of one: rows' means are kept while three of them are needed.
void box_of_three(const Plane<std::int16_t>& in, Plane<std::int16_t>& out) {
  const auto width = static_cast<std::size_t>(in.width());
  std::array<std::vector<std::int16_t>, 3> kept;
  for (auto& row : kept) {
    row.resize(width);
  }
  const auto slot = [&](int y) { return kept[static_cast<std::size_t>(y % 3)].data(); };
  kernels::mean_across(in.row(0), width, slot(0));
  for (int y = 0; y < in.height(); ++y) {
    const int below = std::min(y + 1, in.height() - 1);
    if (below != y) {
      kernels::mean_across(in.row(below), width, slot(below));
    }
    kernels::mean_down(slot(std::max(y - 1, 0)), slot(y), slot(below), width, out.row(y));
  }
}

}  // namespace

void box_mean(const Plane<std::int16_t>& in, int radius, Plane<std::int16_t>& out) {
  if (in.empty() || radius == 0) {
    out = in;
    return;
  }
  out.reshape(in.width(), in.height());
  if (radius == 1) {
    box_of_three(in, out);
    return;
  }
  Plane<std::int16_t> rows;
  rows.reshape(in.width(), in.height());
  box_rows(in, radius, rows);
  box_columns(rows, radius, out);
}

void gaussian(const Plane<std::int16_t>& in, double sigma, Plane<std::int16_t>& out) {
  Plane<std::int16_t> first;
  Plane<std::int16_t> second;
  const auto radii = radii_for(sigma);
  box_mean(in, radii[0], first);
  box_mean(first, radii[1], second);
  box_mean(second, radii[2], out);
}

void SignalBlur::rows(const Plane<std::int16_t>& in, const std::array<int, 3>& radii, Plane<std::int16_t>& out) {
  const auto width = static_cast<std::size_t>(in.width());
  for (auto& row : row_) {
    row.resize(width);
  }
  work_.resize(2 * (width + 64));
  for (int y = 0; y < in.height(); ++y) {
    kernels::clamp_row(in.row(y), width, kMostSignal, row_[0].data());
    kernels::box_row(row_[0].data(), in.width(), radii[0], row_[1].data(), work_.data());
    kernels::box_row(row_[1].data(), in.width(), radii[1], row_[0].data(), work_.data());
    kernels::box_row(row_[0].data(), in.width(), radii[2], out.row(y), work_.data());
  }
}

void SignalBlur::columns(const std::array<int, 3>& radii, Plane<std::int16_t>& plane) {
  constexpr int kStrip = 128;
  const int height = plane.height();
  for (auto& strip : strip_) {
    strip.resize(static_cast<std::size_t>(height) * kStrip);
  }
  for (int x = 0; x < plane.width(); x += kStrip) {
    const int width = std::min(kStrip, plane.width() - x);
    const auto by = static_cast<std::size_t>(width);
    for (int y = 0; y < height; ++y) {
      std::copy_n(plane.row(y) + x, by, strip_[0].data() + static_cast<std::size_t>(y) * by);
    }
    for (std::size_t i = 0; i < radii.size(); ++i) {
      kernels::box_strip(strip_[i % 2].data(), width, height, radii[i], strip_[1 - i % 2].data());
    }
    for (int y = 0; y < height; ++y) {
      std::copy_n(strip_[1].data() + static_cast<std::size_t>(y) * by, by, plane.row(y) + x);
    }
  }
}

void SignalBlur::blur(const Plane<std::int16_t>& in, double sigma, Plane<std::int16_t>& out) {
  const auto radii = radii_for(sigma);
  constexpr int kMostRadius = 15;  // of the kernels
  if (in.empty() || radii[2] == 0 || radii[0] > kMostRadius) {
    Plane<std::int16_t> clamped = in;
    for (auto& value : clamped.pixels()) {
      value = std::clamp<std::int16_t>(value, 0, kMostSignal);
    }
    gaussian(clamped, sigma, out);
    return;
  }
  out.reshape(in.width(), in.height());
  rows(in, radii, out);
  columns(radii, out);
}

int gaussian_reach(double sigma) {
  const auto radii = radii_for(sigma);
  return radii[0] + radii[1] + radii[2];
}

void halve(const Plane<std::int16_t>& in, Plane<std::int16_t>& out) {
  out.reshape(in.width() / 2, in.height() / 2);
  for (int y = 0; y < out.height(); ++y) {
    const std::int16_t* a = in.row(2 * y);
    const std::int16_t* b = in.row(2 * y + 1);
    std::int16_t* to = out.row(y);
    for (int x = 0; x < out.width(); ++x) {
      to[x] = static_cast<std::int16_t>((a[2 * x] + a[2 * x + 1] + b[2 * x] + b[2 * x + 1] + 2) >> 2);
    }
  }
}

void double_size(const RgbImage& in, RgbImage& out) {
  const int width = in.width();
  const int height = in.height();
  out.resize(width * 2, height * 2);
  for (int y = 0; y < height * 2; ++y) {
    const int near_y = y / 2;
    const int far_y = std::clamp(near_y + ((y & 1) != 0 ? 1 : -1), 0, height - 1);
    const std::uint8_t* a = in.row(near_y);
    const std::uint8_t* b = in.row(far_y);
    std::uint8_t* to = out.row(y);
    for (int x = 0; x < width * 2; ++x, to += 3) {
      const int near_x = x / 2 * 3;
      const int far_x = std::clamp(x / 2 + ((x & 1) != 0 ? 1 : -1), 0, width - 1) * 3;
      for (int c = 0; c < 3; ++c) {
        to[c] = static_cast<std::uint8_t>(
            (9 * a[near_x + c] + 3 * a[far_x + c] + 3 * b[near_x + c] + b[far_x + c] + 8) >> 4);
      }
    }
  }
}

}  // namespace her2
