// SPDX-License-Identifier: Apache-2.0
#include "her2/ihc/cell_table.h"

namespace her2 {

std::span<const SubPoint> CellTable::nucleus(std::size_t cell) const {
  return std::span(points).subspan(nucleus_begin[cell], cell_begin[cell] - nucleus_begin[cell]);
}

std::span<const SubPoint> CellTable::boundary(std::size_t cell) const {
  return std::span(points).subspan(cell_begin[cell], nucleus_begin[cell + 1] - cell_begin[cell]);
}

std::string CellTable::id(std::size_t cell) const { return object_id(slide_sha256, cells[cell].centroid); }

void CellTable::add(const MeasuredCell& cell, std::span<const SubPoint> nucleus, std::span<const SubPoint> boundary) {
  cells.push_back(cell);
  points.insert(points.end(), nucleus.begin(), nucleus.end());
  cell_begin.push_back(points.size());
  points.insert(points.end(), boundary.begin(), boundary.end());
  nucleus_begin.push_back(points.size());
}

}  // namespace her2
