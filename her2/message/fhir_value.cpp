// SPDX-License-Identifier: Apache-2.0
#include "her2/message/fhir_value.h"

#include <array>
#include <bit>

#include <fmt/format.h>

#include "her2/evidence/text.h"
#include "her2/message/fhir_resource.h"

namespace her2 {
namespace {

std::string number_at(const Json& object, std::string_view key) {
  const auto* found = object.find(key);
  return found != nullptr && found->kind == Json::Kind::number ? found->text : std::string{};
}

Result<FhirValue> parsed(const FactType& type, const std::string& text) {
  auto value = parse_value(type, text);
  if (!value) {
    return tl::unexpected(value.error());
  }
  return FhirValue{std::move(*value), text};
}

Result<FhirValue> from_concept(const Json& coded, const FactType& type, const Marker* marker, const CodeBook& book) {
  std::string seen;
  std::optional<unsigned> index;
  if (const auto* codings = coded.find("coding"); codings != nullptr && codings->kind == Json::Kind::array) {
    for (const auto& coding : codings->items) {
      const std::string system = json_text_at(coding, "system");
      const std::string code = json_text_at(coding, "code");
      if (const auto found = book.value(marker, type, system, code); found && (!index || system == kValueSystem)) {
        index = found;
      }
      seen += (seen.empty() ? "" : ", ") + code;
    }
  }
  if (index) {
    return FhirValue{Value::of_choice(*index), seen};
  }
  const std::string text = json_text_at(coded, "text");
  if (!text.empty()) {
    if (auto value = parse_value(type, text)) {
      return FhirValue{std::move(*value), text};
    }
  }
  return fail(fmt::format("the code {} is no known value of {}", in_quotes(seen.empty() ? text : seen), type.label));
}

Result<FhirValue> from_quantity(const Json& quantity, const FactType& type) {
  const std::string digits = number_at(quantity, "value");
  if (digits.empty()) {
    return fail(fmt::format("the Quantity of {} has no value", type.label));
  }
  const std::string unit =
      json_text_at(quantity, "code").empty() ? json_text_at(quantity, "unit") : json_text_at(quantity, "code");
  const bool plain = unit.empty() || unit == "1" || unit.starts_with('{');
  if (type.unit.empty() ? !plain : !plain && unit != type.unit) {
    return fail(fmt::format("{} is given in {}, not in {}", type.label, in_quotes(unit),
                            type.unit.empty() ? "a plain number" : type.unit));
  }
  return parsed(type, json_text_at(quantity, "comparator") + digits);
}

Result<FhirValue> from_ratio(const Json& ratio, const FactType& type) {
  std::array<std::string, 2> parts;
  for (std::size_t i = 0; i < 2; ++i) {
    const auto* part = ratio.find(i == 0 ? "numerator" : "denominator");
    parts[i] = part == nullptr ? std::string{} : number_at(*part, "value");
  }
  if (type.kind != FactKind::quotient || parts[0].empty() || parts[1].empty()) {
    return fail(fmt::format("a Ratio is no value of {}, or it lacks numerator or denominator", type.label));
  }
  return parsed(type, parts[1] == "1" ? parts[0] : parts[0] + "/" + parts[1]);
}

// "code" of the exact unit of a number.
std::string ucum(const FactType& type, const Marker* marker) {
  return marker != nullptr && !marker->unit.empty() ? marker->unit : type.unit;
}

bool is_ucum(const std::string& unit) { return unit == "%" || unit == "1" || unit == "{ratio}"; }

void write_quantity(JsonWriter& json, std::string_view comparator, const std::string& digits, const std::string& unit) {
  json.object("valueQuantity");
  json.number("value", digits);
  json.text_if("comparator", comparator);
  json.text_if("unit", unit);
  if (is_ucum(unit)) {
    json.text("system", kUcum);
    json.text("code", unit);
  }
  json.end();
}

// One bound with ordinary digits, the other side open: "", "<", ">="...
std::optional<std::pair<std::string, std::string>> one_sided(const Value& value) {
  if (value.low.has_value() == value.high.has_value()) {
    return std::nullopt;
  }
  const Bound& bound = value.low ? *value.low : *value.high;
  const std::string digits = exact_text(bound.at);
  if (!Decimal::parse(digits)) {
    return std::nullopt;
  }
  return std::pair{std::string(value.low ? ">" : "<") + (bound.open ? "" : "="), digits};
}

}  // namespace

Result<FhirValue> fhir_value(const Json& coded, const FactType& type, const Marker* marker, const CodeBook& book) {
  if (const auto* found = coded.find("valueCodeableConcept"); found != nullptr && found->kind == Json::Kind::object) {
    return from_concept(*found, type, marker, book);
  }
  if (const auto* found = coded.find("valueQuantity"); found != nullptr && found->kind == Json::Kind::object) {
    return from_quantity(*found, type);
  }
  if (const auto* found = coded.find("valueRatio"); found != nullptr && found->kind == Json::Kind::object) {
    return from_ratio(*found, type);
  }
  for (const char* key : {"valueString", "valueInteger"}) {
    if (const auto* found = coded.find(key);
        found != nullptr && (found->kind == Json::Kind::string || found->kind == Json::Kind::number)) {
      return parsed(type, found->text);
    }
  }
  if (const auto* absent = coded.find("dataAbsentReason")) {
    const auto* codings = absent->find("coding");
    const bool not_done = codings != nullptr && codings->kind == Json::Kind::array && !codings->items.empty() &&
                          json_text_at(codings->items.front(), "code") == "not-performed";
    return FhirValue{not_done ? Value::missing() : Value::unknown(), not_done ? "not-performed" : "absent"};
  }
  return fail(
      fmt::format("{} has no value of a kind that is read here (valueCodeableConcept, valueQuantity, valueRatio, "
                  "valueString, valueInteger)",
                  type.label));
}

void write_fhir_value(JsonWriter& json, const FactType& type, const Value& value, const Marker* marker,
                      const CodeBook& book) {
  if (value.state == Value::State::choice && std::has_single_bit(value.choices)) {
    const auto index = static_cast<unsigned>(std::countr_zero(value.choices));
    json.object("valueCodeableConcept");
    json.array("coding");
    if (const auto answer = marker == nullptr ? std::nullopt : book.answer(*marker, index)) {
      json.object();
      json.text("system", answer->system);
      json.text("code", answer->code);
      json.end();
    }
    json.object();
    json.text("system", kValueSystem);
    json.text("code", type.values[index]);
    json.end();
    json.end();
    json.text("text", type.values[index]);
    json.end();
    return;
  }
  if (value.state == Value::State::number && value.written) {
    write_quantity(json, "", value.written->text(), ucum(type, marker));
    return;
  }
  if (value.state == Value::State::number && !value.exact_number()) {
    if (const auto bound = one_sided(value)) {
      write_quantity(json, bound->first, bound->second, ucum(type, marker));
      return;
    }
  }
  json.text("valueString", value_text(type, value));
}

}  // namespace her2
