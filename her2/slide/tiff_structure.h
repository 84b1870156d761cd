// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "her2/core/error.h"
#include "her2/slide/file_bytes.h"

// The skeleton of a TIFF or BigTIFF file, read before libtiff sees it: which directories there are and how long their
// entries claim to be. It is what decides about cycles and claims that the file cannot hold.
namespace her2 {

struct TiffEntry {
  std::uint16_t tag = 0, type = 0;
  std::uint64_t count = 0;
  std::uint32_t value = 0;  // of a single SHORT or LONG; else 0
};

struct TiffDirectory {
  std::uint64_t offset = 0;
  std::vector<TiffEntry> entries;
  [[nodiscard]] const TiffEntry* find(std::uint16_t tag) const;
};

class TiffStructure {
 public:
  // The main chain of directories. Error: no TIFF, a cycle, a directory beyond the file's end, entries longer than the
  // file, more directories than kMostDirectories.
  static Result<TiffStructure> read(const FileBytes& file);

  [[nodiscard]] const std::vector<TiffDirectory>& chain() const { return chain_; }
  // A directory that another points to (SubIFDs); each may be asked for once.
  Result<TiffDirectory> sub_directory(const FileBytes& file, std::uint64_t offset);

  static constexpr std::size_t kMostDirectories = 4096;

 private:
  struct Layout {
    bool big_endian = false, big = false;
  };
  Result<TiffDirectory> directory(const FileBytes& file, std::uint64_t offset, std::uint64_t* next);

  Layout layout_;
  std::vector<TiffDirectory> chain_;
  std::vector<std::uint64_t> seen_;  // sorted
};

// Whether a file that begins so is TIFF.
bool looks_like_tiff(std::span<const std::uint8_t> head);

}  // namespace her2
