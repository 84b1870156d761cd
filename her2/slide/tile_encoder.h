// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "her2/slide/tiff_writer.h"

namespace her2 {

// Compresses tiles. One thread at a time.
class TileEncoder {
 public:
  explicit TileEncoder(const PyramidOptions& options);
  ~TileEncoder();
  TileEncoder(const TileEncoder&) = delete;
  TileEncoder& operator=(const TileEncoder&) = delete;
  Result<std::string> encode(const RgbImage& tile);

 private:
  TiffCompression compression_;
  int quality_, subsampling_;
  void* jpeg_ = nullptr;
};

}  // namespace her2
