// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "her2/evidence/text.h"
#include "her2/exchange/scan.h"
#include "her2/exchange/split_line.h"
#include "her2/exchange/table_reader.h"

namespace her2 {
namespace {

constexpr std::size_t kHeaderPiece = 1U << 16;
constexpr std::size_t kLongestNames = 1U << 20;

std::string line_place(std::uint64_t line) { return fmt::format("line {}", line); }

// Memory for `size` bytes and the scan's reach behind them; the first `used` bytes stay.
void reserve(Block& block, std::size_t size, std::size_t used) {
  const std::size_t wanted = size + kScanWidth;
  if (block.capacity >= wanted) {
    return;
  }
  const std::size_t capacity = std::max(wanted, std::min(block.capacity * 2, wanted * 2));
  auto memory = std::make_unique_for_overwrite<char[]>(capacity);
  if (used > 0) {
    std::memcpy(memory.get(), block.memory.get(), used);
  }
  block.memory = std::move(memory);
  block.capacity = capacity;
}

}  // namespace

BlockReader::BlockReader(std::unique_ptr<ByteSource> source, std::string file, const TableFormat& format)
    : source_(std::move(source)), format_(format) {
  shape_.file = std::move(file);
  shape_.comment = format.comment;
  format_.block = std::max<std::size_t>(format_.block, 1);
}

Result<BlockReader> BlockReader::open(const std::string& path, const TableFormat& format) {
  const std::string name = path == "-" ? "standard input" : path;
  auto text = open_text(path, format.encoding);
  if (!text) {
    return tl::unexpected(located(text.error(), name));
  }
  return open(std::move(*text), name, format);
}

Result<BlockReader> BlockReader::open(std::unique_ptr<ByteSource> text, const std::string& name,
                                      const TableFormat& format) {
  BlockReader reader(std::move(text), name, format);
  if (auto header = reader.read_header(); !header) {
    return tl::unexpected(located(header.error(), name));
  }
  return reader;
}

// The next line of the header without its line break.
Result<std::string> BlockReader::take_line() {
  for (std::size_t seen = taken_;;) {
    const auto end = carry_.find('\n', seen);
    if (end != std::string::npos || (source_ended_ && taken_ < carry_.size())) {
      std::string line = carry_.substr(taken_, end == std::string::npos ? end : end - taken_);
      taken_ = end == std::string::npos ? carry_.size() : end + 1;
      ++line_;
      if (line.ends_with('\r')) {
        line.pop_back();
      }
      return line;
    }
    if (source_ended_) {
      return fail(line_ == 1 ? "is empty" : "ends before the line of column names",
                  line_ == 1 ? "" : line_place(line_));
    }
    carry_.erase(0, taken_);
    taken_ = 0;
    if (carry_.size() > format_.longest_row) {
      return tl::unexpected(too_long());
    }
    seen = carry_.size();
    carry_.resize(seen + kHeaderPiece);
    const auto got = source_->read(carry_.data() + seen, kHeaderPiece);
    carry_.resize(seen + (got ? *got : 0));
    if (!got) {
      return tl::unexpected(got.error());
    }
    source_ended_ = *got == 0;
  }
}

// The next line that is no comment.
Result<std::string> BlockReader::take_content_line() {
  for (;;) {
    auto line = take_line();
    if (!line || format_.comment.empty() || !line->starts_with(format_.comment)) {
      return line;
    }
  }
}

// Skips blank lines; joins the lines of a name that holds a line break in quotes.
Result<std::string> BlockReader::take_names_line() {
  for (;;) {
    auto line = take_content_line();
    if (!line) {
      return line;
    }
    if (trimmed(*line).empty()) {
      continue;
    }
    if (line->size() == 5 && line->starts_with("sep=")) {  // Excel's hint
      format_.delimiter = (*line)[4];
      continue;
    }
    detect_delimiter(*line);
    const std::uint64_t first = line_ - 1;
    const auto is_odd = [](const std::string& text) { return std::count(text.begin(), text.end(), '"') % 2 != 0; };
    for (bool open = shape_.quotes && is_odd(*line); open;) {
      const auto more = take_line();
      if (!more || line->size() > kLongestNames) {
        return fail("a quote that opens in the line of column names is never closed", line_place(first));
      }
      *line += '\n' + *more;
      open = !is_odd(*more);
    }
    return line;
  }
}

void BlockReader::detect_delimiter(const std::string& names) {
  shape_.delimiter = format_.delimiter;
  if (shape_.delimiter == 0) {
    shape_.delimiter = ',';
    std::ptrdiff_t most = 0;
    for (const char c : {'\t', ',', ';', '|'}) {
      const auto count = std::count(names.begin(), names.end(), c);
      if (count > most) {
        most = count;
        shape_.delimiter = c;
      }
    }
  }
  shape_.quotes = format_.quotes == Quotes::rfc4180 || (format_.quotes == Quotes::detect && shape_.delimiter != '\t');
}

Result<void> BlockReader::read_header() {
  for (unsigned i = 0; i < format_.lines_before; ++i) {
    if (const auto line = take_content_line(); !line) {
      return tl::unexpected(line.error());
    }
  }
  const auto names = take_names_line();
  if (!names) {
    return tl::unexpected(names.error());
  }
  const auto place = line_place(line_ - 1);
  if (names->find('\0') != std::string::npos) {
    return fail("holds NUL bytes: a binary file, or UTF-16 text; a table of UTF-8 text is expected", place);
  }
  if (find_bad_utf8(*names) != std::string_view::npos) {
    return fail(not_utf8_text(*names, find_bad_utf8(*names)), place);
  }
  if (names->find('\r') != std::string::npos) {
    return fail("lines end with CR alone; convert them to LF (tr '\\r' '\\n')", place);
  }
  bool text_after_quote = false;
  for (const auto& name : split_line(*names, shape_.delimiter, shape_.quotes, &text_after_quote)) {
    shape_.names.emplace_back(trimmed(name));
  }
  if (text_after_quote) {
    return fail("there is text behind a closing quote in the line of column names", place);
  }
  for (unsigned i = 0; i < format_.lines_after; ++i) {
    if (const auto line = take_line(); !line) {
      return tl::unexpected(line.error());
    }
  }
  carry_.erase(0, taken_);
  return {};
}

std::string not_utf8_text(std::string_view text, std::size_t at) {
  return fmt::format(
      "byte 0x{:02X} is not UTF-8 text; if it is Latin-1 or Windows-1252, convert it (iconv -f WINDOWS-1252 -t UTF-8) "
      "or set encoding = \"latin1\" in the column map",
      static_cast<unsigned char>(text[at]));
}

Error BlockReader::too_long() const {
  return Error{shape_.file, line_place(line_),
               fmt::format("longer than {} bytes; is this a table of text?", format_.longest_row)};
}

Error BlockReader::never_closed() const {
  return Error{
      shape_.file, line_place(quote_line_),
      "a quote that opens in this line is never closed; close it, or set quotes = \"literal\" in the column map"};
}

// Reads behind the `used` bytes until a block more is there or the source ends; returns the new size.
Result<std::size_t> BlockReader::fill(Block& block, std::size_t used) {
  const std::size_t target = used + format_.block;
  reserve(block, target, used);
  std::size_t size = used;
  while (size < target && !source_ended_) {
    const auto got = source_->read(block.memory.get() + size, target - size);
    if (!got) {
      return tl::unexpected(located(got.error(), shape_.file));
    }
    source_ended_ = *got == 0;
    size += *got;
  }
  std::memset(block.memory.get() + size, 0, kScanWidth);
  return size;
}

Result<bool> BlockReader::next(Block& block) {
  if (done_) {
    return false;
  }
  std::size_t size = carry_.size();
  reserve(block, size + format_.block, 0);
  std::memcpy(block.memory.get(), carry_.data(), size);
  for (;;) {
    const auto filled = fill(block, size);
    if (!filled) {
      done_ = true;
      return tl::unexpected(filled.error());
    }
    size = *filled;
    scan(block.memory.get(), size);
    if (source_ended_) {
      done_ = true;
      if (in_quotes_) {
        return tl::unexpected(never_closed());
      }
      boundary_ = size;
      hand_out(block, size);
      return size > 0;
    }
    if (boundary_ > 0) {
      hand_out(block, size);
      return true;
    }
    if (size > format_.longest_row) {
      done_ = true;
      return tl::unexpected(in_quotes_ ? never_closed() : too_long());
    }
  }
}

// Gives the rows before boundary_ out and keeps the rest.
void BlockReader::hand_out(Block& block, std::size_t size) {
  const char* text = block.memory.get();
  block.text = std::string_view(text, boundary_);
  block.index = index_++;
  block.first_line = line_;
  block.has_quotes = any_quotes_;
  carry_.assign(text + boundary_, size - boundary_);
  line_ += boundary_newlines_;
  newlines_ -= boundary_newlines_;
  boundary_newlines_ = 0;
  scanned_ = size - boundary_;
  last_close_ = last_close_ > boundary_ ? last_close_ - boundary_ : 0;
  boundary_ = 0;
  any_quotes_ = any_quotes_ && carry_.find('"') != std::string::npos;
}

// Goes on from scanned_ to size: counts line breaks and finds the last one outside quotes.
void BlockReader::scan(const char* text, std::size_t size) {
  for (std::size_t base = scanned_; base < size; base += kScanWidth) {
    const std::uint64_t valid = low_bits(size - base);
    const std::uint64_t newlines = match_simd(text + base, '\n') & valid;
    const std::uint64_t quotes = shape_.quotes ? match_simd(text + base, '"') & valid : 0;
    if (quotes != 0) {
      scan_quoted(text, base, quotes, newlines);
    } else if (newlines != 0) {
      newlines_ += static_cast<std::uint64_t>(std::popcount(newlines));
      if (!in_quotes_) {
        boundary_ = base + kScanWidth - static_cast<std::size_t>(std::countl_zero(newlines));
        boundary_newlines_ = newlines_;
      }
    }
  }
  scanned_ = size;
}

void BlockReader::scan_quoted(const char* text, std::size_t base, std::uint64_t quotes, std::uint64_t newlines) {
  any_quotes_ = true;
  for (std::uint64_t both = quotes | newlines; both != 0; both &= both - 1) {
    const std::size_t at = base + static_cast<std::size_t>(std::countr_zero(both));
    if (text[at] == '\n') {
      ++newlines_;
      if (!in_quotes_) {
        boundary_ = at + 1;
        boundary_newlines_ = newlines_;
      }
    } else if (in_quotes_) {
      in_quotes_ = false;
      last_close_ = at + 1;
    } else if (last_close_ == at && at > 0) {  // the second of two: one quote as a character
      in_quotes_ = true;
    } else if (opens_quote(text, at)) {
      in_quotes_ = true;
      quote_line_ = line_ + newlines_;
    }
  }
}

// A quote opens at the start of a field, in a line that is no comment.
bool BlockReader::opens_quote(const char* text, std::size_t at) const {
  if (at > boundary_ && text[at - 1] != shape_.delimiter) {
    return false;
  }
  return shape_.comment.empty() || !std::string_view(text + boundary_, at - boundary_).starts_with(shape_.comment);
}

}  // namespace her2
