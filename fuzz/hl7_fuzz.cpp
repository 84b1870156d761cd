// SPDX-License-Identifier: Apache-2.0
// An HL7 v2 message of another system. Escaping and its undoing are each other's inverse on any text.
#include "fuzz/codes.h"
#include "her2/exchange/case_json.h"
#include "her2/message/hl7_read.h"
#include "her2/message/hl7_text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace her2;
  const auto text = fuzz::text_of(data, size);
  fuzz::require(hl7_unescaped(hl7_escaped(text), {}) == text);
  static_cast<void>(looks_like_hl7(text));
  const auto read = parse_hl7(text, fuzz::dictionary(), fuzz::codes(), "result.hl7");
  if (!read) {
    fuzz::require(!read.error().reason.empty());
    return 0;
  }
  fuzz::require(!case_json(*read, fuzz::dictionary()).empty());
  return 0;
}
