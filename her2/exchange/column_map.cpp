// SPDX-License-Identifier: Apache-2.0
#include "her2/exchange/column_map.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "her2/evidence/text.h"
#include "her2/exchange/map_toml.h"

namespace her2 {
namespace {

constexpr unsigned kMostHeaderLines = 1000;

class MapReader {
 public:
  MapReader(const Dictionary& dictionary, const std::string& file) : dictionary_(dictionary), toml_(dictionary, file) {}

  Result<ColumnMap> read(std::string_view text, const std::string& file) {
    const auto root = toml_.parse(text);
    if (!root) {
      return tl::unexpected(root.error());
    }
    const auto slash = file.rfind('/');
    map_.name = file.substr(slash == std::string::npos ? 0 : slash + 1);
    if (map_.name.ends_with(".toml")) {
      map_.name.resize(map_.name.size() - 5);
    }
    toml_.only(*root, "a column map",
               {"title", "automatic", "table", "case", "specimen", "columns", "constants", "vocabulary"});
    map_.title = toml_.text(*root, "title");
    map_.automatic = toml_.flag(*root, "automatic");
    read_format(*root);
    read_case(*root);
    read_specimen(*root);
    read_columns(*root);
    read_constants(*root);
    if (const auto* vocabulary = toml_.table(*root, "vocabulary")) {
      map_.own = toml_.vocabulary(*vocabulary, "vocabulary");
    }
    if (!map_.automatic && map_.columns.empty()) {
      toml_.wrong(*root, "columns", "the map names no columns; add [columns.NAME] tables with a fact each");
    }
    if (toml_.error()) {
      return tl::unexpected(*toml_.error());
    }
    return std::move(map_);
  }

 private:
  // The value of a key that has only a few.
  template <class T, std::size_t N>
  T one_of(const toml::table& table, std::string_view key, T fallback,
           const std::array<std::pair<std::string_view, T>, N>& known) {
    const auto* node = table.get(key);
    if (node == nullptr) {
      return fallback;
    }
    const auto text = toml_.text(table, key);
    std::vector<std::string> names;
    for (const auto& [name, value] : known) {
      if (name == text) {
        return value;
      }
      names.emplace_back(name);
    }
    toml_.wrong(*node, key, fmt::format("is {}; expected {}", in_quotes(text), listed(names)));
    return fallback;
  }

