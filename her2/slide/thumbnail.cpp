// SPDX-License-Identifier: Apache-2.0
#include "her2/slide/thumbnail.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include <fmt/format.h>

#include "her2/core/parallel.h"
#include "her2/slide/tile_cache.h"

namespace her2 {
namespace {

// Where output pixel `index` of `count` begins among `length` pixels.
std::int64_t edge(std::int64_t index, std::int64_t length, std::int64_t count) { return index * length / count; }

// Means of `from`, a part of a level, into the output pixels of `to`.
struct Shrink {
  std::int64_t level_width, level_height;
  int width, height;  // of the whole thumbnail

  [[nodiscard]] Box source(const Box& to) const {
    const auto x = edge(to.x, level_width, width);
    const auto y = edge(to.y, level_height, height);
    return {x, y, edge(to.right(), level_width, width) - x, edge(to.bottom(), level_height, height) - y};
  }

  void operator()(const RgbImage& from, const Box& to, RgbImage& out) const {
    const Box box = source(to);
    for (std::int64_t y = to.y; y < to.bottom(); ++y) {
      for (std::int64_t x = to.x; x < to.right(); ++x) {
        Box part = source({x, y, 1, 1});
        part.x -= box.x;
        part.y -= box.y;
        mean(from, part, out.at(static_cast<int>(x), static_cast<int>(y)));
      }
    }
  }

  static void mean(const RgbImage& from, const Box& part, std::uint8_t* out) {
    std::uint64_t sums[3] = {};
    for (std::int64_t y = part.y; y < part.bottom(); ++y) {
      const std::uint8_t* pixel = from.at(static_cast<int>(part.x), static_cast<int>(y));
      for (std::int64_t x = 0; x < part.width; ++x, pixel += 3) {
        sums[0] += pixel[0];
        sums[1] += pixel[1];
        sums[2] += pixel[2];
      }
    }
    const auto count = static_cast<std::uint64_t>(part.width * part.height);
    for (int i = 0; i < 3; ++i) {
      out[i] = static_cast<std::uint8_t>((sums[i] + count / 2) / count);
    }
  }
};

}  // namespace

Result<RgbImage> make_thumbnail(const Slide& slide, int size, int threads) {
  const SlideInfo& info = slide.info();
  if (size < 1) {
    return fail(fmt::format("a thumbnail of {} pixels cannot be made; give 1 or more", size), {}, info.path);
  }
  const SlideLevel& full = info.levels.front();
  const std::int64_t longest = std::max(full.width, full.height);
  const std::int64_t wanted = std::min<std::int64_t>(size, longest);
  const auto side = [&](std::int64_t length) {
    return static_cast<int>(std::max<std::int64_t>(1, (length * wanted + longest / 2) / longest));
  };
  const double downsample = static_cast<double>(longest) / static_cast<double>(wanted);
  int level = level_for(info, downsample);
  // A level that is a little coarser than asked for would have to be enlarged.
  while (level > 0 && (info.levels[static_cast<std::size_t>(level)].width < side(full.width) ||
                       info.levels[static_cast<std::size_t>(level)].height < side(full.height))) {
    --level;
  }
  const SlideLevel& from = info.levels[static_cast<std::size_t>(level)];
  const Shrink shrink{from.width, from.height, side(full.width), side(full.height)};

  constexpr std::int64_t kSource = 1024;  // pixels of the level, side of what is read at once
  const std::int64_t block = std::max<std::int64_t>(1, kSource * shrink.width / from.width);
  const std::int64_t across = (shrink.width + block - 1) / block;
  const std::int64_t down = (shrink.height + block - 1) / block;
  constexpr std::size_t kBudget = std::size_t{256} << 20;
  TileCache cache(slide, threads, kBudget);
  RgbImage out;
  out.reshape(shrink.width, shrink.height);
  std::vector<RgbImage> parts(static_cast<std::size_t>(std::max(1, threads)));
  auto done = parallel_for(static_cast<std::size_t>(across * down), threads, [&](std::size_t item, int worker) {
    const auto number = static_cast<std::int64_t>(item);
    const Box to = intersection({number % across * block, number / across * block, block, block},
                                {0, 0, shrink.width, shrink.height});
    RgbImage& part = parts[static_cast<std::size_t>(worker)];
    auto read = cache.read(worker, level, shrink.source(to), part);
    if (read) {
      shrink(part, to, out);
    }
    return read;
  });
  if (!done) {
    return tl::unexpected(done.error());
  }
  return out;
}

}  // namespace her2
