// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "her2/evidence/case.h"
#include "her2/report/status_model.h"
#include "her2/run/decided.h"

namespace her2 {

// The smallest change of each recorded fact that leads to another row for the plan's first answer, nearest first. What
// a change leads to is decided anew from the recorded facts, with what was computed from the changed fact taken out.
// `decided` has one reading.
struct WhatWouldChange {
  std::vector<WhatIf> changes;
  std::vector<std::string> not_searched;  // labels of recorded facts: too many cases are possible (guideline/change.h)
};
WhatWouldChange what_would_change(const Plan& plan, const Specimen& specimen, const Decided& decided);

// The fact that a person records for a derived one: the number of cells is read in two places.
FactId recorded_as(const Dictionary& dictionary, FactId fact);

}  // namespace her2
