// SPDX-License-Identifier: Apache-2.0
#include "her2/ihc/cell_table.h"

#include <fmt/format.h>

#include "her2/core/sha256.h"

namespace her2 {

std::span<const SubPoint> CellTable::nucleus(std::size_t cell) const {
  return std::span(points).subspan(nucleus_begin[cell], cell_begin[cell] - nucleus_begin[cell]);
}

std::span<const SubPoint> CellTable::boundary(std::size_t cell) const {
  return std::span(points).subspan(cell_begin[cell], nucleus_begin[cell + 1] - cell_begin[cell]);
}

std::string CellTable::id(std::size_t cell) const { return object_id(slide_sha256, cells[cell].centroid); }

std::string object_id(const std::string& slide_sha256, SubPoint at) {
  std::string hex = sha256_hex(fmt::format("{} {} {}", slide_sha256, at.x, at.y)).substr(0, 32);
  hex[12] = '8';  // RFC 9562: version 8, made by a rule of our own
  hex[16] = "89ab"[(hex[16] >= 'a' ? hex[16] - 'a' + 10 : hex[16] - '0') & 3];
  return fmt::format("{}-{}-{}-{}-{}", hex.substr(0, 8), hex.substr(8, 4), hex.substr(12, 4), hex.substr(16, 4),
                     hex.substr(20));
}

void CellTable::add(const MeasuredCell& cell, std::span<const SubPoint> nucleus, std::span<const SubPoint> boundary) {
  cells.push_back(cell);
  points.insert(points.end(), nucleus.begin(), nucleus.end());
  cell_begin.push_back(points.size());
  points.insert(points.end(), boundary.begin(), boundary.end());
  nucleus_begin.push_back(points.size());
}

}  // namespace her2
