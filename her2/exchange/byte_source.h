// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "her2/core/error.h"

namespace her2 {

// Bytes that come one after the other. One thread at a time.
class ByteSource {
 public:
  ByteSource() = default;
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;
  virtual ~ByteSource() = default;

  // Puts up to `room` bytes at `out` and returns how many; 0 only at the end (room > 0). Errors have no file name.
  virtual Result<std::size_t> read(char* out, std::size_t room) = 0;
};

enum class Encoding : unsigned char {
  utf8,    // anything else is refused with a sentence that says how to convert
  latin1,  // Latin-1 and Windows-1252
  utf16,   // either byte order, with byte order mark; without one: little endian
};

// A file, or standard input for "-"; gzip is recognised and undone. Text comes out as UTF-8 without byte order mark
// (with Encoding::utf8 it is passed on unchecked: RowSplitter checks it). Fails on folders, workbooks, archives and
// text that is plainly UTF-16 when that was not asked for.
Result<std::unique_ptr<ByteSource>> open_text(const std::string& path, Encoding encoding);

// The same over any other bytes (tests, messages).
Result<std::unique_ptr<ByteSource>> open_text(std::unique_ptr<ByteSource> bytes, Encoding encoding);

// Bytes in memory, handed out in pieces of at most `piece`. The text must outlive the source.
std::unique_ptr<ByteSource> memory_source(std::string_view text, std::size_t piece = std::string_view::npos);

// Undoes an encoding; used by open_text.
std::unique_ptr<ByteSource> decoded(std::unique_ptr<ByteSource> bytes, Encoding encoding);

}  // namespace her2
