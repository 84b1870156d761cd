// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <toml++/toml.h>

#include "her2/core/decimal.h"
#include "her2/core/error.h"

namespace her2 {

// Reads one TOML table key by key and keeps the first thing that is wrong; afterwards every call does nothing.
// `where` says to a person what the table is ("table dual_probe, row group-1").
class TomlReader {
 public:
  TomlReader(const toml::table& table, std::string where) : table_(table), where_(std::move(where)) {}

  // Every key of the table must be one of these.
  void only(std::initializer_list<std::string_view> keys);
  std::string text(std::string_view key, bool required);
  bool flag(std::string_view key);
  std::vector<std::string> texts(std::string_view key, bool required);
  // A decimal given as a string or a number without exponent.
  std::optional<Rational> number(std::string_view key);
  // name -> text, in the order of the file.
  std::vector<std::pair<std::string, std::string>> pairs(std::string_view key);
  // [[key]]: the tables of an array.
  std::vector<const toml::table*> tables(std::string_view key);
  const toml::table* sub(std::string_view key);

  void wrong(std::string reason, const toml::node* node = nullptr);
  void wrong(const Error& error);            // keeps its reason; its place is put behind this table's
  void take_error(const TomlReader& inner);  // the error of a table inside this one
  void rename(std::string where) { where_ = std::move(where); }
  [[nodiscard]] bool ok() const { return !error_; }
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }
  [[nodiscard]] const std::string& where() const { return where_; }

 private:
  const toml::table& table_;
  std::string where_;
  std::optional<Error> error_;
};

}  // namespace her2
