// SPDX-License-Identifier: Apache-2.0
// Reads one guideline file: docs/guideline-files.md.
#include "her2/guideline/load.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "her2/evidence/toml_text.h"

namespace her2 {
namespace {

void sort_unique(std::vector<FactId>& facts) {
  std::sort(facts.begin(), facts.end());
  facts.erase(std::unique(facts.begin(), facts.end()), facts.end());
}

bool contains(const std::vector<FactId>& sorted, FactId fact) {
  return std::binary_search(sorted.begin(), sorted.end(), fact);
}

class TableReader {
 public:
  TableReader(const toml::table& source, const Dictionary& dictionary, const Guideline& guideline,
              const ConditionNames& names)
      : reader_(source, "table"), dictionary_(dictionary), guideline_(guideline), names_(names) {}

  Result<Table> read() {
    reader_.only({"name", "title", "inputs", "missing_ok", "enter", "space", "sums", "gives", "row", "note"});
    table_.name = reader_.text("name", true);
    table_.title = reader_.text("title", true);
    const std::string where = fmt::format("table {}", table_.name);
    reader_.rename(where);
    read_inputs();
    read_sums();
    read_conditions();
    for (const auto& name : reader_.texts("gives", true)) {
      if (const auto fact = fact_called(reader_, name, FactKind::choice)) {
        table_.gives.push_back(*fact);
      }
    }
    const auto rows = reader_.tables("row");
    if (rows.empty()) {
      reader_.wrong("has no rows");
    }
    std::set<std::string> ids;
    for (const toml::table* row : rows) {
      read_row(*row, where, ids);
    }
    if (!reader_.ok()) {
      return tl::unexpected(*reader_.error());
    }
    return std::move(table_);
  }

 private:
  std::optional<FactId> fact_called(TomlReader& reader, std::string_view name, std::optional<FactKind> kind) {
    const auto fact = dictionary_.find(name);
    if (!fact) {
      const auto similar = dictionary_.similar(name);
      reader.wrong(fmt::format("there is no fact '{}' in facts.toml{}", name,
                               similar.empty() ? "" : fmt::format("; did you mean '{}'?", similar.front())));
      return std::nullopt;
    }
    if (kind && dictionary_[*fact].kind != *kind) {
      reader.wrong(fmt::format("'{}' must be a choice", name));
    }
    return fact;
  }

  void read_inputs() {
    for (const auto& [name, signature] : reader_.pairs("inputs")) {
      const auto fact = fact_called(reader_, name, std::nullopt);
      if (!fact) {
        continue;
      }
      const FactType& type = dictionary_[*fact];
      if (type.kind == FactKind::quotient) {
        reader_.wrong(fmt::format("'{}' is a quotient: name its parts as inputs", name));
      } else if (signature != type.signature()) {
        reader_.wrong(
            fmt::format("input {} is \"{}\" here but \"{}\" in facts.toml", name, signature, type.signature()));
      }
      table_.inputs.push_back(*fact);
    }
    sort_unique(table_.inputs);
    for (const auto& name : reader_.texts("missing_ok", false)) {
      const auto fact = fact_called(reader_, name, std::nullopt);
      if (fact && !contains(table_.inputs, *fact)) {
        reader_.wrong(fmt::format("missing_ok names '{}', which is not an input", name));
      } else if (fact) {
        table_.missing_ok.push_back(*fact);
      }
    }
    sort_unique(table_.missing_ok);
  }

  void read_sums() {
    table_.sums = reader_.pairs("sums");
    for (const auto& [name, text] : table_.sums) {
      if (dictionary_.find(name)) {
        reader_.wrong(fmt::format("the sum '{}' has the name of a fact", name));
      }
      auto sum = parse_sum(text, dictionary_, names_);
      if (!sum) {
        reader_.wrong(located(sum.error(), {}, {}));
        return;
      }
      names_.sums[name] = std::move(*sum);
    }
  }

  void read_conditions() {
    table_.enter_text = reader_.text("enter", false);
    if (!table_.enter_text.empty()) {
      table_.enter = condition(reader_, table_.enter_text, "enter");
    }
    table_.space_text = reader_.texts("space", false);
    for (const auto& text : table_.space_text) {
      table_.space.push_back(condition(reader_, text, "space"));
    }
  }

  Condition condition(TomlReader& reader, const std::string& text, std::string_view key) {
    auto parsed = parse_condition(text, dictionary_, names_);
    if (!parsed) {
      reader.wrong(fmt::format("{}, {}: {} in: {}", key, parsed.error().place, parsed.error().reason, text));
      return {};
    }
    for (const FactId fact : facts_read(*parsed, dictionary_)) {
      if (!contains(table_.inputs, fact)) {
        reader.wrong(fmt::format("{} reads '{}', which is not among the table's inputs", key, dictionary_[fact].name));
      }
    }
    return std::move(*parsed);
  }

  void read_row(const toml::table& source, const std::string& where, std::set<std::string>& ids) {
    TomlReader reader(source, where + ", row");
    reader.only({"id", "when", "then", "action", "comment", "cite", "note", "unconfirmed"});
    Row row;
    row.id = reader.text("id", true);
    reader.rename(fmt::format("{}, row {}", where, row.id));
    if (!ids.insert(row.id).second) {
      reader.wrong("another row of the table has the same id");
    }
    row.when_text = reader.text("when", true);
    if (reader.ok()) {
      row.when = condition(reader, row.when_text, "when");
    }
    for (const auto& [name, value] : reader.pairs("then")) {
      read_conclusion(reader, row, name, value);
    }
    if (row.then.empty()) {
      reader.wrong("'then' must give at least one fact");
    }
    row.action = reader.text("action", false);
    row.comment = reader.text("comment", false);
    row.unconfirmed = reader.flag("unconfirmed");
    row.cite = reader.texts("cite", true);
    check_cited(reader, row.cite, guideline_);
    if (!reader.ok()) {
      reader_.take_error(reader);
    }
    table_.rows.push_back(std::move(row));
  }

