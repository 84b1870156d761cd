// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "her2/ihc/area_meter.h"

namespace her2 {
namespace {

// A nucleus has at least this share of the contrast and of the haematoxylin that the slide's clearer ones have, and
// this share of that contrast all around but for an eighth: what has not is an island between fibres. Percent. In
// stained cells the haematoxylin reads too low where the vectors do not fit, so little of it is asked.
constexpr int kPaleContrast = 35, kPaleHaematoxylin = 20, kWeakestContrast = 33;
constexpr int kPaleWithMarker = 40;  // of the haematoxylin, where DAB stains nuclei

}  // namespace

void use_looks(std::vector<NucleusLook> looks, AreaSettings& settings) {
  if (looks.empty()) {
    return;
  }
  const auto upper = looks.begin() + static_cast<std::ptrdiff_t>(looks.size() * 3 / 4);
  std::nth_element(looks.begin(), upper, looks.end(),
                   [](const NucleusLook& a, const NucleusLook& b) { return a.contrast < b.contrast; });
  if (!settings.nuclear_marker) {  // there DAB sets the clearer ones apart, and what it leaves unstained is paler
    settings.nuclei.least_contrast = std::max(settings.nuclei.least_contrast, upper->contrast * kPaleContrast / 100);
    settings.nuclei.least_weakest = upper->contrast * kWeakestContrast / 100;
  }
  std::nth_element(looks.begin(), upper, looks.end(),
                   [](const NucleusLook& a, const NucleusLook& b) { return a.haematoxylin < b.haematoxylin; });
  settings.clear_nucleus_h = settings.nuclear_marker ? 0 : upper->haematoxylin;
  settings.least_nucleus_h =
      upper->haematoxylin * (settings.nuclear_marker ? kPaleWithMarker : kPaleHaematoxylin) / 100;
}

}  // namespace her2
