// SPDX-License-Identifier: Apache-2.0
// What reading a slide costs, against the floor: libjpeg-turbo decoding each tile once from memory.
//   slide_read [--threads N] [--rounds N] [SLIDE.tiff ...]
// Without a slide it writes its own, 4:2:0 and 4:4:4, into the folder for temporary files. Every competitor decodes
// every tile of level 0 once a round; they take turns, so that a machine whose speed changes treats all alike. Shown
// are medians, and medians of the ratios within a round. JPEG flags of the floor, as ours: accurate integer DCT
// (TJFLAG_ACCURATEDCT is JDCT_ISLOW), fancy upsampling, output RGB.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <openslide.h>
#include <turbojpeg.h>

#include "her2/core/parallel.h"
#include "her2/slide/file_bytes.h"
#include "her2/slide/slide.h"
#include "her2/slide/tiff_pyramid.h"
#include "her2/slide/tiff_writer.h"

namespace {

using namespace her2;

[[noreturn]] void give_up(const std::string& text) {
  std::fprintf(stderr, "slide_read: %s\n", text.c_str());
  std::exit(1);
}

template <class T>
T need(Result<T> result) {
  if (!result) {
    give_up(result.error().text());
  }
  return std::move(*result);
}

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

// Every tile of level 0 as a whole JPEG stream in memory.
std::vector<std::vector<std::uint8_t>> streams_of(const std::string& path) {
  const auto file = need(FileBytes::open(path));
  const auto pyramid = need(read_tiff_pyramid(file));
  const TiffPage& page = pyramid.levels.front();
  if (page.coding != TiffCoding::jpeg || !page.tiled) {
    give_up(path + ": the floor needs JPEG tiles");
  }
  std::vector<std::vector<std::uint8_t>> out;
  for (std::size_t i = 0; i < page.offsets.size(); ++i) {
    if (page.absent(i)) {
      continue;
    }
    std::vector<std::uint8_t> tile(page.lengths[i]);
    if (!file->read(page.offsets[i], tile)) {
      give_up(path + ": cannot be read");
    }
    if (!page.jpeg_tables.empty()) {  // the tables without their end marker, the tile without its begin marker
      std::vector<std::uint8_t> both(page.jpeg_tables.begin(), page.jpeg_tables.end() - 2);
      both.insert(both.end(), tile.begin() + 2, tile.end());
      tile = std::move(both);
    }
    out.push_back(std::move(tile));
  }
  return out;
}

double seconds(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

void floor(const std::vector<std::vector<std::uint8_t>>& streams, const SlideLevel& level, int threads) {
  std::vector<tjhandle> handles(static_cast<std::size_t>(threads));
  std::vector<std::vector<std::uint8_t>> buffers(handles.size());
  const auto done = parallel_for(streams.size(), threads, [&](std::size_t item, int worker) -> Result<void> {
    auto& handle = handles[static_cast<std::size_t>(worker)];
    auto& buffer = buffers[static_cast<std::size_t>(worker)];
    if (handle == nullptr) {
      handle = tjInitDecompress();
      buffer.resize(static_cast<std::size_t>(level.tile_width) * static_cast<std::size_t>(level.tile_height) * 3);
    }
    const auto& bytes = streams[item];
    if (tjDecompress2(handle, bytes.data(), bytes.size(), buffer.data(), level.tile_width, 0, level.tile_height,
                      TJPF_RGB, TJFLAG_ACCURATEDCT) != 0) {
      return fail(tjGetErrorStr2(handle));
    }
    return {};
  });
  for (auto* handle : handles) {
    tjDestroy(handle);
  }
  if (!done) {
    give_up(done.error().text());
  }
}

void ours(const Slide& slide, int threads) {
  const SlideLevel& level = slide.info().levels.front();
  std::vector<std::unique_ptr<TileReader>> readers(static_cast<std::size_t>(threads));
  std::vector<RgbImage> tiles(readers.size());
  const auto count = static_cast<std::size_t>(level.tiles_across * level.tiles_down);
  const auto done = parallel_for(count, threads, [&](std::size_t item, int worker) -> Result<void> {
    auto& reader = readers[static_cast<std::size_t>(worker)];
    if (!reader) {
      reader = need(slide.reader());
    }
    const auto number = static_cast<std::int64_t>(item);
    auto read = reader->read(0, number % level.tiles_across, number / level.tiles_across,
                             tiles[static_cast<std::size_t>(worker)]);
    return read ? Result<void>() : tl::unexpected(read.error());
  });
  if (!done) {
    give_up(done.error().text());
  }
}

void by_openslide(const std::string& path, const SlideLevel& level, int threads) {
  openslide_t* slide = openslide_open(path.c_str());
  if (slide == nullptr || openslide_get_error(slide) != nullptr) {
    give_up(path + ": OpenSlide cannot open it");
  }
  std::vector<std::vector<std::uint32_t>> buffers(static_cast<std::size_t>(threads));
  const auto count = static_cast<std::size_t>(level.tiles_across * level.tiles_down);
  (void)parallel_for(count, threads, [&](std::size_t item, int worker) -> Result<void> {
    const auto number = static_cast<std::int64_t>(item);
    const Box box = level.tile_box(number % level.tiles_across, number / level.tiles_across);
    auto& buffer = buffers[static_cast<std::size_t>(worker)];
    buffer.resize(static_cast<std::size_t>(box.width * box.height));
    openslide_read_region(slide, buffer.data(), box.x, box.y, 0, box.width, box.height);
    return {};
  });
  if (openslide_get_error(slide) != nullptr) {
    give_up(path + ": OpenSlide cannot read it");
  }
  openslide_close(slide);
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
