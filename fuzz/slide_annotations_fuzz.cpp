// SPDX-License-Identifier: Apache-2.0
// The input is a DICOM annotations object of another program: GeoJSON, or one sentence.
#include "fuzz/slide_input.h"
#include "her2/dicom/annotations_read.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static her2::fuzz::InputFile input("input.dcm");
  const std::string& path = input.hold(data, size);
  static_cast<void>(her2::is_annotations(path));
  const auto read = her2::annotations_as_geojson(path, "/dev/null");
  her2::fuzz::must(read || !read.error().reason.empty());
  return 0;
}
