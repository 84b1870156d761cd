// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>

namespace her2 {

// A temporary file without a name, for what need not stay in memory: in TMPDIR or /tmp, gone when the last of its users
// is. Any thread.
class SpillFile {
 public:
  // nullptr when no file can be made there.
  static std::shared_ptr<SpillFile> make();
  SpillFile(const SpillFile&) = delete;
  SpillFile& operator=(const SpillFile&) = delete;
  ~SpillFile();

  // Where the bytes begin; -1 when they could not be written, as on a full disk: keep them.
  std::int64_t append(std::span<const std::uint8_t> bytes);
  // Fills `out` from there on. What cannot be read is 0, and whole() is false from then on.
  void read(std::int64_t from, std::span<std::uint8_t> out);
  [[nodiscard]] bool whole() const { return whole_; }

 private:
  explicit SpillFile(int descriptor) : descriptor_(descriptor) {}
  const int descriptor_;
  std::mutex mutex_;  // of end_
  std::int64_t end_ = 0;
  std::atomic<bool> whole_ = true;
};

}  // namespace her2
