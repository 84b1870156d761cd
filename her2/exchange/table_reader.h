// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "her2/core/error.h"
#include "her2/exchange/byte_source.h"

namespace her2 {

// Streaming tables (CSV, TSV) for several threads: one BlockReader cuts the text into blocks of whole rows; each
// thread has its RowSplitter that gives rows and fields of a block without copying. Memory: the blocks in flight.

enum class Quotes : unsigned char {
  detect,   // literal when the delimiter is a tab, else rfc4180
  rfc4180,  // "..." may hold delimiters and line breaks, "" is one quote; a quote inside a bare field is a character
  literal,  // a quote is a character like any other
};

// How a table is written.
struct TableFormat {
  char delimiter = 0;  // 0: the most frequent of tab , ; | in the line of names
  Quotes quotes = Quotes::detect;
  Encoding encoding = Encoding::utf8;
  std::string comment;                  // lines that begin so are skipped and counted; empty: none
  unsigned lines_before = 0;            // lines before the line of names (comments not counted)
  unsigned lines_after = 0;             // lines between the names and the first row
  std::size_t longest_row = 16U << 20;  // bytes; a longer row is an error of the file
  std::size_t block = 1U << 20;         // bytes read at a time
};

// Whole rows of the table. Reused: next() keeps its memory.
struct Block {
  std::string_view text;         // ends with a line break, except at the end of the file; 64 readable bytes follow
  std::uint64_t index = 0;       // 0, 1, 2, ... in the order of the file
  std::uint64_t first_line = 1;  // line number in the file of the block's first line
  bool has_quotes = false;       // whether quotes matter in this block

  std::unique_ptr<char[]> memory;
  std::size_t capacity = 0;
};

// What a RowSplitter must know; from BlockReader::shape().
struct TableShape {
  std::string file;  // for errors
  std::vector<std::string> names;
  char delimiter = ',';
  bool quotes = true;
  std::string comment;
};

// Reads the table from one thread.
class BlockReader {
 public:
  // Opens the file ("-": standard input) and reads the line of names. Fails when there is none.
  static Result<BlockReader> open(const std::string& path, const TableFormat& format);
  static Result<BlockReader> open(std::unique_ptr<ByteSource> text, const std::string& name, const TableFormat& format);

  [[nodiscard]] const TableShape& shape() const { return shape_; }

  // The next block; false at the end. Fails on what makes the rest unreadable: a row longer than the limit, a quote
  // that is never closed (naming the line where it was opened), damaged gzip. After a failure the reader is at its end.
  Result<bool> next(Block& block);

 private:
  BlockReader(std::unique_ptr<ByteSource> source, std::string file, const TableFormat& format);
  Result<void> read_header();
  Result<std::string> take_line();
  Result<std::string> take_content_line();
  Result<std::string> take_names_line();
  void detect_delimiter(const std::string& names);
  Result<std::size_t> fill(Block& block, std::size_t used);
  void scan(const char* text, std::size_t size);
  void scan_quoted(const char* text, std::size_t base, std::uint64_t quotes, std::uint64_t newlines);
  [[nodiscard]] bool opens_quote(const char* text, std::size_t at) const;
  void hand_out(Block& block, std::size_t size);
  [[nodiscard]] Error too_long() const;
  [[nodiscard]] Error never_closed() const;

  std::unique_ptr<ByteSource> source_;
  TableFormat format_;
  TableShape shape_;
  std::string carry_;       // bytes behind the last whole row, not handed out yet
  std::size_t taken_ = 0;   // bytes of carry_ that the header has used; 0 once it is read
  std::uint64_t line_ = 1;  // line at the start of carry_
  std::uint64_t index_ = 0;
  bool source_ended_ = false;
  bool done_ = false;

  // State of the scan over carry_ and what follows it; positions count from the start of carry_.
  std::size_t scanned_ = 0;
  std::size_t boundary_ = 0;             // behind the last line break outside quotes: the next row starts here
  std::size_t last_close_ = 0;           // behind the last closing quote; 0: none
  std::uint64_t newlines_ = 0;           // line breaks in what was scanned
  std::uint64_t boundary_newlines_ = 0;  // of them, before boundary_
  std::uint64_t quote_line_ = 0;         // line where the last quote was opened
  bool in_quotes_ = false;
  bool any_quotes_ = false;
};

// One row. The views hold until the next call of next() or start(); eight bytes from where a field begins can be read.
struct TableRow {
  enum class Problem : std::uint8_t { none, too_few_fields, too_many_fields, text_after_quote };

  std::uint64_t line = 0;                    // where it begins
  const std::string_view* fields = nullptr;  // as many as there are names when there is no problem
  std::size_t found = 0;                     // fields that it really has
  Problem problem = Problem::none;
};

// What is wrong with the row, for a person; "" when nothing is.
[[nodiscard]] std::string row_problem_text(const TableRow& row, std::size_t columns);

// The sentence about a byte of `text` that is not UTF-8.
[[nodiscard]] std::string not_utf8_text(std::string_view text, std::size_t at);

// Cuts blocks into rows and fields; one for each thread. Blank lines and comments are skipped. The shape (and so the
// BlockReader that it belongs to) must stay where it is.
class RowSplitter {
 public:
  explicit RowSplitter(const TableShape& shape);

  // Begins a block; it must outlive the rows. Fails, with the line, when the text is not UTF-8 or holds NUL bytes: then
  // the whole file is to be refused.
  Result<void> start(const Block& block);
  // The next row; false at the end of the block.
  bool next(TableRow& row);

 private:
  bool next_bare(TableRow& row);
  bool next_quoted(TableRow& row);
  void skip_lines();
  void load(std::size_t chunk);
  [[nodiscard]] const char* field_end(const char* at) const;
  const char* quoted_field(const char* at, std::size_t column, TableRow& row);
  void finish_row(TableRow& row, std::size_t found) const;

  const TableShape& shape_;
  std::size_t columns_;
  std::vector<std::string_view> fields_;  // one more than columns
  std::vector<std::string> unescaped_;    // one a column, for fields with "" inside
  const char* begin_ = nullptr;
  const char* end_ = nullptr;
  const char* at_ = nullptr;  // start of the next row
  std::uint64_t line_ = 1;
  std::size_t chunk_ = 0;   // offset of the chunk that mask_ belongs to
  std::uint64_t mask_ = 0;  // delimiters and line breaks of the chunk that are not used up
  bool quoted_ = false;
};

}  // namespace her2
