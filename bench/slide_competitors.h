// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the benchmarks of slides have in common: the floor, our reading and OpenSlide's, each of every tile of level 0
// once, by some threads. JPEG flags of the floor, as ours: accurate integer DCT (TJFLAG_ACCURATEDCT is JDCT_ISLOW),
// fancy upsampling, output RGB.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <openslide.h>
#include <turbojpeg.h>

#include "her2/core/parallel.h"
#include "her2/slide/file_bytes.h"
#include "her2/slide/slide.h"
#include "her2/slide/tiff_pyramid.h"

namespace her2::bench {

[[noreturn]] inline void give_up(const std::string& text) {
  std::fprintf(stderr, "%s\n", text.c_str());
  std::exit(1);
}

template <class T>
T need(Result<T> result) {
  if (!result) {
    give_up(result.error().text());
  }
  return std::move(*result);
}

// Every tile of level 0 as a whole JPEG stream in memory.
inline std::vector<std::vector<std::uint8_t>> streams_of(const std::string& path) {
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

inline double seconds(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

inline double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

inline void floor(const std::vector<std::vector<std::uint8_t>>& streams, const SlideLevel& level, int threads) {
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

inline void ours(const Slide& slide, int threads) {
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

inline void by_openslide(const std::string& path, const SlideLevel& level, int threads) {
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

}  // namespace her2::bench
