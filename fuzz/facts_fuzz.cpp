// SPDX-License-Identifier: Apache-2.0
// A dictionary of facts.
#include "fuzz/dictionary.h"
#include "her2/evidence/value.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace her2;
  const auto dictionary = Dictionary::parse(fuzz::text_of(data, size), "facts.toml");
  if (!dictionary) {
    fuzz::require(!dictionary.error().reason.empty() && dictionary.error().file == "facts.toml");
    return 0;
  }
  for (std::size_t i = 0; i < dictionary->size(); ++i) {
    const auto& type = (*dictionary)[static_cast<FactId>(i)];
    fuzz::require(dictionary->find(type.name) == static_cast<FactId>(i));
    (void)type.signature();
    (void)parse_value(type, "2.0");
    for (const auto& value : type.values) {  // every value can be written, unless only a table gives it
      const auto index = *type.index_of(value);
      fuzz::require(parse_value(type, value).has_value() == ((type.computed_only >> index & 1U) == 0));
    }
  }
  return 0;
}
