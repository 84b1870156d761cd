// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "her2/slide/tiff_writer.h"

namespace her2 {

struct TiffLevel {
  std::int64_t width = 0, height = 0, across = 0, down = 0;
  std::vector<std::uint64_t> offsets, counts;  // 0: no tile
};

// A tiled TIFF being written: tiles of any level in any order, the directories at the end. Written beside its place and
// renamed by commit(); without that nothing is left. One thread at a time.
class TiffFile {
 public:
  static Result<TiffFile> create(const std::string& path, const PyramidOptions& options, int tile);
  TiffFile(TiffFile&&) noexcept;
  TiffFile& operator=(TiffFile&&) noexcept;
  ~TiffFile();

  [[nodiscard]] const std::vector<TiffLevel>& levels() const;
  Result<void> add(int level, std::int64_t column, std::int64_t row, std::string_view bytes);
  // Lets all tiles that were not added share these bytes.
  Result<void> fill_absent(std::string_view bytes);
  Result<void> commit();

 private:
  struct State;
  explicit TiffFile(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace her2
