// SPDX-License-Identifier: Apache-2.0
// The input is a PNG file when it begins as one does, else a JPEG file.
#include "fuzz/slide_input.h"
#include "her2/slide/file_bytes.h"
#include "her2/slide/image_slide.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static her2::fuzz::InputFile input("input");
  const auto file = her2::FileBytes::open(input.hold(data, size));
  if (file) {
    constexpr std::uint8_t kPng = 0x89;
    her2::fuzz::read_tiles(data[0] == kPng ? her2::open_png(*file) : her2::open_jpeg(*file));
  }
  return 0;
}
