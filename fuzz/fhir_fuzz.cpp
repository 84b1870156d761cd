// SPDX-License-Identifier: Apache-2.0
// A FHIR bundle of another system. What is read must be a case that is written as a case file and reads back.
#include "fuzz/codes.h"
#include "her2/exchange/case_json.h"
#include "her2/message/fhir_read.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace her2;
  const auto text = fuzz::text_of(data, size);
  static_cast<void>(looks_like_fhir(text));
  const auto read = parse_fhir(text, fuzz::dictionary(), fuzz::codes(), "bundle.json");
  if (!read) {
    fuzz::require(!read.error().reason.empty());
    return 0;
  }
  fuzz::require(!case_json(*read, fuzz::dictionary()).empty());
  return 0;
}
