// SPDX-License-Identifier: Apache-2.0
#include "care_table.h"

#include <algorithm>
#include <cstdio>
#include <thread>

#include <fmt/format.h>

#include "common.h"
#include "her2/core/output_file.h"
#include "her2/language/say.h"
#include "her2/run/care_cohort.h"
#include "table_input.h"

namespace her2::app {
namespace {

void print_summary(const CareCohortSummary& summary, PredictModel model, double seconds) {
  fmt::print(stderr, "  {:<22} {}, of them refused {}\n", "rows", summary.rows, summary.rows_refused);
  print_counts("receptor subtype", summary.subtypes);
  print_counts("anatomic stage", summary.stages);
  print_counts("NPI", summary.npi_groups);
  fmt::print(stderr, "  {:<22} one number {}, an interval {}, too little known {}, outside of its range {}\n",
             name_of(model), summary.predict[0], summary.predict[1], summary.predict[2], summary.predict[3]);
  if (!summary.notices.empty()) {
    print_counts("to look at", summary.notices);
  }
  if (summary.cells_refused > 0) {
    fmt::print(stderr, "  {:<22} {}\n", "values refused", summary.cells_refused);
  }
  if (!summary.absent_columns.empty()) {
    fmt::print(stderr, "  {:<22} {}\n", "columns not there", fmt::join(summary.absent_columns, ", "));
  }
  if (!summary.unused_columns.empty()) {
    fmt::print(stderr, "  {:<22} {}\n", "columns not used",
               summary.unused_columns.size() > 12 ? fmt::format("{} of the table", summary.unused_columns.size())
                                                  : fmt::format("{}", fmt::join(summary.unused_columns, ", ")));
  }
  fmt::print(stderr, "  {:<22} {:.1f} s, {:.0f} rows/s\n", "time", seconds,
             static_cast<double>(summary.rows) / std::max(seconds, 1e-3));
  fmt::print(
      stderr,
      "For research use only: chances of groups of people by published models; no statement about one person.\n");
}

}  // namespace

int care_of_table(const CareTableArguments& arguments, const PrognosisOptions& prognosis,
                  std::unique_ptr<ByteSource> piped, const Plan& plan) {
  const Speaking english(english_messages());  // rows are for programs, and are made on other threads
  const Dictionary& dictionary = plan.dictionary();
  const auto map = load_map(arguments.map, dictionary);
  if (!map) {
    return complain(map.error());
  }
  const auto vocabulary = load_vocabulary(dictionary);
  if (!vocabulary) {
    return complain(vocabulary.error());
  }
  if (!arguments.format.empty() && arguments.format != "tsv" && arguments.format != "csv" &&
      arguments.format != "jsonl") {
    return complain(
        {{}, {}, fmt::format("--format {} is for cases; a table is written as tsv, csv or jsonl", arguments.format)});
  }
  auto reader = table_reader(arguments.path, std::move(piped), map->format);
  if (!reader) {
    return complain(reader.error());
  }
  auto out = OutputFile::open(arguments.out.empty() ? "-" : arguments.out);
  if (!out) {
    return complain(out.error());
  }
  CareCohortOptions options;
  options.plan = &plan;
  options.prognosis = prognosis;
  options.format = row_format(arguments.format);
  options.threads = arguments.threads != 0 ? arguments.threads : std::max(1U, std::thread::hardware_concurrency());
  TableProgress progress;
  const std::uint64_t size = size_of(arguments.path);
  if (!arguments.quiet && is_terminal(2)) {
    options.progress = [&](std::uint64_t rows, std::uint64_t bytes) { progress.show(rows, bytes, size); };
  }
  const auto summary = care_cohort(std::move(*reader), *map, *vocabulary, options, *out);
  progress.clear();
  if (!summary) {
    return complain(summary.error());
  }
  if (auto committed = out->commit(); !committed) {
    return complain(committed.error());
  }
  if (!arguments.quiet) {
    print_summary(*summary, prognosis.model, progress.seconds());
  }
  return kDone;
}

}  // namespace her2::app
