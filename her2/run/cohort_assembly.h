// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "her2/run/cohort_report.h"
#include "her2/run/cohort_tally.h"
#include "her2/run/verdict.h"

namespace her2 {

// What a report asks of each row, and how its counts become a report. Immutable; threads share it.
class CohortFacts {
 public:
  explicit CohortFacts(const CohortReportOptions& options);

  std::vector<std::vector<FactId>> asked;  // of each plan; the first is its first answer
  std::vector<FactId> shown;               // distributions, under the last plan

  // What a row with these verdicts, one a plan, counts in.
  [[nodiscard]] RowKind kind_of(const std::vector<const Verdict*>& verdicts) const;
  // All but what is known of the table itself.
  [[nodiscard]] CohortReport assemble(CohortTally tally) const;

 private:
  [[nodiscard]] std::string value_of(const Verdict& verdict, FactId fact) const;
  void judge(const Verdict& verdict, RowKind& out) const;

  const CohortReportOptions& options_;
  const Dictionary& dictionary_;
};

// The control charts of rates over periods, those with too few cases left out. Charts are drawn around the table's own
// share: they find changes, not a laboratory that always lies elsewhere.
inline constexpr std::uint64_t kFewestChartCases = 50, kFewestChartEvents = 5;
std::vector<CohortChart> cohort_charts(const std::vector<RateCount>& totals, const std::vector<CohortGroup>& periods);

}  // namespace her2
