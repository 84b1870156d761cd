// SPDX-License-Identifier: Apache-2.0
#include "her2/slide/dicom_series.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <filesystem>

#include <fmt/format.h>

namespace her2 {
namespace {

namespace fs = std::filesystem;

// Files of a folder, by name, so that the order does not depend on the disk.
std::vector<std::string> files_of(const fs::path& folder) {
  std::vector<std::string> out;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    std::error_code ignored;
    if (entry->is_regular_file(ignored)) {
      out.push_back(entry->path().string());
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

// The files to read for what the user named.
Result<std::vector<std::string>> files_of_series(const std::string& path) {
  std::error_code ignored;
  const bool folder = fs::is_directory(path, ignored);
  std::string series = folder ? "" : dicom_series(path);
  if (!folder && series.empty()) {
    return std::vector<std::string>{path};  // its own sentence comes from reading it
  }
  std::vector<std::string> out;
  const fs::path where = folder ? fs::path(path) : fs::path(path).parent_path();
  for (const auto& file : files_of(where.empty() ? "." : where)) {
    if (!folder && fs::equivalent(file, path, ignored)) {
      out.push_back(path);
      continue;
    }
    const auto here = dicom_series(file);
    if (here.empty()) {
      continue;
    }
    if (series.empty()) {
      series = here;
    }
    if (here == series) {
      out.push_back(file);
    } else if (folder) {
      return fail("the folder holds more than one DICOM series; name a file of the one that is meant", {}, path);
    }
  }
  if (!folder && std::find(out.begin(), out.end(), path) == out.end()) {
    out.push_back(path);
  }
  if (out.empty()) {
    return fail("is a folder without DICOM whole slide images; name a slide", {}, path);
  }
  return out;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return text;
}

bool same_shape(const DicomInstance& a, const DicomInstance& b) {
  const double by = static_cast<double>(a.width) / static_cast<double>(b.width);
  return std::abs(static_cast<double>(a.height) / by - static_cast<double>(b.height)) <=
         1.5 + 0.01 * static_cast<double>(b.height);
}

void add_volume(DicomSeries& series, DicomInstance instance) {
  for (auto& level : series.levels) {
    const DicomInstance& other = level.files.front();
    if (!instance.concatenation.empty() && other.concatenation == instance.concatenation) {
      level.files.push_back(std::move(instance));
      return;
    }
  }
  series.levels.emplace_back().files.push_back(std::move(instance));
}

// The largest first; what has no place in the pyramid is named.
void order_levels(DicomSeries& series) {
  std::stable_sort(series.levels.begin(), series.levels.end(), [](const DicomLevel& a, const DicomLevel& b) {
    return a.files.front().width > b.files.front().width;
  });
  std::vector<DicomLevel> kept;
  for (auto& level : series.levels) {
    const DicomInstance& here = level.files.front();
    if (kept.empty() ||
        (here.width < kept.back().files.front().width && same_shape(kept.front().files.front(), here))) {
      kept.push_back(std::move(level));
    } else {
      series.left_out.push_back(fmt::format("another volume ({} x {})", here.width, here.height));
    }
  }
  series.levels = std::move(kept);
}

Result<void> by_positions(DicomLevel& level) {
  const DicomInstance& shape = level.files.front();
  for (std::uint32_t file = 0; file < level.files.size(); ++file) {
    const DicomInstance& here = level.files[file];
    for (std::uint32_t frame = 0; frame < here.positions.size(); ++frame) {
      const auto [x, y] = here.positions[frame];
      const auto column = x / shape.tile_width;
      const auto row = y / shape.tile_height;
      if (x < 0 || y < 0 || x % shape.tile_width != 0 || y % shape.tile_height != 0 || column >= shape.across() ||
          row >= shape.down()) {
        return fail(fmt::format("frame {} lies at pixel ({}, {}), off the grid of tiles; her2 cannot place it",
                                frame + 1, x + 1, y + 1),
                    {}, here.file->path());
      }
      DicomTile& tile = level.tiles[static_cast<std::size_t>(row * shape.across() + column)];
      if (tile.file != DicomLevel::kAbsent) {
        return fail(fmt::format("two frames lie at pixel ({}, {}); export one focal plane", x + 1, y + 1), {},
                    here.file->path());
      }
      tile = {file, frame};
    }
  }
  return {};
}

Result<void> in_order(DicomLevel& level, bool by_columns) {
  const DicomInstance& shape = level.files.front();
  const auto count = static_cast<std::int64_t>(level.tiles.size());
  std::int64_t next = 0;
  for (std::uint32_t file = 0; file < level.files.size(); ++file) {
    const DicomInstance& here = level.files[file];
    if (here.frames_before != next || next + here.frames > count) {
      return fail("a file of its concatenation is missing, or there is one too many", {}, here.file->path());
    }
    for (std::uint32_t frame = 0; frame < static_cast<std::uint32_t>(here.frames); ++frame, ++next) {
      const auto tile = by_columns ? next % shape.down() * shape.across() + next / shape.down() : next;
      level.tiles[static_cast<std::size_t>(tile)] = {file, frame};
    }
  }
  if (next != count) {
    return fail(fmt::format("it has {} of {} frames; files of its concatenation are missing", next, count), {},
                shape.file->path());
  }
  return {};
}

}  // namespace

Result<void> place_tiles(DicomLevel& level, bool by_columns) {
  std::sort(level.files.begin(), level.files.end(),
            [](const DicomInstance& a, const DicomInstance& b) { return a.frames_before < b.frames_before; });
  const DicomInstance& shape = level.files.front();
  std::uint64_t bytes = 0;
  for (const auto& file : level.files) {
    if (file.width != shape.width || file.height != shape.height || file.tile_width != shape.tile_width ||
        file.tile_height != shape.tile_height) {
      return fail("the files of its concatenation differ in size", {}, file.file->path());
    }
    bytes += file.file->size();
  }
  const auto tiles = static_cast<std::uint64_t>(shape.across()) * static_cast<std::uint64_t>(shape.down());
  constexpr std::uint64_t kSparseness = 1000;  // tiles of glass that a byte of file may stand for
  if (tiles / kSparseness > bytes) {
    return fail(fmt::format("it claims {} x {} pixels, far more than its bytes can hold", shape.width, shape.height),
                {}, shape.file->path());
  }
  level.tiles.assign(tiles, {DicomLevel::kAbsent, 0});
  const bool positioned = std::any_of(level.files.begin(), level.files.end(),
                                      [](const DicomInstance& file) { return !file.positions.empty(); });
  if (shape.organisation == "TILED_SPARSE" && !positioned) {
    return fail("it is TILED_SPARSE but does not say where its frames lie; the file is damaged", {},
                shape.file->path());
  }
  if (positioned && shape.organisation != "TILED_FULL") {
    return by_positions(level);
  }
  level.order_stated = shape.organisation == "TILED_FULL" || tiles == 1;
  return in_order(level, by_columns);
}

Result<DicomSeries> read_dicom_series(const std::string& path) {
  const auto files = files_of_series(path);
  if (!files) {
    return tl::unexpected(files.error());
  }
  DicomSeries out;
  for (const auto& file : *files) {
    auto instance = read_dicom_instance(file);
    if (!instance) {
      return tl::unexpected(instance.error());
    }
    if (instance->flavour.empty() || instance->flavour == "VOLUME") {
      add_volume(out, std::move(*instance));
    } else {
      out.left_out.push_back(lower(instance->flavour));
    }
  }
  if (out.levels.empty()) {
    return fail(fmt::format("it holds no slide but a picture that is never read ({}); name the file of the volume",
                            fmt::join(out.left_out, ", ")),
                {}, path);
  }
  order_levels(out);
  for (auto& level : out.levels) {
    if (auto placed = place_tiles(level); !placed) {
      return tl::unexpected(placed.error());
    }
  }
  return out;
}

}  // namespace her2
