// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "her2/cellfile/features.h"
#include "her2/core/error.h"
#include "her2/core/polygon.h"

// Where a person says to look: `--regions`, GeoJSON as QuPath writes it (plain or gzipped).
namespace her2 {

enum class RegionRole : std::uint8_t {
  measure,  // classes Tumor, Tumour, Region*, Positive; or no class
  ignore,   // Ignore*, any other class with "*", Necrosis, Stroma, Immune cells, Other, DCIS: never measured
  control,  // Control: an on-slide control, measured apart
};

struct Region {
  std::string name;  // as the person named it, else its class with its number: "Tumor 2", "Tumor: 2+ 1"
  RegionRole role = RegionRole::measure;
  Polygon area;  // level 0; a MultiPolygon's parts and all holes, by the even-odd rule
};

struct Regions {
  std::vector<Region> regions;

  // The index of the first region to measure that holds the point, if no ignored one does; controls only for
  // `control`. -1: none.
  [[nodiscard]] int find(SubPoint point, bool control = false) const;
};

// Fails, with the number of the feature, on classes that are not known, shapes that enclose nothing, points and lines,
// cells where regions are expected, and when there is nothing to measure.
Result<Regions> read_regions(const std::string& path);
Result<Regions> parse_regions(const ByteInput& input, const std::string& file);

}  // namespace her2
