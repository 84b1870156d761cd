// SPDX-License-Identifier: Apache-2.0
#include "her2/slide/image_slide.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace her2 {
namespace {

struct ImageData {
  SlideInfo info;
  RgbImage pixels;
};

class ImageReader : public TileReader {
 public:
  explicit ImageReader(std::shared_ptr<const ImageData> data) : data_(std::move(data)) {}

  Result<bool> read(int level, std::int64_t column, std::int64_t row, RgbImage& rgb) override {
    const Box box = data_->info.levels.at(static_cast<std::size_t>(level)).tile_box(column, row);
    if (box.empty()) {
      return fail("there is no such tile", fmt::format("level {}, tile ({}, {})", level, column, row),
                  data_->info.path);
    }
    rgb.reshape(static_cast<int>(box.width), static_cast<int>(box.height));
    for (int y = 0; y < rgb.height(); ++y) {
      const auto* from = data_->pixels.at(static_cast<int>(box.x), static_cast<int>(box.y) + y);
      std::copy(from, from + rgb.stride(), rgb.row(y));
    }
    return true;
  }

 private:
  std::shared_ptr<const ImageData> data_;
};

class ImageSlide : public Slide {
 public:
  explicit ImageSlide(std::shared_ptr<const ImageData> data) : data_(std::move(data)) {}
  [[nodiscard]] const SlideInfo& info() const override { return data_->info; }
  [[nodiscard]] Result<std::unique_ptr<TileReader>> reader() const override {
    return std::make_unique<ImageReader>(data_);
  }

 private:
  std::shared_ptr<const ImageData> data_;
};

}  // namespace

std::unique_ptr<Slide> image_slide(SlideInfo info, RgbImage pixels) {
  SlideLevel level;
  level.width = pixels.width();
  level.height = pixels.height();
  level.tile_width = std::min(pixels.width(), kImageBlock);
  level.tile_height = std::min(pixels.height(), kImageBlock);
  level.tiles_across = (level.width + level.tile_width - 1) / level.tile_width;
  level.tiles_down = (level.height + level.tile_height - 1) / level.tile_height;
  info.levels = {level};
  return std::make_unique<ImageSlide>(std::make_shared<const ImageData>(ImageData{std::move(info), std::move(pixels)}));
}

Result<void> check_image_size(std::int64_t width, std::int64_t height, std::uint64_t file_size) {
  if (width <= 0 || height <= 0) {
    return fail("the image has no pixels");
  }
  if (width > kMostImagePixels / height) {
    return fail(
        fmt::format("the image claims {} x {} pixels; images without tiles are read up to {} million: save it as "
                    "a tiled TIFF",
                    width, height, kMostImagePixels / 1'000'000));
  }
  if (static_cast<std::uint64_t>(width * height / kMostPixelsPerByte) > file_size) {
    return fail(fmt::format("the image claims {} x {} pixels, more than its {} bytes can hold; the file is damaged",
                            width, height, file_size));
  }
  return {};
}

Result<std::unique_ptr<Slide>> decode_whole(const Slide& slide, std::uint64_t file_size) {
  const SlideLevel& level = slide.info().levels.front();
  if (auto fits = check_image_size(level.width, level.height, file_size); !fits) {
    return tl::unexpected(located(fits.error(), slide.info().path));
  }
  auto reader = slide.reader();
  if (!reader) {
    return tl::unexpected(reader.error());
  }
  RgbImage pixels;
  const Box all{0, 0, level.width, level.height};
  if (auto done = read_region(**reader, slide.info(), 0, all, pixels); !done) {
    return tl::unexpected(done.error());
  }
  SlideInfo info = slide.info();
  return image_slide(std::move(info), std::move(pixels));
}

}  // namespace her2
