// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "her2/core/error.h"
#include "her2/evidence/case.h"
#include "her2/message/code_book.h"

namespace her2 {

// Reads one case in whichever form it comes, told by its first bytes: an HL7 v2 message, a FHIR resource, else a case
// file (exchange/case_json.h). Fails as the reader of that form does.
Result<Case> parse_any_case(std::string_view text, const Dictionary& dictionary, const CodeBook& book,
                            const std::string& file);

}  // namespace her2
