// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

namespace her2 {

// Full-range YCbCr to RGB as JFIF 1.02 defines it (ITU-R BT.601 weights), in 16-bit fixed point with rounding: the same
// arithmetic, and so the same bytes, as libjpeg's.
inline void ycbcr_to_rgb(int y, int cb, int cr, std::uint8_t* out) {
  constexpr int kHalf = 1 << 15;
  constexpr int kRedCr = 91881;     // 1.40200
  constexpr int kBlueCb = 116130;   // 1.77200
  constexpr int kGreenCb = -22554;  // -0.34414
  constexpr int kGreenCr = -46802;  // -0.71414
  const int blue = cb - 128;
  const int red = cr - 128;
  const auto clip = [](int value) { return static_cast<std::uint8_t>(std::clamp(value, 0, 255)); };
  out[0] = clip(y + ((kRedCr * red + kHalf) >> 16));
  out[1] = clip(y + ((kGreenCb * blue + kGreenCr * red + kHalf) >> 16));
  out[2] = clip(y + ((kBlueCb * blue + kHalf) >> 16));
}

}  // namespace her2
