// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "her2/ihc/score.h"

namespace her2::test {

inline Profile made_profile() {
  Profile p;
  p.name = "made";
  p.sha256 = "ab12";
  p.stain_vectors = {{{0.65, 0.70, 0.29}, {0.27, 0.57, 0.78}}};
  p.t_mem = 100;
  p.t_weak = 150;
  p.t_moderate = 250;
  p.t_strong = 500;
  p.complete_from = 900;
  p.longest_gap = 100;
  p.stained_from = 100;
  p.least_cells = 100;
  return p;
}

// A cell whose whole boundary has one contrast (mOD); `complete`: but for a quarter.
inline MeasuredCell cell_of(int contrast, bool complete, double x_um, double y_um, double mpp = 0.25) {
  MeasuredCell cell;
  cell.kind = CellKind::tumour;
  cell.confidence = 100;
  cell.centroid = {static_cast<std::int32_t>(x_um / mpp * kSubpixels),
                   static_cast<std::int32_t>(y_um / mpp * kSubpixels)};
  for (std::size_t i = 0; i < kLadderMod.size() && contrast >= kLadderMod[i]; ++i) {
    cell.ladder[i] = {static_cast<std::uint16_t>(complete ? 1000 : 750), static_cast<std::uint16_t>(complete ? 0 : 250),
                      static_cast<std::uint16_t>(contrast)};
  }
  return cell;
}

inline CellTable empty_table(double mpp = 0.25) {
  CellTable table;
  table.slide_name = "made.svs";
  table.slide_sha256 = "5c4e";
  table.mpp = mpp;
  table.work_mpp = mpp;
  table.white = {240, 240, 240};
  return table;
}

inline void add(CellTable& table, const MeasuredCell& cell) {
  const auto [x, y] = cell.centroid;
  const std::int32_t r = static_cast<std::int32_t>(3 / table.mpp * kSubpixels);
  const Contour nucleus{{x - r, y - r}, {x + r, y - r}, {x + r, y + r}, {x - r, y + r}};
  table.add(cell, nucleus, nucleus);
}

}  // namespace her2::test
