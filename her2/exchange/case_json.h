// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "her2/core/error.h"
#include "her2/evidence/case.h"
#include "her2/evidence/dictionary.h"

namespace her2 {

// The case file, docs/case-files.md and schemas/case.schema.json: one tumour with its specimens and facts as JSON.
inline constexpr std::string_view kCaseSchema = "her2-case/1";

// Reads a case file. Numbers keep the digits that were written. A fact that does not state its source gets this file
// and its JSON pointer. `file` names the text in sources and errors. Fails with line and column: bad JSON, duplicate
// keys or specimen ids, unknown keys and facts (naming what is near), values that the fact cannot have, too large or
// too deep a text.
Result<Case> parse_case(std::string_view json, const Dictionary& dictionary, const std::string& file);

// Whether the sources of facts are written: `full` reads back as the same case; `plain` is for people, without them.
enum class CaseStyle : unsigned char { full, plain };

// The case as a file, the same bytes for the same case. Ends with a newline.
std::string case_json(const Case& subject, const Dictionary& dictionary, CaseStyle style = CaseStyle::full);

}  // namespace her2
