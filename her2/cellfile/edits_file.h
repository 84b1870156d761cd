// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "her2/cellfile/features.h"
#include "her2/core/error.h"
#include "her2/ihc/cell_table.h"
#include "her2/ihc/edits.h"

// A person's corrections: `--edits`.
namespace her2 {

// Reads either of two kinds of file (plain or gzipped), told apart by content:
// - cells.geojson.gz as a person changed it in QuPath. A changed class is an edit of kind or membrane; a cell of the
//   table that is no longer in the file was removed, and so was one of a class with "*" (Ignore*). 1+ given to a cell
//   means weak (it stays faint where it was), and completeness stays as it was unless the class says "Complete" or
//   "Incomplete". Annotations are passed over. QuPath records neither author nor time, so both stay empty.
// - our own records: {"format": "her2-edits/1", "slide_sha256": ..., "edits": [{"cell", "x", "y", "action", "kind",
//   "membrane", "author", "time"}]}, as edits_json writes them.
// Fails on cells that are not in the table or were added, unknown classes, another slide's cells, and a file with less
// than half of the table's cells (an export of a selection would remove all others).
Result<std::vector<Edit>> read_edits(const std::string& path, const CellTable& table);
Result<std::vector<Edit>> parse_edits(const ByteInput& input, const std::string& file, const CellTable& table);

// Our own records of edits; centroids in level 0 pixels.
std::string edits_json(const std::vector<Edit>& edits, const std::string& slide_sha256);

}  // namespace her2
