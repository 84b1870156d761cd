// SPDX-License-Identifier: Apache-2.0
#include "her2/evidence/value.h"

#include <array>
#include <bit>
#include <utility>

#include <fmt/format.h>

#include "her2/evidence/text.h"
#include "her2/evidence/value_text.h"

namespace her2 {

namespace {
constexpr std::size_t kLongestValue = 512;
}

Value Value::unknown() {
  Value value;
  value.state = State::unknown;
  return value;
}

Value Value::of_choice(unsigned index) { return of_choices(std::uint64_t{1} << index); }

Value Value::of_choices(std::uint64_t mask) {
  Value value;
  value.state = State::choice;
  value.choices = mask;
  return value;
}

Value Value::of_number(const Decimal& number) {
  Value value = of_number(number.rational());
  value.written = number;
  return value;
}

Value Value::of_number(const Rational& number) { return of_interval(Bound{number, false}, Bound{number, false}); }

Value Value::of_interval(std::optional<Bound> low, std::optional<Bound> high) {
  Value value;
  value.state = State::number;
  value.low = std::move(low);
  value.high = std::move(high);
  return value;
}

bool Value::is_exact() const {
  switch (state) {
    case State::missing: return true;
    case State::unknown: return false;
    case State::choice: return std::has_single_bit(choices);
    case State::number: return low && high && !low->open && !high->open && low->at == high->at;
  }
  return false;
}

std::optional<Rational> Value::exact_number() const {
  return state == State::number && is_exact() ? std::optional(low->at) : std::nullopt;
}

Result<Value> parse_value(const FactType& type, std::string_view text) {
  if (text.size() > kLongestValue) {
    return fail(fmt::format("{} is longer than {} bytes", in_quotes(text), kLongestValue));
  }
  if (find_bad_utf8(text) != std::string_view::npos) {
    return fail(fmt::format("{} is not UTF-8 text", in_quotes(text)));
  }
  const std::string_view word = trimmed(text);
  if (word.empty()) {
    return fail("empty value; write \"missing\" or \"unknown\", or leave the fact out");
  }
  const bool named = type.kind == FactKind::choice && find_choice(type, word).has_value();
  if (!named) {
    for (const std::string_view spelling : {"missing", "not done", "none"}) {
      if (equal_ignoring_case(word, spelling)) {
        return Value::missing();
      }
    }
    if (equal_ignoring_case(word, "unknown") || word == "?") {
      return Value::unknown();
    }
    if (equal_ignoring_case(word, "any")) {
      return type.kind == FactKind::choice ? Value::of_choices(recordable(type)) : Value::of_interval({}, {});
    }
  }
  return type.kind == FactKind::choice ? parse_choice(type, word) : parse_number(type, word);
}

namespace {

// A number without known digits: "2", "0.125", "7/3", "100/3 %".
std::string rational_text(const FactType& type, const Rational& number) {
  const std::string text = exact_text(number);
  return text.find('/') == std::string::npos || type.unit.empty() ? text : text + " " + type.unit;
}

std::string number_text(const FactType& type, const Value& value) {
  if (value.written) {
    return value.written->text();
  }
  if (value.is_exact()) {
    return rational_text(type, value.low->at);
  }
  if (!value.low && !value.high) {
    return "any";
  }
  std::string out;
  if (value.low) {
    out = fmt::format("{} {}", value.low->open ? ">" : ">=", rational_text(type, value.low->at));
  }
  if (value.high) {
    out += fmt::format("{}{} {}", out.empty() ? "" : " & ",
                       value.high->open ? "<" : "<=", rational_text(type, value.high->at));
  }
  return out;
}

}  // namespace

std::string value_text(const FactType& type, const Value& value) {
  switch (value.state) {
    case Value::State::missing: return find_choice(type, "missing") ? "not done" : "missing";
    case Value::State::unknown: return find_choice(type, "unknown") ? "?" : "unknown";  // a value may be so called
    case Value::State::number: return number_text(type, value);
    case Value::State::choice: break;
  }
  for (const auto& [name, mask] : type.groups) {
    if (mask == value.choices) {
      return name;
    }
  }
  std::string out;
  for (unsigned i = 0; i < type.values.size(); ++i) {
    if ((value.choices >> i & 1U) != 0) {
      out += out.empty() ? "" : "|";
      out += type.values[i];
    }
  }
  return out;
}

}  // namespace her2
