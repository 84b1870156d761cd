// SPDX-License-Identifier: Apache-2.0
#include "her2/dicom/scratch.h"

#include <bit>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace her2::dicom {
namespace {

constexpr std::size_t kBuffer = 8192;
static_assert(std::endian::native == std::endian::little, "values are written as they lie in memory");

}  // namespace

Result<ScratchArrays> ScratchArrays::make(const std::string& path, const std::vector<std::uint64_t>& lengths) {
  ScratchArrays out;
  out.path_ = fmt::format("{}.scratch-{}", path, ::getpid());
  out.file_ = ::open(out.path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (out.file_ < 0) {
    const std::string why = std::strerror(errno);
    out.path_.clear();
    return fail(fmt::format("cannot be created: {}", why), {}, path);
  }
  std::uint64_t at = 0;
  for (const std::uint64_t length : lengths) {
    Array array;
    array.begin = array.at = at;
    at += length * sizeof(std::uint32_t);
    array.end = at;
    out.arrays_.push_back(std::move(array));
  }
  return out;
}

ScratchArrays::ScratchArrays(ScratchArrays&& other) noexcept
    : path_(std::exchange(other.path_, {})),
      file_(std::exchange(other.file_, -1)),
      failed_(other.failed_),
      arrays_(std::move(other.arrays_)) {}

ScratchArrays::~ScratchArrays() {
  if (file_ >= 0) {
    ::close(file_);
    ::unlink(path_.c_str());
  }
}

void ScratchArrays::add(std::size_t array, float value) { add(array, std::bit_cast<std::uint32_t>(value)); }

void ScratchArrays::add(std::size_t array, std::uint32_t value) {
  Array& to = arrays_[array];
  const auto bytes = std::bit_cast<std::array<char, sizeof value>>(value);
  to.buffer.append(bytes.data(), bytes.size());
  if (to.buffer.size() >= kBuffer) {
    spill(to);
  }
}

void ScratchArrays::spill(Array& array) {
  std::size_t done = 0;
  while (done < array.buffer.size() && failed_ == 0) {
    const ssize_t count =
        ::pwrite(file_, array.buffer.data() + done, array.buffer.size() - done, static_cast<off_t>(array.at + done));
    if (count < 0 && errno != EINTR) {
      failed_ = errno;
    }
    done += count > 0 ? static_cast<std::size_t>(count) : 0;
  }
  array.at += array.buffer.size();
  array.buffer.clear();
}

Result<void> ScratchArrays::flush() {
  for (Array& array : arrays_) {
    spill(array);
    if (failed_ == 0 && array.at != array.end) {
      return fail("holds another number of cells than it said", {}, path_);
    }
  }
  if (failed_ != 0) {
    return fail(fmt::format("cannot be written: {}", std::strerror(failed_)), {}, path_);
  }
  return {};
}

}  // namespace her2::dicom
