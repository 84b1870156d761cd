// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "her2/core/error.h"
#include "her2/core/output_file.h"
#include "her2/exchange/column_map.h"
#include "her2/exchange/table_reader.h"
#include "her2/guideline/plan.h"
#include "her2/run/verdict.h"

namespace her2 {

enum class RowFormat : std::uint8_t { tsv, csv, jsonl };

struct CohortOptions {
  // Plans by which each row is decided; with several, the columns of each carry its edition.
  std::vector<const Plan*> plans;
  // A row's own edition -> plan, where the map has such a column; rows without one use plans[0], and there is no other.
  // Empty: not used.
  std::map<std::string, const Plan*> by_edition;
  RowFormat format = RowFormat::tsv;
  unsigned threads = 1;
  bool strict = false;  // stop at the first row that is refused, holds a refused value or contradicts itself
  // Called now and then, from any thread but never twice at once: rows done, bytes of text read.
  std::function<void(std::uint64_t rows, std::uint64_t bytes)> progress;
};

struct CohortSummary {
  std::uint64_t rows = 0, bytes = 0;
  std::uint64_t cells_refused = 0;  // single values that could not be read
  std::uint64_t rows_with_refusals = 0;
  struct Part {  // of one plan
    std::string scheme, edition;
    std::array<std::uint64_t, kRowStates> states{};
    std::map<std::string, std::map<std::string, std::uint64_t>> answers;  // fact -> value (or "a|b") -> rows
    std::map<std::string, std::uint64_t> notices;
  };
  std::vector<Part> parts;
  std::map<std::string, std::uint64_t> refused_columns;     // column -> cells refused
  std::vector<std::string> absent_columns, unused_columns;  // of the map; of the table
  std::optional<Error> stopped;  // strict: why, with the line; what was written then is not whole
};

// Decides every row of a table and writes one line a row, in the order of the table, the same bytes for any number of
// threads. Memory: a few blocks a thread, the distinct verdicts, and 8 to 32 bytes a row to find repeated ids. Fails on
// what makes the table unreadable; what is wrong with one row is that row's refusal.
Result<CohortSummary> decide_cohort(BlockReader reader, const ColumnMap& map, const Vocabulary& vocabulary,
                                    const CohortOptions& options, OutputFile& out);
Result<CohortSummary> decide_cohort(const std::string& path, const ColumnMap& map, const Vocabulary& vocabulary,
                                    const CohortOptions& options, OutputFile& out);

}  // namespace her2
