// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "her2/report/status_model.h"

namespace her2::test {

CaseStatus decided_case();   // negative, low, with actions, comments and changes
CaseStatus open_case();      // open, with what would settle it
CaseStatus conflict_case();  // contradictory facts
CaseStatus refused_case();   // facts that cannot be
CaseStatus ensemble_case();  // probabilities
CaseStatus several_case();   // three specimens, a policy
CaseStatus hostile_case();   // markup, escapes, bad UTF-8, very long words in every text
CaseStatus empty_case();     // no specimen

struct NamedCase {
  std::string name;
  CaseStatus status;
};
std::vector<NamedCase> all_cases();

}  // namespace her2::test
