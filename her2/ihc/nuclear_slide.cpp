// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <utility>

#include "her2/ihc/nuclear.h"

// A nucleus's mean DAB takes the place of a membrane's contrast all around, so that the ensemble of ensemble.h serves
// nuclear markers too.
namespace her2 {
namespace {

// The cells without outlines, each with a membrane that is stained all around as its nucleus is.
CellTable as_membranes(const CellTable& table) {
  CellTable out;
  out.slide_name = table.slide_name;
  out.slide_sha256 = table.slide_sha256;
  out.mpp = table.mpp;
  out.work_mpp = table.work_mpp;
  out.white = table.white;
  out.stain_vectors = table.stain_vectors;
  out.cells.reserve(table.cells.size());
  for (MeasuredCell cell : table.cells) {
    const int dab = std::max<int>(cell.nucleus_dab, 0);
    for (std::size_t step = 0; step < kLadderMod.size(); ++step) {
      const bool stained = dab >= kLadderMod.at(step);
      cell.ladder.at(step) = stained ? LadderStep{1000, 0, static_cast<std::uint16_t>(dab)} : LadderStep{0, 1000, 0};
    }
    out.add(cell, {}, {});
  }
  return out;
}

// Whatever is stained at all counts as faint, and is negative, up to where a nucleus is weakly positive.
Profile as_membranes(const Profile& profile) {
  Profile out = profile;
  out.t_mem = kLadderMod.front();
  out.t_weak = profile.nuclear_weak;
  out.t_moderate = profile.nuclear_moderate;
  out.t_strong = profile.nuclear_strong;
  out.stained_from = out.complete_from = 500;
  out.longest_gap = 500;
  return out;
}

// What edits came to, cell by cell.
std::vector<Edit> as_edits(const CellTable& table, const ScoredCells& scored) {
  std::vector<Edit> out;
  for (std::size_t i = 0; i < table.cells.size(); ++i) {
    if (!scored.removed[i] && !scored.kind_edited[i] && !scored.membrane_edited[i]) {
      continue;
    }
    Edit edit;
    edit.cell = table.id(i);
    edit.centroid = table.cells[i].centroid;
    edit.slide_sha256 = table.slide_sha256;
    if (scored.kind_edited[i]) {
      edit.action = Edit::Action::kind;
      edit.kind = scored.kind[i];
      out.push_back(edit);
    }
    if (scored.membrane_edited[i]) {
      edit.action = Edit::Action::membrane;
      edit.membrane = as_membrane(as_nuclear(scored.membrane[i]));
      out.push_back(edit);
    }
    if (scored.removed[i]) {
      edit.action = Edit::Action::remove;
      out.push_back(edit);
    }
  }
  return out;
}

ClassCounts folded(const ClassCounts& counts) {
  ClassCounts out = counts;
  const auto fold = [&](MembraneClass from, MembraneClass to) {
    out.cells[static_cast<std::size_t>(to)] += out.cells[static_cast<std::size_t>(from)];
    out.cells[static_cast<std::size_t>(from)] = 0;
  };
  fold(MembraneClass::faint_incomplete, MembraneClass::unstained);
  fold(MembraneClass::faint_complete, MembraneClass::unstained);
  fold(MembraneClass::weak_incomplete, MembraneClass::weak_complete);
  fold(MembraneClass::moderate_incomplete, MembraneClass::moderate_complete);
  fold(MembraneClass::strong_incomplete, MembraneClass::strong_complete);
  return out;
}

}  // namespace

Result<NuclearSlide> score_nuclear_slide(const CellTable& table, const std::vector<Edit>& edits,
                                         const Profile& profile) {
  auto scored = score_cells(table, edits, profile);
  if (!scored) {
    return tl::unexpected(scored.error());
  }
  NuclearSlide out;
  out.score = score_nuclei(table, *scored, profile);
  auto replicates = replicate(as_membranes(table), as_edits(table, *scored), as_membranes(profile));
  if (!replicates) {
    return tl::unexpected(replicates.error());
  }
  out.replicates = std::move(*replicates);
  std::transform(out.replicates.rows.begin(), out.replicates.rows.end(), out.replicates.rows.begin(), folded);
  out.cells = std::move(*scored);
  for (std::size_t i = 0; i < table.cells.size(); ++i) {
    const MembraneClass said = out.cells.membrane[i];
    out.cells.membrane[i] = as_membrane(out.cells.membrane_edited[i] ? as_nuclear(said)
                                                                     : nuclear_class_of(table.cells[i], profile));
  }
  out.cells.counts.cells = {};
  for (std::size_t c = 0; c < out.score.counts.cells.size(); ++c) {
    out.cells.counts.cells.at(static_cast<std::size_t>(as_membrane(static_cast<NuclearClass>(c)))) =
        out.score.counts.cells.at(c);
  }
  out.cells.h_score = h_score_of(out.cells.counts);
  return out;
}

}  // namespace her2
