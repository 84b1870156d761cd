// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "her2/guideline/condition.h"
#include "her2/report/cohort_model.h"

namespace her2 {

// A rate with its conditions: a row is a case of it where `among` is met, and an event where `when` is met as well.
struct RateRule {
  CohortRate rate;
  Condition among, when;
  std::vector<FactId> facts;  // that the two read, ascending: choices
};

// Reads rates (qa/rates.toml, docs/cohorts.md). Fails with the place and what was expected there.
Result<std::vector<RateRule>> parse_rates(std::string_view toml, const std::string& file, const Dictionary& dictionary);

}  // namespace her2
