// SPDX-License-Identifier: Apache-2.0
#include "common.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "her2/core/embedded.h"
#include "her2/core/output_file.h"

namespace her2::app {
namespace {

Result<ParameterChanges> parse_changes(const std::vector<std::string>& sets) {
  ParameterChanges out;
  for (const auto& text : sets) {
    const auto equals = text.find('=');
    const auto value = equals == std::string::npos ? std::nullopt : parse_rational(text.substr(equals + 1));
    if (!value) {
      return fail(fmt::format("--set {}: expected NAME=NUMBER, such as ki67_cut=14", text));
    }
    out[text.substr(0, equals)] = *value;
  }
  return out;
}

GuidelineFiles built_in() {
  constexpr std::string_view kFolder = "guidelines";
  GuidelineFiles out;
  for (const auto name : embedded_names(kFolder)) {
    if (name.ends_with(".toml")) {
      out.emplace(name.substr(kFolder.size() + 1), embedded_file(name).value_or(""));
    }
  }
  return out;
}

}  // namespace

void CatalogOptions::add_to(CLI::App& command) {
  command.add_option("--guidelines", folder, "Folder with guideline files, instead of those built in")
      ->type_name("DIR");
  command.add_option("--set", sets, "Change a parameter of the guidelines, such as ki67_cut=14 (see 'guideline list')")
      ->type_name("NAME=NUMBER");
}

Result<Catalog> CatalogOptions::load() const {
  const auto changes = parse_changes(sets);
  if (!changes) {
    return tl::unexpected(changes.error());
  }
  const auto all = files();
  if (!all) {
    return tl::unexpected(all.error());
  }
  return Catalog::load(*all, *changes);
}

Result<GuidelineFiles> CatalogOptions::files() const {
  return folder.empty() ? built_in() : read_guideline_folder(folder);
}

Result<CodeBook> built_in_codes(const Dictionary& dictionary) {
  return CodeBook::parse(embedded_file("codes/markers.toml").value_or(""), dictionary, "codes/markers.toml");
}

int complain(const Error& error) {
  fmt::print(stderr, "her2: {}\n", error.text());
  return kBadInput;
}

bool is_terminal(int stream) { return ::isatty(stream) == 1; }

bool wants_colour(int stream) {
  const char* no_colour = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  return is_terminal(stream) && (no_colour == nullptr || *no_colour == '\0') && terminal != nullptr &&
         std::string_view(terminal) != "dumb";
}

int terminal_width() {
  constexpr int kDefault = 80;
  constexpr int kWidest = 110;
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
    return kDefault;
  }
  return std::clamp(static_cast<int>(size.ws_col), 40, kWidest);
}

Result<void> write_text(const std::string& path, const std::string& text) {
  auto file = OutputFile::open(path.empty() ? "-" : path);
  if (!file) {
    return tl::unexpected(file.error());
  }
  if (auto written = file->write(text); !written) {
    return written;
  }
  return file->commit();
}

}  // namespace her2::app
