// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "her2/evidence/text.h"
#include "her2/exchange/row_mapper.h"

namespace her2 {

std::optional<BoundMap::SeparateFields> BoundMap::separate_fields() const {
  for (const Words* words : {&edition_, &specimen_id_, &kind_, &site_, &date_}) {
    if (words->index != kNone) {
      return std::nullopt;
    }
  }
  const bool constants = std::any_of(blank_.begin(), blank_.end(),
                                     [](const RowValue& value) { return value.kind != RowValue::Kind::missing; });
  if (several_specimens_ || constants) {
    return std::nullopt;
  }
  SeparateFields out;
  out.id_column = id_;
  std::set<std::size_t> slots;
  for (const Column& column : columns_) {
    if (!slots.insert(column.slot).second) {
      return std::nullopt;
    }
    out.fields.push_back({column.index, facts_[column.slot], column.plain});
  }
  return out;
}

std::optional<Value> BoundMap::separate_value(std::size_t i, std::string_view text) const {
  const Column& column = columns_[i];
  text = trimmed(text);
  if (text.empty() && column.empty_is_missing) {
    return Value::missing();
  }
  if (const Meaning* meaning = column.spellings.find(text)) {
    const bool separate = !meaning->refused && meaning->also.empty();
    return separate ? std::optional(meaning->value) : std::nullopt;
  }
  const auto value = read_value(column, text);
  return value ? std::optional(*value) : std::nullopt;
}

}  // namespace her2
