// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "her2/ihc/cell_table.h"
#include "her2/ihc/edits.h"
#include "her2/ihc/profile.h"

// From the cell table to the shares that a guideline asks for. Pure functions; no pixels, no clock, no file.
namespace her2 {

// One cell's membrane at the profile's t_mem: interpolated between the ladder's steps.
struct MembraneAt {
  int completeness = 0, longest_gap = 0;  // 1/1000
  int intensity = 0;                      // mOD
};
MembraneAt membrane_at(const MeasuredCell& cell, int t_mem);

// The cell's place on the grid under a profile.
MembraneClass membrane_class_of(const MeasuredCell& cell, const Profile& profile);

struct ClassCounts {
  std::array<std::uint32_t, kMembraneClasses> cells{};  // tumour cells by MembraneClass
  std::uint32_t tumour = 0;                             // their sum: the denominator
  std::array<std::uint32_t, 4> kinds{};                 // all cells by CellKind, after edits

  [[nodiscard]] double percent(MembraneClass c) const;  // of tumour; 0 when there are none
};

// Classes of all cells after edits; `removed` cells have no class. Edits for cells that are not in the table are an
// error.
struct ScoredCells {
  std::vector<MembraneClass> membrane;  // by cell
  std::vector<CellKind> kind;
  std::vector<bool> removed;
  ClassCounts counts;
  // The field's H-score: 1 x % weak + 2 x % moderate + 3 x % strong (0 to 300), faint counted as 0.
  double h_score = 0;
};
Result<ScoredCells> score_cells(const CellTable& table, const std::vector<Edit>& edits, const Profile& profile);

}  // namespace her2
