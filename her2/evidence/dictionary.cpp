// SPDX-License-Identifier: Apache-2.0
#include "her2/evidence/dictionary.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "her2/evidence/text.h"
#include "her2/evidence/toml_text.h"

namespace her2 {
namespace {

constexpr std::size_t kMostFacts = 4096;
constexpr std::size_t kMostValues = 60;
constexpr std::size_t kLongestText = 4096;

const std::array<std::string, 12> kKeys = {"values", "ordered", "computed_only", "groups",   "unit",  "min",
                                           "above",  "max",     "integer",       "quotient", "label", "meaning"};

std::string place_of(std::string_view fact, const toml::node& node) {
  return fmt::format("line {}, fact {}", node.source().begin.line, fact);
}

bool is_fact_name(std::string_view name) {
  if (name.empty() || name.size() > 64 || name[0] < 'a' || name[0] > 'z') {
    return false;
  }
  return std::all_of(name.begin(), name.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

// Reads one fact's table. Every function below leaves the first thing that is wrong in `error` and then does nothing.
class FactReader {
 public:
  FactReader(std::string_view name, const toml::table& table) : table_(table) { type_.name = name; }

  Result<FactType> read() {
    check_keys();
    text("label", type_.label);
    text("meaning", type_.meaning);
    if (type_.label.empty()) {
      wrong(table_, "has no label; add label = \"what a person calls it\"");
    }
    const bool choice = table_.contains("values");
    const bool quotient = table_.contains("quotient");
    if (choice) {
      only_for({"unit", "min", "above", "max", "integer", "quotient"}, "values");
      read_choice();
    } else if (quotient) {
      only_for({"unit", "min", "above", "max", "integer", "ordered", "computed_only", "groups"}, "quotient");
      type_.kind = FactKind::quotient;
    } else if (table_.contains("unit")) {
      only_for({"ordered", "computed_only", "groups"}, "unit");
      read_number();
    } else {
      wrong(table_, "needs values (a choice), unit (a number) or quotient");
    }
    if (error_) {
      return tl::unexpected(*error_);
    }
    return type_;
  }

 private:
  void wrong(const toml::node& node, std::string reason) {
    if (!error_) {
      error_ = Error{{}, place_of(type_.name, node), std::move(reason)};
    }
  }

  void check_keys() {
    for (const auto& [key, node] : table_) {
      if (std::find(kKeys.begin(), kKeys.end(), key.str()) == kKeys.end()) {
        wrong(node,
              fmt::format("unknown key {}{}", in_quotes(key.str()), did_you_mean(similar_names(key.str(), kKeys))));
      }
    }
  }

  void only_for(std::initializer_list<std::string_view> keys, std::string_view beside) {
    for (const auto key : keys) {
      if (const auto* node = table_.get(key)) {
        wrong(*node, fmt::format("has both {} and {}; a fact is a choice (values), a number (unit) or a quotient", key,
                                 beside));
      }
    }
  }

  void text(std::string_view key, std::string& out) {
    const auto* node = table_.get(key);
    if (node == nullptr) {
      return;
    }
    const auto* string = node->as_string();
    if (string == nullptr || string->get().size() > kLongestText) {
      wrong(*node, fmt::format("{} must be a text in quotes of at most {} bytes", key, kLongestText));
      return;
    }
    out = string->get();
  }

  void flag(std::string_view key, bool& out) {
    if (const auto* node = table_.get(key)) {
      if (!node->is_boolean()) {
        wrong(*node, fmt::format("{} must be true or false", key));
        return;
      }
      out = node->as_boolean()->get();
    }
  }

  std::optional<Rational> number(std::string_view key) {
    const auto* node = table_.get(key);
    if (node == nullptr) {
      return std::nullopt;
    }
    std::optional<Decimal> decimal;
    if (const auto* string = node->as_string()) {
      decimal = Decimal::parse(string->get());
    } else if (const auto* integer = node->as_integer()) {
      decimal = Decimal::parse(std::to_string(integer->get()));
    } else if (const auto* real = node->as_floating_point()) {
      // The shortest text that reads back as the same double is what was written, up to 15 digits.
      std::array<char, 64> buffer{};
      const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), real->get());
      const std::string_view shortest(buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data()));
      decimal = shortest.size() <= 16 ? Decimal::parse(shortest) : std::nullopt;
    }
    if (!decimal) {
      wrong(*node, fmt::format("{} must be a decimal number such as \"0.5\"", key));
      return std::nullopt;
    }
    return decimal->rational();
  }

