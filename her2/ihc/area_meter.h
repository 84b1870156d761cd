// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "her2/cell/nuclei.h"
#include "her2/core/error.h"
#include "her2/core/plane.h"
#include "her2/ihc/cell_table.h"
#include "her2/stain/optical_density.h"

namespace her2 {

// What is the same for a whole slide, known before any cell is measured.
struct AreaSettings {
  White white{255, 255, 255};
  Unmixing unmixing;
  double work_mpp = 0.25;       // um per pixel that is measured on
  double level0_scale = 1;      // level 0 pixels per such pixel
  int glass = 25;               // mean OD below which there is no tissue, mOD
  bool nuclear_marker = false;  // DAB stains nuclei: they are looked for in all stains
  NucleusOptions nuclei;
  int least_nucleus_h = 0;  // mean haematoxylin of a nucleus, mOD: paler ones are lumina or cytoplasm. 0: not looked at
  int clear_nucleus_h = 0;  // that of the slide's clearer nuclei; islands of stroma are told by it. 0: not looked for
};

// How nuclei are looked for where DAB stains membranes: also pale ones, since use_looks() then asks for a share of what
// the slide's clearer ones have. What a second look adds there is more often none than one (docs/cells.md).
inline constexpr NucleusOptions kBesideMembranes{.seed_contrast = 8, .least_contrast = 15, .look_again = false};

// One area of a slide: which pixels it has and which cells are its own.
struct AreaFrame {
  Box box;   // of the image, in working pixels of the slide
  Box core;  // cells whose nucleus's centroid lies in it are this area's; further in than area_halo() from box's edges,
             // or than look_halo()
};

// A point of an area's image in level 0, both in 1/32 pixel.
SubPoint to_level0(SubPoint local, const Box& box, double level0_scale);

// Working pixels around a core that its cells can depend on.
int area_halo(const AreaSettings& settings);
// Those around a core that is only looked at (AreaMeter::look()): what is found there depends on them, hardly.
int look_halo(const AreaSettings& settings);

// How clear the nuclei of an area are, and from a sample of the slide what a nucleus must at least be: sets
// nuclei.least_contrast, least_nucleus_h and, unless DAB stains nuclei, clear_nucleus_h. The order of `looks` does not
// matter.
struct NucleusLook {
  int contrast = 0, haematoxylin = 0;  // mOD
};
void use_looks(std::vector<NucleusLook> looks, AreaSettings& settings);

// Reads a part of an area (a box of working pixels that begins and ends on even ones) into the image.
using AreaPixels = std::function<Result<void>(const Box& part, RgbImage& out)>;

// Looks at areas of one slide, piece by piece, so that an area's image need not be in memory. Pure: the same cells
// wherever the areas' edges lie. Thread-safe; keeps its memory from area to area, one for each thread that is in it:
// about kAreaBytes a pixel.
class AreaMeter {
 public:
  explicit AreaMeter(const AreaSettings& settings);
  ~AreaMeter();
  AreaMeter(const AreaMeter&) = delete;
  AreaMeter& operator=(const AreaMeter&) = delete;

  Result<std::vector<NucleusLook>> look(const AreaPixels& pixels, const AreaFrame& frame);
  // Finds and measures the cells of an area and adds them to `out`. The kind is left for classify_cells(), which knows
  // the whole slide.
  Result<void> measure(const AreaPixels& pixels, const AreaFrame& frame, CellTable& out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};
inline constexpr int kAreaBytes = 6;  // of an AreaMeter's memory, a pixel

// The same for an image in memory that covers frame.box.
std::vector<NucleusLook> look_at_nuclei(const RgbImage& rgb, const AreaFrame& frame, const AreaSettings& settings);
void measure_area(const RgbImage& rgb, const AreaFrame& frame, const AreaSettings& settings, CellTable& out);

// Gives every cell its kind, from its nucleus's shape and darkness against the slide's median.
void classify_cells(CellTable& table);

}  // namespace her2
