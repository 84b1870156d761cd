// SPDX-License-Identifier: Apache-2.0
// An option file. What is read can be proved, answered and settled; an error has a reason.
#include <algorithm>

#include "fuzz/dictionary.h"
#include "her2/care/option_answer.h"
#include "her2/care/option_proof.h"

namespace {

using namespace her2;

constexpr std::size_t kMostFacts = 4;  // so that one input of the fuzzer stays fast
constexpr std::size_t kMostText = 3000;

bool small(const Option& option) {
  std::size_t text = 0;
  for (const auto& criterion : option.criteria) {
    text += criterion.when_text.size();
  }
  return option.criteria.size() <= 4 && text <= 200 && option.facts(fuzz::dictionary()).size() <= kMostFacts &&
         option.trial_entry.empty();
}

void answer(const Option& option) {
  const CareFacts nothing;
  const OptionAnswer all = answer_option(option, nothing, fuzz::dictionary());
  fuzz::require(all.criteria.size() == option.criteria.size());
  fuzz::require(all.remarks.size() == option.remarks.size());
  fuzz::require(all.state == option_state(option, nothing, fuzz::dictionary()));
  fuzz::require(all.state == Truth::open || all.settled_by.empty());
  for (const SettlingFact& fact : all.settled_by) {
    const auto read = option.facts(fuzz::dictionary());
    fuzz::require(std::binary_search(read.begin(), read.end(), fact.fact));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto loaded = load_option_file(std::string(fuzz::text_of(data, size)), fuzz::dictionary());
  if (!loaded) {
    fuzz::require(!loaded.error().reason.empty());
    return 0;
  }
  fuzz::require(!loaded->options.empty());
  for (const Option& option : loaded->options) {
    fuzz::require(!option.criteria.empty() && !option.cite.empty());
    if (size <= kMostText && small(option)) {
      answer(option);
    }
  }
  return 0;
}
