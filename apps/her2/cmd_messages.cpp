// SPDX-License-Identifier: Apache-2.0
// her2 messages: the catalogue to translate, and how far a translation is.
#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "common.h"
#include "her2/core/embedded.h"
#include "language_options.h"

namespace her2::app {
namespace {

// The English catalogue as one file; without `open`, which is the built-in one's alone.
std::string english_text() {
  constexpr std::string_view kFirst = "messages/en/locale.toml";  // the language stands before all tables
  std::vector<std::string_view> names = embedded_names("messages/en");
  std::stable_partition(names.begin(), names.end(), [&](std::string_view name) { return name == kFirst; });
  std::string out;
  for (const auto name : names) {
    std::string_view text = embedded_file(name).value_or("");
    while (!text.empty()) {
      const auto end = std::min(text.find('\n'), text.size() - 1) + 1;
      if (name != kFirst || !text.starts_with("open = ")) {
        out += text.substr(0, end);
      }
      text.remove_prefix(end);
    }
    out += '\n';
  }
  return out;
}

int check(const std::string& path) {
  LanguageOptions options;
  options.messages = path;
  const auto messages = options.load();
  if (!messages) {
    return complain(messages.error());
  }
  std::string missing;
  std::size_t count = 0;
  for (const auto& [key, wording] : english_messages().all()) {
    if ((*messages)->find(key) == nullptr) {
      missing += fmt::format("  {}\n", key);
      ++count;
    }
  }
  fmt::print("{}: {} of {} texts are translated into {}\n{}", path, english_messages().all().size() - count,
             english_messages().all().size(), (*messages)->locale().language, missing);
  return kDone;
}

}  // namespace

void add_messages(CLI::App& app, int& code) {
  auto path = std::make_shared<std::string>();
  CLI::App* command =
      app.add_subcommand("messages", "The sentences of the reports, to translate; a translation checked");
  command->add_option("file", *path, "A catalogue of your own to check; without one, the English one is printed")
      ->type_name("FILE");
  command->footer(
      "\nA catalogue may lack any text: reports say it in English then, and their foot counts it (docs/languages.md).\n"
      "\nExamples:\n"
      "  her2 messages > de.toml                      every sentence, to translate\n"
      "  her2 messages de.toml                        whether it is right, and what it lacks\n"
      "  her2 status case.json --messages de.toml     a report in it");
  command->callback([path, &code] {
    if (!path->empty()) {
      code = check(*path);
      return;
    }
    const auto written = write_text("-", english_text());
    code = written ? kDone : complain(written.error());
  });
}

}  // namespace her2::app
