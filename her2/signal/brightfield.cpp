// SPDX-License-Identifier: Apache-2.0
#include "her2/signal/brightfield.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "her2/signal/raster.h"

namespace her2::signal {
namespace {

constexpr int kMostShift = 6;       // pixels
constexpr std::size_t kDots = 100;  // darkest ones that the shift is found from
constexpr int kLeastDots = 8;
constexpr int kPatch = 8;   // pixels around a dot that are looked at
constexpr int kClear = 25;  // grey levels that a dot is darker than what is around it
constexpr double kLn10 = 2.302585092994046;

// OD of a sum of `pixels` grey levels, mOD; a level below half counts as half.
std::vector<float> od_of_sums(int white, int pixels) {
  std::vector<float> out(static_cast<std::size_t>(255 * pixels + 1));
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double level = std::max(static_cast<double>(i) / pixels, 0.5);
    out[i] = static_cast<float>(-1000 * log_of(level / white) / kLn10);
  }
  return out;
}

// Sums of k x k levels of one channel, moved by (dx, dy).
void sums_of(const RgbImage& rgb, std::size_t channel, int dx, int dy, int k, int y, std::vector<std::int32_t>& sums,
             std::vector<std::uint8_t>& ends) {
  std::fill(sums.begin(), sums.end(), 0);
  std::fill(ends.begin(), ends.end(), 0);
  const int last = rgb.width() - 1;
  for (int i = 0; i < k; ++i) {
    const std::uint8_t* row = rgb.row(std::clamp(y * k + i + dy, 0, rgb.height() - 1)) + channel;
    for (std::size_t x = 0; x < sums.size(); ++x) {
      const int first = static_cast<int>(x) * k + dx;
      for (int j = 0; j < k; ++j) {
        const std::uint8_t level = row[3 * std::clamp(first + j, 0, last)];
        sums[x] += level;
        ends[x] |= level <= 1 ? 1 : 0;
      }
    }
  }
}

struct Dot {
  int x = 0, y = 0, strength = 0;
};

// Dark places of the red picture: pixels darker than all around them at a distance of 4 and 7.
std::vector<Dot> black_dots(const RgbImage& rgb) {
  const int margin = kPatch + kMostShift + 1;
  std::vector<Dot> out;
  for (int y = margin; y + margin < rgb.height(); ++y) {
    for (int x = margin; x + margin < rgb.width(); ++x) {
      const int own = *rgb.at(x, y);
      int ring = 255;
      for (const auto& [dx, dy] : {std::array{7, 0}, std::array{-7, 0}, std::array{0, 7}, std::array{0, -7},
                                   std::array{5, 5}, std::array{-5, 5}, std::array{5, -5}, std::array{-5, -5}}) {
        ring = std::min<int>(ring, *rgb.at(x + dx, y + dy));
        if (ring - own < kClear) {
          break;
        }
      }
      if (ring - own >= kClear) {
        out.push_back({x, y, ring - own});
      }
    }
  }
  std::stable_sort(out.begin(), out.end(), [](const Dot& a, const Dot& b) { return a.strength > b.strength; });
  std::vector<Dot> apart;
  for (const Dot& dot : out) {
    const bool near = std::any_of(apart.begin(), apart.end(), [&](const Dot& other) {
      return std::abs(dot.x - other.x) <= kPatch && std::abs(dot.y - other.y) <= kPatch;
    });
    if (!near) {
      apart.push_back(dot);
    }
    if (apart.size() == kDots) {
      break;
    }
  }
  return apart;
}

// Middle of what is darker than the surroundings, in one channel around a dot; pixels from the dot. False: nothing is.
bool middle_of(const RgbImage& rgb, const Dot& dot, std::size_t channel, std::array<double, 2>& out) {
  std::int64_t rim = 0;
  std::int64_t count = 0;
  for (int i = -kPatch; i <= kPatch; ++i) {
    rim += rgb.at(dot.x + i, dot.y - kPatch)[channel] + rgb.at(dot.x + i, dot.y + kPatch)[channel] +
           rgb.at(dot.x - kPatch, dot.y + i)[channel] + rgb.at(dot.x + kPatch, dot.y + i)[channel];
    count += 4;
  }
  const auto level = static_cast<int>(rim / count) - kClear / 2;
  std::int64_t sum = 0;
  std::int64_t x_sum = 0;
  std::int64_t y_sum = 0;
  for (int y = -kPatch; y <= kPatch; ++y) {
    for (int x = -kPatch; x <= kPatch; ++x) {
      const int dark = std::max(level - rgb.at(dot.x + x, dot.y + y)[channel], 0);
      sum += dark;
      x_sum += dark * x;
      y_sum += dark * y;
    }
  }
  if (sum < kClear * 4) {
    return false;
  }
  out = {static_cast<double>(x_sum) / static_cast<double>(sum), static_cast<double>(y_sum) / static_cast<double>(sum)};
  return true;
}

}  // namespace

