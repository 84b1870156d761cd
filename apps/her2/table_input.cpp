// SPDX-License-Identifier: Apache-2.0
#include "table_input.h"

#include <filesystem>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "her2/core/embedded.h"
#include "her2/core/output_file.h"

namespace her2::app {
namespace {

std::string built_in_maps() {
  std::vector<std::string> names;
  for (const auto path : embedded_names("maps")) {
    const std::string name = std::filesystem::path(path).stem().string();
    if (name != "vocabulary") {
      names.push_back(name);
    }
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

Result<ColumnMap> load_map(const std::string& name, const Dictionary& dictionary) {
  const std::string wanted = name.empty() ? "plain" : name;
  const std::string path = fmt::format("maps/{}.toml", wanted);
  if (const auto built_in = embedded_file(path)) {
    return ColumnMap::parse(*built_in, path, dictionary);
  }
  if (!std::filesystem::exists(wanted)) {
    return fail(fmt::format("--map {}: there is no such file, and the maps built in are {}", wanted, built_in_maps()));
  }
  const auto text = read_file(wanted);
  return text ? ColumnMap::parse(*text, wanted, dictionary) : Result<ColumnMap>(tl::unexpected(text.error()));
}

Result<Vocabulary> shared_vocabulary(const Dictionary& dictionary) {
  return Vocabulary::parse(embedded_file("maps/vocabulary.toml").value_or(""), "maps/vocabulary.toml", dictionary);
}

}  // namespace her2::app
