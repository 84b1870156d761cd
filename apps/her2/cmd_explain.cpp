// SPDX-License-Identifier: Apache-2.0
// her2 explain: a result in plain language.
#include <fmt/format.h>

#include "care_case.h"
#include "common.h"
#include "her2/core/embedded.h"
#include "her2/language/say.h"
#include "her2/report/explain_page.h"
#include "language_options.h"
#include "paper_file.h"

namespace her2::app {
namespace {

struct Arguments {
  CareArguments care;
  std::string reader = "patient", language = "en", format = "html", out;
  PaperArguments paper;
  LanguageOptions speech;
  bool with_numbers = false;
};

Result<PatientTexts> texts_for(const Arguments& arguments, const Dictionary& dictionary) {
  const std::string name = fmt::format("texts/{}.{}.toml", arguments.reader, arguments.language);
  const auto content = embedded_file(name);
  if (!content) {
    return fail(fmt::format("--lang {}: there are no texts in this language; known is en", arguments.language));
  }
  auto texts = load_patient_texts(std::string(*content), dictionary);
  return texts ? std::move(texts) : tl::unexpected(located(texts.error(), name));
}

int run(Arguments arguments) {
  arguments.care.all = false;
  const auto made = care_case(arguments.care);
  if (!made) {
    return complain(made.error());
  }
  const CareCase& care = **made;
  const auto texts = texts_for(arguments, care.catalog.dictionary);
  if (!texts) {
    return complain(texts.error());
  }
  PatientPage page = patient_page(*texts, care.catalog.dictionary, care.report.answer.facts, arguments.with_numbers,
                                  patient_figures(care.report));
  page.case_id = care.report.status.case_id;
  TextStyle style;
  style.colour = (arguments.out.empty() || arguments.out == "-") && wants_colour(1);
  style.width = terminal_width();
  const Document document = explain_document(page);
  const Result<std::string> text = arguments.format == "pdf"
                                       ? on_paper(arguments.paper,
                                                  {page.title, say("paper.case", {{"case", page.case_id}}),
                                                   say("paper.in_plain_language"), care.report.status.software, false},
                                                  [&](ReportPage& sheets) { write_document(sheets, document); })
                                   : arguments.format == "html" ? explain_html(page)
                                   : arguments.format == "md"   ? document_markdown(document)
                                                                : document_text(document, style);
  if (!text) {
    return complain(text.error());
  }
  const auto written = write_text(arguments.out, *text);
  return written ? kDone : complain(written.error());
}

}  // namespace

void add_explain(CLI::App& app, int& code) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("explain", "The result in plain language, for a patient");
  arguments->care.add_to(*command);
  command->add_option("--for", arguments->reader, "Who reads it: patient")->check(CLI::IsMember({"patient"}));
  command->add_option("--lang", arguments->language, "Language of the texts (texts/patient.LANG.toml)");
  command->add_option("-f,--format", arguments->format, "text, md, html or pdf")
      ->check(CLI::IsMember({"text", "md", "html", "pdf"}));
  command->add_option("-o,--out", arguments->out, "File to write (default: standard output)");
  arguments->speech.add_to(*command);
  arguments->paper.add_to(*command);
  command->add_flag("--with-numbers", arguments->with_numbers, "Also figures on survival, where a model gives them");
  command->footer(
      "\nIt says what HER2 is, how it was tested, what the result is and is not, and what is usually talked about. It "
      "gives no advice.\n"
      "\nExamples:\n"
      "  her2 explain case.json --for patient --out page.html   to read or print\n"
      "  her2 explain case.json --format text                   in the terminal");
  command->callback([arguments, &code] {
    code = in_language(arguments->speech, arguments->format, [&] { return run(*arguments); });
  });
}

}  // namespace her2::app
