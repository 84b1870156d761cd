// SPDX-License-Identifier: Apache-2.0
// her2 care: what the status means: subtype, stage, prognosis, and the options whose criteria the facts meet.
#include <filesystem>

#include <fmt/format.h>

#include "care_case.h"
#include "care_table.h"
#include "common.h"
#include "her2/language/say.h"
#include "her2/report/care_document.h"
#include "her2/report/care_html.h"
#include "her2/report/care_json.h"
#include "language_options.h"
#include "paper_file.h"

namespace her2::app {
namespace {

struct Arguments {
  CareArguments care;
  PrognosisArguments prognosis;
  std::string format, out, map;
  PaperArguments paper;
  LanguageOptions speech;
  bool details = false, quiet = false;
  unsigned threads = 0;
};

Result<std::string> printed(const CareReport& report, const Arguments& arguments) {
  if (arguments.format == "pdf") {
    const Document document = care_document(report, true);
    return on_paper(arguments.paper,
                    {say("paper.what_the_her2_status_means"), running_head(report.status), document.title,
                     report.status.software, true},
                    [&](ReportPage& page) { write_document(page, document); });
  }
  if (arguments.format == "html") {
    return care_html(report);
  }
  if (arguments.format == "json") {
    return care_json(report) + "\n";
  }
  if (arguments.format == "md") {
    return document_markdown(care_document(report, true));
  }
  TextStyle style;
  style.colour = (arguments.out.empty() || arguments.out == "-") && wants_colour(1);
  style.width = terminal_width();
  return document_text(care_document(report, arguments.details), style);
}

// A table: what is neither *.json nor *.xml nor *.hl7; standard input is one where a column map or a table's format is
// asked for.
bool is_table(const Arguments& arguments) {
  const std::string& path = arguments.care.input;
  const bool asked =
      !arguments.map.empty() || arguments.format == "tsv" || arguments.format == "csv" || arguments.format == "jsonl";
  const auto extension = std::filesystem::path(path).extension();
  return path == "-" ? asked : extension != ".json" && extension != ".xml" && extension != ".hl7";
}

int run_table(const Arguments& arguments, const PrognosisOptions& prognosis) {
  const auto catalog = arguments.care.catalog.load();
  if (!catalog) {
    return complain(catalog.error());
  }
  const std::string& edition = arguments.care.edition;
  const Scheme* scheme = edition.empty() ? catalog->default_scheme("breast") : catalog->scheme(edition, "breast");
  if (scheme == nullptr) {
    return complain(
        {{}, {}, fmt::format("--edition {}: there is no such edition for breast; see 'her2 guideline list'", edition)});
  }
  const auto plan = make_plan(*catalog, *scheme);
  if (!plan) {
    return complain(plan.error());
  }
  return care_of_table(
      {arguments.care.input, arguments.map, arguments.out, arguments.format, arguments.quiet, arguments.threads},
      prognosis, {}, *plan);
}

int run(const Arguments& arguments) {
  const auto prognosis = arguments.prognosis.load();
  if (!prognosis) {
    return complain(prognosis.error());
  }
  if (is_table(arguments)) {
    return run_table(arguments, (*prognosis)->options);
  }
  if (!arguments.map.empty() || arguments.format == "tsv" || arguments.format == "csv" || arguments.format == "jsonl") {
    return complain({{}, {}, "--map and the formats tsv, csv and jsonl are for tables; this is a case file"});
  }
  CareArguments care = arguments.care;
  care.prognosis = (*prognosis)->options;
  const auto made = care_case(care);
  if (!made) {
    return complain(made.error());
  }
  const auto text = printed((*made)->report, arguments);
  if (!text) {
    return complain(text.error());
  }
  const auto written = write_text(arguments.out, *text);
  return written ? kDone : complain(written.error());
}

}  // namespace

void add_care(CLI::App& app, int& code) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("care", "What the status means: subtype, and the options whose criteria the facts meet");
  arguments->care.add_to(*command);
  arguments->prognosis.add_to(*command);
  command->add_option("-f,--format", arguments->format, "Cases: text, md, html, pdf, json. Tables: tsv, csv, jsonl")
      ->check(CLI::IsMember({"text", "md", "html", "pdf", "json", "tsv", "csv", "jsonl"}));
  arguments->speech.add_to(*command);
  arguments->paper.add_to(*command);
  command->add_option("-o,--out", arguments->out, "File to write (default: standard output)");
  command->add_flag("-d,--details", arguments->details, "As text: also options that are not met, and the sources");
  command->add_option("-m,--map", arguments->map,
                      "Tables: column map, one of those built in or a file (default: columns named as facts)");
  command->add_option("-j,--threads", arguments->threads, "Tables: threads (default: all cores)");
  command->add_flag("-q,--quiet", arguments->quiet, "Tables: no progress bar and no summary");
  command->footer(
      "\nEvery option is met, not met (with each criterion that fails), or open (with the facts that would settle "
      "it).\n"
      "It is for research use and says which published criteria the recorded facts meet; it prescribes nothing.\n"
      "\nExamples:\n"
      "  her2 care case.json                                readable\n"
      "  her2 care case.json --format html --out care.html  with filters and plots\n"
      "  her2 care case.json --what-if grade=3,nodes=2      the same with two facts assumed\n"
      "  her2 care cohort.tsv --map metabric --out care.tsv  subtype, stage, NPI and survival of every row\n"
      "  her2 explain case.json --for patient               in plain language");
  command->callback([arguments, &code] {
    code = in_language(arguments->speech, arguments->format, [&] { return run(*arguments); });
  });
}

}  // namespace her2::app
