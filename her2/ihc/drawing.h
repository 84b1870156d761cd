// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "her2/core/plane.h"
#include "her2/ihc/cell_table.h"
#include "her2/ihc/score.h"

// Pictures of cells. Pure functions; the same input gives the same pixels everywhere (no libm but the square root).
namespace her2 {

using Rgb = std::array<std::uint8_t, 3>;

// The colours of QuPath's intensity classes: Negative blue, 1+ (faint, weak) yellow, 2+ (moderate) orange, 3+ (strong)
// red; grey for what is no tumour cell.
Rgb colour_of(MembraneClass membrane);
inline constexpr Rgb kOtherCellColour{128, 128, 128};

struct OutlineStyle {
  bool boundaries = true;
  bool nuclei = false;
  bool only_tumour = false;  // else other cells are drawn in grey
  double width = 2;          // of the line, picture pixels
};

// Draws the outlines of all cells that are not removed onto a picture that shows exactly the box `shown` of level 0. A
// complete membrane is a solid line, an incomplete or unstained one is dashed. Each line has a light edge, so that it
// is seen on brown.
void draw_outlines(RgbImage& picture, const Box& shown, const CellTable& table, const ScoredCells& scored,
                   const OutlineStyle& style = {});

// The thumbnail of the whole slide in pale grey, and over it, in squares of `bin` thumbnail pixels, the mean intensity
// of the tumour cells in them: from blue (unstained) through yellow (1+) and orange (2+) to red (3+). `width`,
// `height`: of level 0.
RgbImage heat_map(const RgbImage& thumbnail, std::int64_t width, std::int64_t height, const CellTable& table,
                  const ScoredCells& scored, int bin = 4);

// The colour of a mean intensity: 0 (unstained) to 3000 (all strong).
Rgb heat_colour(int mean_mille);

// A square of level 0 where a class is best seen: of all such squares on a fixed grid the one with the most tumour
// cells of that class, the first of equals.
struct ExampleField {
  MembraneClass membrane = MembraneClass::unstained;
  Box box;                       // level 0, moved to lie within the slide where it fits
  std::uint32_t cells = 0;       // of that class in the square
  std::uint32_t all_tumour = 0;  // tumour cells in it
};
// One for each class that has at least one tumour cell, in the order of the classes.
std::vector<ExampleField> example_fields(const CellTable& table, const ScoredCells& scored, std::int64_t side,
                                         std::int64_t width, std::int64_t height);

}  // namespace her2
