// SPDX-License-Identifier: Apache-2.0
// her2 map: the column maps that are built in, as a start for one's own.
#include <filesystem>

#include <fmt/format.h>

#include "common.h"
#include "her2/core/embedded.h"
#include "her2/exchange/column_map.h"

namespace her2::app {
namespace {

int list_maps(const CatalogOptions& options) {
  const auto catalog = options.load();
  if (!catalog) {
    return complain(catalog.error());
  }
  for (const auto path : embedded_names("maps")) {
    const std::string name = std::filesystem::path(path).stem().string();
    if (name == "vocabulary") {
      continue;
    }
    const auto map = ColumnMap::parse(embedded_file(path).value_or(""), std::string(path), catalog->dictionary);
    if (!map) {
      return complain(map.error());
    }
    fmt::print("{:<14} {}\n", name, map->title);
  }
  return kDone;
}

int show_map(const std::string& name) {
  const auto text = embedded_file(fmt::format("maps/{}.toml", name));
  if (!text) {
    return complain({{}, {}, fmt::format("there is no map '{}' built in; see 'her2 map list'", name)});
  }
  const auto written = write_text({}, std::string(*text));
  return written ? kDone : complain(written.error());
}

}  // namespace

void add_map(CLI::App& app, int& code) {
  CLI::App* command = app.add_subcommand("map", "Column maps that are built in: how tables found in the wild are read");
  command->require_subcommand(1);
  auto options = std::make_shared<CatalogOptions>();
  auto name = std::make_shared<std::string>();
  CLI::App* list = command->add_subcommand("list", "The maps, a line each");
  list->callback([options, &code] { code = list_maps(*options); });
  CLI::App* show = command->add_subcommand(
      "show", "One map as a file, to start one's own from (vocabulary: the spellings all maps share)");
  show->add_option("name", *name, "Map, such as tcga-biotab")->required();
  show->callback([name, &code] { code = show_map(*name); });
  command->footer("\nExample:\n  her2 map show tcga-biotab > mine.toml ; her2 status table.tsv --map mine.toml");
}

}  // namespace her2::app
