// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "her2/evidence/text.h"
#include "her2/exchange/row_mapper.h"

namespace her2 {
namespace {

// The decimal that a range's end is, if it is one.
std::optional<Decimal> as_decimal(const std::optional<Rational>& end) {
  return end ? Decimal::parse(exact_text(*end)) : std::nullopt;
}

std::string some(const std::vector<std::string>& names) {
  constexpr std::size_t kMost = 8;
  const std::vector<std::string> first(names.begin(),
                                       names.begin() + static_cast<std::ptrdiff_t>(std::min(kMost, names.size())));
  return listed(first, names.size() > kMost ? "," : "and") + (names.size() > kMost ? ", ..." : "");
}

std::map<std::string, std::string> themselves(std::initializer_list<std::string> words) {
  std::map<std::string, std::string> out;
  for (const auto& word : words) {
    out[word] = word;
  }
  return out;
}

Meaning only_a_table_gives(const std::string& value) {
  Meaning meaning;
  meaning.refused = true;
  meaning.reason =
      fmt::format("{} is a result that only a guideline table can give; it cannot be recorded", in_quotes(value));
  return meaning;
}

}  // namespace

// Index of a column by exact name, else by name without regard to case; kNone when there is none.
Result<std::size_t> BoundMap::find_column(const std::string& name) const {
  for (const bool exact : {true, false}) {
    std::size_t found = kNone;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (exact ? names_[i] == name : equal_ignoring_case(names_[i], name)) {
        if (found != kNone) {
          return fail(fmt::format("the column {} stands twice; rename one", in_quotes(name)), "line of names", file_);
        }
        found = i;
      }
    }
    if (found != kNone) {
      return found;
    }
  }
  return kNone;
}

Result<void> BoundMap::bind_words(const std::string& name, const std::map<std::string, std::string>& known,
                                  Words& out) {
  if (name.empty()) {
    return {};
  }
  const auto found = find_column(name);
  if (!found) {
    return tl::unexpected(found.error());
  }
  out.index = *found;
  out.known = known;
  if (*found != kNone) {
    used_[*found] = true;
  }
  return {};
}

Result<void> BoundMap::bind_subject(const CaseColumns& subject) {
  for (const auto& name : subject.id) {
    const auto found = find_column(name);
    if (!found) {
      return tl::unexpected(found.error());
    }
    if (*found != kNone) {
      id_ = *found;
      used_[id_] = true;
      break;
    }
  }
  if (id_ == kNone) {
    return fail(fmt::format("no column {} for the case's id; the columns are {}{}; 'her2 map draft' writes a first "
                            "map for a table",
                            listed(subject.id), some(names_), did_you_mean(similar_names(subject.id.front(), names_))),
                "line of names", file_);
  }
  const std::map<std::string, std::string> none;
  const auto kinds = subject.kinds.empty()
                         ? themselves({"core", "excision", "metastasis", "cytology", "biopsy", "resection", "other"})
                         : subject.kinds;
  const auto sites =
      subject.sites.empty() ? themselves({"primary", "recurrence", "metastasis", "node", "other"}) : subject.sites;
  const std::map<std::string, std::string>* known[] = {&subject.editions, &none, &kinds, &sites, &none};
  const std::string* names[] = {&subject.edition, &subject.specimen_id, &subject.kind, &subject.site, &subject.date};
  Words* words[] = {&edition_, &specimen_id_, &kind_, &site_, &date_};
  for (std::size_t i = 0; i < std::size(words); ++i) {
    if (auto bound = bind_words(*names[i], *known[i], *words[i]); !bound) {
      return bound;
    }
  }
  return {};
}

std::size_t BoundMap::slot_of(FactId fact, const Dictionary& dictionary) {
  for (const auto& [known, slot] : slots_) {
    if (known == fact) {
      return slot;
    }
  }
  facts_.push_back(fact);
  fact_names_.push_back(dictionary[fact].name);
  blank_.emplace_back().fact = fact;
  slots_.emplace_back(fact, facts_.size() - 1);
  return facts_.size() - 1;
}

