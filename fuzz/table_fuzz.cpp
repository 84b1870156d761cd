// SPDX-License-Identifier: Apache-2.0
// The first byte chooses how the table is read, the rest is the file. Large and small blocks must give the same rows,
// and every row must come out with an id and values or with a refusal.
#include <algorithm>
#include <vector>

#include "fuzz/dictionary.h"
#include "her2/exchange/row_mapper.h"

namespace {

using namespace her2;

struct Seen {
  std::vector<std::string> rows;
  bool whole = false;
};

TableFormat format_of(std::uint8_t choice) {
  TableFormat format;
  format.quotes = choice % 3 == 0 ? Quotes::detect : choice % 3 == 1 ? Quotes::rfc4180 : Quotes::literal;
  format.comment = (choice & 0x10) != 0 ? "#" : "";
  format.encoding = (choice & 0x20) == 0 ? Encoding::utf8 : (choice & 0x40) != 0 ? Encoding::utf16 : Encoding::latin1;
  format.lines_after = (choice & 0x80) != 0 ? 1 : 0;
  return format;
}

std::string row_text(const TableRow& row, std::size_t columns) {
  std::string out = std::to_string(row.line) + row_problem_text(row, columns);
  for (std::size_t i = 0; i < std::min(row.found, columns); ++i) {
    out += '\x1F';
    out += row.fields[i];
  }
  return out;
}

Seen read(std::string_view text, TableFormat format, std::size_t block) {
  Seen seen;
  format.block = block;
  auto source = open_text(memory_source(text, block), format.encoding);
  if (!source) {
    return seen;
  }
  auto reader = BlockReader::open(std::move(*source), "t.csv", format);
  if (!reader) {
    return seen;
  }
  static const ColumnMap plain =
      ColumnMap::parse(*embedded_file("maps/plain.toml"), "plain.toml", fuzz::dictionary()).value();
  const auto bound = BoundMap::bind(plain, fuzz::vocabulary(), fuzz::dictionary(), reader->shape());
  RowSplitter splitter(reader->shape());
  Block memory;
  TableRow row;
  MappedRow mapped;
  for (;;) {
    const auto more = reader->next(memory);
    if (!more || !*more) {
      seen.whole = more.has_value();
      return seen;
    }
    if (!splitter.start(memory)) {
      return seen;
    }
    while (splitter.next(row)) {
      seen.rows.push_back(row_text(row, reader->shape().names.size()));
      if (bound) {
        bound->map_row(row, mapped);
        fuzz::require(!mapped.id.empty() || !mapped.refusals.empty());
        (void)bound->specimen(mapped);
      }
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  const auto format = format_of(data[0]);
  const auto text = fuzz::text_of(data + 1, size - 1);
  const auto large = read(text, format, 1U << 16);
  const auto small = read(text, format, 5);
  fuzz::require(large.whole == small.whole);
  fuzz::require(!large.whole || large.rows == small.rows);
  return 0;
}
