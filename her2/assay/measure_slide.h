// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "her2/assay/slide_look.h"
#include "her2/assay/slide_walk.h"
#include "her2/assay/work_grid.h"
#include "her2/cellfile/regions.h"
#include "her2/core/error.h"
#include "her2/ihc/area_meter.h"
#include "her2/ihc/cell_table.h"
#include "her2/ihc/nuclear.h"
#include "her2/ihc/profile.h"
#include "her2/slide/slide.h"
#include "her2/tissue/tissue.h"

namespace her2 {

struct MeasureOptions {
  Profile profile;
  const Regions* regions = nullptr;  // nullptr: all tissue
  std::optional<NuclearMarker> marker;  // nothing: HER2
  // A tissue microarray: the regions are its cores; without regions they are found (tissue/cores.h).
  bool microarray = false;
  bool allow_coarse = false;  // measures slides that the profile refuses as too coarse
  int threads = 1;
  // The size of the areas in which a slide is worked through, and where their grid begins: no result depends on it.
  int area = 0;  // working pixels, 256 to 8192; 0: as threads and memory ask for
  int origin_x = 0, origin_y = 0;
  ProgressCall progress;
};

// A slide, measured.
struct SlideMeasurement {
  CellTable table;            // cells in tissue (and in a region to measure, when there are regions)
  CellTable controls;         // cells of regions marked as on-slide controls; regions as in table
  std::vector<double> region_mm2;  // tissue in each of table.regions
  RgbImage overview;          // the slide, small
  double overview_scale = 1;  // level 0 pixels per pixel of it
  TissueMap tissue;
  SlideLook look;                      // at a sample
  std::vector<QualityVerdict> before;  // what it says; when one refuses, no cells were measured
  WorkGrid grid;
  AreaSettings settings;  // with what the first pass found
  bool white_from_glass = false;
  std::uint64_t tiles = 0, tiles_again = 0;  // decoded in the second pass; of them not for the first time
  double megapixels = 0;                     // decoded in the second pass
  double seconds_overview = 0, seconds_sample = 0, seconds_cells = 0;
};

// First pass: tissue and white from a small picture; what nuclei look like from a fixed sample of areas. Second pass:
// every area with tissue, cell by cell. A slide that is no such stain, out of
// focus or too coarse is told by a verdict that refuses, and has no cells. Fails when there is no tissue.
Result<SlideMeasurement> measure_slide(const Slide& slide, const std::string& sha256, const MeasureOptions& options);

}  // namespace her2
