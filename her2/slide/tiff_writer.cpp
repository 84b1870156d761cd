// SPDX-License-Identifier: Apache-2.0
#include "her2/slide/tiff_writer.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "her2/core/parallel.h"
#include "her2/slide/tiff_file.h"
#include "her2/slide/tile_encoder.h"

namespace her2 {
namespace {

constexpr int kTile = 256;
constexpr int kBlockLevel = 2;   // a block, what the source gives at once, is one tile of this level
constexpr int kStripeLevel = 5;  // blocks are made, in parallel, for one tile of this level at a time

// A tile of some level on its way: encoded, and its pixels for the level above. Empty: glass.
struct MadeTile {
  int level = 0;
  std::int64_t column = 0, row = 0;
  std::string bytes;
};

using Pixels = std::unique_ptr<RgbImage>;  // null: glass

// The mean of 2 x 2 pixels into one quarter of a tile.
void halve_into(const RgbImage& tile, int quarter, RgbImage& out) {
  const int x0 = (quarter & 1) * kTile / 2, y0 = (quarter >> 1) * kTile / 2;
  for (int y = 0; y < kTile / 2; ++y) {
    const std::uint8_t *a = tile.row(2 * y), *b = tile.row(2 * y + 1);
    std::uint8_t* to = out.at(x0, y0 + y);
    for (int x = 0; x < kTile / 2; ++x, a += 6, b += 6, to += 3) {
      for (int c = 0; c < 3; ++c) {
        to[c] = static_cast<std::uint8_t>((a[c] + a[c + 3] + b[c] + b[c + 3] + 2) / 4);
      }
    }
  }
}

class PyramidWriter {
 public:
  PyramidWriter(const PyramidOptions& options, const PixelSource& source, TiffFile& file)
      : options_(options), source_(source), file_(file), threads_(thread_count(options.threads)) {
    for (int i = 0; i < threads_; ++i) {
      encoders_.push_back(std::make_unique<TileEncoder>(options));
    }
  }

  Result<void> write(const Progress& progress) {
    const TiffLevel& level0 = file_.levels().front();
    const int top = static_cast<int>(file_.levels().size()) - 1;
    const std::int64_t side = std::int64_t{1} << kStripeLevel;
    const std::int64_t across = (level0.across + side - 1) / side, down = (level0.down + side - 1) / side;
    std::map<std::pair<std::int64_t, std::int64_t>, Pixels> heads;
    for (std::int64_t row = 0; row < down; ++row) {
      for (std::int64_t column = 0; column < across; ++column) {
        if (auto head = stripe(column, row, top); !head) {
          return tl::unexpected(head.error());
        } else if (*head != nullptr) {
          heads.emplace(std::pair{column, row}, std::move(*head));
        }
        const auto done = static_cast<double>(row * across + column + 1) / static_cast<double>(across * down);
        if (progress && !progress(done)) {
          return fail("stopped");
        }
      }
    }
    for (int level = kStripeLevel + 1; level <= top; ++level) {
      auto lower = std::move(heads);
      heads.clear();
      for (auto& [place, pixels] : lower) {
        auto& out = heads[{place.first / 2, place.second / 2}];
        out = out == nullptr ? blank() : std::move(out);
        halve_into(*pixels, static_cast<int>(place.first % 2 + 2 * (place.second % 2)), *out);
        pixels.reset();
      }
      for (const auto& [place, pixels] : heads) {
        if (auto ok = encode_now(level, place.first, place.second, *pixels); !ok) {
          return ok;
        }
      }
    }
    return {};
  }

 private:
  [[nodiscard]] Pixels blank() const {
    auto out = std::make_unique<RgbImage>(kTile, kTile);
    for (int y = 0; y < kTile; ++y) {
      for (int x = 0; x < kTile; ++x) {
        std::copy(options_.white.begin(), options_.white.end(), out->at(x, y));
      }
    }
    return out;
  }

  [[nodiscard]] bool exists(int level, std::int64_t column, std::int64_t row) const {
    const TiffLevel& l = file_.levels()[static_cast<std::size_t>(level)];
    return column < l.across && row < l.down;
  }

  Result<void> encode_now(int level, std::int64_t column, std::int64_t row, const RgbImage& pixels) {
    auto bytes = encoders_.front()->encode(pixels);
    return bytes ? file_.add(level, column, row, *bytes) : Result<void>(tl::unexpected(bytes.error()));
  }

  // One block: its tiles of levels 0 to kBlockLevel, encoded; the pixels of the last for the levels above.
  Result<Pixels> block(std::int64_t column, std::int64_t row, int top, int worker, std::vector<MadeTile>& made) {
    constexpr std::int64_t kSide = std::int64_t{kTile} << kBlockLevel;
    const Box box = intersection({column * kSide, row * kSide, kSide, kSide}, {0, 0, options_.width, options_.height});
    RgbImage pixels;
    const auto there = source_(box, pixels);
    if (!there) {
      return tl::unexpected(there.error());
    }
    if (!*there) {
      return Pixels{};
    }
    if (pixels.width() != box.width || pixels.height() != box.height) {
      return fail("the source gave another size than it was asked for");
    }
    std::vector<Pixels> tiles;
    constexpr int kAcross = 1 << kBlockLevel;
    for (int t = 0; t < kAcross * kAcross; ++t) {
      tiles.push_back(cut(pixels, (t % kAcross) * kTile, (t / kAcross) * kTile));
    }
    for (int level = 0; level <= std::min(kBlockLevel, top); ++level) {
      const int side = kAcross >> level;
      for (int t = 0; t < side * side; ++t) {
        const std::int64_t c = column * side + t % side, r = row * side + t / side;
        if (tiles[static_cast<std::size_t>(t)] == nullptr || !exists(level, c, r)) {
          continue;
        }
        auto bytes = encoders_[static_cast<std::size_t>(worker)]->encode(*tiles[static_cast<std::size_t>(t)]);
        if (!bytes) {
          return tl::unexpected(bytes.error());
        }
        made.push_back({level, c, r, std::move(*bytes)});
      }
      if (level < kBlockLevel) {
        tiles = halved(std::move(tiles), side);
      }
    }
    return std::move(tiles.front());
  }

