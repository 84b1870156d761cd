// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "her2/core/output_file.h"
#include "her2/exchange/column_map.h"
#include "her2/exchange/table_reader.h"
#include "her2/guideline/plan.h"
#include "her2/report/cohort_model.h"
#include "her2/run/cohort_rates.h"

namespace her2 {

enum class CohortPeriod : std::uint8_t { month, quarter, year };

struct CohortReportOptions {
  std::vector<const Plan*> plans;  // one an edition, in the order in which they are compared; rates go by the last
  std::vector<RateRule> rates;
  std::vector<std::string> by;  // columns of the table
  std::string date;  // column of dates (YYYY-MM-DD, YYYY-MM or YYYY); empty: the map's date, where it has one
  CohortPeriod period = CohortPeriod::month;
  unsigned threads = 1;
  std::function<void(std::uint64_t rows, std::uint64_t bytes)> progress;
};

// Reads the whole table once and counts; the same report for any number of threads. Memory: the counts, each with the
// ids of its first rows, and 8 to 32 bytes a row to find repeated ids. Nothing is written to `out`, which the caller
// holds open for the report. Fails on what makes the table unreadable and on columns that are not there.
Result<CohortReport> cohort_report(BlockReader reader, const ColumnMap& map, const Vocabulary& vocabulary,
                                   const CohortReportOptions& options, OutputFile& out);

// The period of a date: "2024-03", "2024-Q1", "2024"; "" when the text is no date that tells it.
[[nodiscard]] std::string period_of(std::string_view date, CohortPeriod period);

}  // namespace her2
