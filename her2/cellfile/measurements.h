// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "her2/ihc/cell_table.h"

namespace her2 {

// One column of measurements: the same in every file that we write.
struct Measurement {
  const char* name;    // "nucleus_area_um2"
  const char* qupath;  // as QuPath would call it: "Nucleus: Area µm^2"
  const char* unit;    // "um2", "OD", "%", "" for ratios
  int per_unit;        // the cell table's whole number over this is the value in `unit`
  std::int64_t (*get)(const MeasuredCell& cell);
  bool (*set)(MeasuredCell& cell, std::int64_t value);  // false: the value does not fit
};

// All of a cell's measurements but place, kind, region and the ladder, in the order of the columns.
std::span<const Measurement> measurements();

// A check over everything in the table but the cells' kinds and confidences (those a better classifier may replace):
// 16 hex digits. It finds damage; it is no proof of origin.
std::string digest(const CellTable& table);

}  // namespace her2
