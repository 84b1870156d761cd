// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "her2/slide/colour.h"
#include "her2/slide/dicom_series.h"
#include "her2/slide/jpeg.h"
#include "her2/slide/jpeg2000.h"

namespace her2 {
namespace {

// Uncompressed pixels, by pixel or by plane.
void unpack(const DicomInstance& instance, const std::vector<std::uint8_t>& bytes, RgbImage& rgb) {
  const auto width = static_cast<std::size_t>(instance.tile_width);
  const std::size_t plane = instance.planes ? width * static_cast<std::size_t>(instance.tile_height) : 1;
  const std::size_t step = instance.planes ? 1 : 3;
  const bool ycbcr = instance.photometric != "RGB";
  const int rows = std::min(rgb.height(), instance.tile_height);
  const int columns = std::min(rgb.width(), instance.tile_width);
  for (int y = 0; y < rows; ++y) {
    const std::uint8_t* from = bytes.data() + static_cast<std::size_t>(y) * width * step;
    std::uint8_t* to = rgb.row(y);
    for (int x = 0; x < columns; ++x, from += step, to += 3) {
      if (ycbcr) {
        ycbcr_to_rgb(from[0], from[plane], from[2 * plane], to);
      } else {
        to[0] = from[0];
        to[1] = from[plane];
        to[2] = from[2 * plane];
      }
    }
  }
}

}  // namespace

Result<void> decode_dicom_frame(const DicomInstance& instance, std::size_t frame, std::vector<std::uint8_t>& scratch,
                                RgbImage& rgb) {
  const auto begin = instance.first_fragment[frame];
  const auto end = instance.first_fragment[frame + 1];
  std::uint64_t length = 0;
  for (auto i = begin; i < end; ++i) {
    length += instance.fragments[i].length;
  }
  scratch.resize(length);
  std::size_t done = 0;
  for (auto i = begin; i < end; ++i) {
    const auto& part = instance.fragments[i];
    if (auto got = instance.file->read(part.offset, std::span(scratch).subspan(done, part.length)); !got) {
      return got;
    }
    done += part.length;
  }
  const bool rgb_claimed = instance.photometric == "RGB";
  if (instance.coding == DicomCoding::jpeg) {
    // Many files claim RGB though their JPEG streams are YCbCr: the stream's own markers go first.
    const auto colour = rgb_claimed ? JpegColour::rgb_unless_marked : JpegColour::by_stream;
    return decode_jpeg({scratch, {}, instance.tile_width, instance.tile_height, colour}, rgb);
  }
  if (instance.coding == DicomCoding::jpeg2000) {
    const bool ycbcr = instance.photometric == "YBR_FULL" || instance.photometric == "YBR_FULL_422";
    return decode_jpeg2000(scratch, instance.tile_width, instance.tile_height,
                           ycbcr ? Jp2Colour::ycbcr : Jp2Colour::rgb, rgb);
  }
  unpack(instance, scratch, rgb);
  return {};
}

}  // namespace her2
