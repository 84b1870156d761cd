// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "her2/core/error.h"

namespace her2 {

// Text written to a file as it comes; packed when the name ends in ".gz" (no time and no name in it: the same text
// gives the same bytes). The file appears whole with commit(), or not at all. One thread at a time.
class TextFile {
 public:
  static Result<TextFile> create(const std::string& path);
  TextFile(TextFile&&) noexcept;
  TextFile& operator=(TextFile&&) noexcept;
  ~TextFile();

  Result<void> write(std::string_view text);
  Result<void> commit();

 private:
  struct State;
  explicit TextFile(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Bytes of a file, unpacked when it is gzipped; "-" is standard input.
class TextInput {
 public:
  static Result<TextInput> open(const std::string& path);
  TextInput(TextInput&&) noexcept;
  TextInput& operator=(TextInput&&) noexcept;
  ~TextInput();

  // Up to `room` bytes; 0 at the end.
  Result<std::size_t> read(char* out, std::size_t room);

 private:
  struct State;
  explicit TextInput(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace her2
