// SPDX-License-Identifier: Apache-2.0
// Corrections of a table of four cells. What is read must be written so that it reads back the same, and be applicable.
#include "fuzz/dictionary.h"
#include "her2/cellfile/edits_file.h"
#include "her2/ihc/score.h"

namespace {

her2::CellTable four_cells() {
  her2::CellTable table;
  table.slide_name = "a.svs";
  table.slide_sha256 = "aa";
  for (int i = 0; i < 4; ++i) {
    her2::MeasuredCell cell;
    cell.centroid = {i * 640, 0};
    const her2::Contour outline{{i * 640 - 99, -99}, {i * 640 + 99, -99}, {i * 640 + 99, 99}, {i * 640 - 99, 99}};
    table.add(cell, outline, outline);
  }
  return table;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace her2;
  static const CellTable table = four_cells();
  const auto read = parse_edits(memory_input(fuzz::text_of(data, size)), "e.json", table);
  if (!read) {
    fuzz::require(!read.error().reason.empty() && read.error().file == "e.json");
    return 0;
  }
  const auto text = edits_json(*read, table.slide_sha256);
  const auto again = parse_edits(memory_input(text), "again.json", table);
  fuzz::require(again.has_value());
  fuzz::require(edits_json(*again, table.slide_sha256) == text);
  const auto scored = score_cells(table, *read, Profile{});
  fuzz::require(scored.has_value() || !scored.error().reason.empty());
  return 0;
}
