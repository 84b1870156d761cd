// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "her2/cell/nuclei.h"
#include "her2/core/error.h"
#include "her2/core/polygon.h"

namespace her2 {

// A nucleus as found on a slide of any stain; coordinates of level 0, in 1/32 pixel.
struct FoundNucleus {
  SubPoint centroid;
  std::array<SubPoint, kNucleusPoints> ring{};
  std::uint32_t area = 0;         // 0.01 um2
  std::uint16_t roundness = 0;    // 4 pi area / perimeter^2, 1/1000
  std::uint16_t elongation = 0;   // long over short axis, 1/100
  std::int16_t haematoxylin = 0;  // mean OD, mOD
  std::int16_t dab = 0;
  std::int16_t contrast = 0;  // of its contour in the signal that it was found in, mOD: how clear it is
};

// Nuclei as detections that QuPath opens, in the order given; packed when the name ends in ".gz". The file appears
// whole or not at all. `slide_sha256` makes the objects' ids.
Result<void> write_nuclei_geojson(const std::vector<FoundNucleus>& nuclei, const std::string& slide_sha256,
                                  const std::string& path);

}  // namespace her2
