// SPDX-License-Identifier: Apache-2.0
#include "her2/assay/work_grid.h"

#include <cmath>
#include <cstring>

#include "her2/cell/smooth.h"

namespace her2 {
namespace {

constexpr double kFinest = 0.18;  // um per working pixel
constexpr double kCoarsest = 0.36;

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a >= 0 ? a / b : -((b - 1 - a) / b); }

void crop(const RgbImage& in, std::int64_t x, std::int64_t y, RgbImage& out) {
  for (int row = 0; row < out.height(); ++row) {
    std::memcpy(out.row(row), in.at(static_cast<int>(x), static_cast<int>(y) + row), out.stride());
  }
}

// Means of side x side pixels.
void average(const RgbImage& in, int side, RgbImage& out) {
  const int half = side * side / 2;
  for (int y = 0; y < out.height(); ++y) {
    for (int x = 0; x < out.width(); ++x) {
      std::array<int, 3> sum{half, half, half};
      for (int dy = 0; dy < side; ++dy) {
        const std::uint8_t* p = in.at(x * side, y * side + dy);
        for (int dx = 0; dx < side; ++dx, p += 3) {
          sum[0] += p[0];
          sum[1] += p[1];
          sum[2] += p[2];
        }
      }
      for (std::size_t c = 0; c < 3; ++c) {
        out.at(x, y)[c] = static_cast<std::uint8_t>(sum[c] / (side * side));
      }
    }
  }
}

}  // namespace

Box WorkGrid::to_level(const Box& work) const {
  if (zoom > 0) {
    const std::int64_t x = floor_div(work.x, 2) - 1;
    const std::int64_t y = floor_div(work.y, 2) - 1;
    return {x, y, floor_div(work.right() + 1, 2) + 1 - x, floor_div(work.bottom() + 1, 2) + 1 - y};
  }
  const std::int64_t side = std::int64_t{1} << -zoom;
  return {work.x * side, work.y * side, work.width * side, work.height * side};
}

WorkGrid work_grid(const SlideInfo& info, double mpp) {
  WorkGrid out;
  out.level = level_for(info, kFinest / mpp);
  const SlideLevel& level = info.levels[static_cast<std::size_t>(out.level)];
  double pitch = mpp * level.downsample;
  while (pitch < kFinest) {
    pitch *= 2;
    --out.zoom;
  }
  if (pitch > kCoarsest) {
    pitch /= 2;
    out.zoom = 1;
  }
  const double per_level_pixel = out.zoom > 0 ? 0.5 : static_cast<double>(std::int64_t{1} << -out.zoom);
  out.work_mpp = pitch;
  out.level0_scale = level.downsample * per_level_pixel;
  out.bounds = {0, 0, static_cast<std::int64_t>(std::ceil(static_cast<double>(level.width) / per_level_pixel)),
                static_cast<std::int64_t>(std::ceil(static_cast<double>(level.height) / per_level_pixel))};
  return out;
}

Result<void> read_work(TileCache& tiles, int worker, const WorkGrid& grid, const Box& box, RgbImage& scratch,
                       RgbImage& out) {
  if (grid.zoom == 0) {
    return tiles.read(worker, grid.level, box, out);
  }
  const Box source = grid.to_level(box);
  if (auto read = tiles.read(worker, grid.level, source, scratch); !read) {
    return read;
  }
  out.resize(static_cast<int>(box.width), static_cast<int>(box.height));
  if (grid.zoom < 0) {
    average(scratch, 1 << -grid.zoom, out);
    return {};
  }
  RgbImage doubled;
  double_size(scratch, doubled);
  crop(doubled, box.x - 2 * source.x, box.y - 2 * source.y, out);
  return {};
}

}  // namespace her2
