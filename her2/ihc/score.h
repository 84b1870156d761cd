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

// One cell's membrane at the profile's t_mem (mOD): the ladder's own values at its steps, between two of them linear
// and rounded to the nearest whole number, beyond the ladder its end. Between steps the intensity is at least t_mem, as
// that of stained samples is; 0 where none is stained.
struct MembraneAt {
  int completeness = 0, longest_gap = 0;  // 1/1000
  int intensity = 0;                      // mOD
};
MembraneAt membrane_at(const MeasuredCell& cell, int t_mem);

// The cell's place on the grid under a profile: unstained when less than stained_from of its boundary is stained at
// t_mem; complete when at least complete_from is and no gap is longer than longest_gap; faint below t_weak, weak below
// t_moderate, moderate below t_strong, else strong, by the median contrast of what is stained.
MembraneClass membrane_class_of(const MeasuredCell& cell, const Profile& profile);

// The same for very many cells: what depends on the profile alone is worked out once.
class MembraneCuts {
 public:
  explicit MembraneCuts(const Profile& profile);
  [[nodiscard]] MembraneClass operator()(const MeasuredCell& cell) const;
  [[nodiscard]] int t_mem() const { return t_mem_; }

 private:
  int t_mem_, t_weak_, t_moderate_, t_strong_, complete_from_, longest_gap_, stained_from_;
  std::size_t step_ = 0, next_ = 0;  // of the ladder, around t_mem
  unsigned share_ = 0, of_ = 1;      // t_mem lies share_/of_ of the way from one to the other
};

struct ClassCounts {
  std::array<std::uint32_t, kMembraneClasses> cells{};  // tumour cells by MembraneClass
  std::uint32_t tumour = 0;                             // their sum: the denominator
  std::array<std::uint32_t, 4> kinds{};                 // all cells by CellKind, after edits

  [[nodiscard]] double percent(MembraneClass c) const;  // of tumour; 0 when there are none
};

// Classes of all cells after edits; `removed` cells are counted nowhere. Edits are taken in order, the last word on a
// cell holds: an edit of a removed cell brings it back. A cell is found by its id, else (the slide was measured anew)
// it is the one whose nucleus covers the edit's centroid. Edits of another slide, or of a cell that is not in the
// table, are an error.
struct ScoredCells {
  std::vector<MembraneClass> membrane;  // by cell
  std::vector<CellKind> kind;
  std::vector<bool> removed;
  std::vector<bool> kind_edited, membrane_edited;  // a person has said so
  ClassCounts counts;
  // H-score of the tumour cells, 0 to 300: 1 x (% faint + % weak) + 2 x % moderate + 3 x % strong. Faint and weak
  // staining are one step, because faint membranes are what HER2 1+ is made of. 0 when there are no tumour cells.
  double h_score = 0;
};
double h_score_of(const ClassCounts& counts);

// Guidelines ask whether there is any cell of some class ("intense and complete in at most 10 %"), and of thousands of
// cells a few are always taken for what they are not. Classes with a smaller share than this are counted with the next
// weaker one of the same completeness, from the strongest down; of faint ones the complete with the incomplete, which
// stays as it is. Our own value, to be replaced by measured rates of error.
inline constexpr int kRarePermille = 10;
ClassCounts without_rare(const ClassCounts& counts);

Result<ScoredCells> score_cells(const CellTable& table, const std::vector<Edit>& edits, const Profile& profile);

}  // namespace her2
