// SPDX-License-Identifier: Apache-2.0
#include "her2/slide/dicom_slide.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "her2/slide/dicom_series.h"
#include "her2/slide/jpeg.h"

namespace her2 {
namespace {

struct DicomSlideData {
  SlideInfo info;
  std::vector<DicomLevel> levels;
};

class DicomReader : public TileReader {
 public:
  explicit DicomReader(std::shared_ptr<const DicomSlideData> data) : data_(std::move(data)) {}

  Result<bool> read(int level, std::int64_t column, std::int64_t row, RgbImage& rgb) override {
    const SlideLevel& shape = data_->info.levels.at(static_cast<std::size_t>(level));
    const DicomLevel& stored = data_->levels[static_cast<std::size_t>(level)];
    const Box box = shape.tile_box(column, row);
    const std::string place = fmt::format("level {}, tile ({}, {})", level, column, row);
    if (box.empty()) {
      return fail("there is no such tile", place, data_->info.path);
    }
    const DicomTile tile = stored.tiles[static_cast<std::size_t>(row * shape.tiles_across + column)];
    if (tile.file == DicomLevel::kAbsent) {
      rgb.resize(static_cast<int>(box.width), static_cast<int>(box.height));
      return false;
    }
    rgb.reshape(static_cast<int>(box.width), static_cast<int>(box.height));
    const DicomInstance& instance = stored.files[tile.file];
    if (auto done = decode_dicom_frame(instance, tile.frame, bytes_, rgb); !done) {
      return tl::unexpected(located(done.error(), instance.file->path(), place));
    }
    return true;
  }

 private:
  std::shared_ptr<const DicomSlideData> data_;
  std::vector<std::uint8_t> bytes_;
};

class DicomSlide : public Slide {
 public:
  explicit DicomSlide(std::shared_ptr<const DicomSlideData> data) : data_(std::move(data)) {}
  [[nodiscard]] const SlideInfo& info() const override { return data_->info; }
  [[nodiscard]] Result<std::unique_ptr<TileReader>> reader() const override {
    return std::make_unique<DicomReader>(data_);
  }

 private:
  std::shared_ptr<const DicomSlideData> data_;
};

std::uint64_t apart(const std::uint8_t* a, const std::uint8_t* b) {
  const int sum = std::abs(a[0] - b[0]) + std::abs(a[1] - b[1]) + std::abs(a[2] - b[2]);
  return static_cast<std::uint64_t>(sum);
}

// How well consecutive frames meet when the second lies to the right of the first, and when it lies below it: the mean
// step over the seams, of three channels. Few pairs are enough, spread over the slide.
struct Seams {
  std::uint64_t right = 0, below = 0;
  std::uint64_t right_pixels = 0, below_pixels = 0;

