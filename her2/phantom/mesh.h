// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "her2/phantom/layout.h"
#include "her2/phantom/phantom.h"

// The epithelium: polygons of a jittered, stretched lattice that share their edges, bent by one smooth field, with a
// staining state for every stretch of every edge.
namespace her2::phantom {

// A stretch of a cell's border between two neighbouring points of its contour.
struct Stretch {
  std::uint16_t amplitude_mod = 0;  // DAB above the cytoplasm before optics; 0: unstained
  std::uint16_t width_nm = 0;       // FWHM before optics
  std::uint16_t seen_mod = 0;       // peak after optics
  bool free = false;                // no cell on the other side
};

struct EpithelialCell {
  std::uint64_t key = 0;
  double x = 0, y = 0;             // middle, um
  Contour contour;                 // middle of the membrane, sub-pixels
  Contour whole;                   // the cell's place with the clefts around it; empty: no clefts
  std::vector<Stretch> stretches;  // [i] from contour[i] to contour[i + 1]
  Staining staining = Staining::unstained;
  bool complete = false;
  double target = 0;  // completeness that was asked for
  double contrast_mod = 0, width_um = 0, cytoplasm_mod = 0;
  bool lumen = false;                            // no cell: a hole between cells
  double stretch = 1, along_x = 1, along_y = 0;  // of the nest: long over short axis and its direction
};

// How contrast and width before optics give those after it, and the way back; made once.
class OpticsTable {
 public:
  explicit OpticsTable(const PhantomSpec& spec);
  // Amplitude before optics that shows as contrast_mod.
  [[nodiscard]] double amplitude(double contrast_mod, double width_um) const;
  [[nodiscard]] double seen_width(double amplitude_mod, double width_um) const;
  [[nodiscard]] double seen_contrast(double amplitude_mod, double width_um) const;

 private:
  static constexpr int kWidths = 24, kContrasts = 16;
  [[nodiscard]] double at(const std::vector<double>& table, double amplitude_mod, double width_um) const;
  std::vector<double> contrast_, width_;
};

// All cells and lumina of which any part may lie in the rectangle (um), in a fixed order.
std::vector<EpithelialCell> epithelium(const PhantomSpec& spec, const Layout& layout, const OpticsTable& optics,
                                       double x0, double y0, double x1, double y1);

}  // namespace her2::phantom
