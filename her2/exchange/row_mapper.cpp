// SPDX-License-Identifier: Apache-2.0
#include "her2/exchange/row_mapper.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "her2/evidence/text.h"
#include "her2/exchange/calendar.h"
#include "her2/exchange/tnm_spelling.h"

namespace her2 {
namespace {

constexpr std::size_t kLongestId = 256;
constexpr std::int64_t kMantissaLimit = 1'000'000'000'000'000'000;  // Decimal's

// trimmed(), fast where there is nothing to trim.
std::string_view quick_trimmed(std::string_view text) {
  const auto is_plain = [](char c) {
    return static_cast<unsigned char>(c) > 0x20 && static_cast<unsigned char>(c) < 0x80;
  };
  return text.empty() || (is_plain(text.front()) && is_plain(text.back())) ? text : trimmed(text);
}

// Decimal::parse for the unsigned numbers of at most 18 characters that tables are made of; false: try the long way.
bool quick_decimal(std::string_view text, Decimal& out) {
  if (text.empty() || text.size() > 18) {
    return false;
  }
  std::int64_t mantissa = 0;
  std::size_t behind_point = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto digit = static_cast<unsigned char>(text[i] - '0');
    if (digit <= 9) {
      mantissa = mantissa * 10 + digit;
    } else if (text[i] == '.' && behind_point == 0) {
      behind_point = i + 1;
    } else {
      return false;
    }
  }
  if (behind_point == text.size()) {  // nothing behind the point
    return false;
  }
  out.mantissa = mantissa;
  out.scale = static_cast<std::uint8_t>(behind_point == 0 ? 0 : text.size() - behind_point);
  return true;
}

// number * factor, if that is a Decimal. Its last digit is that of `number`, moved by the factor's power of ten.
std::optional<Decimal> product(const Decimal& number, const Decimal& factor) {
  std::int64_t times = factor.mantissa;
  int scale = number.scale + factor.scale;
  for (; times % 10 == 0; times /= 10) {
    --scale;
  }
  __extension__ using Wide = __int128;
  Wide mantissa = static_cast<Wide>(number.mantissa) * times;
  for (; scale < 0 && mantissa < kMantissaLimit && mantissa > -kMantissaLimit; ++scale) {
    mantissa *= 10;
  }
  if (mantissa >= kMantissaLimit || mantissa <= -kMantissaLimit || scale > 18) {
    return std::nullopt;
  }
  return Decimal{static_cast<std::int64_t>(mantissa), static_cast<std::uint8_t>(scale)};
}

int quick_compare(const Decimal& a, const Decimal& b) {
  if ((a.scale | b.scale) == 0) {
    return a.mantissa < b.mantissa ? -1 : (a.mantissa > b.mantissa ? 1 : 0);
  }
  return compare(a, b);
}

bool is_whole(const Decimal& number) {
  std::int64_t mantissa = number.mantissa;
  for (int i = 0; i < number.scale; ++i) {
    if (mantissa % 10 != 0) {
      return false;
    }
    mantissa /= 10;
  }
  return true;
}

bool is_known(const RowValue& value) {
  return value.kind != RowValue::Kind::missing && value.kind != RowValue::Kind::unknown;
}

// The same possibilities, however many digits were written.
bool says_same(const Value& a, const Value& b) {
  return a.state == b.state && a.choices == b.choices && a.low == b.low && a.high == b.high;
}

Value scaled(Value value, const Rational& factor) {
  for (auto* bound : {&value.low, &value.high}) {
    if (*bound) {
      (*bound)->at *= factor;
    }
  }
  value.written.reset();
  return value;
}

}  // namespace

void BoundMap::map_row(const TableRow& row, MappedRow& out) const {
  out.line = row.line;
  out.fields = row.fields;
  out.edition = out.specimen_id = out.kind = out.site = out.date = {};
  out.full.clear();
  out.refusals.clear();
  out.notes.clear();
  out.values.assign(blank_.begin(), blank_.end());
  out.id = id_ < row.found ? quick_trimmed(row.fields[id_]) : std::string_view();
  if (row.problem != TableRow::Problem::none) {
    out.refusals.push_back({{}, {}, row_problem_text(row, names_.size())});
    return;
  }
  map_subject(out);
  for (const auto& column : columns_) {
    const std::string_view text = quick_trimmed(row.fields[column.index]);
    RowValue& value = out.values[column.slot];
    const auto stays_missing = [&] { return text.empty() && column.empty_is_missing; };
    if (column.alone && (stays_missing() || plain_number(column, text, value) || plain_word(column, text, value))) {
      value.column = static_cast<std::uint16_t>(column.index);
    } else {
      map_field(column, text, out);
    }
  }
}

