// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "her2/core/error.h"
#include "her2/exchange/byte_source.h"
#include "her2/ish/edits.h"
#include "her2/ish/nucleus_table.h"

// Counts of nuclei as tables: a person's, and our own nuclei.csv.
namespace her2 {

// What one reader counted.
struct ReaderCounts {
  std::string reader;  // as the table says; may be empty
  NucleusTable table;
};

struct CountsFile {
  std::vector<ReaderCounts> readers;  // in order of appearance; at least one, each with at least one nucleus
  std::vector<std::string> unused;    // columns that mean nothing here
};

// Reads a table (CSV, TSV, also .gz; "-": standard input) with one nucleus a row. Columns, by name in either case:
//   her2, cep17             whole signals, 0 to kMostSignals; ">20" or "20+": at least so many. Needed
//   nucleus                 its name, for corrections and to compare two readers
//   area, field             area of invasive tumour; picture or slide
//   reader                  who counted: the rows of each are kept apart
//   verdict                 a name of NucleusVerdict, yes or no; nuclei that were not accepted may leave counts empty
//   her2_doubtful, cep17_doubtful   signals that may be counted or not, beyond those in her2 and cep17
//   x_um, y_um              place in its field
// Rows without any value are skipped. Fails with row, line and column of the first value that is wrong and the rows of
// further ones: empty, negative, fractional or too large counts, unknown verdicts, missing columns, no nucleus at all.
Result<CountsFile> read_counts(const std::string& path);
Result<CountsFile> parse_counts(std::unique_ptr<ByteSource> text, const std::string& name);

// The table as CSV, every nucleus in a row, in its order. read_counts() reads it back with the same names, verdicts,
// counts (clusters as whole signals) and doubtful signals.
std::string nuclei_csv(const NucleusTable& table);

// Corrections: a table (columns nucleus, action and, by action, reason or her2 and cep17; author, time) or JSON,
//   {"format": "her2-ish-edits/1", "edits": [{"nucleus", "action", "reason", "her2", "cep17", "author", "time"}]}
// told apart by the first character. An edit may name a place ("field", "x", "y" in pixels) instead of, or beside, the
// nucleus. Fails on what is neither, on unknown actions, reasons and keys, and on counts that are none.
Result<std::vector<IshEdit>> read_ish_edits(const std::string& path);
Result<std::vector<IshEdit>> parse_ish_edits(std::string_view text, const std::string& name);

// The edits as JSON, which reads back as the same.
std::string ish_edits_json(const std::vector<IshEdit>& edits);

}  // namespace her2
