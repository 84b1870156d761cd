// SPDX-License-Identifier: Apache-2.0
#include "her2/ihc/cell_table.h"

namespace her2 {

std::string CellTable::id(std::size_t cell) const { return object_id(slide_sha256, cells[cell].centroid); }

void CellTable::add(const MeasuredCell& cell, std::span<const SubPoint> nucleus, std::span<const SubPoint> boundary) {
  cells.push_back(cell);
  outlines.add(nucleus, boundary);
}

void CellTable::add_from(const MeasuredCell& cell, const CellTable& from, std::size_t index) {
  cells.push_back(cell);
  outlines.add_from(from.outlines, index);
}

CellTable CellTable::without_cells() const {
  CellTable out;
  out.marker = marker;
  out.slide_name = slide_name;
  out.slide_sha256 = slide_sha256;
  out.mpp = mpp;
  out.work_mpp = work_mpp;
  out.subsampling = subsampling;
  out.white = white;
  out.stain_vectors = stain_vectors;
  out.stain_estimated = stain_estimated;
  out.stain_says = stain_says;
  out.profile_name = profile_name;
  out.profile_sha256 = profile_sha256;
  out.software = software;
  out.regions = regions;
  out.microarray = microarray;
  return out;
}

}  // namespace her2
