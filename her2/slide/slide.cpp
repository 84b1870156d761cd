// SPDX-License-Identifier: Apache-2.0
#include "her2/slide/slide.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <exception>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "her2/slide/dicom_slide.h"
#include "her2/slide/file_bytes.h"
#include "her2/slide/guarded_slide.h"
#include "her2/slide/image_slide.h"
#include "her2/slide/openslide_slide.h"
#include "her2/slide/region.h"
#include "her2/slide/tiff_slide.h"
#include "her2/slide/tiff_structure.h"

namespace her2 {
namespace {

// The scale that the user states, over whatever a slide says.
class Rescaled : public Slide {
 public:
  Rescaled(std::unique_ptr<Slide> slide, double mpp) : slide_(std::move(slide)), info_(slide_->info()) {
    if (info_.mpp_x && std::abs(*info_.mpp_x - mpp) > 0.01 * mpp) {
      info_.warnings.push_back(
          fmt::format("--mpp {} is used, though the file says {:.4g} um per pixel.", mpp, *info_.mpp_x));
    }
    info_.mpp_x = info_.mpp_y = mpp;
    info_.mpp_source = "--mpp";
  }
  [[nodiscard]] const SlideInfo& info() const override { return info_; }
  [[nodiscard]] Result<std::unique_ptr<TileReader>> reader() const override { return slide_->reader(); }

 private:
  std::unique_ptr<Slide> slide_;
  SlideInfo info_;
};

bool starts_with(std::span<const std::uint8_t> head, std::initializer_list<int> bytes) {
  return head.size() >= bytes.size() && std::equal(bytes.begin(), bytes.end(), head.begin());
}

Result<std::unique_ptr<Slide>> open_by_content(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    return open_dicom(path);
  }
  const auto file = FileBytes::open(path);
  if (!file) {
    return tl::unexpected(file.error());
  }
  std::array<std::uint8_t, 132> bytes{};
  const auto head = std::span(bytes).first(std::min<std::uint64_t>(bytes.size(), (*file)->size()));
  if (auto got = (*file)->read(0, head); !got) {
    return tl::unexpected(got.error());
  }
  if (looks_like_tiff(head)) {
    auto slide = open_tiff(*file);
    if (!slide || *slide) {
      return slide;
    }
    return open_with_openslide(path);
  }
  if (starts_with(head, {0x89, 'P', 'N', 'G'})) {
    return open_png(*file);
  }
  const bool mirax = std::filesystem::path(path).extension() == ".mrxs";  // a JPEG image with the slide beside it
  if (starts_with(head, {0xFF, 0xD8, 0xFF}) && !mirax) {
    return open_jpeg(*file);
  }
  if (head.size() == bytes.size() && starts_with(head.subspan(128), {'D', 'I', 'C', 'M'})) {
    return open_dicom(path);
  }
  return open_with_openslide(path);
}

}  // namespace

Box SlideLevel::tile_box(std::int64_t column, std::int64_t row) const {
  if (column < 0 || row < 0 || column >= tiles_across || row >= tiles_down) {
    return {};
  }
  const Box whole{column * tile_width, row * tile_height, tile_width, tile_height};
  return intersection(whole, {0, 0, width, height});
}

Result<std::unique_ptr<Slide>> open_slide(const std::string& path, const SlideOptions& options) {
  if (options.mpp && !(*options.mpp > 0 && std::isfinite(*options.mpp))) {
    return fail(fmt::format("--mpp {}: expected micrometres per pixel, such as 0.25", *options.mpp), {}, path);
  }
  try {
    auto slide = open_by_content(path);
    if (!slide) {
      return tl::unexpected(located(slide.error(), path));
    }
    if (options.mpp) {
      return guarded(std::make_unique<Rescaled>(std::move(*slide), *options.mpp));
    }
    return guarded(std::move(*slide));
  } catch (const std::exception& error) {  // no memory, or a library that throws
    return fail(fmt::format("cannot be opened: {}", error.what()), {}, path);
  }
}

Result<double> square_mpp(const SlideInfo& info) {
  if (!info.mpp_x || !info.mpp_y) {
    return fail("the file does not say how many micrometres a pixel is; give it with --mpp, such as --mpp 0.25", {},
                info.path);
  }
  constexpr double kSame = 0.01;
  if (std::abs(*info.mpp_x - *info.mpp_y) > kSame * std::min(*info.mpp_x, *info.mpp_y)) {
    return fail(fmt::format("its pixels are not square ({:.4g} x {:.4g} um); give the right scale with --mpp",
                            *info.mpp_x, *info.mpp_y),
                {}, info.path);
  }
  return (*info.mpp_x + *info.mpp_y) / 2;
}

int level_for(const SlideInfo& info, double downsample) {
  constexpr double kSlack = 1.01;
  int best = 0;
  for (std::size_t i = 1; i < info.levels.size(); ++i) {
    const double here = info.levels[i].downsample;
    if (here <= downsample * kSlack && here > info.levels[static_cast<std::size_t>(best)].downsample) {
      best = static_cast<int>(i);
    }
  }
  return best;
}

Result<void> read_region(TileReader& reader, const SlideInfo& info, int level, const Box& box, RgbImage& out) {
  const SlideLevel& shape = info.levels.at(static_cast<std::size_t>(level));
  if (auto fits = prepare_region(info, shape, box, out); !fits) {
    return fits;
  }
  if (!box.empty() && box.x >= 0 && box.y >= 0) {
    const auto column = box.x / shape.tile_width;
    const auto row = box.y / shape.tile_height;
    if (shape.tile_box(column, row) == box) {  // a whole tile needs no other memory
      auto got = reader.read(level, column, row, out);
      return got ? Result<void>() : tl::unexpected(got.error());
    }
  }
  RgbImage pixels;
  return assemble(shape, box, out, [&](std::int64_t column, std::int64_t row) -> Result<const RgbImage*> {
    auto got = reader.read(level, column, row, pixels);
    return got ? Result<const RgbImage*>(&pixels) : tl::unexpected(got.error());
  });
}

}  // namespace her2
