// SPDX-License-Identifier: Apache-2.0
// The input is a DICOM file, alone in its folder: its tiles, and whose slide it says it is.
#include "fuzz/slide_input.h"
#include "her2/dicom/slide_context.h"
#include "her2/dicom/uid.h"
#include "her2/slide/dicom_slide.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static her2::fuzz::InputFile input("input.dcm");
  const std::string& path = input.hold(data, size);
  her2::fuzz::read_tiles(her2::open_dicom(path));
  const auto context = her2::dicom_slide_context(path);
  her2::fuzz::must(context ? her2::is_uid(context->study_uid) && !context->instances.empty()
                           : !context.error().reason.empty());
  return 0;
}