ChannelShift find_channel_shift(const RgbImage& rgb) {
  std::vector<double> across;
  std::vector<double> down;
  for (const Dot& dot : black_dots(rgb)) {
    std::array<double, 2> red{};
    std::array<double, 2> green{};
    if (middle_of(rgb, dot, 0, red) && middle_of(rgb, dot, 1, green)) {
      across.push_back(green[0] - red[0]);
      down.push_back(green[1] - red[1]);
    }
  }
  ChannelShift out;
  out.dots = static_cast<int>(across.size());
  if (out.dots < kLeastDots) {
    return out;
  }
  const auto whole = [](std::vector<double>& values) {
    return std::clamp(static_cast<int>(std::floor(median_of(values) + 0.5)), -kMostShift, kMostShift);
  };
  out.dx = whole(across);
  out.dy = whole(down);
  return out;
}

void dual_ish_planes(const RgbImage& rgb, const WhiteLevel& white, ChannelShift shift, int k, DualIshPlanes& out) {
  k = std::clamp(k, 1, std::max(1, std::min(rgb.width(), rgb.height())));
  const int width = rgb.width() / k;
  const int height = rgb.height() / k;
  out.black.reshape(width, height);
  out.red.reshape(width, height);
  out.nuclei.reshape(width, height);
  out.clipped.reshape(width, height);
  const std::vector<float> red_od = od_of_sums(white[0], k * k);
  const std::vector<float> green_od = od_of_sums(white[1], k * k);
  const float red_share = 1000.0F / static_cast<float>(white[0] * k * k);
  const float green_share = 1000.0F / static_cast<float>(white[1] * k * k);
  std::vector<std::int32_t> red(static_cast<std::size_t>(width));
  std::vector<std::int32_t> green(red);
  std::vector<std::uint8_t> red_end(red.size());
  std::vector<std::uint8_t> green_end(red.size());
  for (int y = 0; y < height; ++y) {
    sums_of(rgb, 0, 0, 0, k, y, red, red_end);
    sums_of(rgb, 1, shift.dx, shift.dy, k, y, green, green_end);
    for (int x = 0; x < width; ++x) {
      const auto i = static_cast<std::size_t>(x);
      const float r = red_od[static_cast<std::size_t>(red[i])];
      const float g = green_od[static_cast<std::size_t>(green[i])];
      out.black.at(x, y) = std::min(r - 0.1F * std::max(g - r, 0.0F), g);
      out.red.at(x, y) = static_cast<float>(red[i]) * red_share - static_cast<float>(green[i]) * green_share;
      out.nuclei.at(x, y) = static_cast<std::int16_t>(std::clamp(std::floor(r + 0.5F * g), -2000.0F, 8000.0F));
      out.clipped.at(x, y) = static_cast<std::uint8_t>(green_end[i] | (red_end[i] << 1));
    }
  }
}

}  // namespace her2::signal
