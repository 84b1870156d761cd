// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "her2/core/error.h"
#include "her2/evidence/dictionary.h"
#include "her2/record/case_store.h"

namespace her2 {

// All cases as one table: a row a specimen, a column a fact. Facts have the dictionary's names, so `her2 status` reads
// the table; what the latest finding answers stands in columns "decided_NAME", several possible values joined by |.
struct CohortTable {
  struct Column {
    std::string name, label, meaning, unit;
    std::string values;  // of a choice, joined by |
  };
  std::vector<Column> columns;
  std::vector<std::vector<std::string>> rows;  // "" where nothing is recorded
};

Result<CohortTable> cohort_table(CaseStore& store, const Dictionary& dictionary);

// RFC 4180, UTF-8, lines end with LF.
[[nodiscard]] std::string cohort_csv(const CohortTable& table);
// The data dictionary: column, label, meaning, unit, values.
[[nodiscard]] std::string dictionary_csv(const CohortTable& table);

// Both as an SQLite file with the tables `cohort` and `dictionary`. It appears whole or not at all, in place of a file
// of that name.
Result<void> write_cohort_sqlite(const CohortTable& table, const std::string& path);

}  // namespace her2
