// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "her2/core/error.h"
#include "her2/evidence/case.h"
#include "her2/message/code_book.h"

namespace her2 {

// Whether a text is a FHIR resource: JSON that has a "resourceType", or XML of any kind (nothing else that is read here
// is XML). Looks only at the first 64 KiB.
[[nodiscard]] bool looks_like_fhir(std::string_view text);

// Reads a FHIR R4 Bundle (or a single Observation) in JSON or XML (fhir_xml.h) as a case: every Observation, and every
// component of one, whose code the book knows becomes a fact of the specimen it refers to ("1" where it names none). A
// bundle that we wrote gives back the case it was written from; what it says of conclusions and derived means is left
// out, to be computed again.
//
// Kept out, each with a note on its specimen: observations that were entered in error or cancelled, and values that are
// not known. Of two for one fact the later (effectiveDateTime) counts. Names, birth dates and identifiers of patients
// are not read: the case is called by our own identifier, or "fhir-" and twelve digits of the text's SHA-256.
//
// Fails: JSON or XML that is not FHIR, two patients, an Observation whose value its fact cannot have, two that differ
// and neither of which is later; the error's place is the JSON pointer of the resource.
Result<Case> parse_fhir(std::string_view text, const Dictionary& dictionary, const CodeBook& book,
                        const std::string& file);

}  // namespace her2
