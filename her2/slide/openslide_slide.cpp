// SPDX-License-Identifier: Apache-2.0
#include "her2/slide/openslide_slide.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <openslide.h>

namespace her2 {
namespace {

constexpr int kBlock = 512;

struct OpenSlideData {
  std::unique_ptr<openslide_t, decltype(&openslide_close)> handle{nullptr, openslide_close};
  SlideInfo info;
};

std::string property(openslide_t* slide, const char* name) {
  const char* value = openslide_get_property_value(slide, name);
  return value == nullptr ? "" : value;
}

std::optional<double> number(openslide_t* slide, const char* name) {
  const std::string text = property(slide, name);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && std::isfinite(value) && value > 0 ? std::optional(value) : std::nullopt;
}

// OpenSlide's pixels are ARGB words with colour multiplied by opacity: onto white, colour + 255 - opacity.
void onto_white(const std::vector<std::uint32_t>& argb, RgbImage& rgb) {
  std::uint8_t* to = rgb.bytes().data();
  for (const std::uint32_t pixel : argb) {
    const std::uint32_t glass = 255 - (pixel >> 24U);
    *to++ = static_cast<std::uint8_t>(std::min<std::uint32_t>(255, ((pixel >> 16U) & 255U) + glass));
    *to++ = static_cast<std::uint8_t>(std::min<std::uint32_t>(255, ((pixel >> 8U) & 255U) + glass));
    *to++ = static_cast<std::uint8_t>(std::min<std::uint32_t>(255, (pixel & 255U) + glass));
  }
}

class OpenSlideReader : public TileReader {
 public:
  explicit OpenSlideReader(std::shared_ptr<const OpenSlideData> data) : data_(std::move(data)) {}

  Result<bool> read(int level, std::int64_t column, std::int64_t row, RgbImage& rgb) override {
    const SlideLevel& shape = data_->info.levels.at(static_cast<std::size_t>(level));
    const Box box = shape.tile_box(column, row);
    const std::string place = fmt::format("level {}, tile ({}, {})", level, column, row);
    if (box.empty()) {
      return fail("there is no such tile", place, data_->info.path);
    }
    rgb.reshape(static_cast<int>(box.width), static_cast<int>(box.height));
    argb_.resize(static_cast<std::size_t>(box.width) * static_cast<std::size_t>(box.height));
    openslide_t* slide = data_->handle.get();
    const double scale = openslide_get_level_downsample(slide, level);
    openslide_read_region(
        slide, argb_.data(), static_cast<std::int64_t>(std::llround(static_cast<double>(box.x) * scale)),
        static_cast<std::int64_t>(std::llround(static_cast<double>(box.y) * scale)), level, box.width, box.height);
    if (const char* error = openslide_get_error(slide); error != nullptr) {
      return fail(fmt::format("OpenSlide cannot read it ({})", error), place, data_->info.path);
    }
    onto_white(argb_, rgb);
    return std::any_of(argb_.begin(), argb_.end(), [](std::uint32_t pixel) { return (pixel >> 24U) != 0; });
  }

 private:
  std::shared_ptr<const OpenSlideData> data_;
  std::vector<std::uint32_t> argb_;
};

class OpenSlideSlide : public Slide {
 public:
  explicit OpenSlideSlide(std::shared_ptr<const OpenSlideData> data) : data_(std::move(data)) {}
  [[nodiscard]] const SlideInfo& info() const override { return data_->info; }
  [[nodiscard]] Result<std::unique_ptr<TileReader>> reader() const override {
    return std::make_unique<OpenSlideReader>(data_);
  }

 private:
  std::shared_ptr<const OpenSlideData> data_;
};

std::string format_name(const std::string& vendor) {
  constexpr std::pair<const char*, const char*> kNames[] = {{"hamamatsu", "Hamamatsu"},  {"leica", "Leica SCN"},
                                                            {"mirax", "3DHistech MRXS"}, {"ventana", "Ventana BIF"},
                                                            {"trestle", "Trestle TIFF"}, {"sakura", "Sakura svslide"},
                                                            {"aperio", "Aperio SVS"},    {"philips", "Philips TIFF"}};
  for (const auto& [id, name] : kNames) {
    if (vendor == id) {
      return fmt::format("{} (OpenSlide)", name);
    }
  }
  return fmt::format("{} (OpenSlide)", vendor);
}

void fill_levels(openslide_t* slide, SlideInfo& info) {
  for (int i = 0; i < openslide_get_level_count(slide); ++i) {
    SlideLevel level;
    openslide_get_level_dimensions(slide, i, &level.width, &level.height);
    level.downsample = openslide_get_level_downsample(slide, i);
    level.tile_width = level.tile_height = kBlock;
    level.tiles_across = (level.width + kBlock - 1) / kBlock;
    level.tiles_down = (level.height + kBlock - 1) / kBlock;
    info.levels.push_back(level);
  }
}

}  // namespace

Result<std::unique_ptr<Slide>> open_with_openslide(const std::string& path) {
  const char* vendor = openslide_detect_vendor(path.c_str());
  if (vendor == nullptr) {
    return fail("is no slide or image that her2 knows; expected TIFF, SVS, DICOM, PNG, JPEG or a format of OpenSlide",
                {}, path);
  }
  auto data = std::make_shared<OpenSlideData>();
  data->handle.reset(openslide_open(path.c_str()));
  openslide_t* slide = data->handle.get();
  if (slide == nullptr) {
    return fail("is no slide that OpenSlide can open", {}, path);
  }
  if (const char* error = openslide_get_error(slide); error != nullptr) {
    return fail(fmt::format("OpenSlide cannot open it ({})", error), {}, path);
  }
  SlideInfo& info = data->info;
  info.path = path;
  info.format = format_name(vendor);
  fill_levels(slide, info);
  if (info.levels.empty() || info.levels.front().width <= 0 || info.levels.front().height <= 0) {
    return fail("the slide has no level with pixels", {}, path);
  }
  info.mpp_x = number(slide, OPENSLIDE_PROPERTY_NAME_MPP_X);
  info.mpp_y = number(slide, OPENSLIDE_PROPERTY_NAME_MPP_Y);
  if (info.mpp_x && info.mpp_y) {
    info.mpp_source = "file: openslide.mpp-x";
  }
  info.objective = number(slide, OPENSLIDE_PROPERTY_NAME_OBJECTIVE_POWER);
  info.scanner = property(slide, "tiff.Model");
  const char* const* names = openslide_get_associated_image_names(slide);
  for (; names != nullptr && *names != nullptr; ++names) {
    info.left_out.emplace_back(*names);
  }
  return std::make_unique<OpenSlideSlide>(data);
}

}  // namespace her2