  // The tile at (x, y) of a block's pixels, padded with white; null: outside of the image.
  [[nodiscard]] Pixels cut(const RgbImage& pixels, int x, int y) const {
    if (x >= pixels.width() || y >= pixels.height()) {
      return {};
    }
    Pixels out = blank();
    const int w = std::min(kTile, pixels.width() - x), h = std::min(kTile, pixels.height() - y);
    for (int i = 0; i < h; ++i) {
      std::copy_n(pixels.at(x, y + i), static_cast<std::ptrdiff_t>(w) * 3, out->row(i));
    }
    return out;
  }

  [[nodiscard]] std::vector<Pixels> halved(std::vector<Pixels> tiles, int side) const {
    const int half = side / 2;
    std::vector<Pixels> out(static_cast<std::size_t>(half) * static_cast<std::size_t>(half));
    for (int t = 0; t < side * side; ++t) {
      const int column = t % side, row = t / side;
      const int quarter = row / 2 * half + column / 2;
      Pixels& to = out[static_cast<std::size_t>(quarter)];
      if (tiles[static_cast<std::size_t>(t)] != nullptr) {
        to = to == nullptr ? blank() : std::move(to);
        halve_into(*tiles[static_cast<std::size_t>(t)], column % 2 + 2 * (row % 2), *to);
      }
    }
    return out;
  }

  // All below one tile of kStripeLevel; its pixels.
  Result<Pixels> stripe(std::int64_t column, std::int64_t row, int top) {
    constexpr int kAcross = 1 << (kStripeLevel - kBlockLevel);
    std::vector<Pixels> heads(static_cast<std::size_t>(kAcross) * kAcross);
    std::vector<std::vector<MadeTile>> made(heads.size());
    const auto ok = parallel_for(heads.size(), threads_, [&](std::size_t item, int worker) -> Result<void> {
      const std::int64_t c = column * kAcross + static_cast<std::int64_t>(item) % kAcross;
      const std::int64_t r = row * kAcross + static_cast<std::int64_t>(item) / kAcross;
      constexpr std::int64_t kSide = std::int64_t{kTile} << kBlockLevel;
      if (c * kSide >= options_.width || r * kSide >= options_.height) {
        return {};
      }
      auto head = block(c, r, top, worker, made[item]);
      if (!head) {
        return tl::unexpected(head.error());
      }
      heads[item] = std::move(*head);
      return {};
    });
    if (!ok) {
      return tl::unexpected(ok.error());
    }
    for (const auto& tiles : made) {
      for (const MadeTile& tile : tiles) {
        if (auto added = file_.add(tile.level, tile.column, tile.row, tile.bytes); !added) {
          return tl::unexpected(added.error());
        }
      }
    }
    for (int level = kBlockLevel + 1, side = kAcross; level <= kStripeLevel; ++level) {
      heads = halved(std::move(heads), side);
      side /= 2;
      for (int t = 0; t < side * side && level <= top; ++t) {
        const std::int64_t c = column * side + t % side, r = row * side + t / side;
        if (heads[static_cast<std::size_t>(t)] != nullptr && exists(level, c, r)) {
          if (auto added = encode_now(level, c, r, *heads[static_cast<std::size_t>(t)]); !added) {
            return tl::unexpected(added.error());
          }
        }
      }
    }
    return std::move(heads.front());
  }

  const PyramidOptions& options_;
  const PixelSource& source_;
  TiffFile& file_;
  int threads_;
  std::vector<std::unique_ptr<TileEncoder>> encoders_;
};

}  // namespace

Result<void> write_pyramid(const std::string& path, const PyramidOptions& options, const PixelSource& source,
                           const Progress& progress) {
  if (options.width < 1 || options.height < 1 || options.width > 4000000 || options.height > 4000000) {
    return fail(fmt::format("an image of {} x {} pixels cannot be written; each side may have 1 to 4000000",
                            options.width, options.height),
                {}, path);
  }
  if (options.quality < 1 || options.quality > 100) {
    return fail(fmt::format("JPEG quality {} is none; it goes from 1 to 100", options.quality), {}, path);
  }
  auto file = TiffFile::create(path, options, kTile);
  if (!file) {
    return tl::unexpected(file.error());
  }
  PyramidWriter writer(options, source, *file);
  if (auto written = writer.write(progress); !written) {
    return tl::unexpected(located(written.error(), path));
  }
  if (!options.absent) {
    RgbImage white(kTile, kTile);
    for (std::size_t i = 0; i < white.bytes().size(); ++i) {
      white.bytes()[i] = options.white[i % 3];
    }
    auto bytes = TileEncoder(options).encode(white);
    if (!bytes) {
      return tl::unexpected(located(bytes.error(), path));
    }
    if (auto filled = file->fill_absent(*bytes); !filled) {
      return filled;
    }
  }
  return file->commit();
}

}  // namespace her2
