// SPDX-License-Identifier: Apache-2.0
#include "her2/slide/tiff_slide.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "her2/slide/image_slide.h"
#include "her2/slide/jpeg.h"
#include "her2/slide/jpeg2000.h"
#include "her2/slide/tiff_pyramid.h"

namespace her2 {
namespace {

struct TiffSlideData {
  std::shared_ptr<const FileBytes> file;
  SlideInfo info;
  std::vector<TiffPage> levels;
};

// Rows of strips that make one block: strips of a few rows are offered together.
std::int64_t strips_together(const TiffPage& page) {
  constexpr std::int64_t kRows = 128;
  return page.tiled ? 1 : std::max<std::int64_t>(1, kRows / page.block_height);
}

// One pixel as libtiff gives it, of 1 to 4 samples, as RGB on white.
class Unpacker {
 public:
  explicit Unpacker(const TiffPage& page)
      : grey_(page.samples < 3),
        inverted_(page.photometric == PHOTOMETRIC_MINISWHITE),
        alpha_(page.alpha && (page.samples == 2 || page.samples == 4)),
        associated_(page.associated) {}

  void operator()(const std::uint8_t* samples, std::uint8_t* rgb) const {
    for (int i = 0; i < 3; ++i) {
      const int value = samples[grey_ ? 0 : i];
      const int plain = inverted_ ? 255 - value : value;
      rgb[i] = alpha_ ? on_white(plain, samples[grey_ ? 1 : 3]) : static_cast<std::uint8_t>(plain);
    }
  }

 private:
  [[nodiscard]] std::uint8_t on_white(int value, int opacity) const {
    const int over = associated_ ? value * 255 : value * opacity;
    return static_cast<std::uint8_t>(std::min(255, (over + 255 * (255 - opacity) + 127) / 255));
  }
  bool grey_, inverted_, alpha_, associated_;
};

class TiffReader : public TileReader {
 public:
  explicit TiffReader(std::shared_ptr<const TiffSlideData> data) : data_(std::move(data)) {
    handles_.resize(data_->levels.size());
  }

  Result<bool> read(int level, std::int64_t column, std::int64_t row, RgbImage& rgb) override {
    const auto& shape = data_->info.levels.at(static_cast<std::size_t>(level));
    const TiffPage& page = data_->levels[static_cast<std::size_t>(level)];
    const Box box = shape.tile_box(column, row);
    if (box.empty()) {
      return fail("there is no such tile", place(level, column, row), data_->info.path);
    }
    rgb.reshape(static_cast<int>(box.width), static_cast<int>(box.height));
    auto done = page.tiled ? read_block(level, page, static_cast<std::size_t>(row * page.across() + column), 0, rgb)
                           : read_strips(level, page, row, rgb);
    if (!done) {
      return tl::unexpected(located(done.error(), data_->info.path, place(level, column, row)));
    }
    return *done;
  }

 private:
  static std::string place(int level, std::int64_t column, std::int64_t row) {
    return fmt::format("level {}, tile ({}, {})", level, column, row);
  }

  Result<bool> read_strips(int level, const TiffPage& page, std::int64_t row, RgbImage& rgb) {
    const std::int64_t together = strips_together(page);
    const std::int64_t end = std::min((row + 1) * together, page.down());
    bool any = false;
    for (std::int64_t strip = row * together; strip < end; ++strip) {
      const auto first_row = static_cast<int>((strip - row * together) * page.block_height);
      auto done = read_block(level, page, static_cast<std::size_t>(strip), first_row, rgb);
      if (!done) {
        return done;
      }
      any = any || *done;
    }
    return any;
  }

