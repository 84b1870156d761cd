// SPDX-License-Identifier: Apache-2.0
// A case file. What is read must be written so that it reads back and writes the same bytes.
#include "fuzz/dictionary.h"
#include "her2/exchange/case_json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace her2;
  const auto read = parse_case(fuzz::text_of(data, size), fuzz::dictionary(), "case.json");
  if (!read) {
    fuzz::require(!read.error().reason.empty());
    return 0;
  }
  const auto text = case_json(*read, fuzz::dictionary());
  const auto again = parse_case(text, fuzz::dictionary(), "again.json");
  fuzz::require(again.has_value());
  fuzz::require(case_json(*again, fuzz::dictionary()) == text);
  return 0;
}
