// SPDX-License-Identifier: Apache-2.0
#include "her2/stain/optical_density.h"

#include <algorithm>
#include <cmath>

namespace her2 {
namespace {

// log10(255 / level) in millionths. Rounded from libm's value: no level lies near enough to a tie for libraries to
// differ (tests/stain/optical_density_test.cpp holds the table to a checksum).
std::int64_t density(int level) { return std::llround(std::log10(255.0 / std::max(1, level)) * 1e6); }

}  // namespace

OdTable od_table(const White& white) {
  OdTable out;
  for (std::size_t c = 0; c < 3; ++c) {
    const std::int64_t zero = density(std::clamp(white[c], 1, 255));
    for (int level = 0; level < 256; ++level) {
      const std::int64_t od = std::max<std::int64_t>(0, density(level) - zero);
      out.mod[c][static_cast<std::size_t>(level)] = static_cast<std::int16_t>((od + 500) / 1000);
    }
  }
  return out;
}

namespace {

constexpr int kMovedUp = 4000;  // mOD, each channel

// The mean of a field of sums over 2^(bits - 4) pixels, mOD.
std::int16_t field(std::uint64_t sums, unsigned at, unsigned bits, int moved) {
  const unsigned left = 21 - bits;
  return static_cast<std::int16_t>(static_cast<std::int32_t>(sums >> (at + bits) & ((1U << left) - 1)) - moved);
}

}  // namespace

// What a level of a channel adds to haematoxylin (the lower 21 bits), DAB and the sum (the upper 21), in 1/16 mOD and
// moved above zero, so that three channels of four pixels add up without carrying into each other. Each pixel adds a
// half of 1 mOD, which rounds.
HalvedUnmixing::HalvedUnmixing(const OdTable& table, const Unmixing& unmixing) {
  for (std::size_t c = 0; c < 3; ++c) {
    const std::uint64_t half = c == 0 ? 8 : 0;
    for (std::size_t level = 0; level < 256; ++level) {
      const int od = table.mod[c][level];
      const auto part = [&](std::size_t stain) {
        const int sixteenths = (unmixing.weight[stain][c] * od + 128) >> 8;
        return static_cast<std::uint64_t>(std::clamp(sixteenths, -kMovedUp * 16, 6900 * 16) + kMovedUp * 16) + half;
      };
      const auto third = static_cast<std::uint64_t>((od * 16 + 1) / 3) + half;
      adds_[c][level] = part(0) | part(1) << 21U | third << 42U;
    }
  }
}

void HalvedUnmixing::rows(const std::uint8_t* above, const std::uint8_t* below, int width, const Rows& out,
                          std::int16_t* upper, std::int16_t* lower) const {
  const auto add = [this](const std::uint8_t* p) { return adds_[0][p[0]] + adds_[1][p[1]] + adds_[2][p[2]]; };
  const auto fine = [](std::uint64_t pixel) { return field(pixel, 21, 4, 3 * kMovedUp); };
  const std::uint8_t* a = above;
  const std::uint8_t* b = below;
  for (int x = 0; x < width; ++x, a += 6, b += 6) {
    const std::array<std::uint64_t, 4> pixel{add(a), add(a + 3), add(b), add(b + 3)};
    const std::uint64_t all = pixel[0] + pixel[1] + pixel[2] + pixel[3];
    out.haematoxylin[x] = field(all, 0, 6, 3 * kMovedUp);
    out.dab[x] = field(all, 21, 6, 3 * kMovedUp);
    out.sum[x] = field(all, 42, 6, 0);
    if (upper != nullptr) {
      upper[2 * x] = fine(pixel[0]);
      upper[2 * x + 1] = fine(pixel[1]);
      lower[2 * x] = fine(pixel[2]);
      lower[2 * x + 1] = fine(pixel[3]);
    }
  }
}

void unmix(const RgbImage& rgb, const OdTable& table, const Unmixing& unmixing, StainPlanes& out) {
  const int width = rgb.width();
  const int height = rgb.height();
  out.haematoxylin.reshape(width, height);
  out.dab.reshape(width, height);
  out.sum.reshape(width, height);
  const auto& w = unmixing.weight;
  for (int y = 0; y < height; ++y) {
    const std::uint8_t* in = rgb.row(y);
    std::int16_t* h = out.haematoxylin.row(y);
    std::int16_t* d = out.dab.row(y);
    std::int16_t* s = out.sum.row(y);
    for (int x = 0; x < width; ++x, in += 3) {
      const int r = table.mod[0][in[0]];
      const int g = table.mod[1][in[1]];
      const int b = table.mod[2][in[2]];
      h[x] = static_cast<std::int16_t>((w[0][0] * r + w[0][1] * g + w[0][2] * b + 2048) >> 12);
      d[x] = static_cast<std::int16_t>((w[1][0] * r + w[1][1] * g + w[1][2] * b + 2048) >> 12);
      s[x] = static_cast<std::int16_t>(((r + g + b) * 21846) >> 16);  // a third
    }
  }
}

}  // namespace her2