  // Tile or strip number `block` into the rows of rgb from first_row on.
  Result<bool> read_block(int level, const TiffPage& page, std::size_t block, int first_row, RgbImage& rgb) {
    const auto height = static_cast<int>(
        std::min(page.block_height,
                 page.tiled ? page.block_height : page.height - static_cast<std::int64_t>(block) * page.block_height));
    if (page.absent(block)) {
      const int end = std::min(rgb.height(), first_row + height);
      std::fill(rgb.row(first_row), rgb.row(first_row) + rgb.stride() * static_cast<std::size_t>(end - first_row),
                std::uint8_t{255});
      return false;
    }
    if (page.coding == TiffCoding::libtiff) {
      return page.separate ? through_libtiff_planes(level, page, block, first_row, height, rgb)
                           : through_libtiff(level, page, block, first_row, height, rgb);
    }
    bytes_.resize(page.lengths[block]);
    if (auto got = data_->file->read(page.offsets[block], bytes_); !got) {
      return tl::unexpected(got.error());
    }
    const auto width = static_cast<int>(page.block_width);
    Result<void> done;
    if (page.coding == TiffCoding::jpeg) {
      const auto colour = page.photometric == PHOTOMETRIC_RGB ? JpegColour::rgb : JpegColour::ycbcr;
      done = decode_jpeg({bytes_, page.jpeg_tables, width, height, colour}, rgb, first_row);
    } else {
      const auto colour = page.coding == TiffCoding::jpeg2000_ycbcr ? Jp2Colour::ycbcr : Jp2Colour::rgb;
      done = decode_jpeg2000(bytes_, width, height, colour, rgb);
    }
    if (!done) {
      return tl::unexpected(done.error());
    }
    return true;
  }

  Result<TiffHandle*> handle(int level) {
    auto& slot = handles_[static_cast<std::size_t>(level)];
    if (!slot) {
      auto opened = TiffHandle::open(data_->file);
      if (!opened) {
        return tl::unexpected(opened.error());
      }
      if (auto there = opened->go_to(data_->levels[static_cast<std::size_t>(level)].directory); !there) {
        return tl::unexpected(there.error());
      }
      slot = std::move(*opened);
      (void)slot->take_errors();
      (void)slot->take_warnings();
    }
    return &*slot;
  }

  Result<void> decode(TiffHandle& tiff, const TiffPage& page, std::size_t block, std::span<std::uint8_t> out) {
    const auto number = static_cast<std::uint32_t>(block);
    const auto size = static_cast<tmsize_t>(out.size());
    const bool plain = page.compression == COMPRESSION_NONE;
    if (plain && page.lengths[block] < out.size()) {  // libtiff would read on into what follows
      return fail("its data are damaged (they end early)");
    }
    const auto got = page.tiled ? TIFFReadEncodedTile(tiff.get(), number, out.data(), size)
                                : TIFFReadEncodedStrip(tiff.get(), number, out.data(), size);
    auto trouble = tiff.take_errors();
    auto warnings = tiff.take_warnings();
    if (got == size && trouble.empty() && warnings.empty()) {
      return {};
    }
    trouble = trouble.empty() ? warnings : trouble;
    return fail(fmt::format("its {}data are damaged ({})", plain ? "" : compression_name(page.compression) + " ",
                            trouble.empty() ? "they end early" : trouble));
  }

  Result<bool> through_libtiff(int level, const TiffPage& page, std::size_t block, int first_row, int height,
                               RgbImage& rgb) {
    auto tiff = handle(level);
    if (!tiff) {
      return tl::unexpected(tiff.error());
    }
    const auto samples = static_cast<std::size_t>(page.samples);
    const auto width = static_cast<std::size_t>(page.block_width);
    const std::size_t size = width * static_cast<std::size_t>(height) * samples;
    const bool fits = page.block_width == rgb.width() && first_row + height <= rgb.height();
    if (fits && page.samples == 3) {
      auto done = decode(**tiff, page, block, {rgb.row(first_row), size});
      return done ? Result<bool>(true) : tl::unexpected(done.error());
    }
    bytes_.resize(size);
    if (auto done = decode(**tiff, page, block, bytes_); !done) {
      return tl::unexpected(done.error());
    }
    const Unpacker unpack(page);
    const int rows = std::min(height, rgb.height() - first_row);
    const int columns = std::min(static_cast<int>(page.block_width), rgb.width());
    for (int y = 0; y < rows; ++y) {
      const std::uint8_t* from = bytes_.data() + static_cast<std::size_t>(y) * width * samples;
      std::uint8_t* to = rgb.row(first_row + y);
      for (int x = 0; x < columns; ++x, from += samples, to += 3) {
        unpack(from, to);
      }
    }
    return true;
  }

