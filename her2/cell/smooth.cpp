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

// One box mean down columns. Its input comes row by row: as many rows are kept as its box and the way to the next have.
void SignalBlur::Stage::begin(int with, std::size_t columns, int height) {
  radius = with;
  width = columns;
  last = height - 1;
  ready = 0;
  kept.resize(width * static_cast<std::size_t>(2 * radius + 2));
  sums.resize(width);
}

std::int16_t* SignalBlur::Stage::row(int y) {
  return kept.data() + static_cast<std::size_t>(y % (2 * radius + 2)) * width;
}

// The first row's sums: those of the row before it, from which the step to it is made as any other.
void SignalBlur::Stage::mean(int y, std::int16_t* out) {
  if (y == 0) {
    const std::int16_t* first = row(0);
    std::transform(first, first + width, sums.begin(),
                   [this](std::int16_t v) { return static_cast<std::uint16_t>(v * (radius + 2)); });
    for (int k = 1; k < radius; ++k) {
      const std::int16_t* next = row(std::min(k, last));
      std::transform(next, next + width, sums.begin(), sums.begin(),
                     [](std::int16_t v, std::uint16_t sum) { return static_cast<std::uint16_t>(sum + v); });
    }
  }
  kernels::roll_rows(row(std::min(y + radius, last)), row(std::max(y - 1 - radius, 0)), width, radius, sums.data(),
                     out);
}

// Stage by stage: each takes rows from the one before until it can give the one that is asked for.
void SignalBlur::give(const Plane<std::int16_t>& in, const std::array<int, 3>& radii, std::size_t stage, int y,
                      std::int16_t* out) {
  if (stage == 0) {
    kernels::blur_row(in.row(y), stages_[0].width, radii, out, work_.data());
    return;
  }
  Stage& from = stages_[stage - 1];
  for (; from.ready <= std::min(y + from.radius, from.last); ++from.ready) {
    give(in, radii, stage - 1, from.ready, from.row(from.ready));
  }
  from.mean(y, out);
}

void SignalBlur::blur(const Plane<std::int16_t>& in, double sigma, Plane<std::int16_t>& out) {
  const auto radii = radii_for(sigma);
  if (in.empty() || radii[2] == 0 || radii[0] > kernels::kMostBoxRadius) {
    Plane<std::int16_t> clamped = in;
    for (auto& value : clamped.pixels()) {
      value = std::clamp<std::int16_t>(value, 0, kMostSignal);
    }
    gaussian(clamped, sigma, out);
    return;
  }
  out.reshape(in.width(), in.height());
  const auto width = static_cast<std::size_t>(in.width());
  work_.resize(kernels::blur_work(width));
  for (std::size_t i = 0; i < stages_.size(); ++i) {
    stages_[i].begin(radii[i], width, in.height());
  }
  for (int y = 0; y < in.height(); ++y) {
    give(in, radii, stages_.size(), y, out.row(y));
  }
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
