// SPDX-License-Identifier: Apache-2.0
// The first byte picks a fact, the rest is a value as someone wrote it. What is read must be written so that it reads
// back as the same possibilities.
#include "fuzz/dictionary.h"
#include "her2/evidence/value.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace her2;
  if (size == 0) {
    return 0;
  }
  const auto& dictionary = fuzz::dictionary();
  const auto& type = dictionary[static_cast<FactId>(data[0] % dictionary.size())];
  const auto value = parse_value(type, fuzz::text_of(data + 1, size - 1));
  if (!value) {
    fuzz::require(!value.error().reason.empty());
    return 0;
  }
  const auto text = value_text(type, *value);
  auto again = parse_value(type, text);
  fuzz::require(again.has_value());
  if (!value->written) {
    again->written.reset();
  }
  fuzz::require(*again == *value);
  return 0;
}