  void read_number() {
    type_.kind = FactKind::number;
    text("unit", type_.unit);
    type_.min = number("min");
    type_.max = number("max");
    if (const auto above = number("above")) {
      if (type_.min) {
        wrong(*table_.get("above"), "has both min and above; keep one");
      }
      type_.min = above;
      type_.min_open = true;
    }
    flag("integer", type_.integer);
    if (type_.min && type_.max && (*type_.min > *type_.max || (type_.min_open && *type_.min == *type_.max))) {
      wrong(*table_.get("max"), "no number is allowed: max is below the minimum");
    }
  }

  void read_choice() {
    type_.kind = FactKind::choice;
    const auto* values = table_.get("values")->as_array();
    if (values == nullptr || values->empty() || values->size() > kMostValues) {
      wrong(*table_.get("values"), fmt::format("values must be a list of 1 to {} texts", kMostValues));
      return;
    }
    for (const auto& node : *values) {
      const auto* value = node.as_string();
      if (value == nullptr || !is_value_name(value->get())) {
        wrong(node,
              "each value must be a text in quotes without blanks at its ends, '|', '&', ',' or control characters");
        return;
      }
      const auto same = [&](const std::string& other) { return equal_ignoring_case(other, value->get()); };
      if (std::any_of(type_.values.begin(), type_.values.end(), same)) {
        wrong(node, fmt::format("value {} stands twice", in_quotes(value->get())));
        return;
      }
      type_.values.push_back(value->get());
    }
    flag("ordered", type_.ordered);
    read_computed_only();
    read_groups();
  }

  static bool is_value_name(std::string_view value) {
    return !value.empty() && value.size() <= 64 && trimmed(value) == value &&
           std::all_of(value.begin(), value.end(), [](char c) {
             return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F && c != '|' && c != '&' && c != ',' && c != '"';
           });
  }

  void read_computed_only() {
    const auto* node = table_.get("computed_only");
    if (node == nullptr) {
      return;
    }
    if (!node->is_array()) {
      wrong(*node, "computed_only must be a list of values");
      return;
    }
    for (const auto& entry : *node->as_array()) {
      const auto* value = entry.as_string();
      const auto index = value == nullptr ? std::nullopt : type_.index_of(value->get());
      if (!index) {
        wrong(entry, "computed_only names something that is not in values");
        return;
      }
      type_.computed_only |= std::uint64_t{1} << *index;
    }
    if (type_.computed_only == type_.all_values()) {
      wrong(*node, "computed_only leaves no value that a case can record");
    }
  }

  void read_groups() {
    const auto* node = table_.get("groups");
    if (node == nullptr) {
      return;
    }
    const auto* groups = node->as_table();
    if (groups == nullptr) {
      wrong(*node, "groups must be a table such as { \"1\" = [\"1a\", \"1b\"] }");
      return;
    }
    for (const auto& [name, list] : *groups) {
      const auto* names = list.as_array();
      if (!is_value_name(name.str()) || type_.mask_of(name.str()) != 0 || names == nullptr || names->size() < 2) {
        wrong(list,
              fmt::format("group {} must have a name of its own and name at least two values", in_quotes(name.str())));
        return;
      }
      std::uint64_t mask = 0;
      for (const auto& entry : *names) {
        const auto* value = entry.as_string();
        const auto index = value == nullptr ? std::nullopt : type_.index_of(value->get());
        if (!index) {
          wrong(entry, fmt::format("group {} names something that is not in values", in_quotes(name.str())));
          return;
        }
        mask |= std::uint64_t{1} << *index;
      }
      type_.groups.emplace_back(std::string(name.str()), mask);
    }
  }

  FactType type_;
  const toml::table& table_;
  std::optional<Error> error_;
};

// Facts in the order of the file; the library keeps them in alphabetical order.
std::vector<std::pair<std::string, const toml::node*>> in_file_order(const toml::table& facts) {
  std::vector<std::pair<std::string, const toml::node*>> out;
  for (const auto& [key, node] : facts) {
    out.emplace_back(std::string(key.str()), &node);
  }
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    const auto& x = a.second->source().begin;
    const auto& y = b.second->source().begin;
    return x.line != y.line ? x.line < y.line : x.column < y.column;
  });
  return out;
}

