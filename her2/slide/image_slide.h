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
Result<std::unique_ptr<Slide>> decode_whole(const Slide& slide, std::uint64_t file_size);

Result<std::unique_ptr<Slide>> open_png(const std::shared_ptr<const FileBytes>& file);
Result<std::unique_ptr<Slide>> open_jpeg(const std::shared_ptr<const FileBytes>& file);

// Pixels that a byte of a file can stand for: deflate's limit of 1032 bytes a byte, at one bit a pixel, rounded up.
inline constexpr std::int64_t kMostPixelsPerByte = 10'000;

// Refuses images larger than kMostImagePixels, and claims that `file_size` bytes cannot hold.
Result<void> check_image_size(std::int64_t width, std::int64_t height, std::uint64_t file_size);

}  // namespace her2
