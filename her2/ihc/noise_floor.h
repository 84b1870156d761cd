// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "her2/ihc/score.h"
#include "her2/stats/proportion.h"

// How much faint staining a slide shows where nothing can be stained: what "no staining" has to be judged against.
namespace her2 {

// Lymphocytes and stromal cells whose centroid is farther than this from that of any tumour cell.
inline constexpr double kFarFromTumourUm = 20;
// With fewer such cells a floor is too loose to say that staining is absent.
inline constexpr std::uint32_t kLeastFloorCells = 100;

// Cells that cannot be stained. Those classed weak or stronger are left out: something there does stain.
struct NoiseFloor {
  std::uint32_t faint = 0, cells = 0;  // faintly stained, of faint and unstained

  [[nodiscard]] double percent() const { return cells == 0 ? 0 : 100.0 * faint / cells; }
  // Exact (Clopper-Pearson) 95 % interval of the share; 0..1 without cells. For showing.
  [[nodiscard]] ShareInterval interval() const { return clopper_pearson(faint, cells); }
};

// Which cells cannot be stained, by cell of the table; none when the table states no um per pixel.
std::vector<bool> cannot_be_stained(const CellTable& table, const ScoredCells& scored);
NoiseFloor noise_floor(const CellTable& table, const ScoredCells& scored);

enum class MembraneStaining : std::uint8_t { absent, present, unknown };

// Whether tumour cells are stained above the floor. Absent: none is. Present: the share of stained tumour cells exceeds
// the floor, by the pooled two-sample test of shares with z = 1.96 (in whole numbers). Neither: absent when there are
// at least kLeastFloorCells to say so, else unknown. Unknown without tumour cells.
MembraneStaining staining(const ClassCounts& counts, const NoiseFloor& floor);

}  // namespace her2