// The fast path: a bare decimal in range, for a fact that only this column gives.
bool BoundMap::plain_number(const Column& column, std::string_view text, RowValue& out) {
  Decimal number;
  if (!column.plain || !quick_decimal(text, number)) {
    return false;
  }
  if (column.min) {
    const int order = quick_compare(number, *column.min);
    if (order < 0 || (order == 0 && column.type.min_open)) {
      return false;
    }
  }
  if (column.max && quick_compare(number, *column.max) > 0) {
    return false;
  }
  if (column.type.integer && number.scale > 0 && !is_whole(number)) {
    return false;
  }
  out.kind = RowValue::Kind::decimal;
  out.number = number;
  return true;
}

// The other fast path: a spelling that stands for a choice, missing or unknown and tells nothing else.
bool BoundMap::plain_word(const Column& column, std::string_view text, RowValue& out) {
  const auto* meaning = column.spellings.find(text);
  if (meaning == nullptr || meaning->refused || !meaning->also.empty() ||
      meaning->value.state == Value::State::number) {
    return false;
  }
  out.choices = meaning->value.choices;
  out.kind = meaning->value.state == Value::State::choice    ? RowValue::Kind::choice
             : meaning->value.state == Value::State::missing ? RowValue::Kind::missing
                                                             : RowValue::Kind::unknown;
  return true;
}

void BoundMap::map_field(const Column& column, std::string_view text, MappedRow& out) const {
  if (const auto* meaning = column.spellings.find(text)) {
    take(column, *meaning, text, out);
    return;
  }
  const auto value = read_value(column, text);
  if (value) {
    put(column.slot, column.index, *value, out);
  } else {
    refuse(column.index, text, value.error().reason, out);
    put(column.slot, column.index, Value::unknown(), out);
  }
}

Result<Value> BoundMap::read_value(const Column& column, std::string_view text) {
  std::string pointed;
  if (column.decimal_comma) {
    if (text.find('.') != std::string_view::npos && text.find(',') != std::string_view::npos) {
      return fail(fmt::format("{} has a point and a comma; only a decimal comma may stand here", in_quotes(text)));
    }
    pointed = text;
    std::replace(pointed.begin(), pointed.end(), ',', '.');
    text = pointed;
  }
  if (!column.factor) {
    auto value = parse_value(column.type, text);
    const auto category = value ? std::nullopt : tnm_value(column.type.name, text);
    return category ? parse_value(column.type, *category) : value;
  }
  auto value = parse_value(column.unscaled, text);
  if (!value || value->state != Value::State::number) {
    return value;
  }
  const auto exact = value->written ? product(*value->written, *column.factor) : std::nullopt;
  const auto result = exact ? Value::of_number(*exact) : scaled(std::move(*value), column.factor->rational());
  return parse_value(column.type, value_text(column.type, result));  // for the range
}

void BoundMap::take(const Column& column, const Meaning& meaning, std::string_view text, MappedRow& out) const {
  if (meaning.refused) {
    refuse(column.index, text, meaning.reason, out);
    put(column.slot, column.index, Value::unknown(), out);
    return;
  }
  put(column.slot, column.index, meaning.value, out);
  for (const auto& [fact, value] : meaning.also) {
    const auto slot = std::lower_bound(slots_.begin(), slots_.end(), std::pair(fact, std::size_t{0}))->second;
    put(slot, column.index, value, out);
  }
}

void BoundMap::put(std::size_t slot, std::size_t column, const Value& value, MappedRow& out) const {
  RowValue small;
  small.fact = facts_[slot];
  small.column = static_cast<std::uint16_t>(column);
  switch (value.state) {
    case Value::State::missing: small.kind = RowValue::Kind::missing; break;
    case Value::State::unknown: small.kind = RowValue::Kind::unknown; break;
    case Value::State::choice:
      small.kind = RowValue::Kind::choice;
      small.choices = value.choices;
      break;
    case Value::State::number:
      if (value.written) {
        small.kind = RowValue::Kind::decimal;
        small.number = *value.written;
      } else {
        small.kind = RowValue::Kind::full;
        small.index = static_cast<std::uint32_t>(out.full.size());
        out.full.push_back(value);
      }
      break;
  }
  merge(slot, small, out);
}

