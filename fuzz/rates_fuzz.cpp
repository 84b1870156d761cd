// SPDX-License-Identifier: Apache-2.0
// Rates of a cohort report, and the same text as rules of agreement.
#include "fuzz/dictionary.h"
#include "her2/run/agreement.h"
#include "her2/run/cohort_rates.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace her2;
  const auto text = fuzz::text_of(data, size);
  if (const auto rates = parse_rates(text, "rates.toml", fuzz::dictionary())) {
    for (const RateRule& rule : *rates) {
      fuzz::require(!rule.rate.published || rule.rate.published->first <= rule.rate.published->second);
      fuzz::require(!rule.rate.reference || (*rule.rate.reference >= 0 && *rule.rate.reference <= 1));
    }
  } else {
    fuzz::require(!rates.error().reason.empty() && rates.error().file == "rates.toml");
  }
  if (const auto rules = parse_agreement_rules(text, "rules.toml")) {
    for (const AgreementRule& rule : *rules) {
      fuzz::require(rule.kind == "validation" || rule.kind == "proficiency");
    }
  } else {
    fuzz::require(!rules.error().reason.empty() && rules.error().file == "rules.toml");
  }
  return 0;
}
