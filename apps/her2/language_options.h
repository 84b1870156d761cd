// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

#include "her2/core/error.h"
#include "her2/language/say.h"

namespace her2::app {

// Options of every subcommand that prints a report: in which language.
struct LanguageOptions {
  std::string language;  // --language de: one that is built in
  std::string messages;  // --messages de.toml: a catalogue of the user's own

  void add_to(CLI::App& command);

  // The catalogue to speak, which lives as long as this. English for formats that programs read (JSON, tables).
  // Fails when the language is not built in, or the file is none.
  Result<const Messages*> load(std::string_view format = {});

 private:
  std::shared_ptr<const Messages> loaded_;
};

// Runs a subcommand in its language and returns its exit code.
int in_language(LanguageOptions& options, std::string_view format, const std::function<int()>& run);

}  // namespace her2::app
