// SPDX-License-Identifier: Apache-2.0
// her2 ish: from counted HER2 and CEP17 signals to ratio, group and what to do next.
#include <fmt/format.h>

#include "common.h"
#include "her2/core/output_file.h"
#include "her2/exchange/case_json.h"
#include "her2/report/ish_text.h"
#include "her2/run/ish_run.h"

namespace her2::app {
namespace {

struct IshArguments {
  std::vector<std::string> fields, counts;
  std::string out, edits, ihc, specimen, case_id, edition;
  double level = 0.05;
  bool blinded = false, same_area = false;
  CatalogOptions catalog;
};

// "--ihc 2+" or "--ihc case.json".
Result<void> join_ihc(const IshArguments& arguments, const Catalog& catalog, IshRun& run) {
  if (!arguments.ihc.ends_with(".json")) {
    run.ihc_score = arguments.ihc;
    return {};
  }
  const auto text = read_file(arguments.ihc, std::size_t{64} << 20U);
  if (!text) {
    return tl::unexpected(text.error());
  }
  auto joined = parse_case(*text, catalog.dictionary, arguments.ihc);
  if (!joined) {
    return tl::unexpected(located(joined.error(), arguments.ihc));
  }
  run.joined = std::move(*joined);
  run.joined_file = arguments.ihc;
  return {};
}

Result<void> read_tables(const IshArguments& arguments, IshRun& run) {
  for (const std::string& path : arguments.counts) {
    auto file = read_counts(path);
    if (!file) {
      return tl::unexpected(file.error());
    }
    run.unused.insert(run.unused.end(), file->unused.begin(), file->unused.end());
    for (ReaderCounts& reader : file->readers) {
      run.readers.push_back(std::move(reader));
    }
  }
  return {};
}

int count(const IshArguments& arguments) {
  const auto catalog = arguments.catalog.load();
  if (!catalog) {
    return complain(catalog.error());
  }
  if (arguments.fields.empty() == arguments.counts.empty()) {
    return complain({{}, {}, "give pictures of fields, or counts with --counts; see 'her2 ish --help'"});
  }
  IshRun run;
  run.edition = arguments.edition;
  run.level = arguments.level;
  run.specimen = arguments.specimen;
  run.case_id = arguments.case_id;
  run.recount.blinded = arguments.blinded ? std::optional(true) : std::nullopt;
  run.recount.in_ihc_2_area = arguments.same_area ? std::optional(true) : std::nullopt;
  auto ready = join_ihc(arguments, *catalog, run);
  if (ready) {
    ready = read_tables(arguments, run);
  }
  if (ready && !arguments.edits.empty()) {
    auto edits = read_ish_edits(arguments.edits);
    if (!edits) {
      return complain(edits.error());
    }
    run.edits = std::move(*edits);
  }
  if (!ready) {
    return complain(ready.error());
  }
  auto report = ish_report(run, *catalog);
  if (!report) {
    return complain(report.error());
  }
  if (!arguments.out.empty()) {
    if (auto written = write_ish(*report, arguments.out); !written) {
      return complain(written.error());
    }
  }
  TextStyle style;
  style.colour = wants_colour(1);
  style.width = terminal_width();
  fmt::print("{}", ish_text(*report, style));
  if (!arguments.out.empty()) {
    fmt::print("Written to {}/: begin with report.html.\n", arguments.out);
  }
  return report->refused() ? kRefused : kDone;
}

}  // namespace

void add_ish(CLI::App& app, int& code) {
  CLI::App& command =
      *app.add_subcommand("ish", "HER2 and CEP17 signals: ratio, ISH group, and whether enough is counted");
  auto arguments = std::make_shared<IshArguments>();
  command.add_option("--counts", arguments->counts,
                     "counts made by a person: CSV or TSV, a nucleus a row; twice for two readers");
  command.add_option("--out", arguments->out, "folder for result.json, report.html, nuclei.csv, case.json");
  command.add_option("--edits", arguments->edits, "a person's corrections: CSV or JSON (docs/ish.md)");
  command.add_option("--ihc", arguments->ihc, "IHC of the same tissue: a score such as 2+, or a case file (*.json)");
  command.add_option("--specimen", arguments->specimen, "which specimen of that case was counted");
  command.add_option("--case", arguments->case_id, "pseudonym for the case that is written");
  command.add_option("-e,--edition", arguments->edition, "decide by this edition only: 2007, 2013, 2018, 2023 (all)");
  command.add_flag("--blinded", arguments->blinded, "the second reader did not know the first result");
  command.add_flag("--ihc-2-area", arguments->same_area, "the second reader counted where IHC is 2+");
  command.add_option("--level", arguments->level, "chance of a wrong group that is low enough")
      ->capture_default_str()
      ->check(CLI::Range(0.001, 0.5));
  arguments->catalog.add_to(command);
  command.footer(
      "\nA table needs the columns her2 and cep17; nucleus, area and reader are understood too (docs/ish.md).\n"
      "\nExamples:\n"
      "  her2 ish --counts nuclei.csv                          means, ratio, interval, group, nuclei still needed\n"
      "  her2 ish --counts nuclei.csv --ihc 2+ --out ish/      with IHC: the HER2 status; open ish/report.html\n"
      "  her2 ish --counts first.csv --counts second.csv --blinded --ihc 2+\n"
      "  her2 ish --counts nuclei.csv --edits corrections.csv --out again/\n"
      "  her2 status ish/case.json                             the same case in full\n"
      "\nFor research use only. A count is a measurement; it prescribes nothing.");
  command.callback([arguments, &code] { code = count(*arguments); });
}

}  // namespace her2::app
