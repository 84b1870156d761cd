// SPDX-License-Identifier: Apache-2.0
// A catalogue of patient messages. What is read makes a page without empty sections; an error has a reason.
#include <algorithm>

#include "fuzz/dictionary.h"
#include "her2/care/explain.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace her2;
  const auto texts = load_patient_texts(std::string(fuzz::text_of(data, size)), fuzz::dictionary());
  if (!texts) {
    fuzz::require(!texts.error().reason.empty());
    return 0;
  }
  for (const bool numbers : {false, true}) {
    const PatientPage page = patient_page(*texts, fuzz::dictionary(), {}, numbers, {{"alive_10", "90"}});
    for (const auto& section : page.sections) {
      fuzz::require(!section.paragraphs.empty() || !section.items.empty());
    }
  }
  return 0;
}
