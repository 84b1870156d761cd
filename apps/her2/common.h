// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "her2/core/error.h"
#include "her2/guideline/catalog.h"
#include "her2/message/code_book.h"

namespace her2::app {

// Exit codes of every subcommand.
inline constexpr int kDone = 0;
inline constexpr int kRefused = 1;   // the work was done, but something in it was refused or found wrong
inline constexpr int kBadInput = 2;  // nothing was done: bad arguments or unreadable input

// Options by which every subcommand finds its guidelines.
struct CatalogOptions {
  std::string folder;             // --guidelines DIR; empty: those built into the program
  std::vector<std::string> sets;  // --set name=value

  void add_to(CLI::App& command);
  [[nodiscard]] Result<Catalog> load() const;
  [[nodiscard]] Result<GuidelineFiles> files() const;  // with those of folders within: "options/adc.toml"
};

// The codes of LOINC and SNOMED CT that are built in. `dictionary` must outlive it.
Result<CodeBook> built_in_codes(const Dictionary& dictionary);

// Prints "her2: ..." on standard error and returns kBadInput.
int complain(const Error& error);

// Whether the stream (1: standard output, 2: standard error) is a terminal that may show colours; NO_COLOR is honoured.
bool is_terminal(int stream);
bool wants_colour(int stream);
// Columns of the terminal, 80 when it is none, at most 110 so that lines stay readable.
int terminal_width();

// Writes a whole text to a file or, for "-" or "", to standard output.
Result<void> write_text(const std::string& path, const std::string& text);

// Each adds its subcommand; when it runs it leaves its exit code in `code`.
void add_agree(CLI::App& app, int& code);
void add_cohort(CLI::App& app, int& code);
void add_status(CLI::App& app, int& code);
void add_care(CLI::App& app, int& code);
void add_explain(CLI::App& app, int& code);
void add_guideline(CLI::App& app, int& code);
void add_ish(CLI::App& app, int& code);
void add_map(CLI::App& app, int& code);
void add_messages(CLI::App& app, int& code);
void add_export(CLI::App& app, int& code);
void add_import(CLI::App& app, int& code);
void add_case(CLI::App& app, int& code);
void add_store(CLI::App& app, int& code);
void add_listen(CLI::App& app, int& code);
void add_send(CLI::App& app, int& code);
void add_calibrate(CLI::App& app, int& code);        // only with HER2_IMAGING
void add_cells(CLI::App& app, int& code);            // only with HER2_IMAGING
void add_ihc(CLI::App& app, int& code);              // only with HER2_IMAGING
void add_slide(CLI::App& app, int& code);            // only with HER2_IMAGING
void add_phantom(CLI::App& app, int& code);          // only with HER2_IMAGING
void add_phantom_ish(CLI::App& phantom, int& code);  // below it

}  // namespace her2::app
