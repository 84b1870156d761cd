// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "her2/core/error.h"
#include "her2/core/plane.h"
#include "her2/slide/dicom_instance.h"

namespace her2 {

// Which frame of which file a tile is.
struct DicomTile {
  std::uint32_t file = 0, frame = 0;
};

// One level: a file, or the files of a concatenation.
struct DicomLevel {
  static constexpr std::uint32_t kAbsent = 0xFFFFFFFF;

  std::vector<DicomInstance> files;
  std::vector<DicomTile> tiles;  // row by row; file kAbsent: not stored
  bool order_stated = true;      // false: nothing says where the frames belong
};

struct DicomSeries {
  std::vector<DicomLevel> levels;  // the largest first
  std::vector<std::string> left_out;
  std::vector<std::string> warnings;
};

// The volume instances of a file's series, or of a folder, as levels.
Result<DicomSeries> read_dicom_series(const std::string& path);

// Lays tiles out. Frames whose places are not stated are taken row by row, or column by column on demand.
Result<void> place_tiles(DicomLevel& level, bool by_columns = false);

// Decodes frame `frame` into rgb, which has its size already (the frame, or cut at the slide's edge). `scratch` is the
// caller's memory.
Result<void> decode_dicom_frame(const DicomInstance& instance, std::size_t frame, std::vector<std::uint8_t>& scratch,
                                RgbImage& rgb);

}  // namespace her2
