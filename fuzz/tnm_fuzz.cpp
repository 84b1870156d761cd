// SPDX-License-Identifier: Apache-2.0
// T, N and M as texts. What is read becomes facts, and what was written reads again as the same facts.
#include "fuzz/dictionary.h"
#include "her2/care/tnm_text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace her2;
  const auto tnm = parse_tnm(fuzz::text_of(data, size));
  if (!tnm) {
    fuzz::require(!tnm.error().reason.empty());
    return 0;
  }
  fuzz::require(!tnm->categories.empty());
  for (const bool pathological : {false, true}) {
    const auto facts = tnm_facts(fuzz::dictionary(), *tnm, pathological);
    for (const auto& [fact, value] : facts) {
      const FactType& type = fuzz::dictionary()[fact];
      const auto again = parse_value(type, value_text(type, value));
      fuzz::require(again.has_value() && again->choices == value.choices && again->state == value.state);
    }
  }
  std::string written;
  for (const auto& category : tnm->categories) {
    written += category.written + " ";
  }
  if (written.size() <= 512) {
    const auto again = parse_tnm(written);
    fuzz::require(again.has_value() && again->categories.size() == tnm->categories.size());
    fuzz::require(tnm_facts(fuzz::dictionary(), *again, false) == tnm_facts(fuzz::dictionary(), *tnm, false));
  }
  return 0;
}
