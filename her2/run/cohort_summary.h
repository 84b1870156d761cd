// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <vector>

#include "her2/exchange/row_mapper.h"
#include "her2/run/cohort.h"

namespace her2 {

// Adds the rows that got these verdicts. Inside of cohort.cpp.
void add_verdicts(CohortSummary::Part& part, const Plan& plan, const std::vector<FactId>& answers,
                  const std::deque<Verdict>& verdicts);

// The summary of no rows.
CohortSummary empty_summary(const std::vector<const Plan*>& plans, const BoundMap& map);

}  // namespace her2
