// SPDX-License-Identifier: Apache-2.0
// What reading a slide costs, against the floor: libjpeg-turbo decoding each tile once from memory.
//   slide_read [--threads N] [--rounds N] [SLIDE.tiff ...]
// Without a slide it writes its own, 4:2:0 and 4:4:4, into the folder for temporary files. Every competitor decodes
// every tile of level 0 once a round; they take turns, so that a machine whose speed changes treats all alike. Shown
// are medians, and medians of the ratios within a round. JPEG flags of the floor, as ours: accurate integer DCT
// (TJFLAG_ACCURATEDCT is JDCT_ISLOW), fancy upsampling, output RGB.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "bench/slide_competitors.h"
#include "her2/slide/slide.h"
#include "her2/slide/tiff_writer.h"

namespace {

using namespace her2;

using namespace her2::bench;

std::uint32_t mix(std::uint32_t x, std::uint32_t y, std::uint32_t salt) {
  std::uint32_t h = x * 0x9E3779B1U ^ y * 0x85EBCA77U ^ salt * 0xC2B2AE3DU;
  h ^= h >> 15U;
  h *= 0x2C1B3CE5U;
  return h ^ h >> 13U;
}

// Value noise of one octave, 0 to 255, bilinear between points of a lattice of 2^shift pixels.
int noise(std::int64_t x, std::int64_t y, unsigned shift, std::uint32_t salt) {
  const auto at = [&](std::int64_t dx, std::int64_t dy) {
    return static_cast<int>(
        mix(static_cast<std::uint32_t>((x >> shift) + dx), static_cast<std::uint32_t>((y >> shift) + dy), salt) & 255U);
  };
  const int size = 1 << shift;
  const int fx = static_cast<int>(x & (size - 1));
  const int fy = static_cast<int>(y & (size - 1));
  const int top = at(0, 0) * (size - fx) + at(1, 0) * fx;
  const int bottom = at(0, 1) * (size - fx) + at(1, 1) * fx;
  return (top * (size - fy) + bottom * fy) / (size * size);
}

// Stained tissue's share of detail: coarse patches, cells of about 8 um, grain.
Result<bool> tissue(const Box& box, RgbImage& out) {
  out.reshape(static_cast<int>(box.width), static_cast<int>(box.height));
  for (int y = 0; y < out.height(); ++y) {
    for (int x = 0; x < out.width(); ++x) {
      const auto px = box.x + x;
      const auto py = box.y + y;
      const int brown = noise(px, py, 5, 1) * noise(px, py, 2, 2) / 255;
      const int blue = noise(px, py, 4, 3) * noise(px, py, 8, 4) / 255;
      const int grain = noise(px, py, 1, 5) / 16;
      auto* pixel = out.at(x, y);
      pixel[0] = static_cast<std::uint8_t>(std::clamp(245 - brown / 2 - blue / 2 - grain, 0, 255));
      pixel[1] = static_cast<std::uint8_t>(std::clamp(240 - brown * 2 / 3 - blue / 3 - grain, 0, 255));
      pixel[2] = static_cast<std::uint8_t>(std::clamp(240 - brown - blue / 6 - grain, 0, 255));
    }
  }
  return true;
}

std::string made_slide(ChromaSubsampling subsampling, const char* name, int threads) {
  const auto path = (std::filesystem::temp_directory_path() / name).string();
  if (!std::filesystem::exists(path)) {
    PyramidOptions options;
    options.width = options.height = 8192;
    options.mpp = 0.25;
    options.subsampling = subsampling;
    options.threads = threads;
    need(write_pyramid(path, options, tissue).map([] { return true; }));
  }
  return path;
}

void compare(const std::string& path, int threads, int rounds) {
  const auto slide = need(open_slide(path));
  const SlideInfo& info = slide->info();
  const SlideLevel& level = info.levels.front();
  const auto streams = streams_of(path);
  const double pixels = static_cast<double>(level.width) * static_cast<double>(level.height) / 1e6;
  std::vector<double> times[3];
  std::vector<double> to_floor;
  std::vector<double> to_openslide;
  for (int round = 0; round < rounds; ++round) {
    times[0].push_back(seconds([&] { floor(streams, level, threads); }));
    times[1].push_back(seconds([&] { ours(*slide, threads); }));
    times[2].push_back(seconds([&] { by_openslide(path, level, threads); }));
    to_floor.push_back(times[0].back() / times[1].back());
    to_openslide.push_back(times[2].back() / times[1].back());
  }
  std::printf("%-24s %s %s, %zu tiles of %d x %d, %d threads\n", std::filesystem::path(path).filename().c_str(),
              info.compression.c_str(), info.subsampling.c_str(), streams.size(), level.tile_width, level.tile_height,
              threads);
  const char* names[] = {"floor (libjpeg-turbo)", "her2", "OpenSlide"};
  for (int i = 0; i < 3; ++i) {
    const double time = median(times[i]);
    std::printf("  %-24s %8.1f MPix/s  %8.1f a thread\n", names[i], pixels / time, pixels / time / threads);
  }
  std::printf("  her2 / floor %.2f   her2 / OpenSlide %.2f\n", median(to_floor), median(to_openslide));
}

}  // namespace

int main(int argc, char** argv) {
  int threads = 1;
  int rounds = 5;
  std::vector<std::string> paths;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--threads" && i + 1 < argc) {
      threads = std::max(1, std::atoi(argv[++i]));
    } else if (word == "--rounds" && i + 1 < argc) {
      rounds = std::max(1, std::atoi(argv[++i]));
    } else {
      paths.push_back(word);
    }
  }
  if (paths.empty()) {
    paths = {made_slide(ChromaSubsampling::s420, "her2-bench-420.tiff", threads),
             made_slide(ChromaSubsampling::s444, "her2-bench-444.tiff", threads)};
  }
  for (const auto& path : paths) {
    compare(path, threads, rounds);
  }
  return 0;
}
