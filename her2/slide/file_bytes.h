// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "her2/core/error.h"

namespace her2 {

// A file that is read by position. Thread-safe: no position is shared.
class FileBytes {
 public:
  // Refuses folders, pipes and empty files.
  static Result<std::shared_ptr<const FileBytes>> open(const std::string& path);
  ~FileBytes();
  FileBytes(const FileBytes&) = delete;
  FileBytes& operator=(const FileBytes&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::uint64_t size() const { return size_; }
  // Fills `out` from `offset`. Error: the file ends before.
  Result<void> read(std::uint64_t offset, std::span<std::uint8_t> out) const;

 private:
  FileBytes(std::string path, int descriptor, std::uint64_t size)
      : path_(std::move(path)), descriptor_(descriptor), size_(size) {}
  std::string path_;
  int descriptor_;
  std::uint64_t size_;
};

}  // namespace her2
