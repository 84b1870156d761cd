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
