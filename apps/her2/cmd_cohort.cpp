// SPDX-License-Identifier: Apache-2.0
// her2 cohort: what a table of cases amounts to, and how it compares.
#include <algorithm>
#include <thread>

#include <fmt/format.h>

#include "common.h"
#include "her2/core/embedded.h"
#include "her2/report/cohort_document.h"
#include "her2/run/cohort_report.h"
#include "language_options.h"
#include "plans.h"
#include "standard_input.h"
#include "table_input.h"

namespace her2::app {
namespace {

struct Arguments {
  std::string table, map, report, json, editions = "2007,2013,2018,2023", tumour = "breast", date, period = "month";
  std::string rates;
  std::vector<std::string> by;
  bool quiet = false;
  unsigned threads = 0;
  CatalogOptions catalog;
  LanguageOptions language;
};

Result<std::vector<Plan>> plans_of(const Catalog& catalog, const std::string& editions, const std::string& tumour) {
  std::vector<Plan> out;
  for (std::size_t begin = 0; begin <= editions.size();) {
    const auto end = std::min(editions.find(',', begin), editions.size());
    auto plans = plans_for(catalog, editions.substr(begin, end - begin), tumour);
    if (!plans) {
      return plans;
    }
    std::move(plans->begin(), plans->end(), std::back_inserter(out));
    begin = end + 1;
  }
  const FactId first = out.front().scheme->answers.front();
  for (const Plan& plan : out) {
    if (plan.scheme->answers.front() != first) {
      return fail(
          fmt::format("--edition: {} and {} answer different questions", out.front().scheme->id, plan.scheme->id));
    }
  }
  return out;
}

Result<std::vector<RateRule>> rates_of(const Arguments& arguments, const Dictionary& dictionary) {
  if (arguments.rates.empty()) {
    return parse_rates(embedded_file("qa/rates.toml").value_or(""), "qa/rates.toml", dictionary);
  }
  const auto text = read_file(arguments.rates);
  return text ? parse_rates(*text, arguments.rates, dictionary)
              : Result<std::vector<RateRule>>(tl::unexpected(text.error()));
}

Result<CohortReport> report_of(const Arguments& arguments, OutputFile& out) {
  const auto catalog = arguments.catalog.load();
  if (!catalog) {
    return tl::unexpected(catalog.error());
  }
  const auto map = load_map(arguments.map, catalog->dictionary);
  const auto vocabulary = load_vocabulary(catalog->dictionary);
  const auto plans = plans_of(*catalog, arguments.editions, arguments.tumour);
  auto rates = rates_of(arguments, catalog->dictionary);
  if (!map || !vocabulary || !plans || !rates) {
    return tl::unexpected(!map          ? map.error()
                          : !vocabulary ? vocabulary.error()
                          : !plans      ? plans.error()
                                        : rates.error());
  }
  CohortReportOptions options;
  for (const Plan& plan : *plans) {
    options.plans.push_back(&plan);
  }
  options.rates = std::move(*rates);
  options.by = arguments.by;
  options.date = arguments.date;
  options.period = arguments.period == "year"      ? CohortPeriod::year
                   : arguments.period == "quarter" ? CohortPeriod::quarter
                                                   : CohortPeriod::month;
  options.threads = arguments.threads != 0 ? arguments.threads : std::max(1U, std::thread::hardware_concurrency());
  TableProgress progress;
  const std::uint64_t size = size_of(arguments.table);
  if (!arguments.quiet && is_terminal(2)) {
    options.progress = [&](std::uint64_t rows, std::uint64_t bytes) { progress.show(rows, bytes, size); };
  }
  std::unique_ptr<ByteSource> piped;
  if (arguments.table == "-") {
    piped = std::make_unique<StandardInput>();
  }
  auto reader = table_reader(arguments.table, std::move(piped), map->format);
  if (!reader) {
    return tl::unexpected(reader.error());
  }
  auto report = cohort_report(std::move(*reader), *map, *vocabulary, options, out);
  progress.clear();
  if (report) {
    report->software = "her2 " HER2_VERSION;
  }
  return report;
}

int run(const Arguments& arguments) {
  if (arguments.report.empty() && arguments.json.empty()) {
    return complain({{}, {}, "say what to write: --report FILE.html, --json FILE, or both ('-' is standard output)"});
  }
  auto out = OutputFile::open(arguments.report.empty() ? arguments.json : arguments.report);
  if (!out) {
    return complain(out.error());
  }
  const auto report = report_of(arguments, *out);
  if (!report) {
    return complain(report.error());
  }
  auto written = out->write(arguments.report.empty() ? cohort_json(*report) : cohort_html(*report));
  if (written && !arguments.report.empty() && !arguments.json.empty()) {
    written = write_text(arguments.json, cohort_json(*report));
  }
  if (written) {
    written = out->commit();
  }
  if (!written) {
    return complain(written.error());
  }
  if (!arguments.quiet) {
    fmt::print(stderr, "  {}\n",
               say("cohort.summary",
                   {{"rows", report->rows}, {"refused", report->rows_refused}, {"values", report->cells_refused}}));
  }
  return kDone;
}

}  // namespace

void add_cohort(CLI::App& app, int& code) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("cohort", "Report on a table of cases: editions, rates, laboratories, time");
  command->add_option("table", arguments->table, "Table of cases (CSV, TSV, also .gz); - reads standard input")
      ->required();
  command->add_option("-m,--map", arguments->map,
                      "Column map, one of those built in or a file (default: columns named as facts)");
  command->add_option("-r,--report", arguments->report, "HTML page to write; it appears whole or not at all");
  command->add_option("--json", arguments->json, "The same as JSON (schemas/cohort.schema.json)");
  command->add_option("-e,--edition", arguments->editions,
                      "Editions beside each other; rates go by the last (default: 2007,2013,2018,2023)");
  command->add_option("--tumour", arguments->tumour, "Tumour (default: breast)");
  command->add_option("--by", arguments->by,
                      "Column whose values are compared: laboratory, reader, antibody, ...; may be given again");
  command->add_option("--date", arguments->date, "Column of dates, for charts over time (default: the map's date)");
  command->add_option("--period", arguments->period, "month, quarter or year (default: month)")
      ->check(CLI::IsMember({"month", "quarter", "year"}));
  command->add_option("--rates", arguments->rates, "Rates of one's own (docs/cohorts.md) in place of those built in");
  command->add_option("-j,--threads", arguments->threads, "Threads (default: all cores)");
  command->add_flag("-q,--quiet", arguments->quiet, "No progress bar and no summary");
  arguments->catalog.add_to(*command);
  arguments->language.add_to(*command);
  command->footer(
      "\nExamples:\n"
      "  her2 cohort results.csv --report cohort.html\n"
      "  her2 cohort results.csv --by laboratory --by antibody --date reported --report cohort.html --json "
      "cohort.json\n"
      "  her2 cohort clinical_patient_brca.txt --map tcga-biotab --report tcga.html\n"
      "\nEvery number of the page opens the rows behind it. Exit codes: 0 written; 2 bad input, nothing written.");
  command->callback(
      [arguments, &code] { code = in_language(arguments->language, {}, [&] { return run(*arguments); }); });
}

}  // namespace her2::app
