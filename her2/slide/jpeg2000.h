// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "her2/core/error.h"
#include "her2/core/plane.h"

// JPEG 2000 through OpenJPEG, in its strict mode: data that end early are an error.
namespace her2 {

// What three components mean once the stream's own transform is undone.
enum class Jp2Colour { rgb, ycbcr };

// Decodes a codestream (or a JP2 file) of width x height pixels into `out`, which has its size already; what is beyond
// its right or lower edge is cut. Subsampled chroma is repeated. One component becomes RGB with three equal channels.
Result<void> decode_jpeg2000(std::span<const std::uint8_t> bytes, int width, int height, Jp2Colour colour,
                             RgbImage& out);

}  // namespace her2