// What is known wins over unknown, unknown over missing. Two different known values: a fact's own columns that
// contradict each other are refused; what another column tells by the way yields to the own column, with a note.
void BoundMap::merge(std::size_t slot, const RowValue& value, MappedRow& out) const {
  RowValue& present = out.values[slot];
  if (!is_known(present) || !is_known(value)) {
    if (is_known(value) || present.kind == RowValue::Kind::missing) {
      present = value;
    }
    return;
  }
  if (says_same(BoundMap::value(out, present), BoundMap::value(out, value))) {
    return;
  }
  const auto by_the_way = [&](const RowValue& said) {
    return said.column != RowValue::kNoColumn && own_slot_[said.column] != slot;
  };
  const auto name = [&](const RowValue& said) {
    return said.column == RowValue::kNoColumn ? std::string("the column map") : names_[said.column];
  };
  const auto text = [&](const RowValue& said) {
    return said.column == RowValue::kNoColumn ? std::string_view() : out.fields[said.column];
  };
  if (by_the_way(value) || by_the_way(present)) {
    const RowValue aside = by_the_way(value) ? value : present;
    const RowValue own = by_the_way(value) ? present : value;
    out.notes.push_back({name(aside), std::string(text(aside)),
                         fmt::format("contradicts {} in column {} about {}, which was taken", in_quotes(text(own)),
                                     name(own), fact_names_[slot])});
    present = own;
    return;
  }
  refuse(value.column, text(value),
         fmt::format("contradicts {} in {} about {}", in_quotes(text(present)), name(present), fact_names_[slot]), out);
  present.kind = RowValue::Kind::unknown;
}

void BoundMap::refuse(std::size_t column, std::string_view text, std::string reason, MappedRow& out) const {
  out.refusals.push_back(
      {column < names_.size() ? names_[column] : std::string(), std::string(text), std::move(reason)});
}

std::string_view BoundMap::word(const Words& words, const char* what, MappedRow& out) const {
  if (words.index == kNone) {
    return {};
  }
  const auto text = quick_trimmed(out.fields[words.index]);
  if (words.known.empty() || text.empty()) {
    return text;
  }
  const auto found = words.known.find(lowered(text));
  if (found == words.known.end()) {
    refuse(words.index, text, fmt::format("is no {} that the column map knows", what), out);
    return {};
  }
  return found->second;
}

void BoundMap::map_subject(MappedRow& out) const {
  if (out.id.empty() || out.id.size() > kLongestId) {
    refuse(id_, out.fields[id_], out.id.empty() ? "the case has no id" : "the case's id is longer than 256 bytes", out);
  }
  out.edition = word(edition_, "edition", out);
  out.specimen_id = word(specimen_id_, "specimen", out);
  out.kind = word(kind_, "kind of specimen", out);
  out.site = word(site_, "site", out);
  out.date = word(date_, "date", out);
  if (!out.date.empty() && !is_date(out.date)) {
    refuse(date_.index, out.date, "is not a date of the form YYYY-MM-DD", out);
    out.date = {};
  }
}

Value BoundMap::value(const MappedRow& row, const RowValue& small) {
  switch (small.kind) {
    case RowValue::Kind::missing: return Value::missing();
    case RowValue::Kind::unknown: return Value::unknown();
    case RowValue::Kind::choice: return Value::of_choices(small.choices);
    case RowValue::Kind::decimal: return Value::of_number(small.number);
    case RowValue::Kind::full: return row.full[small.index];
  }
  return Value::unknown();
}

Specimen BoundMap::specimen(const MappedRow& row) const {
  Specimen out;
  out.id = row.specimen_id.empty() ? "1" : std::string(row.specimen_id);
  out.kind = row.kind;
  out.site = row.site;
  out.date = row.date;
  for (const auto& small : row.values) {
    const bool stated = small.column != RowValue::kNoColumn;
    if (!stated && small.kind == RowValue::Kind::missing) {
      continue;
    }
    Fact fact;
    fact.id = small.fact;
    fact.value = value(row, small);
    fact.source.file = file_;
    if (stated) {
      fact.source.place = fmt::format("line {}, column {}", row.line, names_[small.column]);
      fact.source.text = row.fields[small.column];
    } else {
      fact.source.place = "constant of the column map";
    }
    out.facts[fact.id] = std::move(fact);
  }
  for (const auto& note : row.notes) {
    out.notes.push_back(
        fmt::format("line {}, column {}: {} {}", row.line, note.column, in_quotes(note.text), note.reason));
  }
  return out;
}

}  // namespace her2
