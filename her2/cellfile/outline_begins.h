// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "her2/ihc/outlines.h"

namespace her2 {

// Where each cell's rings begin when the points of all stand in one row, as in cells.h5ad: cell i has [nuclei[i],
// boundaries[i]) for its nucleus and [boundaries[i], nuclei[i + 1]) for its boundary. nuclei has one entry more.
struct OutlineBegins {
  std::vector<std::uint64_t> nuclei{0}, boundaries;
};

// Why a file with outlines is not written when Outlines::whole() is false.
inline constexpr const char* kOutlinesLost =
    "cannot be written: the temporary file with the cells' outlines could not be read back; set TMPDIR to a folder on "
    "a disk that works, and run it again";

// Visits every point in that order.
template <class Visit>
OutlineBegins outline_begins(const Outlines& outlines, const Visit& visit) {
  OutlineBegins out;
  out.nuclei.reserve(outlines.size() + 1);
  out.boundaries.reserve(outlines.size());
  for (std::size_t i = 0; i < outlines.size(); ++i) {
    const CellOutline outline = outlines.read(i);
    out.boundaries.push_back(out.nuclei.back() + outline.of_nucleus);
    out.nuclei.push_back(out.nuclei.back() + outline.points.size());
    for (const SubPoint point : outline.points) {
      visit(point);
    }
  }
  return out;
}

}  // namespace her2
