// SPDX-License-Identifier: Apache-2.0
// A column map, and the same text as a vocabulary; what is read is bound to a table and reads a row of it.
#include "fuzz/dictionary.h"
#include "her2/exchange/row_mapper.h"

namespace {

void read_with(const her2::ColumnMap& map) {
  using namespace her2;
  constexpr std::string_view kTable =
      "id,a,b,ihc_score,ratio,edition\n1,2,x,2+,2.0,2018\n2,,[Not Available],0-1+,>6,\n";
  auto reader = BlockReader::open(memory_source(kTable), "t.csv", map.format);
  if (!reader) {
    return;
  }
  const auto bound = BoundMap::bind(map, fuzz::vocabulary(), fuzz::dictionary(), reader->shape());
  if (!bound) {
    fuzz::require(!bound.error().reason.empty());
    return;
  }
  RowSplitter splitter(reader->shape());
  Block block;
  TableRow row;
  MappedRow mapped;
  while (reader->next(block).value_or(false) && splitter.start(block)) {
    while (splitter.next(row)) {
      bound->map_row(row, mapped);
      (void)bound->specimen(mapped);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace her2;
  const auto text = fuzz::text_of(data, size);
  if (const auto map = ColumnMap::parse(text, "map.toml", fuzz::dictionary())) {
    read_with(*map);
  } else {
    fuzz::require(!map.error().reason.empty() && map.error().file == "map.toml");
  }
  (void)Vocabulary::parse(text, "vocabulary.toml", fuzz::dictionary());
  return 0;
}