// Fills numerator and denominator of a quotient, whose parts may stand anywhere in the file.
Result<void> link_quotient(FactType& type, const toml::table& table, std::span<const FactType> types,
                           const Dictionary& dictionary) {
  const auto* parts = table.get("quotient")->as_array();
  const auto place = place_of(type.name, table);
  if (parts == nullptr || parts->size() != 2 || !parts->get(0)->is_string() || !parts->get(1)->is_string()) {
    return fail("quotient must be a list of two fact names: numerator, denominator", place);
  }
  std::array<FactId, 2> ids{};
  for (std::size_t i = 0; i < 2; ++i) {
    const auto& name = parts->get(i)->as_string()->get();
    const auto id = dictionary.find(name);
    if (!id) {
      return fail(fmt::format("quotient of unknown fact {}{}", in_quotes(name), did_you_mean(dictionary.similar(name))),
                  place);
    }
    if (types[*id].kind != FactKind::number) {
      return fail(fmt::format("quotient of {}, which is not a number", in_quotes(name)), place);
    }
    ids[i] = *id;
  }
  if (ids[0] == ids[1]) {
    return fail("quotient of a fact with itself", place);
  }
  type.numerator = ids[0];
  type.denominator = ids[1];
  const auto not_negative = [&](FactId id) { return types[id].min && *types[id].min >= 0; };
  if (not_negative(ids[0]) && not_negative(ids[1])) {
    type.min = Rational(0);
  }
  return {};
}

Result<const toml::table*> facts_table(const toml::table& root) {
  for (const auto& [key, node] : root) {
    if (key.str() != "facts") {
      return fail(fmt::format("unknown key {}; the file holds only [facts.NAME] tables", in_quotes(key.str())),
                  fmt::format("line {}", node.source().begin.line));
    }
  }
  const auto* facts = root.get_as<toml::table>("facts");
  if (facts == nullptr || facts->empty()) {
    return fail("no facts; expected tables such as [facts.ihc_score]");
  }
  if (facts->size() > kMostFacts) {
    return fail(fmt::format("more than {} facts", kMostFacts));
  }
  return facts;
}

}  // namespace

std::string FactType::signature() const {
  if (kind != FactKind::choice) {
    return unit;
  }
  return fmt::format("{}", fmt::join(values, " | "));
}

std::optional<unsigned> FactType::index_of(std::string_view value) const {
  const auto found = std::find(values.begin(), values.end(), value);
  return found == values.end() ? std::nullopt : std::optional(static_cast<unsigned>(found - values.begin()));
}

std::uint64_t FactType::mask_of(std::string_view value) const {
  if (const auto index = index_of(value)) {
    return std::uint64_t{1} << *index;
  }
  const auto group = std::find_if(groups.begin(), groups.end(), [&](const auto& g) { return g.first == value; });
  return group == groups.end() ? 0 : group->second;
}

Result<Dictionary> Dictionary::parse(std::string_view toml, const std::string& file) {
  const auto parsed = parse_toml(toml, file);
  if (!parsed) {
    return tl::unexpected(parsed.error());
  }
  const auto facts = facts_table(*parsed);
  if (!facts) {
    return tl::unexpected(located(facts.error(), file));
  }
  Dictionary dictionary;
  const auto ordered = in_file_order(**facts);
  for (const auto& [name, node] : ordered) {
    if (!is_fact_name(name)) {
      return fail(fmt::format("{} is not a fact name; use lower-case letters, digits and '_'", in_quotes(name)),
                  fmt::format("line {}", node->source().begin.line), file);
    }
    if (!node->is_table()) {
      return fail("must be a table", place_of(name, *node), file);
    }
    auto type = FactReader(name, *node->as_table()).read();
    if (!type) {
      return tl::unexpected(located(type.error(), file));
    }
    dictionary.by_name_.emplace(name, static_cast<FactId>(dictionary.types_.size()));
    dictionary.types_.push_back(std::move(*type));
  }
  for (std::size_t i = 0; i < ordered.size(); ++i) {
    auto& type = dictionary.types_[i];
    if (type.kind == FactKind::quotient) {
      if (const auto linked = link_quotient(type, *ordered[i].second->as_table(), dictionary.types_, dictionary);
          !linked) {
        return tl::unexpected(located(linked.error(), file));
      }
    }
  }
  return dictionary;
}

std::optional<FactId> Dictionary::find(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<std::string> Dictionary::similar(std::string_view name) const {
  std::vector<std::string> names;
  names.reserve(types_.size());
  for (const auto& type : types_) {
    names.push_back(type.name);
  }
  return similar_names(name, names);
}

}  // namespace her2
