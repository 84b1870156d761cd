// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <unistd.h>

#include "her2/slide/slide.h"

// What the harnesses of slides share: the input as a file, and a reader that goes through all of its tiles.
namespace her2::fuzz {

// A folder for one file, gone when the program ends.
class InputFile {
 public:
  explicit InputFile(const char* name)
      : folder_(std::filesystem::temp_directory_path() / ("her2-fuzz-" + std::to_string(::getpid()))),
        path_((folder_ / name).string()) {
    std::filesystem::create_directories(folder_);
  }
  ~InputFile() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  const std::string& hold(const std::uint8_t* data, std::size_t size) {
    std::ofstream(path_, std::ios::binary)
        .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
    return path_;
  }

 private:
  std::filesystem::path folder_;
  std::string path_;
};

inline void must(bool holds) {
  if (!holds) {
    std::abort();
  }
}

// Reads tiles of every level, up to a bound: each must have its size or an error with a sentence.
inline void read_tiles(const Result<std::unique_ptr<Slide>>& slide) {
  if (!slide) {
    must(!slide.error().reason.empty());
    return;
  }
  if (!*slide) {  // OpenSlide's
    return;
  }
  const SlideInfo& info = (*slide)->info();
  must(!info.levels.empty());
  auto reader = (*slide)->reader();
  if (!reader) {
    return;
  }
  RgbImage tile;
  std::int64_t pixels = 0;
  constexpr std::int64_t kMostPixels = 2'000'000;
  for (std::size_t level = 0; level < info.levels.size(); ++level) {
    const SlideLevel& shape = info.levels[level];
    must(shape.width > 0 && shape.height > 0 && shape.tiles_across > 0 && shape.tiles_down > 0);
    for (std::int64_t row = 0; row < shape.tiles_down; ++row) {
      for (std::int64_t column = 0; column < shape.tiles_across; ++column) {
        const Box box = shape.tile_box(column, row);
        pixels += box.width * box.height;
        if (pixels > kMostPixels) {
          return;
        }
        const auto read = (*reader)->read(static_cast<int>(level), column, row, tile);
        must(read ? tile.width() == box.width && tile.height() == box.height : !read.error().reason.empty());
      }
    }
  }
}

}  // namespace her2::fuzz