Result<void> BoundMap::add_column(const ColumnRule& rule, std::size_t index, const ColumnMap& map,
                                  const Vocabulary& shared, const Dictionary& dictionary) {
  if (used_[index]) {
    return fail(fmt::format("the column {} is used twice by the map", in_quotes(names_[index])), "line of names",
                file_);
  }
  used_[index] = true;
  Column column;
  column.index = index;
  column.slot = slot_of(rule.fact, dictionary);
  own_slot_[index] = column.slot;
  column.type = dictionary[rule.fact];
  column.unscaled = column.type;
  column.unscaled.min = column.unscaled.max = std::nullopt;
  column.unscaled.min_open = column.unscaled.integer = false;
  column.decimal_comma = rule.decimal_comma;
  column.factor = rule.factor;
  column.min = as_decimal(column.type.min);
  column.max = as_decimal(column.type.max);
  const auto add_all = [&](const Spellings& spellings) {
    for (const auto& [spelling, meaning] : spellings) {
      column.spellings.add(spelling, meaning);
    }
  };
  add_all(rule.values);
  for (const auto* vocabulary : {&map.own, &shared}) {
    if (const auto found = vocabulary->facts.find(rule.fact); found != vocabulary->facts.end()) {
      add_all(found->second);
    }
  }
  for (unsigned i = 0; i < column.type.values.size(); ++i) {
    Meaning meaning;
    meaning.value = Value::of_choice(i);
    const bool computed = (column.type.computed_only >> i & 1U) != 0;
    column.spellings.add(lowered(column.type.values[i]),
                         computed ? only_a_table_gives(column.type.values[i]) : meaning);
  }
  add_all(map.own.all);
  add_all(shared.all);
  column.spellings.build();
  const bool decimal_range =
      column.min.has_value() == column.type.min.has_value() && column.max.has_value() == column.type.max.has_value();
  column.plain =
      column.type.kind != FactKind::choice && decimal_range && !column.factor && !column.spellings.has_numbers();
  const auto* empty = column.spellings.find("");
  column.empty_is_missing = empty != nullptr && !empty->refused && empty->also.empty() && empty->value.is_missing();
  columns_.push_back(std::move(column));
  return {};
}

// Marks columns whose fact something else gives as well: another column, a constant, or a spelling.
void BoundMap::find_shared_slots(const ColumnMap& map, const Dictionary& dictionary) {
  std::map<std::size_t, unsigned> givers;
  for (const auto& column : columns_) {
    ++givers[column.slot];
    for (const auto fact : column.spellings.other_facts()) {
      ++givers[slot_of(fact, dictionary)];
    }
  }
  for (const auto& [fact, value] : map.constants) {
    ++givers[slot_of(fact, dictionary)];
  }
  for (auto& column : columns_) {
    column.alone = givers[column.slot] == 1;
  }
  std::sort(slots_.begin(), slots_.end());
}

Result<BoundMap> BoundMap::bind(const ColumnMap& map, const Vocabulary& shared, const Dictionary& dictionary,
                                const TableShape& shape) {
  BoundMap bound;
  bound.file_ = shape.file;
  bound.names_ = shape.names;
  bound.used_.assign(shape.names.size(), false);
  bound.own_slot_.assign(shape.names.size(), kNone);
  bound.several_specimens_ = map.several_specimens;
  if (shape.names.size() >= RowValue::kNoColumn) {
    return fail(fmt::format("more than {} columns", RowValue::kNoColumn - 1), "line of names", shape.file);
  }
  if (auto subject = bound.bind_subject(map.subject); !subject) {
    return tl::unexpected(subject.error());
  }
  return bind_columns(std::move(bound), map, shared, dictionary);
}

Result<BoundMap> BoundMap::bind_columns(BoundMap bound, const ColumnMap& map, const Vocabulary& shared,
                                        const Dictionary& dictionary) {
  for (const auto& rule : map.columns) {
    const auto found = bound.find_column(rule.column);
    if (!found) {
      return tl::unexpected(found.error());
    }
    if (*found == kNone) {
      if (rule.required) {
        return fail(fmt::format("the column {}, which the map {} requires, is absent{}", in_quotes(rule.column),
                                map.name, did_you_mean(similar_names(rule.column, bound.names_))),
                    "line of names", bound.file_);
      }
      bound.absent_.push_back(rule.column);
    } else if (auto added = bound.add_column(rule, *found, map, shared, dictionary); !added) {
      return tl::unexpected(added.error());
    }
  }
  for (std::size_t i = 0; map.automatic && i < bound.names_.size(); ++i) {
    const auto fact = bound.used_[i] ? std::nullopt : dictionary.find(lowered(bound.names_[i]));
    if (!fact) {
      continue;
    }
    ColumnRule rule;
    rule.column = bound.names_[i];
    rule.fact = *fact;
    if (const auto found = bound.find_column(bound.names_[i]); !found) {
      return tl::unexpected(found.error());
    }
    if (auto added = bound.add_column(rule, i, map, shared, dictionary); !added) {
      return tl::unexpected(added.error());
    }
  }
  if (bound.columns_.empty()) {
    const std::string hint =
        map.automatic ? "no column is named like a fact; 'her2 map draft' writes a first column map (docs/tables.md)"
                      : fmt::format("none of the columns of the map {} is there ({}); is it the right map?", map.name,
                                    some(bound.absent_));
    return fail(fmt::format("{}; the columns are {}", hint, some(bound.names_)), "line of names", bound.file_);
  }
  bound.find_shared_slots(map, dictionary);
  MappedRow constants;
  constants.values = bound.blank_;
  for (const auto& [fact, value] : map.constants) {
    if (value.state == Value::State::number && !value.written) {
      return fail(fmt::format("the constant {} must be a decimal number", dictionary[fact].name), "constants",
                  map.name);
    }
    bound.put(bound.slot_of(fact, dictionary), RowValue::kNoColumn, value, constants);
  }
  bound.blank_ = constants.values;
  for (std::size_t i = 0; i < bound.names_.size(); ++i) {
    if (!bound.used_[i]) {
      bound.unused_.push_back(bound.names_[i]);
    }
  }
  return bound;
}

}  // namespace her2
