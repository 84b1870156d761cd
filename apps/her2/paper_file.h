// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include <CLI/CLI.hpp>

#include "her2/core/error.h"
#include "her2/report/report_page.h"
#include "her2/report/status_model.h"

namespace her2::app {

// Options of every subcommand that writes a PDF.
struct PaperArguments {
  std::string size = "a4", signed_by, at;

  void add_to(CLI::App& command);
};

// What stands at the head of every sheet and in the file's properties.
struct PaperHead {
  std::string title, running, subject, software;
  bool sign_off = true;
};

// "Case P-07 · specimen S1".
std::string running_head(const CaseStatus& status);

// The bytes of a PDF. An error where the program was built without HER2_PAPER.
Result<std::string> on_paper(const PaperArguments& arguments, const PaperHead& head,
                             const std::function<void(ReportPage&)>& write);

// "2026-11-23T10:00:00Z", as it was given by a person; an error that names --at otherwise.
Result<std::string> checked_instant(const std::string& given);

}  // namespace her2::app
