// SPDX-License-Identifier: Apache-2.0
// The input is a TIFF file of grey channels: all of them are read, in either projection, or it is refused with a
// sentence.
#include "fuzz/slide_input.h"
#include "her2/slide/channel_image.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static her2::fuzz::InputFile input("input.tif");
  const std::string& path = input.hold(data, size);
  for (const auto projection : {her2::FocusProjection::maximum, her2::FocusProjection::extended_focus}) {
    const auto image = her2::read_channels(path, projection);
    if (image) {
      for (const auto& plane : image->planes) {
        her2::fuzz::must(plane.width() == image->planes[0].width() && plane.height() == image->planes[0].height());
      }
    } else {
      her2::fuzz::must(!image.error().reason.empty());
    }
  }
  return 0;
}
