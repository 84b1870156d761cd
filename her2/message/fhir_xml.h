// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "her2/core/error.h"
#include "her2/exchange/json_tree.h"

namespace her2 {

// Whether a text is XML of any kind: its first sign is '<'. No case file, bundle or message begins so.
[[nodiscard]] bool looks_like_xml(std::string_view text);

// Reads a FHIR resource in XML (R4, "XML Representation") as the tree that its JSON form would give, so that the same
// reader takes both. What a definition of the resource would be needed for goes by name: elements of which parse_fhir
// reads several become arrays ("entry", "coding", ...), "value" of a Quantity a number. The narrative (XHTML) is left
// out. UTF-8 only.
//
// Fails, with line and column where there are such: XML that is not well formed, another namespace than
// http://hl7.org/fhir, a DOCTYPE (FHIR has none: neither entities nor files are ever read), more than limits allow.
Result<Json> parse_fhir_xml(std::string_view xml, const JsonLimits& limits);

}  // namespace her2
