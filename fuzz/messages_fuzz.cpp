// SPDX-License-Identifier: Apache-2.0
// A catalogue of sentences, as a user's own and as one that stands for itself.
#include "fuzz/dictionary.h"
#include "her2/language/say.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace her2;
  const std::string text(fuzz::text_of(data, size));
  const auto own = Messages::read({{"xx.toml", text}}, &english_messages());
  fuzz::require(own.has_value() || !own.error().reason.empty());
  if (own) {
    const Speaking speaking(*own);
    fuzz::require(!say("status.look_at").empty() || own->find("status.look_at") != nullptr);
    grouped(12345678);
    date_in("2026-11-23");
    percent_in(12.5, 1);
    untranslated_words();
  }
  const auto alone = Messages::read({{"xx.toml", text}}, nullptr);
  fuzz::require(alone.has_value() || !alone.error().reason.empty());
  return 0;
}
