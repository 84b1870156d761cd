// SPDX-License-Identifier: Apache-2.0
// The input is a TIFF file: it opens and all of its tiles are read, or it is refused with a sentence.
#include "fuzz/slide_input.h"
#include "her2/slide/file_bytes.h"
#include "her2/slide/tiff_slide.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static her2::fuzz::InputFile input("input.tif");
  const auto file = her2::FileBytes::open(input.hold(data, size));
  if (file) {
    her2::fuzz::read_tiles(her2::open_tiff(*file));
  }
  return 0;
}