  void add(const RgbImage& first, const RgbImage& second, bool row_ends, bool column_ends) {
    if (!row_ends) {
      for (int y = 0; y < first.height(); ++y) {
        right += apart(first.at(first.width() - 1, y), second.at(0, y));
      }
      right_pixels += static_cast<std::uint64_t>(first.height());
    }
    if (!column_ends) {
      for (int x = 0; x < first.width(); ++x) {
        below += apart(first.at(x, first.height() - 1), second.at(x, 0));
      }
      below_pixels += static_cast<std::uint64_t>(first.width());
    }
  }
  // Whether a is less than half of b, per pixel.
  static bool much_less(std::uint64_t a, std::uint64_t a_pixels, std::uint64_t b, std::uint64_t b_pixels) {
    return a_pixels > 0 && b_pixels > 0 && 2 * a * b_pixels < b * a_pixels;
  }
  [[nodiscard]] bool by_rows() const { return much_less(right, right_pixels, below, below_pixels); }
  [[nodiscard]] bool by_columns() const { return much_less(below, below_pixels, right, right_pixels); }
};

Result<Seams> measure_seams(const DicomInstance& instance) {
  constexpr std::int64_t kPairs = 200;
  Seams seams;
  RgbImage first(instance.tile_width, instance.tile_height);
  RgbImage second(instance.tile_width, instance.tile_height);
  std::vector<std::uint8_t> scratch;
  const std::int64_t pairs = instance.frames - 1;
  const std::int64_t step = std::max<std::int64_t>(1, pairs / kPairs);
  for (std::int64_t i = 0; i < pairs; i += step) {
    auto done = decode_dicom_frame(instance, static_cast<std::size_t>(i), scratch, first);
    if (done) {
      done = decode_dicom_frame(instance, static_cast<std::size_t>(i + 1), scratch, second);
    }
    if (!done) {
      return tl::unexpected(located(done.error(), instance.file->path(), fmt::format("frame {}", i + 1)));
    }
    seams.add(first, second, (i + 1) % instance.across() == 0, (i + 1) % instance.down() == 0);
  }
  return seams;
}

// Frames without stated places: the standard has none such; the pictures themselves tell which order joins them.
Result<void> find_order(DicomLevel& level, SlideInfo& info) {
  const DicomInstance& instance = level.files.front();
  if (level.files.size() > 1 || instance.across() == 1 || instance.down() == 1) {
    return {};
  }
  const auto seams = measure_seams(instance);
  if (!seams) {
    return tl::unexpected(seams.error());
  }
  const char* order = "row by row, as a full tiling is, though their edges do not tell";
  if (seams->by_columns()) {
    order = "column by column, because so their edges meet";
    if (auto placed = place_tiles(level, true); !placed) {
      return placed;
    }
  } else if (seams->by_rows()) {
    order = "row by row, because so their edges meet";
  }
  info.warnings.push_back(fmt::format(
      "The file does not state where its frames belong; they are laid out {}: look at the thumbnail before you use it.",
      order));
  return {};
}

bool believable(std::optional<double> x, std::optional<double> y) {
  return x && y && *x >= 0.02 && *x <= 10 && *y >= 0.02 && *y <= 10;
}

void set_scale(const DicomInstance& first, SlideInfo& info) {
  constexpr double kSame = 0.05;  // volumes are stated in tenths of millimetres
  if (believable(first.mpp_x, first.mpp_y)) {
    info.mpp_x = first.mpp_x;
    info.mpp_y = first.mpp_y;
    info.mpp_source = "file: DICOM PixelSpacing";
  } else if (first.volume_mpp_x && first.volume_mpp_y) {
    const double x = *first.volume_mpp_x;
    const double y = *first.volume_mpp_y;
    if (believable(x, y) && std::abs(x - y) <= kSame * std::min(x, y)) {
      info.mpp_x = info.mpp_y = (x + y) / 2;
      info.mpp_source = "file: DICOM ImagedVolumeWidth";
    } else {
      info.warnings.push_back(fmt::format(
          "The imaged volume that the file states would make pixels of {:.3g} x {:.3g} um, which is not believed.", x,
          y));
    }
  }
}

SlideLevel level_of(const DicomInstance& instance, std::int64_t full_width) {
  SlideLevel level;
  level.width = instance.width;
  level.height = instance.height;
  level.downsample = static_cast<double>(full_width) / static_cast<double>(instance.width);
  level.tile_width = instance.tile_width;
  level.tile_height = instance.tile_height;
  level.tiles_across = instance.across();
  level.tiles_down = instance.down();
  return level;
}

// What the first frame says of its chroma; a frame that cannot be read says so when it is decoded.
std::string subsampling_of(const DicomInstance& instance) {
  if (instance.coding != DicomCoding::jpeg || instance.fragments.empty()) {
    return {};
  }
  std::vector<std::uint8_t> bytes(instance.fragments.front().length);
  if (!instance.file->read(instance.fragments.front().offset, bytes)) {
    return {};
  }
  const auto header = read_jpeg_header(bytes);
  return header ? header->subsampling : "";
}

}  // namespace

Result<std::unique_ptr<Slide>> open_dicom(const std::string& path) {
  auto series = read_dicom_series(path);
  if (!series) {
    return tl::unexpected(series.error());
  }
  auto data = std::make_shared<DicomSlideData>();
  data->levels = std::move(series->levels);
  SlideInfo& info = data->info;
  const DicomInstance& first = data->levels.front().files.front();
  info.path = path;
  info.format = "DICOM WSI";
  info.compression = first.compression;
  info.subsampling = subsampling_of(first);
  info.objective = first.objective;
  info.scanner = first.scanner;
  info.has_icc_profile = first.icc;
  info.left_out = std::move(series->left_out);
  info.warnings = std::move(series->warnings);
  set_scale(first, info);
  for (DicomLevel& level : data->levels) {
    info.levels.push_back(level_of(level.files.front(), first.width));
    if (!level.order_stated) {
      if (auto found = find_order(level, info); !found) {
        return tl::unexpected(found.error());
      }
    }
  }
  return std::make_unique<DicomSlide>(data);
}

}  // namespace her2
