// SPDX-License-Identifier: Apache-2.0
#include "her2/guideline/toml_reader.h"

#include <algorithm>

#include <fmt/format.h>

namespace her2 {

void TomlReader::wrong(std::string reason, const toml::node* node) {
  if (!error_) {
    const auto line = (node != nullptr ? node->source() : table_.source()).begin.line;
    error_ = Error{{}, fmt::format("line {}{}{}", line, where_.empty() ? "" : ", ", where_), std::move(reason)};
  }
}

void TomlReader::wrong(const Error& error) {
  wrong(error.place.empty() ? error.reason : error.place + ": " + error.reason);
}

void TomlReader::take_error(const TomlReader& inner) {
  if (!error_) {
    error_ = inner.error_;
  }
}

void TomlReader::only(std::initializer_list<std::string_view> keys) {
  for (const auto& [key, node] : table_) {
    if (std::find(keys.begin(), keys.end(), key.str()) == keys.end()) {
      wrong(fmt::format("unknown key '{}'; the keys here are {}", key.str(), fmt::join(keys, ", ")), &node);
    }
  }
}

std::string TomlReader::text(std::string_view key, bool required) {
  const toml::node* node = table_.get(key);
  if (node == nullptr) {
    if (required) {
      wrong(fmt::format("'{}' is missing; it must be a text", key));
    }
    return {};
  }
  const auto value = node->value_exact<std::string>();
  if (!value || (required && value->empty())) {
    wrong(fmt::format("'{}' must be a text in quotes", key), node);
    return {};
  }
  return *value;
}

bool TomlReader::flag(std::string_view key) {
  const toml::node* node = table_.get(key);
  if (node == nullptr) {
    return false;
  }
  const auto value = node->value_exact<bool>();
  if (!value) {
    wrong(fmt::format("'{}' must be true or false", key), node);
  }
  return value.value_or(false);
}

std::vector<std::string> TomlReader::texts(std::string_view key, bool required) {
  std::vector<std::string> out;
  const toml::node* node = table_.get(key);
  if (node == nullptr) {
    if (required) {
      wrong(fmt::format("'{}' is missing; it must be a list of texts", key));
    }
    return out;
  }
  const toml::array* list = node->as_array();
  if (list == nullptr || (required && list->empty())) {
    wrong(fmt::format("'{}' must be a list of texts", key), node);
    return out;
  }
  for (const auto& item : *list) {
    const auto value = item.value_exact<std::string>();
    if (!value) {
      wrong(fmt::format("'{}' must hold only texts in quotes", key), &item);
      return out;
    }
    out.push_back(*value);
  }
  return out;
}

std::optional<Rational> TomlReader::number(std::string_view key) {
  const toml::node* node = table_.get(key);
  std::optional<Rational> out;
  if (node == nullptr) {
    wrong(fmt::format("'{}' is missing; it must be a number", key));
  } else if (const auto written = node->value_exact<std::string>()) {
    out = parse_rational(*written);
  } else if (const auto whole = node->value_exact<std::int64_t>()) {
    out = Rational(*whole);
  }
  if (!out) {
    wrong(fmt::format("'{}' must be a whole number or a decimal in quotes, such as \"2.0\"", key), node);
  }
  return out;
}

std::vector<std::pair<std::string, std::string>> TomlReader::pairs(std::string_view key) {
  std::vector<std::pair<std::string, std::string>> out;
  const toml::table* table = sub(key);
  if (table == nullptr) {
    return out;
  }
  for (const auto& [name, node] : *table) {
    const auto value = node.value_exact<std::string>();
    if (!value) {
      wrong(fmt::format("'{}' in '{}' must be a text in quotes", name.str(), key), &node);
      return out;
    }
    out.emplace_back(name.str(), *value);
  }
  // toml++ sorts keys; a person reads them as they stand.
  std::stable_sort(out.begin(), out.end(), [&](const auto& a, const auto& b) {
    const auto& x = table->find(a.first)->first.source().begin;
    const auto& y = table->find(b.first)->first.source().begin;
    return x.line != y.line ? x.line < y.line : x.column < y.column;
  });
  return out;
}

const toml::table* TomlReader::sub(std::string_view key) {
  const toml::node* node = table_.get(key);
  if (node == nullptr) {
    return nullptr;
  }
  const toml::table* table = node->as_table();
  if (table == nullptr) {
    wrong(fmt::format("'{}' must be a table", key), node);
  }
  return table;
}

std::vector<const toml::table*> TomlReader::tables(std::string_view key) {
  std::vector<const toml::table*> out;
  const toml::node* node = table_.get(key);
  if (node == nullptr) {
    return out;
  }
  const toml::array* list = node->as_array();
  if (list == nullptr || !list->is_homogeneous(toml::node_type::table)) {
    wrong(fmt::format("'{}' must be a list of tables, each under [[{}]]", key, key), node);
    return out;
  }
  for (const auto& item : *list) {
    out.push_back(item.as_table());
  }
  return out;
}

}  // namespace her2
