// SPDX-License-Identifier: Apache-2.0
// her2 case: cases kept in a store.
#include "record_options.h"

namespace her2::app {

void add_case(CLI::App& app, int& code) {
  CLI::App* command = app.add_subcommand("case", "Cases kept in a store: evidence, status, sign-off, history");
  command->require_subcommand(1);
  add_case_write(*command, code);
  add_case_read(*command, code);
  add_case_move(*command, code);
  command->footer(
      "\nA store is one file. Nothing in it is ever overwritten: what changes is added, with its author and time.\n"
      "\nExamples:\n"
      "  export HER2_STORE=laboratory.her2\n"
      "  her2 case import case-17.json                                a new case with its evidence\n"
      "  her2 case add ish/case.json --case case-17 --specimen core   what was counted later\n"
      "  her2 case show case-17                                       status, evidence, sign-off\n"
      "  her2 case sign case-17 --meaning \"final report\"\n"
      "  her2 case list --where \"her2_status = negative and er_status = positive\"\n"
      "\n'her2 case COMMAND --help' explains each; 'her2 store' looks after the file. More: docs/record.md.");
}

}  // namespace her2::app
