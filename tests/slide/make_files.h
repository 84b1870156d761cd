// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "her2/core/plane.h"

// Small slide files, whole or with a fault, made byte by byte so that any fault can be made.
namespace her2::test {

// A folder that goes with the test.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  // Writes a file and gives its path.
  [[nodiscard]] std::string write(const std::string& name, const std::string& bytes) const;
  [[nodiscard]] std::string path(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

// Smooth colours with a little texture; no two tiles are alike.
RgbImage picture(int width, int height, int seed = 1);
RgbImage cut(const RgbImage& image, const Box& box);  // white beyond the edge
std::string raw(const RgbImage& image);

struct JpegOptions {
  int quality = 90;
  int horizontal = 1, vertical = 1;  // samples of luma a sample of chroma
  bool rgb = false;                  // store RGB without transform
  bool jfif = true;
  bool tables = true;  // false: an abbreviated stream, its tables apart
};
std::string make_jpeg(const RgbImage& image, const JpegOptions& options = {});
std::string make_jpeg_tables(const JpegOptions& options = {});
std::string make_jpeg2000(const RgbImage& image, bool transform);  // lossless; transform: RGB is stored as RCT

struct TiffField {
  std::uint16_t type = 3;  // 2 text, 3 short, 4 long, 5 rational (numerator, denominator), 7 bytes
  std::vector<std::uint32_t> values;
  std::string bytes;                        // for 2 and 7
  std::optional<std::uint32_t> count = {};  // claimed instead of the real one
};
using TiffFields = std::map<std::uint16_t, TiffField>;

struct TiffPageSpec {
  TiffFields fields;
  std::vector<std::string> blocks;       // bytes of each tile or strip; empty: absent
  std::vector<TiffPageSpec> below = {};  // SubIFDs
};
struct TiffSpec {
  std::vector<TiffPageSpec> pages;
  bool big = false, big_endian = false;
  std::optional<std::size_t> last_points_to = {};  // page: a cycle
};
std::string make_tiff(const TiffSpec& spec);

enum class Packing { none, jpeg_rgb, jpeg_ycbcr, jpeg2000_rgb, jpeg2000_ycbcr };
// A page of `image` in tiles of `tile` pixels (0: strips of 16 rows).
TiffPageSpec tiff_page(const RgbImage& image, int tile, Packing packing = Packing::none);
TiffField text_field(const std::string& text);
TiffField number_field(std::uint32_t value);

struct DicomSpec {
  int width = 0, height = 0, tile = 0;
  std::vector<std::string> frames;
  std::string transfer_syntax = "1.2.840.10008.1.2.4.50";
  std::string organisation = "TILED_FULL", photometric = "YBR_FULL_422", flavour = "VOLUME", series = "1.2.3";
  std::vector<std::pair<int, int>> positions;  // column, row from 1, a frame each
  std::string spacing = "0.00025\\0.00025";
  std::optional<int> claimed_frames = {};
  bool pixel_data = true, end = true;
};
std::string make_dicom(const DicomSpec& spec);
// The frames of an image, row by row, with white beyond its edge.
std::vector<RgbImage> frames_of(const RgbImage& image, int tile);

}  // namespace her2::test
