// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "her2/evidence/text.h"
#include "her2/evidence/value_text.h"

namespace her2 {
namespace {

// A number as written: a decimal, or a quotient of integers.
struct Number {
  Rational at;
  std::optional<Decimal> written;
};

bool ends_with_ignoring_case(std::string_view text, std::string_view end) {
  return text.size() > end.size() && equal_ignoring_case(text.substr(text.size() - end.size()), end);
}

// "4.0", "4.0 signals", "60%", "7/3".
std::optional<Number> read_number(const FactType& type, std::string_view text) {
  text = trimmed(text);
  bool has_unit = type.unit.empty();
  if (!has_unit && ends_with_ignoring_case(text, type.unit)) {
    text = trimmed(text.substr(0, text.size() - type.unit.size()));
    has_unit = true;
  }
  if (const auto decimal = Decimal::parse(text)) {
    return Number{decimal->rational(), decimal};
  }
  if (has_unit) {
    if (auto rational = parse_rational(text)) {
      return Number{std::move(*rational), std::nullopt};
    }
  }
  return std::nullopt;
}

// Takes a comparison sign off the front: '<', '>', 'l' (at most), 'g' (at least), '=', or 0 when there is none.
char take_sign(std::string_view& text) {
  constexpr std::pair<std::string_view, char> kSigns[] = {
      {"<=", 'l'}, {">=", 'g'}, {"\xE2\x89\xA4", 'l'}, {"\xE2\x89\xA5", 'g'}, {"==", '='}, {"<", '<'},
      {">", '>'},  {"=", '='}};
  for (const auto& [sign, code] : kSigns) {
    if (text.starts_with(sign)) {
      text = trimmed(text.substr(sign.size()));
      return code;
    }
  }
  return 0;
}

std::string why_not_a_number(const FactType& type, std::string_view text) {
  const std::string head = in_quotes(text);
  if (text[0] == '~' || text.starts_with("ca") || text.starts_with("\xE2\x89\x88")) {
    return head + " does not say how near; write an interval such as \"2.0-2.2\"";
  }
  if (text.find(',') != std::string_view::npos) {
    return head + " has a comma; write a decimal point (a column map can allow decimal commas)";
  }
  if (text.find('/') != std::string_view::npos && !type.unit.empty()) {
    return fmt::format("{} is a quotient; if it is one, write its unit behind it ({})", head, type.unit);
  }
  if (text.back() == '%' && type.unit != "%") {
    return fmt::format("{} is a percentage; {} is not", head, type.label);
  }
  const std::string unit = type.unit.empty() ? "" : fmt::format(" in {}", type.unit);
  return fmt::format("{} is not a number{}; expected for example 4, 4.5, \"> 4\", \"4-6\", missing or unknown", head,
                     unit);
}

std::optional<std::pair<Number, Number>> read_range(const FactType& type, std::string_view text) {
  for (const std::string_view separator : {"-", "\xE2\x80\x93", " to "}) {
    for (auto at = text.find(separator, 1); at != std::string_view::npos; at = text.find(separator, at + 1)) {
      auto low = read_number(type, text.substr(0, at));
      auto high = read_number(type, text.substr(at + separator.size()));
      if (low && high) {
        return std::pair(std::move(*low), std::move(*high));
      }
    }
  }
  return std::nullopt;
}

// ">= 4.0 & < 6.0": at most one bound a side. Empty optional: not of this form.
Result<std::optional<Value>> read_bounds(const FactType& type, std::string_view text) {
  std::optional<Bound> low;
  std::optional<Bound> high;
  for (std::string_view rest = text;;) {
    const auto end = rest.find('&');
    std::string_view part = trimmed(rest.substr(0, end));
    const char sign = take_sign(part);
    const auto number = read_number(type, part);
    if (sign == 0 || !number) {
      return std::optional<Value>();
    }
    if (sign == '=') {
      if (end != std::string_view::npos || low || high) {
        return fail(fmt::format("{} mixes '=' with bounds", in_quotes(text)));
      }
      return std::optional(number->written ? Value::of_number(*number->written) : Value::of_number(number->at));
    }
    auto& side = sign == '<' || sign == 'l' ? high : low;
    if (side) {
      return fail(fmt::format("{} gives the same bound twice", in_quotes(text)));
    }
    side = Bound{number->at, sign == '<' || sign == '>'};
    if (end == std::string_view::npos) {
      return std::optional(Value::of_interval(std::move(low), std::move(high)));
    }
    rest.remove_prefix(end + 1);
  }
}

// A written number must itself be possible.
std::optional<std::string> why_out_of_range(const FactType& type, const Bound& bound) {
  if (type.min && bound.at < *type.min) {
    return fmt::format("{} is below the smallest possible {}, {}", exact_text(bound.at), type.label,
                       exact_text(*type.min));
  }
  if (type.max && bound.at > *type.max) {
    return fmt::format("{} is above the largest possible {}, {}", exact_text(bound.at), type.label,
                       exact_text(*type.max));
  }
  if (type.integer && !is_integer(bound.at)) {
    return fmt::format("{} is not a whole number, as {} must be", exact_text(bound.at), type.label);
  }
  return std::nullopt;
}

// Whether some possible value of the type lies between the bounds.
bool holds_any(const FactType& type, std::optional<Bound> low, std::optional<Bound> high) {
  if (type.min && (!low || low->at < *type.min || (low->at == *type.min && type.min_open))) {
    low = Bound{*type.min, type.min_open};
  }
  if (type.max && (!high || high->at > *type.max)) {
    high = Bound{*type.max, false};
  }
  if (!low || !high) {
    return true;
  }
  if (type.integer) {
    const Rational first = low->open ? Rational(floor(low->at) + 1) : ceil(low->at);
    const Rational last = high->open ? Rational(ceil(high->at) - 1) : floor(high->at);
    return first <= last;
  }
  return low->at < high->at || (low->at == high->at && !low->open && !high->open);
}

Result<Value> checked(const FactType& type, Value value, std::string_view text) {
  for (const auto* bound : {&value.low, &value.high}) {
    if (*bound) {
      if (auto why = why_out_of_range(type, **bound)) {
        return fail(std::move(*why));
      }
    }
  }
  if (!holds_any(type, value.low, value.high)) {
    if (value.low && value.high && value.low->at > value.high->at) {
      return fail(fmt::format("{}: the lower bound is above the upper one", in_quotes(text)));
    }
    return fail(fmt::format("{} leaves no possible {}", in_quotes(text), type.label));
  }
  return value;
}

}  // namespace

Result<Value> parse_number(const FactType& type, std::string_view text) {
  if (const auto number = read_number(type, text)) {
    return checked(type, number->written ? Value::of_number(*number->written) : Value::of_number(number->at), text);
  }
  auto bounds = read_bounds(type, text);
  if (!bounds) {
    return tl::unexpected(bounds.error());
  }
  if (*bounds) {
    return checked(type, std::move(**bounds), text);
  }
  if (auto range = read_range(type, text)) {
    return checked(type, Value::of_interval(Bound{range->first.at, false}, Bound{range->second.at, false}), text);
  }
  return fail(why_not_a_number(type, text));
}

}  // namespace her2
