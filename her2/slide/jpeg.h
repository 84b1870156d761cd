// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "her2/core/error.h"
#include "her2/core/plane.h"

// JPEG through libjpeg-turbo, always with the accurate integer transform (JDCT_ISLOW) and its default ("fancy")
// upsampling. Whatever libjpeg warns of (data that end early, bad codes, bytes where none belong) is an error: a
// picture that it would have made up is never handed on. Each call stands alone; nothing is kept between streams.
namespace her2 {

// What three components of a stream mean.
enum class JpegColour {
  by_stream,  // as its JFIF or Adobe marker says; without one YCbCr
  ycbcr,
  rgb_unless_marked,  // as its JFIF or Adobe marker says; without one as rgb
  rgb,                // RGB, unless chroma is subsampled: then it must be YCbCr
};

struct JpegHeader {
  int width = 0, height = 0, components = 0;
  std::string subsampling;  // "4:4:4", "4:2:2", "4:2:0", "4:4:0", "4:1:1"; empty for one component or anything else
  bool jfif = false, adobe = false, icc = false;
  bool ycbcr = false;  // three components that by_stream takes for YCbCr
};

// The header of a stream; `tables` (may be empty) is an abbreviated stream with tables only, as TIFF keeps it.
Result<JpegHeader> read_jpeg_header(std::span<const std::uint8_t> bytes, std::span<const std::uint8_t> tables = {});

struct JpegStream {
  std::span<const std::uint8_t> bytes;
  std::span<const std::uint8_t> tables;  // may be empty
  int width = 0, height = 0;             // what the container says; the stream must agree
  JpegColour colour = JpegColour::by_stream;
};

// Decodes into rows `first_row`... of `out`, which has its size already; what is beyond its right or lower edge is cut.
// Grey streams become RGB with three equal channels.
Result<void> decode_jpeg(const JpegStream& stream, RgbImage& out, int first_row = 0);

}  // namespace her2
