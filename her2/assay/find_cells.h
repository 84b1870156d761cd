// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "her2/assay/slide_walk.h"
#include "her2/cell/nuclear_signal.h"
#include "her2/cellfile/nuclei_geojson.h"
#include "her2/cellfile/regions.h"
#include "her2/core/error.h"
#include "her2/slide/slide.h"

namespace her2 {

struct FindCellsOptions {
  std::optional<NuclearSignal> signal;  // nothing: chosen from a sample
  const Regions* regions = nullptr;     // nullptr: all tissue
  int threads = 1;
  // No result depends on them: size of the areas and where their grid begins, working pixels.
  int area = 2048, origin_x = 0, origin_y = 0;
  ProgressCall progress;
};

struct FoundCells {
  std::vector<FoundNucleus> nuclei;  // ordered by (centroid.y, centroid.x)
  NuclearSignal signal = NuclearSignal::haematoxylin;
  double mpp = 0, work_mpp = 0;  // um per level 0 pixel, per pixel that was looked at
  double tissue_mm2 = 0;
  White white{255, 255, 255};
};

// Nuclei of a slide or picture of any stain that shows them dark on bright ground. Pictures of at most 1 mm2 are looked
// at everywhere, slides where there is tissue. Which signal, from the share of brown in what is coloured: below a
// hundredth `haematoxylin`; below a quarter `any`; else `any` or `membrane`, whichever more nuclei of a sample bear out:
// brown ones, or such as have less brown within than around them.
Result<FoundCells> find_cells(const Slide& slide, const FindCellsOptions& options);

}  // namespace her2
