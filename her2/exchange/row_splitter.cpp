// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bit>
#include <cstring>

#include <fmt/format.h>

#include "her2/evidence/text.h"
#include "her2/exchange/scan.h"
#include "her2/exchange/table_reader.h"

namespace her2 {
namespace {

// "line L, column C" of the byte at `offset` of a block.
std::string place_in(const Block& block, std::size_t offset) {
  const auto before = block.text.substr(0, offset);
  const auto line = block.first_line + static_cast<std::uint64_t>(std::count(before.begin(), before.end(), '\n'));
  const auto start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  return fmt::format("line {}, byte {}", line, offset - start + 1);
}

void strip_carriage_return(std::string_view& field) {
  if (field.ends_with('\r')) {
    field.remove_suffix(1);
  }
}

std::size_t length(const char* from, const char* to) { return static_cast<std::size_t>(to - from); }

}  // namespace

RowSplitter::RowSplitter(const TableShape& shape)
    : shape_(shape), columns_(shape.names.size()), fields_(columns_ + 1), unescaped_(columns_ + 1) {}

Result<void> RowSplitter::start(const Block& block) {
  begin_ = at_ = end_ = nullptr;
  if (const auto nul = block.text.find('\0'); nul != std::string_view::npos) {
    return fail("holds a NUL byte: a binary file, or UTF-16 text; a table of UTF-8 text is expected",
                place_in(block, nul), shape_.file);
  }
  if (const auto bad = find_bad_utf8(block.text); bad != std::string_view::npos) {
    return fail(not_utf8_text(block.text, bad), place_in(block, bad), shape_.file);
  }
  begin_ = at_ = block.text.data();
  end_ = begin_ + block.text.size();
  line_ = block.first_line;
  quoted_ = block.has_quotes && shape_.quotes;
  load(0);
  return {};
}

bool RowSplitter::next(TableRow& row) {
  skip_lines();
  if (at_ == end_) {
    return false;
  }
  row.line = line_;
  row.problem = TableRow::Problem::none;
  return quoted_ ? next_quoted(row) : next_bare(row);
}

// Delimiters and line breaks of the 64 bytes at offset `chunk`.
void RowSplitter::load(std::size_t chunk) {
  chunk_ = chunk;
  const std::size_t size = length(begin_, end_);
  if (chunk >= size) {
    mask_ = 0;
    return;
  }
  const char* text = begin_ + chunk;
  mask_ = (match_simd(text, shape_.delimiter) | match_simd(text, '\n')) & low_bits(size - chunk);
}

// Goes over blank lines and comments.
void RowSplitter::skip_lines() {
  const char* const start = at_;
  while (at_ < end_) {
    if (*at_ == '\n') {
      ++at_;
    } else if (*at_ == '\r' && at_ + 1 < end_ && at_[1] == '\n') {
      at_ += 2;
    } else if (!shape_.comment.empty() && std::string_view(at_, length(at_, end_)).starts_with(shape_.comment)) {
      const void* newline = std::memchr(at_, '\n', length(at_, end_));
      at_ = newline == nullptr ? end_ : static_cast<const char*>(newline) + 1;
    } else {
      break;
    }
    ++line_;
  }
  if (at_ != start) {
    const std::size_t offset = length(begin_, at_);
    if (offset - chunk_ >= kScanWidth) {
      load(offset / kScanWidth * kScanWidth);
    }
    mask_ &= ~low_bits(offset - chunk_);
  }
}

bool RowSplitter::next_bare(TableRow& row) {
  const char* field = at_;
  std::size_t found = 0;
  for (bool more = true; more;) {
    while (mask_ == 0 && begin_ + chunk_ + kScanWidth < end_) {
      load(chunk_ + kScanWidth);
    }
    const char* stop = end_;
    if (mask_ != 0) {
      stop = begin_ + chunk_ + std::countr_zero(mask_);
      mask_ &= mask_ - 1;
    }
    fields_[std::min(found, columns_)] = std::string_view(field, length(field, stop));
    ++found;
    more = stop != end_ && *stop != '\n';
    field = stop == end_ ? end_ : stop + 1;
  }
  strip_carriage_return(fields_[std::min(found - 1, columns_)]);
  at_ = field;
  ++line_;
  finish_row(row, found);
  return true;
}

// The delimiter or line break that ends the bare field at `at`, or the end.
const char* RowSplitter::field_end(const char* at) const {
  for (; at < end_; at += kScanWidth) {
    const auto mask = (match_simd(at, shape_.delimiter) | match_simd(at, '\n')) & low_bits(length(at, end_));
    if (mask != 0) {
      return at + std::countr_zero(mask);
    }
  }
  return end_;
}

// Reads the field behind the opening quote at `at`; returns the delimiter or line break that ends it, or the end.
const char* RowSplitter::quoted_field(const char* at, std::size_t column, TableRow& row) {
  const char* const start = ++at;
  std::string& unescaped = unescaped_[column];
  bool doubled = false;
  for (;;) {
    const void* quote = std::memchr(at, '"', length(at, end_));
    const char* stop = quote == nullptr ? end_ : static_cast<const char*>(quote);
    const bool again = stop + 1 < end_ && stop[1] == '"';
    if (doubled || again) {
      if (!doubled) {
        unescaped.clear();
      }
      doubled = true;
      unescaped.append(at, length(at, stop) + (again ? 1 : 0));
    }
    if (again) {
      at = stop + 2;
      continue;
    }
    fields_[column] = doubled ? std::string_view(unescaped) : std::string_view(start, length(start, stop));
    line_ += static_cast<std::uint64_t>(std::count(start, stop, '\n'));
    if (stop == end_) {
      row.problem = TableRow::Problem::text_after_quote;  // never closed: BlockReader does not hand such a block out
      return end_;
    }
    const char* after = stop + 1;
    const char* end = field_end(after);
    const bool carriage_return = end - after == 1 && *after == '\r' && (end == end_ || *end == '\n');
    if (end != after && !carriage_return) {
      row.problem = TableRow::Problem::text_after_quote;
    }
    return end;
  }
}

bool RowSplitter::next_quoted(TableRow& row) {
  std::size_t found = 0;
  for (;;) {
    const std::size_t column = std::min(found, columns_);
    const char* stop = nullptr;
    if (at_ < end_ && *at_ == '"') {
      stop = quoted_field(at_, column, row);
    } else {
      stop = field_end(at_);
      fields_[column] = std::string_view(at_, length(at_, stop));
      if (stop == end_ || *stop == '\n') {
        strip_carriage_return(fields_[column]);
      }
    }
    ++found;
    at_ = stop == end_ ? end_ : stop + 1;
    if (stop == end_ || *stop == '\n') {
      break;
    }
  }
  ++line_;
  finish_row(row, found);
  return true;
}

void RowSplitter::finish_row(TableRow& row, std::size_t found) const {
  row.fields = fields_.data();
  row.found = found;
  if (found != columns_ && row.problem == TableRow::Problem::none) {
    row.problem = found < columns_ ? TableRow::Problem::too_few_fields : TableRow::Problem::too_many_fields;
  }
}

std::string row_problem_text(const TableRow& row, std::size_t columns) {
  switch (row.problem) {
    case TableRow::Problem::none: return {};
    case TableRow::Problem::too_few_fields:
    case TableRow::Problem::too_many_fields:
      return fmt::format("the row has {} fields where the line of names has {}", row.found, columns);
    case TableRow::Problem::text_after_quote: return "there is text behind a closing quote";
  }
  return {};
}

}  // namespace her2
