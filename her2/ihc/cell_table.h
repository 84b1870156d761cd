// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "her2/cell/kind.h"
#include "her2/core/object_id.h"
#include "her2/core/polygon.h"
#include "her2/ihc/outlines.h"

// The cell table: what was measured of each cell, before any threshold of a profile. A score is a pure function of this
// table, a person's edits and a profile (score.h), so a slide is scored again without its pixels.
// All measurements are integers; OD is in thousandths (mOD), 0.001 of optical density.
namespace her2 {

// The fixed contrasts at which each cell's completeness is kept, in mOD. A profile's t_mem lies within this ladder;
// between two steps completeness is interpolated (score.h).
inline constexpr std::array<std::int16_t, 12> kLadderMod{40, 60, 80, 100, 120, 150, 180, 220, 270, 350, 500, 800};

// The cell's boundary, seen with one contrast as "stained".
struct LadderStep {
  std::uint16_t completeness = 0;  // stained share of the boundary, 1/1000
  std::uint16_t longest_gap = 0;   // longest unstained stretch as share of the boundary, 1/1000
  std::uint16_t intensity = 0;     // median contrast of the stained samples, mOD; 0: none stained
};

struct MeasuredCell {
  SubPoint centroid;  // of the nucleus, level 0
  CellKind kind = CellKind::other;
  std::uint8_t confidence = 0;     // that the kind is right, percent
  std::uint8_t border = 0;         // share of the boundary next to glass or a lumen, percent
  std::int16_t region = -1;        // index into CellTable::regions; -1: none were given
  std::uint32_t nucleus_area = 0;  // 0.01 um2
  std::uint32_t cell_area = 0;     // 0.01 um2
  std::uint32_t boundary = 0;      // length of the cell's boundary, 0.01 um
  std::uint16_t roundness = 0;     // of the nucleus: 4 pi area / perimeter^2, 1/1000, at most 1000
  std::uint16_t elongation = 0;    // of the nucleus: long over short axis of its second moments, 1/100, at most 1000
  std::int16_t nucleus_h = 0;      // mean haematoxylin OD of the nucleus, mOD
  std::int16_t nucleus_dab = 0;    // mean DAB OD of the nucleus, mOD
  std::int16_t cytoplasm_dab = 0;  // mean DAB OD between nucleus and membrane, mOD
  std::int16_t membrane_dab = 0;   // mean of the highest DAB OD across the membrane, over the whole boundary, mOD
  std::uint16_t width_half =
      0;  // median full width at half maximum of the samples with contrast >= 100 mOD, nm; 0: none
  std::uint16_t width_fixed = 0;  // median width at 200 mOD above the lower shoulder over all samples, nm; 0: below it
  std::array<LadderStep, kLadderMod.size()> ladder;
};

// Everything that was measured of one slide, with what the measurement rests on.
struct CellTable {
  std::string marker = "her2";  // what DAB stains: "her2", or "er", "pgr", "ki67" (nuclear.h)
  std::string slide_name;       // file name without folder
  std::string slide_sha256;     // of the file's content (of the folder's files in order for formats of several files)
  double mpp = 0;               // um per level 0 pixel
  double work_mpp = 0;          // um per pixel that was measured on
  std::string subsampling;      // chroma: "4:2:0"; empty: none or not known
  std::array<int, 3> white{255, 255, 255};            // I0 of R, G, B
  std::array<std::array<int, 3>, 2> stain_vectors{};  // haematoxylin, DAB: unit vectors in OD of R, G, B, 1/10000
  bool stain_estimated = false;                       // from this slide; else the profile's
  std::string stain_says;                             // which were taken and why, in words; may be empty
  std::string profile_name, profile_sha256;           // with which it was measured
  std::string software;                               // "her2 0.1.0"
  std::vector<std::string> regions;                   // names of the regions that were measured; empty: all tissue
  bool microarray = false;                            // they are the cores of a tissue microarray

  std::vector<MeasuredCell> cells;  // ordered by (centroid.y, centroid.x)
  Outlines outlines;                // one a cell
  // An id that stays when the slide is measured again with another tiling: object_id() of its centroid.
  [[nodiscard]] std::string id(std::size_t cell) const;
  void add(const MeasuredCell& cell, std::span<const SubPoint> nucleus, std::span<const SubPoint> boundary);
  // With the outline of another table's cell.
  void add_from(const MeasuredCell& cell, const CellTable& from, std::size_t index);
  // The same of the slide, no cells.
  [[nodiscard]] CellTable without_cells() const;
};

}  // namespace her2
