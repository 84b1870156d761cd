// SPDX-License-Identifier: Apache-2.0
#include "make_files.h"

#include <algorithm>
#include <fstream>

#include <unistd.h>

namespace her2::test {

Folder::Folder() {
  static int number = 0;
  path_ = std::filesystem::temp_directory_path() /
          ("her2-slide-" + std::to_string(::getpid()) + "-" + std::to_string(++number));
  std::filesystem::create_directories(path_);
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string Folder::write(const std::string& name, const std::string& bytes) const {
  std::ofstream(path_ / name, std::ios::binary) << bytes;
  return path(name);
}

RgbImage picture(int width, int height, int seed) {
  RgbImage out(width, height);
  std::uint32_t noise = static_cast<std::uint32_t>(seed) * 2654435761U;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      noise = noise * 1664525U + 1013904223U;
      auto* pixel = out.at(x, y);
      const int grain = static_cast<int>(noise >> 29U);
      pixel[0] = static_cast<std::uint8_t>((x * 3 + y + seed * 40) % 200 + grain);
      pixel[1] = static_cast<std::uint8_t>((x + y * 2) % 220 + grain);
      pixel[2] = static_cast<std::uint8_t>(((x + y) / 2 + seed * 17) % 240 + grain);
    }
  }
  return out;
}

RgbImage cut(const RgbImage& image, const Box& box) {
  RgbImage out(static_cast<int>(box.width), static_cast<int>(box.height));
  const Box inside = intersection(box, {0, 0, image.width(), image.height()});
  for (auto y = inside.y; y < inside.bottom(); ++y) {
    const auto* from = image.at(static_cast<int>(inside.x), static_cast<int>(y));
    std::copy(from, from + inside.width * 3, out.at(static_cast<int>(inside.x - box.x), static_cast<int>(y - box.y)));
  }
  return out;
}

std::string raw(const RgbImage& image) {
  const auto bytes = image.bytes();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::vector<RgbImage> frames_of(const RgbImage& image, int tile) {
  std::vector<RgbImage> out;
  for (int y = 0; y < image.height(); y += tile) {
    for (int x = 0; x < image.width(); x += tile) {
      out.push_back(cut(image, {x, y, tile, tile}));
    }
  }
  return out;
}

}  // namespace her2::test