  void read_conclusion(TomlReader& reader, Row& row, const std::string& name, const std::string& value) {
    const auto fact = fact_called(reader, name, FactKind::choice);
    if (!fact) {
      return;
    }
    if (std::find(table_.gives.begin(), table_.gives.end(), *fact) == table_.gives.end()) {
      reader.wrong(fmt::format("'then' gives '{}', which the table's 'gives' does not list", name));
    }
    const auto index = dictionary_[*fact].index_of(value);
    if (!index) {
      reader.wrong(fmt::format("'{}' is not a value of {} ({})", value, name, dictionary_[*fact].signature()));
      return;
    }
    row.then.emplace_back(*fact, *index);
  }

 public:
  static void check_cited(TomlReader& reader, const std::vector<std::string>& keys, const Guideline& guideline) {
    for (const auto& key : keys) {
      if (!guideline.sources.contains(key)) {
        reader.wrong(fmt::format("cites '{}', which [sources] does not explain", key));
      }
    }
  }

 private:
  TomlReader reader_;
  const Dictionary& dictionary_;
  const Guideline& guideline_;
  ConditionNames names_;
  Table table_;
};

void read_parameters(TomlReader& reader, Guideline& guideline, const ParameterChanges& changes) {
  const toml::table* parameters = reader.sub("parameters");
  if (parameters == nullptr) {
    return;
  }
  for (const auto& [name, node] : *parameters) {
    const toml::table* table = node.as_table();
    if (table == nullptr) {
      reader.wrong(fmt::format("parameter '{}' must be a table", name.str()), &node);
      return;
    }
    TomlReader own(*table, fmt::format("parameter {}", name.str()));
    own.only({"value", "unit", "meaning", "cite"});
    Parameter parameter;
    parameter.name = name.str();
    parameter.value = own.number("value").value_or(0);
    parameter.unit = own.text("unit", false);
    parameter.meaning = own.text("meaning", true);
    parameter.cite = own.texts("cite", false);
    if (const auto change = changes.find(parameter.name); change != changes.end()) {
      parameter.changed = change->second != parameter.value;
      parameter.value = change->second;
    }
    TableReader::check_cited(own, parameter.cite, guideline);
    if (!own.ok()) {
      reader.take_error(own);
    }
    guideline.parameters.push_back(std::move(parameter));
  }
}

void read_flags(TomlReader& reader, Guideline& guideline, const Dictionary& dictionary, const ConditionNames& names) {
  for (const toml::table* source : reader.tables("flag")) {
    TomlReader own(*source, "flag");
    own.only({"id", "when", "says", "cite", "note", "unconfirmed"});
    Flag flag;
    flag.id = own.text("id", true);
    own.rename(fmt::format("flag {}", flag.id));
    flag.when_text = own.text("when", true);
    flag.says = own.text("says", true);
    flag.cite = own.texts("cite", true);
    TableReader::check_cited(own, flag.cite, guideline);
    if (auto parsed = parse_condition(flag.when_text, dictionary, names)) {
      flag.when = std::move(*parsed);
    } else {
      own.wrong(parsed.error());
    }
    if (!own.ok()) {
      reader.take_error(own);
    }
    guideline.flags.push_back(std::move(flag));
  }
}

}  // namespace

Result<Guideline> load_guideline(const std::string& content, const Dictionary& dictionary,
                                 const ParameterChanges& changes) {
  const auto parsed = parse_toml(content, {});
  if (!parsed) {
    return tl::unexpected(parsed.error());
  }
  const toml::table& root = *parsed;
  TomlReader reader(root, "");
  reader.only({"id", "title", "body", "edition", "tumour", "based_on", "affirms", "unconfirmed", "sources",
               "parameters", "table", "flag", "note", "summary"});
  Guideline out;
  out.id = reader.text("id", true);
  out.title = reader.text("title", true);
  out.body = reader.text("body", true);
  out.edition = reader.text("edition", true);
  out.tumour = reader.text("tumour", true);
  out.summary = reader.text("summary", false);
  out.based_on = reader.text("based_on", false);
  out.affirms = reader.texts("affirms", false);
  out.unconfirmed = reader.texts("unconfirmed", false);
  for (auto& [key, citation] : reader.pairs("sources")) {
    out.sources.emplace(key, citation);
  }
  TableReader::check_cited(reader, out.affirms, out);
  read_parameters(reader, out, changes);
  ConditionNames names;
  for (const auto& parameter : out.parameters) {
    names.parameters[parameter.name] = parameter.value;
    if (dictionary.find(parameter.name)) {
      reader.wrong(fmt::format("the parameter '{}' has the name of a fact", parameter.name));
    }
  }
  for (const toml::table* source : reader.tables("table")) {
    if (!reader.ok()) {
      break;
    }
    auto table = TableReader(*source, dictionary, out, names).read();
    if (!table) {
      return tl::unexpected(table.error());
    }
    if (out.table(table->name) != nullptr) {
      reader.wrong(fmt::format("two tables are called '{}'", table->name));
    }
    out.tables.push_back(std::move(*table));
  }
  read_flags(reader, out, dictionary, names);
  if (!reader.ok()) {
    return tl::unexpected(*reader.error());
  }
  return out;
}

}  // namespace her2
