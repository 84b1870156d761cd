// SPDX-License-Identifier: Apache-2.0
#include "her2/assay/core_regions.h"

#include <algorithm>
#include <cmath>

#include "her2/tissue/cores.h"

namespace her2 {
namespace {

std::int32_t scaled(std::int32_t at, double by) { return static_cast<std::int32_t>(std::floor(at * by + 0.5)); }

}  // namespace

Regions core_regions(const TissueMap& tissue, double scale) {
  Regions out;
  for (const Core& core : find_cores(tissue)) {
    Contour ring;
    for (const SubPoint p : core.around) {
      ring.push_back({scaled(p.x, scale), scaled(p.y, scale)});
    }
    out.regions.push_back({core.label, RegionRole::measure, {{std::move(ring)}}});
  }
  return out;
}

double tissue_in(const Region& region, const SlideGround& ground) {
  if (region.area.rings.empty() || region.area.rings.front().empty()) {
    return 0;
  }
  const TissueMap& map = ground.tissue;
  const double to_map = 1 / (ground.overview_scale * kSubpixels);
  double low_x = map.ground.width();
  double low_y = map.ground.height();
  double high_x = 0;
  double high_y = 0;
  for (const Contour& ring : region.area.rings) {
    for (const SubPoint p : ring) {
      low_x = std::min(low_x, p.x * to_map);
      high_x = std::max(high_x, p.x * to_map);
      low_y = std::min(low_y, p.y * to_map);
      high_y = std::max(high_y, p.y * to_map);
    }
  }
  const auto pixel = [](double v, int most) { return std::clamp(static_cast<int>(std::floor(v)), 0, most); };
  std::int64_t count = 0;
  for (int y = pixel(low_y, map.ground.height()); y < pixel(high_y + 1, map.ground.height()); ++y) {
    for (int x = pixel(low_x, map.ground.width()); x < pixel(high_x + 1, map.ground.width()); ++x) {
      const SubPoint middle{scaled(2 * x + 1, ground.overview_scale * kSubpixels / 2),
                            scaled(2 * y + 1, ground.overview_scale * kSubpixels / 2)};
      count += map.at(x, y) == Ground::tissue && region.area.contains(middle) ? 1 : 0;
    }
  }
  return static_cast<double>(count) * map.mpp * map.mpp / 1e6;
}

}  // namespace her2