  void read_format(const toml::table& root) {
    const auto* table = toml_.table(root, "table");
    if (table == nullptr) {
      return;
    }
    toml_.only(*table, "table",
               {"delimiter", "quotes", "encoding", "comment", "lines_before_names", "lines_after_names"});
    auto& format = map_.format;
    format.delimiter =
        one_of<char>(*table, "delimiter", 0,
                     std::array<std::pair<std::string_view, char>, 5>{
                         {{"auto", '\0'}, {"tab", '\t'}, {"comma", ','}, {"semicolon", ';'}, {"pipe", '|'}}});
    format.quotes =
        one_of<Quotes>(*table, "quotes", Quotes::detect,
                       std::array<std::pair<std::string_view, Quotes>, 3>{
                           {{"auto", Quotes::detect}, {"rfc4180", Quotes::rfc4180}, {"literal", Quotes::literal}}});
    format.encoding =
        one_of<Encoding>(*table, "encoding", Encoding::utf8,
                         std::array<std::pair<std::string_view, Encoding>, 3>{
                             {{"utf-8", Encoding::utf8}, {"latin1", Encoding::latin1}, {"utf-16", Encoding::utf16}}});
    format.comment = toml_.text(*table, "comment");
    if (std::any_of(format.comment.begin(), format.comment.end(),
                    [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"'; })) {
      toml_.wrong(*table->get("comment"), "comment", "must hold no quotes and no control characters");
    }
    format.lines_before = toml_.count(*table, "lines_before_names", kMostHeaderLines);
    format.lines_after = toml_.count(*table, "lines_after_names", kMostHeaderLines);
  }

  // A table of spelling -> word, keys in lower case.
  std::map<std::string, std::string> words(const toml::table& parent, std::string_view key) {
    std::map<std::string, std::string> out;
    const auto* table = toml_.table(parent, key);
    if (table == nullptr) {
      return out;
    }
    for (const auto& [spelling, node] : *table) {
      out[lowered(trimmed(spelling.str()))] = toml_.text(*table, spelling.str());
    }
    return out;
  }

  void read_case(const toml::table& root) {
    const auto* table = toml_.table(root, "case");
    if (table == nullptr) {
      return;
    }
    toml_.only(*table, "case", {"id", "edition", "editions", "rows"});
    if (const auto* id = table->get("id"); id != nullptr && id->is_array()) {
      map_.subject.id.clear();
      for (const auto& node : *id->as_array()) {
        if (!node.is_string()) {
          toml_.wrong(node, "id", "must be a column name or a list of column names");
          return;
        }
        map_.subject.id.push_back(node.as_string()->get());
      }
    } else if (id != nullptr) {
      map_.subject.id = {toml_.text(*table, "id")};
    }
    if (map_.subject.id.empty()) {
      toml_.wrong(*table, "id", "names no column");
    }
    map_.subject.edition = toml_.text(*table, "edition");
    map_.subject.editions = words(*table, "editions");
    map_.several_specimens =
        one_of<bool>(*table, "rows", false,
                     std::array<std::pair<std::string_view, bool>, 2>{{{"cases", false}, {"specimens", true}}});
  }

  void read_specimen(const toml::table& root) {
    const auto* table = toml_.table(root, "specimen");
    if (table == nullptr) {
      return;
    }
    toml_.only(*table, "specimen", {"id", "kind", "site", "date", "kinds", "sites"});
    map_.subject.specimen_id = toml_.text(*table, "id");
    map_.subject.kind = toml_.text(*table, "kind");
    map_.subject.site = toml_.text(*table, "site");
    map_.subject.date = toml_.text(*table, "date");
    map_.subject.kinds = words(*table, "kinds");
    map_.subject.sites = words(*table, "sites");
  }

  void read_columns(const toml::table& root) {
    const auto* columns = toml_.table(root, "columns");
    if (columns == nullptr) {
      return;
    }
    for (const auto& [name, node] : *columns) {
      if (!node.is_table()) {
        toml_.wrong(node, name.str(), "must be a table such as { fact = \"ihc_score\" }");
        return;
      }
      read_column(name.str(), *node.as_table());
    }
    // In the order of the file, so that what is said first comes first.
    std::stable_sort(map_.columns.begin(), map_.columns.end(),
                     [](const auto& a, const auto& b) { return a.line < b.line; });
  }

  void read_column(std::string_view name, const toml::table& table) {
    toml_.only(table, fmt::format("columns.{}", name), {"fact", "values", "decimal_comma", "factor", "required"});
    ColumnRule rule;
    rule.column = trimmed(name);
    rule.line = table.source().begin.line;
    const auto* fact = table.get("fact");
    if (fact == nullptr) {
      toml_.wrong(table, name, "has no fact; add fact = \"ihc_score\" or another of guidelines/facts.toml");
      return;
    }
    const auto id = toml_.fact(*fact, toml_.text(table, "fact"));
    if (!id) {
      return;
    }
    rule.fact = *id;
    rule.decimal_comma = toml_.flag(table, "decimal_comma");
    rule.required = toml_.flag(table, "required");
    if (const auto* factor = table.get("factor")) {
      rule.factor = Decimal::parse(toml_.text(table, "factor"));
      if (!rule.factor || rule.factor->mantissa <= 0) {
        toml_.wrong(*factor, "factor", "must be a positive decimal number in quotes, such as \"100\" or \"0.01\"");
      }
    }
    const bool choice = dictionary_[*id].kind == FactKind::choice;
    for (const char* key : {"decimal_comma", "factor"}) {
      if (choice && table.contains(key)) {
        toml_.wrong(*table.get(key), key, fmt::format("{} is a choice, not a number", dictionary_[*id].name));
      }
    }
    if (const auto* values = toml_.table(table, "values")) {
      rule.values = toml_.spellings(*values, fmt::format("columns.{}", name), id);
    }
    map_.columns.push_back(std::move(rule));
  }

  void read_constants(const toml::table& root) {
    const auto* constants = toml_.table(root, "constants");
    if (constants == nullptr) {
      return;
    }
    for (const auto& [name, node] : *constants) {
      if (const auto id = toml_.fact(node, name.str())) {
        const auto said = toml_.meaning(node, name.str(), id);
        if (said.refused || !said.also.empty()) {
          toml_.wrong(node, name.str(), "must be a value");
        }
        map_.constants.emplace_back(*id, said.value);
      }
    }
  }

  const Dictionary& dictionary_;
  MapToml toml_;
  ColumnMap map_;
};

}  // namespace

Result<ColumnMap> ColumnMap::parse(std::string_view toml, const std::string& file, const Dictionary& dictionary) {
  return MapReader(dictionary, file).read(toml, file);
}

}  // namespace her2
