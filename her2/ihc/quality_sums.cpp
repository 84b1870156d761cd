// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <vector>

#include "her2/ihc/quality.h"
#include "her2/ihc/quality_kernels.h"

namespace her2 {
namespace {

constexpr int kDark = 40;       // grey levels
constexpr int kColoured = 100;  // mOD
constexpr int kClearEdge = 60;  // mOD
constexpr double kFineUm = 0.5;
constexpr int kCoarse = 4;  // times the fine distance

int fine_step(double work_mpp) { return std::max(1, static_cast<int>(kFineUm / work_mpp + 0.6)); }

// What is looked at in a row of pixels, channel by channel.
class PixelRow {
 public:
  explicit PixelRow(std::size_t count) : count_(count) {
    for (auto& part : parts_) {
      part.resize(count + kernels::kQualityLanes);
    }
  }
  void take(const std::uint8_t* rgb, const std::int16_t* sum, const OdTable& table) {
    auto& [red, green, blue, low, high, mean] = parts_;
    for (std::size_t i = 0; i < count_; ++i, rgb += 3) {
      red[i] = table.mod[0][rgb[0]];
      green[i] = table.mod[1][rgb[1]];
      blue[i] = table.mod[2][rgb[2]];
      low[i] = std::min(std::min(rgb[0], rgb[1]), rgb[2]);
      high[i] = std::max(std::max(rgb[0], rgb[1]), rgb[2]);
    }
    std::copy_n(sum, count_, mean.begin());
  }
  [[nodiscard]] kernels::QualityRow row() const {
    const auto& [red, green, blue, low, high, mean] = parts_;
    return {red.data(), green.data(), blue.data(), mean.data(), low.data(), high.data(), count_};
  }

 private:
  std::size_t count_;
  std::array<std::vector<std::int16_t>, 6> parts_;
};

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
  if (core.empty()) {
    return out;
  }
  const int step = fine_step(work_mpp);
  const int halo = quality_halo(work_mpp);
  const Box inner = intersection(Box{0, 0, rgb.width(), rgb.height()}.grown(-halo), core);
  const OdTable table = od_table(colour.white);
  const auto left = static_cast<int>(core.x);
  const auto first = static_cast<int>(inner.x);
  PixelRow pixels(static_cast<std::size_t>(core.width));
  std::vector<std::uint32_t> coarse(inner.empty() ? 0 : static_cast<std::size_t>(inner.width));
  std::vector<std::uint32_t> fine(coarse.size());
  out.pixels = static_cast<std::uint64_t>(core.width * core.height);
  for (int y = static_cast<int>(core.y); y < core.bottom(); ++y) {
    const std::int16_t* at = sum.row(y);
    pixels.take(rgb.at(left, y), at + left, table);
    const kernels::QualityRow row = pixels.row();
    const auto counts = kernels::count_quality(row, {kDark, colour.glass, kColoured});
    out.dark += counts.dark;
    out.tissue += counts.tissue;
    out.clipped += counts.clipped;
    out.coloured += counts.coloured;
    out.pink += counts.pink;
    out.brown += counts.brown;
    out.blue += counts.blue;
    if (inner.empty() || y < inner.y || y >= inner.bottom()) {
      continue;
    }
    kernels::edge_energies(at + first, sum.width(), kCoarse * step, coarse.size(), coarse.data());
    kernels::edge_energies(at + first, sum.width(), step, fine.size(), fine.data());
    const auto shift = static_cast<std::size_t>(first - left);
    const auto edges =
        kernels::sum_edges({fine.data(), coarse.data(), row.sum + shift, row.high + shift, coarse.size()},
                           {kClearEdge * kClearEdge, colour.glass, kDark});
    out.edges += edges.edges;
    out.fine += edges.fine;
    out.coarse += edges.coarse;
  }
  return out;
}

}  // namespace her2
