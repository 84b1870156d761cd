// SPDX-License-Identifier: Apache-2.0
#include "her2/exchange/small_table.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "her2/evidence/text.h"
#include "her2/exchange/table_reader.h"

namespace her2 {
namespace {

std::string plain_name(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const char small = lower(c);
    if ((small >= 'a' && small <= 'z') || (small >= '0' && small <= '9')) {
      out += small;
    }
  }
  return out;
}

bool means(const ColumnNames& column, const std::string& name) {
  return !name.empty() && (name == plain_name(column.name) ||
                           std::find(column.also.begin(), column.also.end(), name) != column.also.end());
}

}  // namespace

Result<SmallTable> SmallTable::read(std::unique_ptr<ByteSource> text, const std::string& name,
                                    std::span<const ColumnNames> columns) {
  auto reader = BlockReader::open(std::move(text), name, {});
  if (!reader) {
    return tl::unexpected(located(reader.error(), name));
  }
  SmallTable out;
  out.names_ = reader->shape().names;
  out.index_.resize(columns.size());
  for (std::size_t i = 0; i < out.names_.size(); ++i) {
    const std::string plain = plain_name(out.names_[i]);
    const auto* const known = std::find_if(columns.data(), columns.data() + columns.size(),
                                           [&](const ColumnNames& c) { return means(c, plain); });
    if (known == columns.data() + columns.size()) {
      out.unused_.push_back(out.names_[i]);
      continue;
    }
    auto& index = out.index_[static_cast<std::size_t>(known - columns.data())];
    if (index) {
      return fail(fmt::format("the columns {} and {} both mean {}; keep one of them", in_quotes(out.names_[*index]),
                              in_quotes(out.names_[i]), known->name),
                  "line 1", name);
    }
    index = i;
  }
  RowSplitter splitter(reader->shape());
  Block block;
  TableRow row;
  for (;;) {
    const auto more = reader->next(block);
    if (!more) {
      return tl::unexpected(located(more.error(), name));
    }
    if (!*more) {
      return out;
    }
    if (auto begun = splitter.start(block); !begun) {
      return tl::unexpected(located(begun.error(), name));
    }
    while (splitter.next(row)) {
      if (row.problem != TableRow::Problem::none) {
        return fail(row_problem_text(row, out.names_.size()), fmt::format("line {}", row.line), name);
      }
      if (std::all_of(row.fields, row.fields + row.found, [](std::string_view f) { return trimmed(f).empty(); })) {
        continue;
      }
      if (out.lines_.size() == kMostRows) {
        return fail(fmt::format("has more than {} rows; give one case", kMostRows), {}, name);
      }
      out.lines_.push_back(row.line);
      for (const auto& index : out.index_) {
        out.fields_.emplace_back(index ? trimmed(row.fields[*index]) : std::string_view());
      }
    }
  }
}

std::string_view SmallTable::at(std::size_t row, std::size_t column) const {
  return fields_[row * index_.size() + column];
}

std::string SmallTable::place(std::size_t row, std::optional<std::size_t> column) const {
  std::string out = fmt::format("row {} (line {})", row + 1, lines_[row]);
  return column && index_[*column] ? out + ", column " + names_[*index_[*column]] : out;
}

}  // namespace her2
