// SPDX-License-Identifier: Apache-2.0
// A book of codes.
#include "fuzz/dictionary.h"
#include "her2/message/code_book.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace her2;
  const auto book = CodeBook::parse(fuzz::text_of(data, size), fuzz::dictionary(), "codes.toml");
  fuzz::require(book.has_value() || !book.error().reason.empty());
  return 0;
}
