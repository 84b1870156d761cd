// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string>

#include "her2/assay/ish_fields.h"
#include "her2/core/error.h"
#include "her2/core/plane.h"
#include "her2/signal/field_reading.h"
#include "her2/slide/channel_image.h"

namespace her2 {

// One field as it was read.
struct IshInput {
  std::string path, name, sha256;
  double mpp = 0;  // um per pixel
  int width = 0, height = 0;
  RgbImage rgb;                               // a picture; empty for channels
  ChannelImage channels;                      // of a multi-channel file
  std::array<std::size_t, 3> roles{2, 0, 1};  // channels of nuclei, HER2, CEP17
  std::vector<std::string> notices;
};

// Pictures up to this many pixels are fields; what is larger is a slide.
inline constexpr std::int64_t kMostFieldPixels = 64'000'000;

// Reads a field. Error: the file, a role that names no channel, two roles of one channel, or no scale.
Result<IshInput> read_ish_input(const std::string& path, const IshFieldsOptions& options);

// Nuclei and maxima of a field; `refused` says why it cannot be used: too small, a channel that is empty or
// saturated, no nuclei in the channel that should show them.
struct IshReading {
  signal::FieldReading reading;
  std::string refused;
};
IshReading read_ish_field(const IshInput& input, const IshFieldsOptions& options);

// A sentence when nuclei are far clearer in a channel of a FISH field that should show signals; else empty.
std::string clearer_nuclei(const IshInput& input);

}  // namespace her2
