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
void add_hue(int r, int g, int b, QualitySums& out) {
  ++out.coloured;
  if (10 * g >= 13 * r && 10 * g >= 11 * b) {
    ++out.pink;
  } else if (10 * b >= 11 * g && 10 * b >= 12 * r) {
    ++out.brown;
  } else if (10 * r >= 8 * g && 10 * r >= 11 * b) {
    ++out.blue;
  }
}

// `at` is in a plane of `width` values a row.
std::uint64_t energy(const std::int16_t* at, int width, int step) {
  const std::ptrdiff_t rows = std::ptrdiff_t{step} * width;
  const int twice = 2 * *at;
  const std::int64_t across = twice - *(at - step) - at[step];
  const std::int64_t down = twice - *(at - rows) - at[rows];
  return static_cast<std::uint64_t>(across * across + down * down);
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
  for (int y = static_cast<int>(core.y); y < core.bottom(); ++y) {
    const std::uint8_t* at = rgb.at(static_cast<int>(core.x), y);
    const std::int16_t* row = sum.row(y);
    for (int x = static_cast<int>(core.x); x < core.right(); ++x, at += 3) {
      const auto [low, high] = std::minmax({at[0], at[1], at[2]});
      ++out.pixels;
      if (high <= kDark) {
        ++out.dark;
        continue;
      }
      const int od = row[x];
      if (od < colour.glass) {
        continue;
      }
      ++out.tissue;
      out.clipped += low == 0 || high == 255 ? 1U : 0U;
      if (od >= kColoured) {
        add_hue(table.mod[0][at[0]], table.mod[1][at[1]], table.mod[2][at[2]], out);
      }
      if (inner.contains(x, y)) {
        const std::uint64_t coarse = energy(row + x, sum.width(), kCoarse * step);
        if (coarse >= kClearEdge * kClearEdge) {
          ++out.edges;
          out.coarse += coarse;
          out.fine += energy(row + x, sum.width(), step);
        }
      }
    }
  }
  return out;
}

}  // namespace her2
