// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "her2/core/error.h"
#include "her2/ihc/cell_table.h"
#include "her2/ihc/profile.h"
#include "her2/ihc/score.h"

namespace her2 {

// The cells as QuPath opens them (`cells.geojson.gz`; packed when the name ends in ".gz"): objects of type "cell" with
// nucleus, class (qupath.h), measurements, and in metadata the exact class, the kind and the slide's hash, so that the
// file comes back as edits (edits_file.h). Removed cells are left out. Pixels of level 0 with two decimals; an outline
// that crosses itself is written as its convex hull, because QuPath refuses invalid polygons.
// Memory does not grow with the table; the file appears whole or not at all.
Result<void> write_cells_geojson(const CellTable& table, const ScoredCells& scored, const Profile& profile,
                                 const std::string& path);

// The same table as CSV (RFC 4180, UTF-8, one header line), without outlines; packed when the name ends in ".gz".
Result<void> write_cells_csv(const CellTable& table, const ScoredCells& scored, const Profile& profile,
                             const std::string& path);

// A ring in hundredths of a pixel, simple and with at least three different points: the outline itself, else its convex
// hull; a degenerate one becomes a small diamond around its first point. For tests.
struct Centipoint {
  std::int64_t x = 0, y = 0;
  bool operator==(const Centipoint&) const = default;
};
std::vector<Centipoint> simple_ring(std::span<const SubPoint> outline);

}  // namespace her2
