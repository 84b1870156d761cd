// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "her2/core/error.h"
#include "her2/core/plane.h"

// Any image as one pyramid with micrometres per pixel. Level 0 is the finest. What a tile holds is decoded once and
// handed on as 8-bit RGB; nothing is colour managed, resampled or blended on the way.
namespace her2 {

struct SlideLevel {
  std::int64_t width = 0, height = 0;   // pixels
  double downsample = 1;                // of level 0, width by width
  int tile_width = 0, tile_height = 0;  // as stored; images without tiles are offered as strips or blocks
  std::int64_t tiles_across = 0, tiles_down = 0;

  // The part of the level that the tile covers: tiles at the right and bottom edge are cut to it.
  [[nodiscard]] Box tile_box(std::int64_t column, std::int64_t row) const;
};

struct SlideInfo {
  std::string path;
  std::string
      format;  // "Aperio SVS", "generic tiled TIFF", "OME-TIFF", "DICOM WSI", "Hamamatsu NDPI (OpenSlide)", "PNG"
  std::vector<SlideLevel> levels;
  // Micrometres per level 0 pixel. Absent when the file states none that can be one (72 dpi defaults are none).
  std::optional<double> mpp_x, mpp_y;
  std::string mpp_source;           // "file: openslide.mpp-x", "--mpp"; empty: none
  std::optional<double> objective;  // nominal magnification, 20 or 40
  std::string compression;          // of level 0: "JPEG", "JPEG 2000", "none", "LZW", "deflate"
  std::string subsampling;          // "4:4:4", "4:2:2", "4:2:0"; empty: none or not known
  std::string scanner;              // maker and model as stated, never a serial number; may be empty
  bool has_icc_profile = false;
  std::vector<std::string> left_out;  // label, macro, thumbnail: they are named and never read
  std::vector<std::string> warnings;  // one sentence each, for the report
};

struct SlideOptions {
  std::optional<double> mpp;  // stated by the user: goes before what the file says
};

// Decodes tiles. One thread at a time; make one per thread. Holds no lock that another reader waits for.
class TileReader {
 public:
  virtual ~TileReader() = default;
  // Decodes tile (column, row) of a level into rgb, which is made tile_box() large. False: the file declares the tile
  // absent (sparse, zero bytes) and rgb is white. Error: file, tile and what was wrong.
  virtual Result<bool> read(int level, std::int64_t column, std::int64_t row, RgbImage& rgb) = 0;
};

// An opened slide. Immutable and thread-safe; only metadata is held.
class Slide {
 public:
  virtual ~Slide() = default;
  [[nodiscard]] virtual const SlideInfo& info() const = 0;
  [[nodiscard]] virtual Result<std::unique_ptr<TileReader>> reader() const = 0;
};

// Opens by content, not by name. Refuses what is no image, claims sizes that its bytes cannot hold, has cyclic
// directories, unknown compressions, no level or no pixels; the sentence says what to do.
Result<std::unique_ptr<Slide>> open_slide(const std::string& path, const SlideOptions& options = {});

// Micrometres per pixel when x and y agree within 1 %; else an error that says what to give.
Result<double> square_mpp(const SlideInfo& info);

// The level with the largest downsample that is at most `downsample` (within 1 %).
int level_for(const SlideInfo& info, double downsample);

// A piece of a level, put together from its tiles; what lies outside the level is white.
Result<void> read_region(TileReader& reader, const SlideInfo& info, int level, const Box& box, RgbImage& out);

}  // namespace her2
