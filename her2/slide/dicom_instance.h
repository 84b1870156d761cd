// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "her2/core/error.h"
#include "her2/slide/file_bytes.h"

namespace her2 {

// How the frames of an instance are decoded.
enum class DicomCoding { raw, jpeg, jpeg2000 };

// Bytes of a frame in its file; a frame in several fragments has several.
struct DicomFragment {
  std::uint64_t offset = 0, length = 0;
};

// One DICOM VL Whole Slide Microscopy file: what its attributes say, and where its frames are. Names, dates and numbers
// of patients and devices are not read.
struct DicomInstance {
  std::shared_ptr<const FileBytes> file;
  std::string series;
  std::string flavour;  // "VOLUME", "LABEL", "OVERVIEW", "THUMBNAIL", "LOCALIZER"; empty: not stated

  std::int64_t width = 0, height = 0;  // of the total pixel matrix
  int tile_width = 0, tile_height = 0;
  std::int64_t frames = 0;
  int samples = 3, bits = 8;
  bool planes = false;  // planar configuration 1
  std::string photometric;
  DicomCoding coding = DicomCoding::raw;
  std::string compression;  // "JPEG", "JPEG 2000", "none"

  std::string organisation;  // "TILED_FULL", "TILED_SPARSE"; empty: not stated
  struct Position {
    std::int64_t column = 0, row = 0;  // pixels of the matrix, from 0
  };
  std::vector<Position> positions;  // a frame each; empty: none stated
  int focal_planes = 1, optical_paths = 1;
  std::string concatenation;       // UID; empty: the instance is whole
  std::int64_t frames_before = 0;  // frames of the concatenation in files before this one

  std::optional<double> mpp_x, mpp_y, volume_mpp_x, volume_mpp_y, objective;
  std::string scanner;
  bool icc = false;

  // Frame i is fragments [first_fragment[i], first_fragment[i + 1]).
  std::vector<DicomFragment> fragments;
  std::vector<std::uint32_t> first_fragment;

  [[nodiscard]] std::int64_t across() const { return (width + tile_width - 1) / tile_width; }
  [[nodiscard]] std::int64_t down() const { return (height + tile_height - 1) / tile_height; }
};

// The series that a file belongs to; empty when it is no DICOM file or no whole slide image.
std::string dicom_series(const std::string& path);

// Reads a file. A label, overview or thumbnail gets no further than its attributes: its frames are not looked for.
// Error: no pixel data, an unknown transfer syntax, contradictory sizes, a file that ends early.
Result<DicomInstance> read_dicom_instance(const std::string& path);

}  // namespace her2
