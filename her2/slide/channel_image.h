// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "her2/core/error.h"
#include "her2/core/plane.h"

// Fluorescence images: a grey plane for each channel, in one TIFF or OME-TIFF, 8 or 16 bits, with focal planes.
namespace her2 {

// What becomes of focal planes.
enum class FocusProjection : std::uint8_t {
  maximum,         // the brightest of all planes at each pixel
  extended_focus,  // that of the plane that is sharpest around the pixel
};

struct ChannelImage {
  std::string format;                        // "OME-TIFF, 3 channels, 5 focal planes, 16 bits"
  std::vector<std::string> names;            // as the file says; "1", "2", ... where it does not
  std::vector<Plane<std::uint16_t>> planes;  // one a channel, all of one size
  int white = 255;                           // the largest value that its pixels can hold: 255, or by their bits
  std::optional<double> mpp;                 // um per pixel, where the file states one
  std::vector<std::string> warnings;
};

// Whether a file is a TIFF of grey channels, which open_slide() refuses.
bool holds_channels(const std::string& path);

// Reads all channels. Error: no such file; planes of different sizes, of other than 8 or 16 bits; fewer planes than
// the description states (a missing plane, with how many there are and should be); several times or mosaics.
Result<ChannelImage> read_channels(const std::string& path, FocusProjection projection = FocusProjection::maximum);

}  // namespace her2
