// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>

#include "her2/core/error.h"
#include "her2/core/plane.h"

// Writes an image of any size as a tiled pyramid that viewers open: TIFF, or BigTIFF where it may grow beyond 4 GB.
namespace her2 {

enum class TiffCompression : std::uint8_t { jpeg, deflate, none };
enum class ChromaSubsampling : std::uint8_t { s444, s422, s420 };

struct PyramidOptions {
  std::int64_t width = 0, height = 0;  // level 0 pixels
  double mpp = 0;                      // um per level 0 pixel; 0: not stated
  TiffCompression compression = TiffCompression::jpeg;
  int quality = 85;  // of JPEG, 1 to 100
  ChromaSubsampling subsampling = ChromaSubsampling::s420;
  bool aperio = true;   // describe it as Aperio's SVS files do, so that readers take the um from there
  bool absent = false;  // glass as tiles of no bytes; else as one white tile that all of them share
  std::array<std::uint8_t, 3> white{255, 255, 255};  // of glass
  int threads = 0;                                   // 0: all
};

// Gives the pixels of `box` (level 0, inside the image, at most 1024 x 1024) in `out`; false: nothing but glass, `out`
// is not looked at. Called by several threads at once, each box once, in no fixed order.
using PixelSource = std::function<Result<bool>(const Box& box, RgbImage& out)>;
// Called now and then by one thread at a time with the share that is done, 0 to 1; false: stop.
using Progress = std::function<bool(double share)>;

// Tiles of 256 x 256; each level halves the one before (mean of 2 x 2 pixels) until one tile holds all. The bytes are
// the same for any number of threads. Memory is bounded by threads, not by the image, but for 16 bytes a tile. The file
// appears whole or not at all. Error: what could not be written and why (a full disk).
Result<void> write_pyramid(const std::string& path, const PyramidOptions& options, const PixelSource& source,
                           const Progress& progress = {});

// What a JPEG of this quality leaves of an image: encoded and decoded again.
Result<void> through_jpeg(int quality, ChromaSubsampling subsampling, RgbImage& image);

}  // namespace her2
