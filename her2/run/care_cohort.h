// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "her2/care/prognosis.h"
#include "her2/core/error.h"
#include "her2/core/output_file.h"
#include "her2/exchange/column_map.h"
#include "her2/exchange/table_reader.h"
#include "her2/guideline/plan.h"
#include "her2/run/cohort.h"

namespace her2 {

struct CareCohortOptions {
  const Plan* plan = nullptr;  // gives HER2 status and receptor subtype
  PrognosisOptions prognosis;  // the model, and the user's stage tables
  RowFormat format = RowFormat::tsv;
  unsigned threads = 1;
  bool quick = true;                                                      // false: every row the long way (tests)
  std::function<void(std::uint64_t rows, std::uint64_t bytes)> progress;  // never called twice at once
};

struct CareCohortSummary {
  std::uint64_t rows = 0, bytes = 0;
  std::uint64_t rows_refused = 0;   // as a whole
  std::uint64_t cells_refused = 0;  // single values that could not be read
  std::uint64_t quick = 0;          // rows told the quick way
  std::uint64_t with_npi = 0;
  std::array<std::uint64_t, 4> predict{};  // one number; an interval; too little is known; outside of the model's range
  std::map<std::string, std::uint64_t> subtypes, stages, npi_groups, notices;
  std::vector<std::string> absent_columns, unused_columns;  // of the map; of the table
};

// Writes one line a row, in the order of the table: subtype, T, N, stage, NPI and PREDICT (docs/prognosis.md). Streams;
// the same bytes for any number of threads. Fails on what makes the table unreadable; what is wrong with one row is
// named in its line.
Result<CareCohortSummary> care_cohort(BlockReader reader, const ColumnMap& map, const Vocabulary& vocabulary,
                                      const CareCohortOptions& options, OutputFile& out);

}  // namespace her2
