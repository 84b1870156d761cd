// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "her2/core/error.h"
#include "her2/core/plane.h"

namespace her2 {

// The bytes of a PNG file: 8-bit RGB, without time or text. Equal images give equal bytes with the same zlib. Error:
// no pixels, or no memory.
Result<std::string> encode_png(const RgbImage& image);

}  // namespace her2
