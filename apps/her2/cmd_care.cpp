// SPDX-License-Identifier: Apache-2.0
// her2 care: what the status means: subtype, stage, prognosis, and the options whose criteria the facts meet.
#include <fmt/format.h>

#include "care_case.h"
#include "common.h"
#include "her2/report/care_document.h"
#include "her2/report/care_html.h"
#include "her2/report/care_json.h"

namespace her2::app {
namespace {

struct Arguments {
  CareArguments care;
  std::string format = "text", out;
  bool details = false;
};

std::string printed(const CareReport& report, const Arguments& arguments) {
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

int run(const Arguments& arguments) {
  const auto made = care_case(arguments.care);
  if (!made) {
    return complain(made.error());
  }
  const auto written = write_text(arguments.out, printed((*made)->report, arguments));
  return written ? kDone : complain(written.error());
}

}  // namespace

void add_care(CLI::App& app, int& code) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("care", "What the status means: subtype, and the options whose criteria the facts meet");
  arguments->care.add_to(*command);
  command->add_option("-f,--format", arguments->format, "text, md, html or json")
      ->check(CLI::IsMember({"text", "md", "html", "json"}));
  command->add_option("-o,--out", arguments->out, "File to write (default: standard output)");
  command->add_flag("-d,--details", arguments->details, "As text: also options that are not met, and the sources");
  command->footer(
      "\nEvery option is met, not met (with each criterion that fails), or open (with the facts that would settle "
      "it).\n"
      "It is for research use and says which published criteria the recorded facts meet; it prescribes nothing.\n"
      "\nExamples:\n"
      "  her2 care case.json                                readable\n"
      "  her2 care case.json --format html --out care.html  with filters and plots\n"
      "  her2 care case.json --what-if grade=3,nodes=2      the same with two facts assumed\n"
      "  her2 explain case.json --for patient               in plain language");
  command->callback([arguments, &code] { code = run(*arguments); });
}

}  // namespace her2::app