  // A plane per channel: red, green, blue; a fourth is not read.
  Result<bool> through_libtiff_planes(int level, const TiffPage& page, std::size_t block, int first_row, int height,
                                      RgbImage& rgb) {
    auto tiff = handle(level);
    if (!tiff) {
      return tl::unexpected(tiff.error());
    }
    const auto width = static_cast<std::size_t>(page.block_width);
    const auto blocks = static_cast<std::size_t>(page.across() * page.down());
    bytes_.resize(width * static_cast<std::size_t>(height));
    const int rows = std::min(height, rgb.height() - first_row);
    const int columns = std::min(static_cast<int>(page.block_width), rgb.width());
    for (std::size_t channel = 0; channel < 3; ++channel) {
      const std::size_t plane = page.samples < 3 ? 0 : channel;
      if (page.absent(plane * blocks + block)) {
        return fail("one of its colour planes is missing");
      }
      if (auto done = decode(**tiff, page, plane * blocks + block, bytes_); !done) {
        return tl::unexpected(done.error());
      }
      for (int y = 0; y < rows; ++y) {
        const std::uint8_t* from = bytes_.data() + static_cast<std::size_t>(y) * width;
        std::uint8_t* to = rgb.row(first_row + y) + channel;
        for (int x = 0; x < columns; ++x) {
          to[static_cast<std::ptrdiff_t>(x) * 3] = from[x];
        }
      }
    }
    return true;
  }

  std::shared_ptr<const TiffSlideData> data_;
  std::vector<std::optional<TiffHandle>> handles_;  // by level, opened when first needed
  std::vector<std::uint8_t> bytes_;
};

class TiffSlide : public Slide {
 public:
  explicit TiffSlide(std::shared_ptr<const TiffSlideData> data) : data_(std::move(data)) {}
  [[nodiscard]] const SlideInfo& info() const override { return data_->info; }
  [[nodiscard]] Result<std::unique_ptr<TileReader>> reader() const override {
    return std::make_unique<TiffReader>(data_);
  }

 private:
  std::shared_ptr<const TiffSlideData> data_;
};

SlideLevel level_of(const TiffPage& page, std::int64_t full_width) {
  SlideLevel level;
  level.width = page.shown_width > 0 ? page.shown_width : page.width;
  level.height = page.shown_height > 0 ? page.shown_height : page.height;
  level.downsample = static_cast<double>(full_width) / static_cast<double>(level.width);
  level.tile_width = static_cast<int>(page.block_width);
  level.tile_height = static_cast<int>(page.tiled ? page.block_height
                                                  : std::min(page.height, page.block_height * strips_together(page)));
  level.tiles_across = (level.width + level.tile_width - 1) / level.tile_width;
  level.tiles_down = (level.height + level.tile_height - 1) / level.tile_height;
  return level;
}

// The chroma subsampling of the first JPEG tile; what it says that is wrong comes out when it is read.
std::string subsampling_of(const FileBytes& file, const TiffPage& page) {
  if (page.coding != TiffCoding::jpeg) {
    return {};
  }
  for (std::size_t i = 0; i < page.offsets.size(); ++i) {
    if (!page.absent(i)) {
      std::vector<std::uint8_t> bytes(page.lengths[i]);
      if (!file.read(page.offsets[i], bytes)) {
        return {};
      }
      const auto header = read_jpeg_header(bytes, page.jpeg_tables);
      return header ? header->subsampling : "";
    }
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<Slide>> open_tiff(const std::shared_ptr<const FileBytes>& file) {
  auto pyramid = read_tiff_pyramid(file);
  if (!pyramid) {
    return tl::unexpected(pyramid.error());
  }
  if (pyramid->for_openslide) {
    return std::unique_ptr<Slide>();
  }
  auto data = std::make_shared<TiffSlideData>();
  data->file = file;
  data->info = std::move(pyramid->info);
  data->levels = std::move(pyramid->levels);
  const TiffPage& first = data->levels.front();
  data->info.path = file->path();
  data->info.compression = compression_name(first.compression);
  data->info.subsampling = subsampling_of(*file, first);
  for (const TiffPage& page : data->levels) {
    data->info.levels.push_back(level_of(page, first.shown_width > 0 ? first.shown_width : first.width));
  }
  auto slide = std::make_unique<TiffSlide>(data);
  constexpr std::int64_t kLargeStrip = std::int64_t{1} << 24;  // pixels
  if (!first.tiled && first.block_width * first.block_height > kLargeStrip) {
    return decode_whole(*slide, file->size());
  }
  return slide;
}

}  // namespace her2
