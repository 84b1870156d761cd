// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "her2/core/error.h"
#include "her2/evidence/value.h"
#include "her2/exchange/json_tree.h"
#include "her2/exchange/json_writer.h"
#include "her2/message/code_book.h"

// The value[x] of an Observation or of one of its components, both ways.
namespace her2 {

struct FhirValue {
  Value value;
  std::string text;  // as it stood: a code, digits with comparator and unit, a string
};

// Reads valueCodeableConcept (our code, else a code of the book, else its text), valueQuantity (with comparator; a unit
// of a fact that has one must agree: "%" or none), valueRatio (only for quotients), valueInteger, valueString (as
// parse_value), dataAbsentReason (not-performed: missing; any other: unknown). Fails with the reason.
Result<FhirValue> fhir_value(const Json& coded, const FactType& type, const Marker* marker, const CodeBook& book);

// Writes value[x] into the open object: a CodeableConcept for one value of a choice, a Quantity for a number or a
// one-sided bound, else a string that parse_value reads. Never fails; mCODE requires a value, so unknown is "unknown".
void write_fhir_value(JsonWriter& json, const FactType& type, const Value& value, const Marker* marker,
                      const CodeBook& book);

}  // namespace her2
