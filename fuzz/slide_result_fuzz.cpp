// SPDX-License-Identifier: Apache-2.0
// A result.json: read, or refused with the member that is wrong. Its hash is of the content alone.
#include "fuzz/dictionary.h"
#include "her2/dicom/slide_result.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace her2;
  const auto text = fuzz::text_of(data, size);
  const auto read = parse_slide_result(text, "result.json");
  if (!read) {
    fuzz::require(!read.error().reason.empty() && read.error().file == "result.json");
    return 0;
  }
  const auto again = parse_slide_result(std::string(text) + " \n", "result.json");
  fuzz::require(again && again->content_sha256 == read->content_sha256);
  return 0;
}
