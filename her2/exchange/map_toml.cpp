// SPDX-License-Identifier: Apache-2.0
#include "her2/exchange/map_toml.h"

#include <algorithm>

#include <fmt/format.h>

#include "her2/evidence/text.h"
#include "her2/evidence/toml_text.h"

namespace her2 {

Result<toml::table> MapToml::parse(std::string_view text) const { return parse_toml(text, file_); }

void MapToml::wrong(const toml::node& node, std::string_view key, std::string reason) {
  if (!error_) {
    error_ = Error{file_, fmt::format("line {}, key {}", node.source().begin.line, key), std::move(reason)};
  }
}

void MapToml::only(const toml::table& table, std::string_view where, std::initializer_list<std::string_view> known) {
  const std::vector<std::string> names(known.begin(), known.end());
  for (const auto& [key, node] : table) {
    if (std::find(names.begin(), names.end(), key.str()) == names.end()) {
      wrong(node, key.str(),
            fmt::format("unknown key in {}{}; known are {}", where, did_you_mean(similar_names(key.str(), names)),
                        listed(names, "and")));
    }
  }
}

const toml::table* MapToml::table(const toml::table& parent, std::string_view key) {
  const auto* node = parent.get(key);
  if (node != nullptr && !node->is_table()) {
    wrong(*node, key, "must be a table");
  }
  return node == nullptr ? nullptr : node->as_table();
}

std::string MapToml::text(const toml::table& parent, std::string_view key, std::string fallback) {
  const auto* node = parent.get(key);
  if (node == nullptr) {
    return fallback;
  }
  const auto* string = node->as_string();
  if (string == nullptr) {
    wrong(*node, key, "must be a text in quotes");
    return fallback;
  }
  return string->get();
}

bool MapToml::flag(const toml::table& parent, std::string_view key) {
  const auto* node = parent.get(key);
  if (node != nullptr && !node->is_boolean()) {
    wrong(*node, key, "must be true or false");
  }
  return node != nullptr && node->is_boolean() && node->as_boolean()->get();
}

unsigned MapToml::count(const toml::table& parent, std::string_view key, unsigned most) {
  const auto* node = parent.get(key);
  if (node == nullptr) {
    return 0;
  }
  const auto* integer = node->as_integer();
  if (integer == nullptr || integer->get() < 0 || integer->get() > std::int64_t{most}) {
    wrong(*node, key, fmt::format("must be a whole number from 0 to {}", most));
    return 0;
  }
  return static_cast<unsigned>(integer->get());
}

std::optional<FactId> MapToml::fact(const toml::node& node, std::string_view name) {
  const auto id = dictionary_.find(name);
  if (!id) {
    wrong(node, name, fmt::format("unknown fact {}{}", in_quotes(name), did_you_mean(dictionary_.similar(name))));
  }
  return id;
}

Meaning MapToml::word(const toml::node& node, std::string_view key, const std::string& text,
                      std::optional<FactId> fact) {
  Meaning out;
  if (text == "refuse" || text.starts_with("refuse:")) {
    out.refused = true;
    out.reason = text == "refuse" ? "the column map refuses this value" : std::string(trimmed(text.substr(7)));
    return out;
  }
  if (text == "missing" || text == "unknown") {
    out.value = text == "missing" ? Value::missing() : Value::unknown();
    return out;
  }
  if (!fact) {
    wrong(node, key,
          fmt::format("is {}; for all facts only missing, unknown, refuse and \"refuse: why\" can be said",
                      in_quotes(text)));
    return out;
  }
  auto value = parse_value(dictionary_[*fact], text);
  if (!value) {
    wrong(node, key, value.error().reason);
    return out;
  }
  out.value = std::move(*value);
  return out;
}

Meaning MapToml::meaning(const toml::node& node, std::string_view key, std::optional<FactId> fact) {
  if (const auto* string = node.as_string()) {
    return word(node, key, string->get(), fact);
  }
  const auto* table = node.as_table();
  if (table == nullptr || !fact || !table->contains("value")) {
    wrong(node, key,
          fact ? "must be a text in quotes, or { value = \"...\", OTHER_FACT = \"...\" }" : "must be a text in quotes");
    return {};
  }
  Meaning out = word(node, key, text(*table, "value"), fact);
  for (const auto& [name, other] : *table) {
    if (name.str() == "value") {
      continue;
    }
    const auto id = this->fact(other, name.str());
    if (!id || id == fact) {
      wrong(other, name.str(), "must be another fact than that of the column");
      return out;
    }
    const auto said = word(other, name.str(), text(*table, name.str()), id);
    if (said.refused || out.refused) {
      wrong(other, name.str(), "a refused value tells nothing else");
      return out;
    }
    out.also.emplace_back(*id, said.value);
  }
  return out;
}

Spellings MapToml::spellings(const toml::table& table, std::string_view where, std::optional<FactId> fact) {
  Spellings out;
  for (const auto& [key, node] : table) {
    const auto spelling = lowered(trimmed(key.str()));
    if (!out.emplace(spelling, meaning(node, key.str(), fact)).second) {
      wrong(node, key.str(),
            fmt::format("{} says this spelling twice (case and blanks at the ends do not matter)", where));
    }
  }
  return out;
}

Vocabulary MapToml::vocabulary(const toml::table& table, std::string_view where) {
  Vocabulary out;
  only(table, where, {"all", "facts"});
  if (const auto* all = this->table(table, "all")) {
    out.all = spellings(*all, "all", std::nullopt);
  }
  if (const auto* facts = this->table(table, "facts")) {
    for (const auto& [name, node] : *facts) {
      const auto id = fact(node, name.str());
      if (id && !node.is_table()) {
        wrong(node, name.str(), "must be a table of spellings");
      } else if (id) {
        out.facts[*id] = spellings(*node.as_table(), name.str(), id);
      }
    }
  }
  return out;
}

Result<Vocabulary> Vocabulary::parse(std::string_view toml, const std::string& file, const Dictionary& dictionary) {
  MapToml reader(dictionary, file);
  const auto table = reader.parse(toml);
  if (!table) {
    return tl::unexpected(table.error());
  }
  auto out = reader.vocabulary(*table, "the vocabulary");
  if (reader.error()) {
    return tl::unexpected(*reader.error());
  }
  return out;
}

}  // namespace her2
