// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "her2/core/error.h"
#include "her2/slide/file_bytes.h"
#include "her2/slide/slide.h"

// Images without tiles: decoded once when they are opened and offered as blocks.
namespace her2 {

// Pixels of the largest image that is taken so (750 MB of RGB); what is larger should be a tiled slide.
inline constexpr std::int64_t kMostImagePixels = 250'000'000;
inline constexpr int kImageBlock = 1024;  // pixels, side of a block

// A slide of one level over pixels in memory; `info` says all but the level.
std::unique_ptr<Slide> image_slide(SlideInfo info, RgbImage pixels);

// Level 0 of a slide, decoded from its tiles.
Result<std::unique_ptr<Slide>> decode_whole(const Slide& slide);

Result<std::unique_ptr<Slide>> open_png(const std::shared_ptr<const FileBytes>& file);
Result<std::unique_ptr<Slide>> open_jpeg(const std::shared_ptr<const FileBytes>& file);

// "is 100000 x 90000 pixels ..." when the image is larger than kMostImagePixels.
Result<void> check_image_size(std::int64_t width, std::int64_t height);

}  // namespace her2
