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
#include "her2/run/data_catalogue.h"
#include "language_options.h"

namespace her2::app {
namespace {

struct Arguments {
  std::string path;
  bool data = false;
  CatalogOptions catalog;
};

// Keys and English texts of the data.
Result<std::vector<std::pair<std::string, std::string>>> data_of(const Arguments& arguments) {
  const auto catalog = arguments.catalog.load();
  const auto files = arguments.catalog.files();
  if (!catalog || !files) {
    return tl::unexpected(!catalog ? catalog.error() : files.error());
  }
  const auto options = load_options(*files, catalog->dictionary);
  return options ? Result<std::vector<std::pair<std::string, std::string>>>(texts_of_data(*catalog, *options))
                 : tl::unexpected(options.error());
}

// The English catalogue as one file; without `open`, which is the built-in one's alone. Without values of facts where
// all of them follow.
std::string english_text(bool values) {
  constexpr std::string_view kFirst = "messages/en/locale.toml";  // the language stands before all tables
  std::vector<std::string_view> names = embedded_names("messages/en");
  std::stable_partition(names.begin(), names.end(), [&](std::string_view name) { return name == kFirst; });
  std::string out;
  for (const auto name : names) {
    if (!values && name == "messages/en/values.toml") {
      continue;
    }
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

int check(const Arguments& arguments) {
  const std::string& path = arguments.path;
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
  const auto texts = data_of(arguments);
  if (!texts) {
    return complain(texts.error());
  }
  const DataTranslation data = translated_data(**messages, *texts);
  fmt::print("{} of {} texts of facts, guidelines and options are said over (her2 messages --data)\n", data.said,
             texts->size());
  for (const std::string& key : data.outdated) {
    fmt::print("  {}: translates a text that the file no longer has; it stands in English\n", key);
  }
  return kDone;
}

}  // namespace

void add_messages(CLI::App& app, int& code) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("messages", "The sentences of the reports, to translate; a translation checked");
  command
      ->add_option("file", arguments->path, "A catalogue of your own to check; without one, the English one is printed")
      ->type_name("FILE");
  command->add_flag("--data", arguments->data,
                    "With the texts of facts, guidelines and options, each beside the English that it is of");
  arguments->catalog.add_to(*command);
  command->footer(
      "\nA catalogue may lack any text: reports say it in English then, and their foot counts it (docs/languages.md).\n"
      "\nExamples:\n"
      "  her2 messages > de.toml                      every sentence, to translate\n"
      "  her2 messages --data > de.toml               and what guidelines and options say\n"
      "  her2 messages de.toml                        whether it is right, and what it lacks\n"
      "  her2 status case.json --messages de.toml     a report in it");
  command->callback([arguments, &code] {
    if (!arguments->path.empty()) {
      code = check(*arguments);
      return;
    }
    std::string text = english_text(!arguments->data);
    if (arguments->data) {
      const auto texts = data_of(*arguments);
      if (!texts) {
        code = complain(texts.error());
        return;
      }
      text += data_catalogue(*texts);
    }
    const auto written = write_text("-", text);
    code = written ? kDone : complain(written.error());
  });
}

}  // namespace her2::app
