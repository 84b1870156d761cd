// SPDX-License-Identifier: Apache-2.0
// her2 status: one case, several cases, or a table of cases.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <thread>

#include <fmt/format.h>

#include "common.h"
#include "her2/core/output_file.h"
#include "her2/language/say.h"
#include "her2/message/any_case.h"
#include "her2/report/status_html.h"
#include "her2/report/status_json.h"
#include "her2/report/status_markdown.h"
#include "her2/report/status_text.h"
#include "her2/report/synoptic.h"
#include "her2/report/text_page.h"
#include "her2/report/words.h"
#include "her2/run/case_status.h"
#include "language_options.h"
#include "paper_file.h"
#include "plans.h"
#include "standard_input.h"
#include "status_table.h"

namespace her2::app {
namespace {

struct Arguments {
  std::vector<std::string> inputs;
  std::string edition, format, out, map, policy = "each";
  std::string synoptic_keys;
  SynopticKeys keys;  // as read
  bool ascii = false;
  bool strict = false, quiet = false, details = false;
  unsigned threads = 0;
  PaperArguments paper;
  LanguageOptions speech;
  CatalogOptions catalog;
};

bool looks_like_case(const std::string& path, StandardInput& standard_input) {
  const auto extension = std::filesystem::path(path).extension();
  return path == "-" ? standard_input.looks_like_case()
                     : extension == ".json" || extension == ".xml" || extension == ".hl7";
}

TextStyle text_style(const Arguments& arguments, bool colour) {
  TextStyle style{colour, terminal_width(), true, arguments.ascii, arguments.details};
  style.width = arguments.ascii ? std::min(style.width, 80) : style.width;
  return style;
}

Result<std::string> printed(const CaseStatus& status, const Arguments& arguments, bool colour) {
  const std::string& format = arguments.format;
  if (format == "pdf") {
    const auto synoptic = synoptic_reports(status, arguments.keys);  // an error: none for this tumour
    return on_paper(arguments.paper,
                    {say("paper.her2_status"), running_head(status), headline(status).status, status.software, true},
                    [&](ReportPage& page) {
                      write_status(page, status, true);
                      if (synoptic) {
                        write_synoptic(page, *synoptic);
                      }
                    });
  }
  if (format == "synoptic" || format == "synoptic-json") {
    const auto reports = synoptic_reports(status, arguments.keys);
    if (!reports) {
      return tl::unexpected(reports.error());
    }
    if (format == "synoptic-json") {
      return synoptic_json(*reports) + "\n";
    }
    TextPage page(text_style(arguments, colour));
    write_synoptic(page, *reports);
    page.paragraph(research_use(), 0, Ink::quiet);
    return page.take();
  }
  if (format == "md") {
    return status_markdown(status);
  }
  if (format == "html") {
    return status_html(status);
  }
  if (format == "json") {
    return status_json(status) + "\n";
  }
  if (format == "jsonl") {
    return status_json(status, -1) + "\n";
  }
  return status_text(status, text_style(arguments, colour));
}

bool was_refused(const CaseStatus& status) {
  return std::any_of(status.specimens.begin(), status.specimens.end(),
                     [](const auto& s) { return !s.refusal.empty(); });
}

class CaseRun {
 public:
  CaseRun(const Arguments& arguments, const Catalog& catalog, const CodeBook& book, StandardInput& standard_input)
      : arguments_(arguments), catalog_(catalog), book_(book), standard_input_(standard_input) {}

  Result<void> add(const std::string& path) {
    constexpr std::size_t kMost = std::size_t{64} << 20;
    const auto text = path == "-" ? standard_input_.text(kMost) : read_file(path, kMost);
    if (!text) {
      return tl::unexpected(text.error());
    }
    const std::string name = path == "-" ? "standard input" : path;
    const auto input = parse_any_case(*text, catalog_.dictionary, book_, name);
    if (!input) {
      return tl::unexpected(located(input.error(), name));
    }
    const auto plans = plans_for(catalog_, arguments_.edition, input->tumour);
    if (!plans) {
      return tl::unexpected(located(plans.error(), name));
    }
    const bool to_terminal = arguments_.out.empty() || arguments_.out == "-";
    const StatusOptions options{specimen_policy(arguments_.policy).value_or(SpecimenPolicy::each), true};
    for (const Plan& plan : *plans) {
      const CaseStatus status = case_status(plan, *input, options);
      refused_ = refused_ || was_refused(status);
      const auto page = printed(status, arguments_, to_terminal && wants_colour(1));
      if (!page) {
        return tl::unexpected(page.error());
      }
      out_ += (out_.empty() || arguments_.format != "text" ? "" : "\n") + *page;
    }
    return {};
  }

  int finish() const {
    if (auto written = write_text(arguments_.out, out_); !written) {
      return complain(written.error());
    }
    return refused_ ? kRefused : kDone;
  }

