// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "her2/core/error.h"

namespace her2::dicom {

// Arrays of 32-bit values of known length, filled in any order of arrays and written to one file that vanishes with the
// object. Memory: 8 KB an array. Little endian, as DICOM has it.
class ScratchArrays {
 public:
  // `lengths`: values of each array.
  static Result<ScratchArrays> make(const std::string& path, const std::vector<std::uint64_t>& lengths);
  ScratchArrays(ScratchArrays&& other) noexcept;
  ScratchArrays& operator=(ScratchArrays&&) = delete;
  ~ScratchArrays();

  void add(std::size_t array, float value);
  void add(std::size_t array, std::uint32_t value);
  // Everything that was added is in the file. Fails when something could not be written, or an array is not full.
  Result<void> flush();
  [[nodiscard]] std::uint64_t offset(std::size_t array) const { return arrays_[array].begin; }
  [[nodiscard]] std::uint64_t bytes(std::size_t array) const { return arrays_[array].end - arrays_[array].begin; }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  struct Array {
    std::uint64_t begin = 0, end = 0, at = 0;  // bytes of the file; where the buffer goes
    std::string buffer;
  };
  ScratchArrays() = default;
  void spill(Array& array);

  std::string path_;
  int file_ = -1;
  int failed_ = 0;  // errno
  std::vector<Array> arrays_;
};

}  // namespace her2::dicom
