// SPDX-License-Identifier: Apache-2.0
#include "her2/run/cohort_summary.h"

namespace her2 {

void add_verdicts(CohortSummary::Part& part, const Plan& plan, const std::vector<FactId>& answers,
                  const std::deque<Verdict>& verdicts) {
  for (const Verdict& verdict : verdicts) {
    if (verdict.count == 0) {
      continue;
    }
    part.states[static_cast<std::size_t>(verdict.state)] += verdict.count;
    for (std::size_t i = 0; i < verdict.answers.size(); ++i) {
      if (!verdict.answers[i].empty()) {
        part.answers[plan.dictionary()[answers[i]].name][verdict.answers[i]] += verdict.count;
      }
    }
    if (!verdict.notices.empty()) {
      part.notices[verdict.notices] += verdict.count;
    }
  }
}

CohortSummary empty_summary(const std::vector<const Plan*>& plans, const BoundMap& map) {
  CohortSummary out;
  for (const Plan* plan : plans) {
    out.parts.push_back({plan->scheme->id, plan->scheme->edition, {}, {}, {}});
  }
  out.absent_columns = map.absent_columns();
  out.unused_columns = map.unused_columns();
  return out;
}

}  // namespace her2
