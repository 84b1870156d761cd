// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "her2/core/error.h"
#include "her2/exchange/byte_source.h"
#include "her2/exchange/column_map.h"
#include "her2/exchange/table_reader.h"
#include "her2/run/cohort.h"

namespace her2::app {

// What every subcommand that reads a table needs.

// The column map of that name: one of those built in, else a file; "" is the plain map.
Result<ColumnMap> load_map(const std::string& name, const Dictionary& dictionary);
Result<Vocabulary> load_vocabulary(const Dictionary& dictionary);
// `piped`: the table's bytes when its path is "-".
Result<BlockReader> table_reader(const std::string& path, std::unique_ptr<ByteSource> piped, const TableFormat& format);
RowFormat row_format(const std::string& name);  // "tsv", "csv", "jsonl"
// Bytes of a plain file; 0 where they are not known.
std::uint64_t size_of(const std::string& path);

// "  label   value 12, other 3" on standard error, the most frequent first.
void print_counts(const std::string& label, const std::map<std::string, std::uint64_t>& counts);

// "3.2 M rows, 410 MB/s" on one line of a terminal, at most ten times a second.
class TableProgress {
 public:
  void show(std::uint64_t rows, std::uint64_t bytes, std::uint64_t size);
  void clear() const;
  [[nodiscard]] double seconds() const;

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point begin_ = Clock::now(), last_ = begin_;
  bool shown_ = false;
};

}  // namespace her2::app
