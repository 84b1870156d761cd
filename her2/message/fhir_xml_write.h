// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "her2/exchange/json_tree.h"

namespace her2 {

// A FHIR R4 resource as XML ("XML Representation"), from the tree of its JSON: a resource within as an element of its
// type, primitives as `value` attributes, `url` of an extension as an attribute. The members of the resources that
// fhir_bundle() writes stand in R4's order, which XML asks for and JSON does not; what is within them as the tree has
// it. UTF-8, two blanks a level; same tree, same bytes. parse_fhir_xml gives the tree back, but for that order.
//
// No definition of a resource is looked at: the tree must be one that fhir_bundle() wrote, without null and without
// what extends a primitive ("_value"). A sign for which XML 1.0 has no place (U+0000 to U+001F other than tab and line
// ends, U+FFFE, U+FFFF) becomes U+FFFD.
[[nodiscard]] std::string fhir_xml(const Json& resource);

// The same of a bundle as JSON text (fhir_bundle). Fails on what is no JSON.
[[nodiscard]] Result<std::string> fhir_json_as_xml(std::string_view json);

}  // namespace her2
