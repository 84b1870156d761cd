// SPDX-License-Identifier: Apache-2.0
#include "her2/cell/island.h"

#include <algorithm>

namespace her2 {
namespace {

constexpr std::uint32_t kSmallArea = 3500;  // 0.01 um2
constexpr int kAngular = 890;               // 1/1000
constexpr int kClearlyDarker = 11;          // tenths of the clearer nuclei's haematoxylin
constexpr int kBrown = 150;                 // mOD

// Mean of the plane a third of the radius beyond the nucleus's edge.
int mean_beyond(const Nucleus& nucleus, const Plane<std::int16_t>& plane) {
  int sum = 0;
  for (const SubPoint p : nucleus.ring) {
    const int x = nucleus.centroid.x + (p.x - nucleus.centroid.x) * 4 / 3;
    const int y = nucleus.centroid.y + (p.y - nucleus.centroid.y) * 4 / 3;
    sum +=
        plane.at(std::clamp(x / kSubpixels, 0, plane.width() - 1), std::clamp(y / kSubpixels, 0, plane.height() - 1));
  }
  return sum / kNucleusPoints;
}

}  // namespace

bool is_stroma_island(const Nucleus& nucleus, const NucleusShape& shape, int clear_h, const Plane<std::int16_t>& dab) {
  return shape.area < kSmallArea && shape.roundness < kAngular && shape.inside * 10 < clear_h * kClearlyDarker &&
         mean_beyond(nucleus, dab) < kBrown;
}

}  // namespace her2
