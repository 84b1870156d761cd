// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "her2/ihc/quality.h"

namespace her2 {
namespace {

constexpr int kDark = 40;       // grey levels
constexpr int kColoured = 100;  // mOD
constexpr int kClearEdge = 60;  // mOD
constexpr double kFineUm = 0.5;
constexpr int kCoarse = 4;  // times the fine distance

int fine_step(double work_mpp) { return std::max(1, static_cast<int>(kFineUm / work_mpp + 0.6)); }

// Each hue in the ratios of the channels' OD. Pure eosin is (0.07, 0.99, 0.11) or (0.22, 0.80, 0.56), DAB (0.27, 0.57,
// 0.78), haematoxylin (0.65, 0.70, 0.29).
void add_hue(int r, int g, int b, bool counts, QualitySums& out) {
  const bool pink = 10 * g >= 13 * r && 10 * g >= 11 * b;
  const bool brown = !pink && 10 * b >= 11 * g && 10 * b >= 12 * r;
  const bool blue = !pink && !brown && 10 * r >= 8 * g && 10 * r >= 11 * b;
  out.coloured += counts ? 1U : 0U;
  out.pink += counts && pink ? 1U : 0U;
  out.brown += counts && brown ? 1U : 0U;
  out.blue += counts && blue ? 1U : 0U;
}

// `at` is in a plane of `width` values a row, of 0 to 2407 (the density of a level of 1): all stays within 32 bits.
std::uint32_t energy(const std::int16_t* at, int width, int step) {
  const std::ptrdiff_t rows = std::ptrdiff_t{step} * width;
  const int twice = 2 * *at;
  const std::int32_t across = twice - *(at - step) - at[step];
  const std::int32_t down = twice - *(at - rows) - at[rows];
  return static_cast<std::uint32_t>(across * across + down * down);
}

}  // namespace

QualitySums& QualitySums::operator+=(const QualitySums& other) {
  pixels += other.pixels;
  dark += other.dark;
  tissue += other.tissue;
  clipped += other.clipped;
  coloured += other.coloured;
  pink += other.pink;
  brown += other.brown;
  blue += other.blue;
  edges += other.edges;
  fine += other.fine;
  coarse += other.coarse;
  return *this;
}

double QualitySums::sharpness() const {
  return coarse == 0 ? 0 : static_cast<double>(fine) / static_cast<double>(coarse);
}

int quality_halo(double work_mpp) { return kCoarse * fine_step(work_mpp); }

QualitySums look_at_quality(const RgbImage& rgb, const Plane<std::int16_t>& sum, const Box& core, double work_mpp,
                            const AreaColour& colour) {
  QualitySums out;
  const int step = fine_step(work_mpp);
  const int halo = quality_halo(work_mpp);
  const Box inner = Box{0, 0, rgb.width(), rgb.height()}.grown(-halo);
  const OdTable table = od_table(colour.white);
  const auto left = static_cast<int>(core.x);
  const auto right = static_cast<int>(core.right());
  out.pixels = core.empty() ? 0 : static_cast<std::uint64_t>(core.width * core.height);
  for (int y = static_cast<int>(core.y); y < core.bottom(); ++y) {
    const std::uint8_t* at = rgb.at(left, y);
    const std::int16_t* row = sum.row(y);
    QualitySums line;  // without branches: what a pixel is cannot be foreseen
    for (int x = left; x < right; ++x, at += 3) {
      const int low = std::min({at[0], at[1], at[2]});
      const int high = std::max({at[0], at[1], at[2]});
      const bool tissue = high > kDark && row[x] >= colour.glass;
      line.dark += high <= kDark ? 1U : 0U;
      line.tissue += tissue ? 1U : 0U;
      line.clipped += tissue && (low == 0 || high == 255) ? 1U : 0U;
      add_hue(table.mod[0][at[0]], table.mod[1][at[1]], table.mod[2][at[2]], tissue && row[x] >= kColoured, line);
    }
    at = rgb.at(left, y);
    const int first = inner.y <= y && y < inner.bottom() ? std::max(left, static_cast<int>(inner.x)) : right;
    for (int x = first; x < std::min(right, static_cast<int>(inner.right())); ++x) {
      const std::uint32_t coarse = energy(row + x, sum.width(), kCoarse * step);
      const std::uint8_t* p = at + static_cast<std::ptrdiff_t>(x - left) * 3;
      if (coarse >= kClearEdge * kClearEdge && row[x] >= colour.glass && std::max({p[0], p[1], p[2]}) > kDark) {
        ++line.edges;
        line.coarse += coarse;
        line.fine += energy(row + x, sum.width(), step);
      }
    }
    out += line;
  }
  return out;
}

}  // namespace her2
