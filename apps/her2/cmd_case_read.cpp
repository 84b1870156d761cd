// SPDX-License-Identifier: Apache-2.0
// her2 case show, history, list.
#include <fmt/format.h>

#include "her2/language/say.h"
#include "her2/record/case_list.h"
#include "her2/record/case_view.h"
#include "her2/record/record_document.h"
#include "her2/record/recorded_case.h"
#include "her2/report/document.h"
#include "her2/report/status_text.h"
#include "paper_file.h"
#include "record_options.h"

namespace her2::app {
namespace {

struct Arguments {
  RecordOptions record;
  std::string case_id, where, out;
  std::int64_t as_of = 0;
  bool details = false, open = false;
  PaperArguments paper;
};

TextStyle style_for(const Arguments& arguments) {
  const bool to_terminal = arguments.out.empty() || arguments.out == "-";
  return {to_terminal && wants_colour(1), terminal_width(), true, arguments.details};
}

// The report with its record; who signed last stands in the sign-off, unless evidence changed since.
Result<std::string> record_pdf(const CaseView& view, const Arguments& arguments) {
  PaperArguments paper = arguments.paper;
  if (!view.signatures.empty() && view.signatures.back().intact && view.signatures.back().amended_by.empty()) {
    paper.signed_by = view.signatures.back().author;
    paper.at = view.signatures.back().at;
  }
  const Document record = record_document(view, arguments.details);
  PaperHead head{record.title, "Case " + view.subject.id, view.undecided, view.entries.back().software, true};
  if (view.status) {
    head.running = running_head(*view.status);
    head.subject = headline(*view.status).status;
    head.software = view.status->software;
  }
  return on_paper(paper, head, [&](ReportPage& page) {
    if (view.status) {
      write_status(page, *view.status, true);
      page.divide();
    }
    write_document(page, record);
  });
}

Result<std::string> shown(const Arguments& arguments) {
  const auto engine = record_engine(arguments.record);
  if (!engine) {
    return tl::unexpected(engine.error());
  }
  const auto name = arguments.record.name_of(arguments.case_id);
  const auto store = name ? arguments.record.open() : tl::unexpected(name.error());
  if (!store) {
    return tl::unexpected(store.error());
  }
  const auto view = view_case(**store, *name, (*engine)->context(), arguments.as_of == 0 ? kNow : arguments.as_of);
  if (!view) {
    return tl::unexpected(located(view.error(), "case " + *name));
  }
  if (arguments.record.json()) {
    return record_json(*view, (*engine)->catalog.dictionary);
  }
  if (arguments.record.format == "html") {
    return record_html(*view, arguments.details);
  }
  if (arguments.record.format == "pdf") {
    return record_pdf(*view, arguments);
  }
  const TextStyle style = style_for(arguments);
  const std::string status = view->status ? status_text(*view->status, style) + "\n" : "";
  return status + document_text(record_document(*view, arguments.details), style);
}

Result<std::string> history(const Arguments& arguments) {
  const auto name = arguments.case_id.empty() ? Result<std::string>("") : arguments.record.name_of(arguments.case_id);
  const auto store = name ? arguments.record.open() : tl::unexpected(name.error());
  if (!store) {
    return tl::unexpected(store.error());
  }
  const auto entries = (*store)->entries(*name);
  if (!entries) {
    return tl::unexpected(entries.error());
  }
  if (entries->empty()) {
    return fail("there is no case of this name in the store; 'her2 case list' shows those that are", {},
                "case " + *name);
  }
  if (arguments.record.json()) {
    return entries_json(*entries);
  }
  return document_text(
      history_document(
          name->empty() ? say("record.history_of_store") : say("record.history_of_case", {{"case", *name}}), *entries),
      style_for(arguments));
}

Result<std::string> list(const Arguments& arguments) {
  const auto engine = record_engine(arguments.record);
  if (!engine) {
    return tl::unexpected(engine.error());
  }
  const Dictionary& dictionary = (*engine)->catalog.dictionary;
  std::optional<Condition> where;
  if (!arguments.where.empty()) {
    auto read = parse_where(arguments.where, dictionary);
    if (!read) {
      return tl::unexpected(read.error());
    }
    where = std::move(*read);
  }
  const auto store = arguments.record.open();
  if (!store) {
    return tl::unexpected(store.error());
  }
  const auto cases = list_cases(**store, dictionary, where, arguments.open);
  if (!cases) {
    return tl::unexpected(cases.error());
  }
  return arguments.record.json() ? list_json(*cases, arguments.where)
                                 : document_text(list_document(*cases, arguments.where), style_for(arguments));
}

CLI::App* subcommand(CLI::App& parent, const char* name, const char* says, const std::shared_ptr<Arguments>& arguments,
                     int& code, Result<std::string> (*run)(const Arguments&)) {
  CLI::App* command = parent.add_subcommand(name, says);
  arguments->record.add_store(*command);
  arguments->record.add_catalog(*command);
  command->add_option("-o,--out", arguments->out, "File to write (default: standard output)");
  arguments->record.speech.add_to(*command);
  command->callback([arguments, &code, run] {
    code = in_language(arguments->record.speech, arguments->record.format, [&] {
      const auto text = run(*arguments);
      const auto done = text ? write_text(arguments->out, *text) : tl::unexpected(text.error());
      return done ? kDone : complain(done.error());
    });
  });
  return command;
}

}  // namespace

void add_case_read(CLI::App& command, int& code) {
  auto showing = std::make_shared<Arguments>();
  CLI::App* show =
      subcommand(command, "show", "The case as it stands: status, evidence, sign-off", showing, code, shown);
  show->add_option("-f,--format", showing->record.format, "text (default), html, pdf or json")
      ->check(CLI::IsMember({"text", "html", "pdf", "json"}));
  show->add_option("--paper", showing->paper.size, "PDF: size of the sheets, a4 or letter")
      ->check(CLI::IsMember({"a4", "letter"}))
      ->capture_default_str();
  show->add_option("case", showing->case_id, "The case")->required();
  show->add_option("--as-of", showing->as_of, "As it stood after this entry (a number of 'her2 case history')")
      ->check(CLI::PositiveNumber);
  show->add_flag("-d,--details", showing->details, "Also every fact with its number, and the sources of the status");
  show->footer(
      "\nExamples:\n  her2 case show case-17\n  her2 case show case-17 --as-of 4 --format json\n"
      "  her2 case show case-17 --format pdf --out case-17.pdf    with the name and time of the last signature\n"
      "  her2 case show case-17 --format html --out case-17.html");

  auto telling = std::make_shared<Arguments>();
  CLI::App* told = subcommand(command, "history", "Who did what, and when", telling, code, history);
  telling->record.add_format(*told);
  told->add_option("case", telling->case_id, "The case (default: the whole store)");
  told->footer("\nExample:\n  her2 case history case-17");

  auto listing = std::make_shared<Arguments>();
  CLI::App* listed = subcommand(command, "list", "The cases of the store that meet a condition", listing, code, list);
  listing->record.add_format(*listed);
  listed->add_option("--where", listing->where, "A condition on facts and on what was concluded of them");
  listed->add_flag("--open", listing->open, "Also those that may meet it: what is recorded leaves it open");
  listed->footer(
      "\nThe condition is written as in the guidelines (docs/guideline-files.md); = may stand for ==. Every specimen "
      "is\n"
      "asked on its own, by its recorded facts and by the answers of the case's latest finding.\n"
      "\nExamples:\n"
      "  her2 case list\n"
      "  her2 case list --where \"her2_status = negative and er_status = positive\"\n"
      "  her2 case list --where \"ihc_score = 2+ and ratio is missing\" --format json");
}

}  // namespace her2::app
