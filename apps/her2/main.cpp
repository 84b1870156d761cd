// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

#include "common.h"

namespace {

// What was printed must have arrived: a full disk or a closed pipe is an error, not a silent end.
int flushed(int code) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) {
    return code;
  }
  return her2::app::complain({"standard output", {}, std::string("cannot be written: ") + std::strerror(errno)});
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGXFSZ, SIG_IGN);  // a file over the user's limit is a write error likewise
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is a write error with a sentence, not a silent end
  CLI::App app{
      "her2 turns a tumour's evidence into its HER2 status and says what that status means.\n"
      "For research use only: it states which criteria are met and prescribes nothing.",
      "her2"};
  app.set_version_flag("--version", "her2 " HER2_VERSION);
  app.require_subcommand(1);
  app.get_formatter()->column_width(34);
  app.footer(
      "\nFirst steps:\n"
      "  her2 status case.json                     decide one case and say why\n"
      "  her2 status cohort.csv --out status.tsv   decide a table of cases\n"
      "  her2 cohort cohort.csv --report cohort.html   what a table amounts to: rates, laboratories, time\n"
      "  her2 care case.json                       what the status means: criteria met, not met, open\n"
      "  her2 explain case.json --for patient      the same in plain language\n"
      "  her2 guideline list                       what is known, and by which sources\n"
      "  her2 guideline verify                     prove that every input meets exactly one row\n"
      "  her2 ihc slide.svs --out result           score an IHC slide, cell by cell\n"
      "  her2 ish --counts nuclei.csv              ISH counts: ratio, group, whether enough was counted\n"
      "  her2 case import case.json --store lab.her2    keep cases: versions, sign-off, audit\n"
      "  her2 slide info slide.svs                 what a slide is, before it is scored\n"
      "\n'her2 COMMAND --help' explains each command.");
  int code = her2::app::kDone;
  her2::app::add_status(app, code);
  her2::app::add_care(app, code);
  her2::app::add_explain(app, code);
  her2::app::add_guideline(app, code);
  her2::app::add_map(app, code);
  her2::app::add_messages(app, code);
  her2::app::add_export(app, code);
  her2::app::add_import(app, code);
  her2::app::add_case(app, code);
  her2::app::add_store(app, code);
  her2::app::add_send(app, code);
  her2::app::add_listen(app, code);
  her2::app::add_ish(app, code);
  her2::app::add_agree(app, code);
  her2::app::add_cohort(app, code);
#ifdef HER2_IMAGING
  her2::app::add_ihc(app, code);
  her2::app::add_cells(app, code);
  her2::app::add_calibrate(app, code);
  her2::app::add_slide(app, code);
  her2::app::add_phantom(app, code);
#endif
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {  // --help, --version
      return flushed(app.exit(error));
    }
    std::string what = error.what();
    if (const std::string first = argc > 1 ? argv[1] : "-"; !first.starts_with('-') && app.get_subcommands().empty()) {
      what = "there is no command '" + first + "'";
    }
    return her2::app::complain({{}, {}, what + "; see 'her2 --help'"});
  }
  return flushed(code);
}
