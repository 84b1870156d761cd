// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include <fmt/format.h>

#include "her2/core/error.h"
#include "her2/core/plane.h"
#include "her2/slide/slide.h"

namespace her2 {

// The pixels of a tile that a box covers, to their place in the image of the box.
inline void copy_part(const RgbImage& tile, const Box& tile_box, const Box& box, RgbImage& out) {
  const Box part = intersection(tile_box, box);
  for (std::int64_t y = part.y; y < part.bottom(); ++y) {
    const auto* from = tile.at(static_cast<int>(part.x - tile_box.x), static_cast<int>(y - tile_box.y));
    std::copy(from, from + part.width * 3, out.at(static_cast<int>(part.x - box.x), static_cast<int>(y - box.y)));
  }
}

// Makes `out` as large as the box; what is left of it outside of the level is white.
inline Result<void> prepare_region(const SlideInfo& info, const SlideLevel& level, const Box& box, RgbImage& out) {
  constexpr std::int64_t kMostSide = std::numeric_limits<int>::max() / 4;
  if (box.width < 0 || box.height < 0 || box.width > kMostSide || box.height > kMostSide) {
    return fail(fmt::format("a region of {} x {} pixels cannot be read", box.width, box.height), {}, info.path);
  }
  const auto width = static_cast<int>(box.width);
  const auto height = static_cast<int>(box.height);
  if (intersection(box, {0, 0, level.width, level.height}) == box) {
    out.reshape(width, height);
  } else {
    out.resize(width, height);
  }
  return {};
}

// Puts a region together; tile(column, row) gives a Result of something that points to the tile's pixels.
template <class GetTile>
Result<void> assemble(const SlideLevel& level, const Box& box, RgbImage& out, const GetTile& tile) {
  const Box inside = intersection(box, {0, 0, level.width, level.height});
  if (inside.empty()) {
    return {};
  }
  for (auto row = inside.y / level.tile_height; row * level.tile_height < inside.bottom(); ++row) {
    for (auto column = inside.x / level.tile_width; column * level.tile_width < inside.right(); ++column) {
      const auto got = tile(column, row);
      if (!got) {
        return tl::unexpected(got.error());
      }
      copy_part(**got, level.tile_box(column, row), box, out);
    }
  }
  return {};
}

}  // namespace her2
