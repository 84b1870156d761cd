// SPDX-License-Identifier: Apache-2.0
// A draft for any table is a column map that reads, with the facts that the draft says; and a list of names of columns.
#include "fuzz/dictionary.h"
#include "her2/exchange/map_draft.h"

namespace {

const her2::ColumnNamesBook& book() {
  static const auto read = her2::ColumnNamesBook::parse(her2::embedded_file("maps/column-names.toml").value_or(""),
                                                        "column-names.toml", her2::fuzz::dictionary());
  her2::fuzz::require(read.has_value());
  return *read;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace her2;
  const auto text = fuzz::text_of(data, size);
  (void)ColumnNamesBook::parse(text, "names.toml", fuzz::dictionary());
  auto reader = BlockReader::open(memory_source(text), "t.csv", {});
  if (!reader) {
    return 0;
  }
  const auto draft = draft_map(*reader, book(), fuzz::vocabulary(), fuzz::dictionary());
  if (!draft) {
    fuzz::require(!draft.error().reason.empty());
    return 0;
  }
  if (draft->id.empty() || draft->columns.empty()) {
    return 0;
  }
  const auto map = ColumnMap::parse(draft_toml(*draft, "t.csv", fuzz::dictionary()), "draft.toml", fuzz::dictionary());
  fuzz::require(map.has_value() && map->columns.size() == draft->columns.size());
  return 0;
}
