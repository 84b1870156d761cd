// SPDX-License-Identifier: Apache-2.0
#include "her2/signal/fluorescence.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "her2/signal/raster.h"

namespace her2::signal {
namespace {

constexpr int kUnit = 64;                // of the nuclei's plane, per grey level
constexpr std::size_t kLeastSpots = 20;  // brightest of a channel that the mode is taken of
constexpr double kMostCrosstalk = 0.7;   // beyond it the two channels are not two

// Adds a row of k pixels each to the sums. `get(x)` gives a pixel's value; those from `end` on are clipped.
template <class Get>
void add_row(int k, int end, const Get& get, std::vector<std::int32_t>& sums, std::vector<std::uint8_t>& ends) {
  for (std::size_t x = 0; x < sums.size(); ++x) {
    const std::size_t first = x * static_cast<std::size_t>(k);
    for (std::size_t j = first; j < first + static_cast<std::size_t>(k); ++j) {
      const int value = get(j);
      sums[x] += value;
      ends[x] |= value >= end ? 1 : 0;
    }
  }
}

struct Sums {
  std::vector<std::int32_t> sum;
  std::vector<std::uint8_t> clipped;
  void reset(int width) {
    sum.assign(static_cast<std::size_t>(width), 0);
    clipped.assign(static_cast<std::size_t>(width), 0);
  }
};

// `add(y, channel, sums)` adds a row of the picture's pixels.
template <class Add>
void make_planes(int width, int height, int k, double white, const Add& add, FishPlanes& out) {
  k = std::clamp(k, 1, std::max(1, std::min(width, height)));
  const int across = width / k;
  const int down = height / k;
  out.her2.reshape(across, down);
  out.cep17.reshape(across, down);
  out.nuclei.reshape(across, down);
  out.clipped.reshape(across, down);
  const auto share = static_cast<float>(255 / (white * k * k));
  std::array<Sums, 3> sums;  // nuclei, HER2, CEP17
  for (int y = 0; y < down; ++y) {
    for (std::size_t c = 0; c < 3; ++c) {
      sums[c].reset(across);
      for (int i = 0; i < k; ++i) {
        add(y * k + i, c, k, sums[c]);
      }
    }
    for (int x = 0; x < across; ++x) {
      const auto i = static_cast<std::size_t>(x);
      const float nuclei = static_cast<float>(sums[0].sum[i]) * share * kUnit;
      out.nuclei.at(x, y) = static_cast<std::int16_t>(nuclei);
      out.her2.at(x, y) = static_cast<float>(sums[1].sum[i]) * share;
      out.cep17.at(x, y) = static_cast<float>(sums[2].sum[i]) * share;
      out.clipped.at(x, y) = static_cast<std::uint8_t>(sums[1].clipped[i] | (sums[2].clipped[i] << 1));
    }
  }
}

// Laplacian of a smooth plane at a pixel, negative: linear, so that ratios of it are ratios of light.
double peak_of(const Plane<float>& plane, int x, int y) {
  const auto at = [&](int dx, int dy) {
    return static_cast<double>(
        plane.at(std::clamp(x + dx, 0, plane.width() - 1), std::clamp(y + dy, 0, plane.height() - 1)));
  };
  return 4 * at(0, 0) - at(1, 0) - at(-1, 0) - at(0, 1) - at(0, -1);
}

double share_in(const Plane<float>& other, const Plane<float>& own, std::span<const Spot> spots, std::size_t nuclei) {
  std::vector<Spot> brightest(spots.begin(), spots.end());
  std::stable_sort(brightest.begin(), brightest.end(),
                   [](const Spot& a, const Spot& b) { return a.response > b.response; });
  brightest.resize(std::min(brightest.size(), std::max(kLeastSpots, nuclei)));
  std::vector<double> ratios;
  for (const Spot& spot : brightest) {
    const int x = static_cast<int>(std::floor(spot.x));
    const int y = static_cast<int>(std::floor(spot.y));
    const double mine = peak_of(own, x, y);
    if (mine > 0) {
      ratios.push_back(peak_of(other, x, y) / mine);
    }
  }
  if (ratios.size() < kLeastSpots) {
    return 0;
  }
  return std::clamp(mode_of(ratios), 0.0, kMostCrosstalk);
}

}  // namespace

void fish_planes(const RgbImage& rgb, const RgbRoles& roles, int k, FishPlanes& out) {
  const std::array<std::size_t, 3> channel{roles.nuclei, roles.her2, roles.cep17};
  make_planes(
      rgb.width(), rgb.height(), k, 255,
      [&](int y, std::size_t c, int by, Sums& sums) {
        const std::uint8_t* row = rgb.row(y) + channel[c];
        add_row(
            by, 254, [row](std::size_t x) { return static_cast<int>(row[3 * x]); }, sums.sum, sums.clipped);
      },
      out);
}

void fish_planes(const Plane<std::uint16_t>& nuclei, const Plane<std::uint16_t>& her2,
                 const Plane<std::uint16_t>& cep17, int white, int k, FishPlanes& out) {
  const std::array<const Plane<std::uint16_t>*, 3> channel{&nuclei, &her2, &cep17};
  make_planes(
      nuclei.width(), nuclei.height(), k, white,
      [&](int y, std::size_t c, int by, Sums& sums) {
        const std::uint16_t* row = channel[c]->row(y);
        add_row(
            by, white, [row](std::size_t x) { return static_cast<int>(row[x]); }, sums.sum, sums.clipped);
      },
      out);
}

Crosstalk find_crosstalk(const Plane<float>& her2, const Plane<float>& cep17, std::span<const Spot> her2_spots,
                         std::span<const Spot> cep17_spots, std::size_t nuclei) {
  Crosstalk out;
  out.cep17_in_her2 = share_in(her2, cep17, cep17_spots, nuclei);
  out.her2_in_cep17 = share_in(cep17, her2, her2_spots, nuclei);
  return out;
}

void correct(const Crosstalk& crosstalk, Plane<float>& her2, Plane<float>& cep17) {
  const double rest = 1 - crosstalk.cep17_in_her2 * crosstalk.her2_in_cep17;
  const auto own = static_cast<float>(1 / rest);
  const auto from_cep17 = static_cast<float>(crosstalk.cep17_in_her2 / rest);
  const auto from_her2 = static_cast<float>(crosstalk.her2_in_cep17 / rest);
  const auto a = her2.pixels();
  const auto b = cep17.pixels();
  for (std::size_t i = 0; i < a.size(); ++i) {
    const float h = a[i];
    const float c = b[i];
    a[i] = h * own - c * from_cep17;
    b[i] = c * own - h * from_her2;
  }
}

}  // namespace her2::signal
