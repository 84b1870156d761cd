// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include <toml++/toml.h>

#include "her2/exchange/vocabulary.h"

namespace her2 {

// Reads TOML tables of maps and vocabularies. The first thing that is wrong is kept in error(), with line and key;
// every function then goes on without effect.
class MapToml {
 public:
  MapToml(const Dictionary& dictionary, std::string file) : dictionary_(dictionary), file_(std::move(file)) {}

  [[nodiscard]] Result<toml::table> parse(std::string_view text) const;
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }
  void wrong(const toml::node& node, std::string_view key, std::string reason);

  // Refuses keys other than `known`.
  void only(const toml::table& table, std::string_view where, std::initializer_list<std::string_view> known);
  // The table at `key`, or nullptr when absent.
  const toml::table* table(const toml::table& parent, std::string_view key);
  std::string text(const toml::table& parent, std::string_view key, std::string fallback = {});
  bool flag(const toml::table& parent, std::string_view key);
  unsigned count(const toml::table& parent, std::string_view key, unsigned most);
  std::optional<FactId> fact(const toml::node& node, std::string_view name);

  // One entry of a vocabulary: "missing", "unknown", "refuse", "refuse: why", a value of the fact, or a table
  // { value = "...", OTHER_FACT = "..." }. `fact` is absent for the entries of all facts.
  Meaning meaning(const toml::node& node, std::string_view key, std::optional<FactId> fact);
  Spellings spellings(const toml::table& table, std::string_view where, std::optional<FactId> fact);
  Vocabulary vocabulary(const toml::table& table, std::string_view where);

 private:
  Meaning word(const toml::node& node, std::string_view key, const std::string& text, std::optional<FactId> fact);

  const Dictionary& dictionary_;
  std::string file_;
  std::optional<Error> error_;
};

}  // namespace her2
