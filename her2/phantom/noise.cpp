// SPDX-License-Identifier: Apache-2.0
#include "her2/phantom/noise.h"

#include <array>
#include <vector>

namespace her2::phantom {
namespace {

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a >= 0 ? a / b : -((-a + b - 1) / b); }

constexpr int kWaves = 900;  // of a streak's width / 65536, by a step of the waves

int corner(std::uint64_t seed, std::int64_t x, std::int64_t y) {
  return static_cast<int>(key(seed, x, y) % 513U) - 256;
}

// Smooth step of t / n in 1/256.
int eased(std::int64_t t, std::int64_t n) {
  const std::int64_t u = t * 256 / n;
  return static_cast<int>(u * u * (768 - 2 * u) / 65536);
}

}  // namespace

void noise_plane(std::uint64_t seed, const Box& box, int grain, Plane<std::int16_t>& out) {
  out.reshape(static_cast<int>(box.width), static_cast<int>(box.height));
  std::vector<int> ease(static_cast<std::size_t>(grain));
  for (int i = 0; i < grain; ++i) {
    ease[static_cast<std::size_t>(i)] = eased(i, grain);
  }
  const std::int64_t first = floor_div(box.x, grain);
  const std::int64_t count = floor_div(box.right() - 1, grain) - first + 2;
  std::vector<int> upper(static_cast<std::size_t>(count)), lower(upper.size());
  std::int64_t have = INT64_MIN;
  for (int y = 0; y < out.height(); ++y) {
    const std::int64_t gy = floor_div(box.y + y, grain);
    if (gy != have) {
      have = gy;
      for (std::int64_t i = 0; i < count; ++i) {
        upper[static_cast<std::size_t>(i)] = corner(seed, first + i, gy);
        lower[static_cast<std::size_t>(i)] = corner(seed, first + i, gy + 1);
      }
    }
    const int v = ease[static_cast<std::size_t>(box.y + y - gy * grain)];
    std::int16_t* row = out.row(y);
    std::int64_t x = box.x;
    for (std::size_t i = 0; x < box.right(); ++i) {
      const int left = upper[i] * (256 - v) + lower[i] * v, right = upper[i + 1] * (256 - v) + lower[i + 1] * v;
      const std::int64_t begin = (first + static_cast<std::int64_t>(i)) * grain;
      for (; x < box.right() && x < begin + grain; ++x) {
        const int u = ease[static_cast<std::size_t>(x - begin)];
        row[x - box.x] = static_cast<std::int16_t>((left * (256 - u) + right * u) / 65536);
      }
    }
  }
}

void streak_plane(std::uint64_t seed, const Box& box, const Streaks& streaks, const Plane<std::int16_t>& waves,
                  Plane<std::int16_t>& out) {
  out.reshape(static_cast<int>(box.width), static_cast<int>(box.height));
  std::array<int, 256> ease{};
  for (int i = 0; i < 256; ++i) {
    ease[static_cast<std::size_t>(i)] = eased(i, 256);
  }
  for (int y = 0; y < out.height(); ++y) {
    std::int16_t* row = out.row(y);
    const std::int16_t* bend = waves.row(y);
    std::int64_t have_u = INT64_MIN, have_v = INT64_MIN;
    int c00 = 0, c10 = 0, c01 = 0, c11 = 0;
    std::int64_t u = box.x * streaks.ux + (box.y + y) * streaks.uy;
    std::int64_t v = box.x * streaks.vx + (box.y + y) * streaks.vy;
    for (int x = 0; x < out.width(); ++x, u += streaks.ux, v += streaks.vx) {
      const std::int64_t w = v + std::int64_t{kWaves} * bend[x];
      const std::int64_t gu = u >> 16U, gv = w >> 16U;
      if (gu != have_u || gv != have_v) {
        have_u = gu;
        have_v = gv;
        c00 = corner(seed, gu, gv);
        c10 = corner(seed, gu + 1, gv);
        c01 = corner(seed, gu, gv + 1);
        c11 = corner(seed, gu + 1, gv + 1);
      }
      const int s = ease[static_cast<std::size_t>((u >> 8U) & 255)],
                t = ease[static_cast<std::size_t>((w >> 8U) & 255)];
      row[x] = static_cast<std::int16_t>(((c00 * (256 - s) + c10 * s) * (256 - t) + (c01 * (256 - s) + c11 * s) * t) /
                                         65536);
    }
  }
}

}  // namespace her2::phantom
