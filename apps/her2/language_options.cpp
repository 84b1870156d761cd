// SPDX-License-Identifier: Apache-2.0
#include "language_options.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "her2/core/embedded.h"
#include "her2/core/output_file.h"

#include "common.h"

namespace her2::app {
namespace {

constexpr std::array<std::string_view, 7> kForPrograms{"json", "jsonl", "synoptic-json", "tsv", "csv", "dmn", "smtlib"};

Result<Messages> built_in(const std::string& language) {
  const auto known = languages_built_in();
  if (std::find(known.begin(), known.end(), language) == known.end()) {
    return fail(fmt::format("--language {}: built in is {}; give a catalogue of your own with --messages FILE",
                            language, fmt::join(known, ", ")));
  }
  std::vector<std::pair<std::string, std::string_view>> files;
  for (const auto name : embedded_names("messages/" + language)) {
    files.emplace_back(name, embedded_file(name).value_or(""));
  }
  return Messages::read(files, &english_messages());
}

Result<Messages> from_file(const std::string& path, const std::string& language) {
  const auto text = read_file(path, std::size_t{4} << 20U);
  if (!text) {
    return tl::unexpected(text.error());
  }
  auto read = Messages::read({{path, *text}}, &english_messages());
  if (read && !language.empty() && read->locale().language != language) {
    return fail(fmt::format("is in \"{}\", but --language says \"{}\"; leave --language out", read->locale().language,
                            language),
                {}, path);
  }
  return read;
}

}  // namespace

void LanguageOptions::add_to(CLI::App& command) {
  command.add_option("--language", language, "Language of the report (default: en; docs/languages.md)")
      ->type_name("CODE");
  command.add_option("--messages", messages, "A catalogue of your own: every sentence of the reports in your language")
      ->type_name("FILE");
}

Result<const Messages*> LanguageOptions::load(std::string_view format) {
  const bool for_programs = std::find(kForPrograms.begin(), kForPrograms.end(), format) != kForPrograms.end();
  if (messages.empty() && (language.empty() || language == "en")) {
    return &english_messages();
  }
  auto read = messages.empty() ? built_in(language) : from_file(messages, language);
  if (!read) {
    return tl::unexpected(read.error());
  }
  loaded_ = std::make_shared<const Messages>(std::move(*read));
  return for_programs ? &english_messages() : loaded_.get();
}

int in_language(LanguageOptions& options, std::string_view format, const std::function<int()>& run) {
  const auto messages = options.load(format);
  if (!messages) {
    return complain(messages.error());
  }
  const Speaking speaking(**messages);
  return run();
}

}  // namespace her2::app
