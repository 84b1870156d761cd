// SPDX-License-Identifier: Apache-2.0
// her2 map: the column maps that are built in, as a start for one's own.
#include <filesystem>

#include <fmt/format.h>

#include "common.h"
#include "her2/core/embedded.h"
#include "her2/exchange/column_map.h"
#include "her2/exchange/map_draft.h"

namespace her2::app {
namespace {

int list_maps(const CatalogOptions& options) {
  const auto catalog = options.load();
  if (!catalog) {
    return complain(catalog.error());
  }
  for (const auto path : embedded_names("maps")) {
    const std::string name = std::filesystem::path(path).stem().string();
    if (name == "vocabulary" || name == "column-names") {
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

struct DraftArguments {
  std::string table, out, comment;
  unsigned lines_before = 0;
  CatalogOptions catalog;
};

int draft(const DraftArguments& arguments) {
  const auto catalog = arguments.catalog.load();
  if (!catalog) {
    return complain(catalog.error());
  }
  const Dictionary& dictionary = catalog->dictionary;
  const auto vocabulary =
      Vocabulary::parse(embedded_file("maps/vocabulary.toml").value_or(""), "maps/vocabulary.toml", dictionary);
  const auto book = ColumnNamesBook::parse(embedded_file("maps/column-names.toml").value_or(""),
                                           "maps/column-names.toml", dictionary);
  if (!vocabulary || !book) {
    return complain(vocabulary ? book.error() : vocabulary.error());
  }
  TableFormat format;
  format.comment = arguments.comment;
  format.lines_before = arguments.lines_before;
  const auto found = draft_map(arguments.table, format, *book, *vocabulary, dictionary);
  if (!found) {
    return complain(found.error());
  }
  if (found->id.empty() || found->columns.empty()) {
    return complain({arguments.table, "line of names",
                     found->id.empty()
                         ? "no column is called like an id, and none holds a different text in each row"
                         : "no column is called like something that her2 knows ('her2 map show column-names')"});
  }
  const std::string title = std::filesystem::path(arguments.table).filename().string();
  if (const auto written = write_text(arguments.out, draft_toml(*found, title, dictionary)); !written) {
    return complain(written.error());
  }
  fmt::print(stderr,
             "{} of {} columns have a meaning, from their names and {} rows. Read the draft before you use it.\n",
             found->columns.size() + 1, found->columns.size() + 1 + found->unused.size(), found->rows);
  return kDone;
}

}  // namespace

void add_map(CLI::App& app, int& code) {
  CLI::App* command = app.add_subcommand("map", "Column maps that are built in: how tables found in the wild are read");
  command->require_subcommand(1);
  auto options = std::make_shared<CatalogOptions>();
  auto name = std::make_shared<std::string>();
  CLI::App* list = command->add_subcommand("list", "The maps, a line each");
  list->callback([options, &code] { code = list_maps(*options); });
  CLI::App* show =
      command->add_subcommand("show", "One map as a file, to start from; vocabulary, column-names: what all share");
  show->add_option("name", *name, "Map, such as tcga-biotab")->required();
  show->callback([name, &code] { code = show_map(*name); });
  CLI::App* drafted =
      command->add_subcommand("draft", "A first map for a table of yours, from names and values, to be checked");
  auto arguments = std::make_shared<DraftArguments>();
  drafted->add_option("table", arguments->table, "CSV, TSV or the like; packed too")->required();
  drafted->add_option("-o,--out", arguments->out, "where to write it; not given: standard output");
  drafted->add_option("--comment", arguments->comment, "lines that begin so are no rows");
  drafted->add_option("--lines-before", arguments->lines_before, "lines before the line of names");
  arguments->catalog.add_to(*drafted);
  drafted->callback([arguments, &code] { code = draft(*arguments); });
  command->footer(
      "\nExamples:\n"
      "  her2 map draft table.csv --out mine.toml       then read it, and:\n"
      "  her2 status table.csv --map mine.toml --out status.tsv\n"
      "  her2 map show tcga-biotab > mine.toml          start from one that is built in\n");
}

}  // namespace her2::app
