// SPDX-License-Identifier: Apache-2.0
#include "her2/message/any_case.h"

#include "her2/exchange/case_json.h"
#include "her2/message/fhir_read.h"
#include "her2/message/hl7_read.h"

namespace her2 {

Result<Case> parse_any_case(std::string_view text, const Dictionary& dictionary, const CodeBook& book,
                            const std::string& file) {
  if (looks_like_hl7(text)) {
    return parse_hl7(text, dictionary, book, file);
  }
  if (looks_like_fhir(text)) {
    return parse_fhir(text, dictionary, book, file);
  }
  return parse_case(text, dictionary, file);
}

}  // namespace her2
