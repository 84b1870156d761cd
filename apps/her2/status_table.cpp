// SPDX-License-Identifier: Apache-2.0
#include "status_table.h"

#include <algorithm>
#include <cstdio>
#include <thread>

#include <fmt/format.h>

#include "common.h"
#include "her2/core/output_file.h"
#include "her2/language/say.h"
#include "her2/run/cohort.h"
#include "her2/stats/proportion.h"
#include "table_input.h"

namespace her2::app {
namespace {

std::uint64_t count_of(const std::map<std::string, std::uint64_t>& counts, const std::string& value) {
  const auto found = counts.find(value);
  return found == counts.end() ? 0 : found->second;
}

void print_part(const CohortSummary::Part& part, const Dictionary& dictionary, std::uint64_t rows, bool several) {
  const auto states = [&](RowState state) { return part.states[static_cast<std::size_t>(state)]; };
  if (several) {
    fmt::print(stderr, "edition {}\n", part.edition);
  }
  fmt::print(stderr, "  {:<22} status {}, open {}, contradictory {}, refused {}, nothing recorded {}; {} in all\n",
             "rows", states(RowState::decided), states(RowState::open), states(RowState::conflict),
             states(RowState::refused), states(RowState::none), rows);
  for (const auto& [fact, counts] : part.answers) {
    const auto id = dictionary.find(fact);
    print_counts(id ? dictionary[*id].label : fact, counts);
  }
  const auto status = part.answers.find("her2_status");
  if (status != part.answers.end()) {
    const std::uint64_t negative = count_of(status->second, "negative");
    const std::uint64_t known = negative + count_of(status->second, "positive");
    const auto interval = wilson(negative, known);
    if (known > 0) {
      fmt::print(stderr, "  {:<22} {:.1f} % of {} negative or positive (95 % interval {:.1f} to {:.1f} %, Wilson)\n",
                 "HER2-negative", 100.0 * static_cast<double>(negative) / static_cast<double>(known), known,
                 100 * interval.low, 100 * interval.high);
    }
  }
  if (!part.notices.empty()) {
    std::map<std::string, std::uint64_t> single;
    for (const auto& [joined, count] : part.notices) {
      std::size_t begin = 0;
      while (begin <= joined.size()) {
        const auto end = std::min(joined.find(';', begin), joined.size());
        single[joined.substr(begin, end - begin)] += count;
        begin = end + 1;
      }
    }
    print_counts("to look at", single);
  }
}

void print_summary(const CohortSummary& summary, const Dictionary& dictionary, double seconds) {
  for (const auto& part : summary.parts) {
    print_part(part, dictionary, summary.rows, summary.parts.size() > 1);
  }
  if (summary.cells_refused > 0) {
    fmt::print(stderr, "  {:<22} {} in {} rows\n", "values refused", summary.cells_refused, summary.rows_with_refusals);
    print_counts("  by column", summary.refused_columns);
  }
  if (!summary.unused_columns.empty()) {
    fmt::print(stderr, "  {:<22} {}\n", "columns not used",
               summary.unused_columns.size() > 12 ? fmt::format("{} of the table", summary.unused_columns.size())
                                                  : fmt::format("{}", fmt::join(summary.unused_columns, ", ")));
  }
  if (!summary.absent_columns.empty()) {
    fmt::print(stderr, "  {:<22} {}\n", "columns not there", fmt::join(summary.absent_columns, ", "));
  }
  fmt::print(stderr, "  {:<22} {:.1f} s, {:.0f} MB/s\n", "time", seconds,
             static_cast<double>(summary.bytes) / 1e6 / std::max(seconds, 1e-3));
  fmt::print(stderr, "For research use only: states which criteria the recorded facts meet; prescribes nothing.\n");
}

// Plans of every scheme, for tables that name an edition row by row.
Result<std::vector<Plan>> all_plans(const Catalog& catalog, const std::string& tumour) {
  std::vector<Plan> out;
  for (const auto& scheme : catalog.schemes) {
    if (scheme.tumour != tumour) {
      continue;
    }
    auto plan = make_plan(catalog, scheme);
    if (!plan) {
      return tl::unexpected(plan.error());
    }
    out.push_back(std::move(*plan));
  }
  return out;
}

}  // namespace

int status_of_table(const TableArguments& arguments, std::unique_ptr<ByteSource> piped, const Catalog& catalog,
                    const std::vector<Plan>& plans) {
  const Speaking english(english_messages());  // rows are for programs, and are made on other threads
  const auto map = load_map(arguments.map, catalog.dictionary);
  if (!map) {
    return complain(map.error());
  }
  const auto vocabulary = load_vocabulary(catalog.dictionary);
  if (!vocabulary) {
    return complain(vocabulary.error());
  }
  const auto every_plan = all_plans(catalog, plans.front().scheme->tumour);
  if (!every_plan) {
    return complain(every_plan.error());
  }
  if (!arguments.format.empty() && arguments.format != "tsv" && arguments.format != "csv" &&
      arguments.format != "jsonl") {
    return complain(
        {{}, {}, fmt::format("--format {} is for cases; a table is written as tsv, csv or jsonl", arguments.format)});
  }
  auto out = OutputFile::open(arguments.out.empty() ? "-" : arguments.out);
  if (!out) {
    return complain(out.error());
  }
  CohortOptions options;
  for (const Plan& plan : plans) {
    options.plans.push_back(&plan);
  }
  if (arguments.edition_by_row && !map->subject.edition.empty()) {
    for (const Plan& plan : *every_plan) {
      options.by_edition[plan.scheme->edition] = &plan;
      options.by_edition[plan.scheme->id] = &plan;
    }
  }
  options.format = row_format(arguments.format);
  options.threads = arguments.threads != 0 ? arguments.threads : std::max(1U, std::thread::hardware_concurrency());
  options.strict = arguments.strict;
  TableProgress progress;
  const std::uint64_t size = size_of(arguments.path);
  if (!arguments.quiet && is_terminal(2)) {
    options.progress = [&](std::uint64_t rows, std::uint64_t bytes) { progress.show(rows, bytes, size); };
  }
  auto reader = table_reader(arguments.path, std::move(piped), map->format);
  if (!reader) {
    return complain(reader.error());
  }
  const auto summary = decide_cohort(std::move(*reader), *map, *vocabulary, options, *out);
  progress.clear();
  if (!summary) {
    return complain(summary.error());
  }
  if (summary->stopped) {
    complain(*summary->stopped);
    return kRefused;
  }
  if (auto committed = out->commit(); !committed) {
    return complain(committed.error());
  }
  if (!arguments.quiet) {
    print_summary(*summary, catalog.dictionary, progress.seconds());
  }
  return kDone;
}

}  // namespace her2::app
