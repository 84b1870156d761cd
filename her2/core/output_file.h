// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "her2/core/error.h"

namespace her2 {

// A file that appears whole or not at all: written beside its final place, flushed to the disk and renamed by
// commit(). Without commit() nothing is left behind. "-" is standard output, written as it comes. One thread at a time.
class OutputFile {
 public:
  static Result<OutputFile> open(const std::string& path);
  OutputFile(OutputFile&&) noexcept;
  OutputFile& operator=(OutputFile&&) noexcept;
  ~OutputFile();

  Result<void> write(std::string_view bytes);
  Result<void> commit();

 private:
  struct State;
  explicit OutputFile(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// The whole of a file, or of standard input for "-". Refuses folders and files over `most` bytes.
Result<std::string> read_file(const std::string& path, std::size_t most = std::size_t{1} << 30);

}  // namespace her2
