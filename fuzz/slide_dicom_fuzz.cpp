// SPDX-License-Identifier: Apache-2.0
// The input is a DICOM file, alone in its folder.
#include "fuzz/slide_input.h"
#include "her2/slide/dicom_slide.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static her2::fuzz::InputFile input("input.dcm");
  her2::fuzz::read_tiles(her2::open_dicom(input.hold(data, size)));
  return 0;
}