 private:
  const Arguments& arguments_;
  const Catalog& catalog_;
  const CodeBook& book_;
  StandardInput& standard_input_;
  std::string out_;
  bool refused_ = false;
};

int run(Arguments arguments) {
  const auto catalog = arguments.catalog.load();
  if (!catalog) {
    return complain(catalog.error());
  }
  if (arguments.inputs.empty()) {
    arguments.inputs.emplace_back("-");
  }
  auto standard_input = std::make_unique<StandardInput>();
  const auto cases = std::count_if(arguments.inputs.begin(), arguments.inputs.end(),
                                   [&](const auto& path) { return looks_like_case(path, *standard_input); });
  if (cases == 0 && arguments.inputs.size() == 1) {
    const auto plans = plans_for(*catalog, arguments.edition, "breast");
    if (!plans) {
      return complain(plans.error());
    }
    std::unique_ptr<ByteSource> piped;
    if (arguments.inputs.front() == "-") {
      piped = std::move(standard_input);
    }
    return status_of_table({arguments.inputs.front(), arguments.map, arguments.out, arguments.format,
                            arguments.edition.empty(), arguments.strict, arguments.quiet, arguments.threads},
                           std::move(piped), *catalog, *plans);
  }
  if (cases != static_cast<std::ptrdiff_t>(arguments.inputs.size())) {
    return complain({{}, {}, "give cases (*.json, *.xml, *.hl7), or one table, not both or several tables"});
  }
  if (arguments.format.empty()) {
    arguments.format = "text";
  }
  if (arguments.format == "tsv" || arguments.format == "csv") {
    return complain({{},
                     {},
                     fmt::format("--format {} is for tables; a case is written as text, md, html, pdf, json, jsonl, "
                                 "synoptic or synoptic-json",
                                 arguments.format)});
  }
  const bool one = arguments.format == "html" || arguments.format == "pdf";
  if (one && (arguments.inputs.size() > 1 || arguments.edition == "all")) {
    return complain(
        {{}, {}, fmt::format("--format {} writes one report: give one case and one edition", arguments.format)});
  }
  if (!arguments.synoptic_keys.empty()) {
    const auto text = read_file(arguments.synoptic_keys, std::size_t{1} << 20U);
    auto keys = text ? parse_synoptic_keys(*text, arguments.synoptic_keys) : tl::unexpected(text.error());
    if (!keys) {
      return complain(keys.error());
    }
    arguments.keys = std::move(*keys);
  }
  const auto book = built_in_codes(catalog->dictionary);
  if (!book) {
    return complain(book.error());
  }
  CaseRun cases_run(arguments, *catalog, *book, *standard_input);
  for (const auto& path : arguments.inputs) {
    if (auto added = cases_run.add(path); !added) {
      return complain(added.error());
    }
  }
  return cases_run.finish();
}

}  // namespace

void add_status(CLI::App& app, int& code) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("status", "HER2 status of a case or of a table of cases, with the rule behind it");
  command->add_option("inputs", arguments->inputs,
                      "Cases (*.json, *.xml, FHIR too; *.hl7), or one table (CSV, TSV, also .gz);\n"
                      "- reads standard input");
  command->add_option("-e,--edition", arguments->edition,
                      "Edition of the guideline, such as 2018; 'all' for every one (default: the latest)");
  command
      ->add_option("-f,--format", arguments->format,
                   "Cases: text, md, html, pdf, json, jsonl, synoptic, synoptic-json.\nTables: tsv, csv, jsonl")
      ->check(CLI::IsMember({"text", "md", "html", "pdf", "synoptic", "synoptic-json", "json", "jsonl", "tsv", "csv"}));
  command->add_option("-o,--out", arguments->out,
                      "File to write (default: standard output); it appears whole or not at all");
  command->add_option("-m,--map", arguments->map,
                      "Tables: column map, one of those built in or a file (default: columns named as facts)");
  command->add_option("--policy", arguments->policy, "Which of several specimens counts: each, most-recent, highest")
      ->check(CLI::IsMember({"each", "most-recent", "highest"}));
  command->add_flag("-d,--details", arguments->details, "Cases as text: also sources, what is unconfirmed, and hashes");
  command->add_flag("--strict", arguments->strict, "Tables: stop at the first refusal and write nothing");
  command->add_option("-j,--threads", arguments->threads, "Tables: threads (default: all cores)");
  command->add_flag("-q,--quiet", arguments->quiet, "No progress bar and no summary");
  command->add_flag("--ascii", arguments->ascii, "Text for a LIS: 7-bit characters, lines of at most 80 columns");
  command->add_option("--synoptic-keys", arguments->synoptic_keys,
                      "Synoptic: keys of a template that you hold a licence for (TOML, docs/reports.md)");
  arguments->paper.add_to(*command);
  arguments->speech.add_to(*command);
  arguments->catalog.add_to(*command);
  command->footer(
      "\nExamples:\n"
      "  her2 status case.json                               readable explanation\n"
      "  her2 status case.json --format html --out case.html report with pictures\n"
      "  her2 status case.json --format pdf --out case.pdf   the same on paper, to sign\n"
      "  her2 status case.json --format synoptic             data elements of a biomarker report, one a line\n"
      "  her2 status case.json --edition all                 every edition, one after the other\n"
      "  her2 status cohort.tsv --map tcga-biotab --out status.tsv\n"
      "  her2 status bundle.json ; her2 status result.hl7    what a hospital's system sent: FHIR, HL7 v2\n"
      "  cat rows.csv | her2 status - --edition 2018 --format jsonl\n"
      "\nExit codes: 0 all answered; 1 something was refused (cases, or tables with --strict); 2 bad input, nothing "
      "written.");
  command->callback([arguments, &code] {
    code = in_language(arguments->speech, arguments->format, [&] { return run(*arguments); });
  });
}

}  // namespace her2::app
