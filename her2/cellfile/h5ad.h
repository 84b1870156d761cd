// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "her2/core/error.h"
#include "her2/ihc/cell_table.h"
#include "her2/ihc/profile.h"
#include "her2/ihc/score.h"

// The cell table as AnnData in HDF5 (`cells.h5ad`, docs/cell-table.md): scanpy, pandas, R and h5py read it, and it
// comes back as exactly the table that was written.
namespace her2 {

// `scored` gives the columns class, removed and kind (as scored, edits counted); the measured kind is kept beside it.
// No clock in it: the same table gives the same bytes. The file appears whole or not at all. Memory does not grow with
// the table. One thread at a time is inside. `controls`: cells of on-slide controls, which count nowhere but are kept
// (obs['role']); their classes are the profile's.
Result<void> write_h5ad(const CellTable& table, const ScoredCells& scored, const Profile& profile,
                        const std::string& path, const CellTable* controls = nullptr);

// The table of a file that write_h5ad wrote, without what was scored. Refuses tables whose cells were filtered or put
// in another order: outlines then belong to no cell. The cells of on-slide controls go to `controls`, or are left out.
Result<CellTable> read_h5ad(const std::string& path, CellTable* controls = nullptr);

// Columns of X are measurements() in this unit; the exact whole numbers are layers/exact.
inline constexpr const char* kCellsFormat = "her2-cells/1";

}  // namespace her2
