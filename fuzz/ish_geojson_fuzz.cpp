// SPDX-License-Identifier: Apache-2.0
// A field's GeoJSON as anyone may have changed it: edits that can be written as our own records and read back.
#include "fuzz/dictionary.h"
#include "her2/cellfile/ish_edits_geojson.h"
#include "her2/exchange/ish_counts.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace her2;
  const auto read = parse_ish_geojson_edits(memory_input(fuzz::text_of(data, size)), "f.geojson", "A. Reader");
  if (!read) {
    fuzz::require(!read.error().reason.empty() && read.error().file == "f.geojson");
    return 0;
  }
  const auto again = parse_ish_edits(ish_edits_json(*read), "again.json");
  fuzz::require(again.has_value() && again->size() == read->size());
  return 0;
}
