// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "her2/cell/kind.h"
#include "her2/core/error.h"
#include "her2/core/polygon.h"

namespace her2 {

// One cell as `cells.h5ad` has it: scored, edits counted. The spans hold until the next cell.
struct StreamedCell {
  std::size_t row = 0;  // in the file, from 0
  CellKind kind = CellKind::other;
  std::size_t klass = 0;  // index into CellStream::classes
  bool removed = false;   // by a person
  bool control = false;   // a cell of an on-slide control: it counts nowhere
  double x = 0, y = 0;    // centroid of the nucleus, level 0 pixels
  // Only with outlines: the row of layers/exact (measurements()), both outlines, and the membrane.
  std::span<const std::int64_t> exact;
  std::span<const SubPoint> nucleus, boundary;
  float completeness = 0, longest_gap = 0;  // of the membrane, shares of the boundary
  float contrast = 0;                       // median OD of what is stained
};

// The cells of a `cells.h5ad` one after the other, for what need not hold the table: memory is 4 bytes a cell and a few
// thousand rows. One thread at a time is inside.
class CellStream {
 public:
  // Reads what is said of the whole slide. Fails: not a file of write_h5ad, columns that are missing or too short,
  // classes out of range.
  static Result<CellStream> open(const std::string& path);

  std::string marker, slide_name, slide_sha256, software, profile_name;
  std::string digest;                // of the table (measurements.h)
  double mpp = 0;                    // um per level 0 pixel
  std::vector<std::string> classes;  // "strong_complete" ...; of nuclear markers "negative", "weak" ...

  [[nodiscard]] std::size_t size() const { return kinds_.size(); }
  // Every cell in the order of the file. `see` returns an error to stop. Without outlines it costs a fraction.
  Result<void> each(bool outlines, const std::function<Result<void>(const StreamedCell&)>& see) const;
  // Points of both outlines of every cell: see(row, of the nucleus, of the boundary).
  Result<void> each_size(const std::function<void(std::size_t, std::size_t, std::size_t)>& see) const;
  // The part of a cell that is held anyway; x, y and the spans stay empty.
  [[nodiscard]] StreamedCell brief(std::size_t row) const;

 private:
  std::string path_;
  std::vector<std::uint8_t> kinds_, classes_of_, removed_, control_;
};

}  // namespace her2
