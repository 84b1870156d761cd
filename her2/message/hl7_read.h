// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "her2/core/error.h"
#include "her2/evidence/case.h"
#include "her2/message/code_book.h"

namespace her2 {

// Whether a text begins as an HL7 v2 message does (MSH, after the frame of MLLP if there is one).
[[nodiscard]] bool looks_like_hl7(std::string_view text);

// Reads an HL7 v2 ORU^R01 (2.3 to 2.5.1) as a case: every OBX whose code in OBX-3 the book knows becomes a fact of the
// specimen of its OBR group (SPM-2; "1" without SPM). OBX-5 may be CWE or CE, NM, SN, ST, TX. A message that we wrote
// gives its case back; what OBX-17 marks as computed is left out.
//
// OBX-11: results that were deleted or are wrong (D, W), cannot be had (X) or are not there yet (I, S) are left out, a
// corrected one (C, A) replaces an earlier one, P and R are kept, each with a note. No field of PID is read: the case
// is called by our own identifier in PID-3, or "hl7-" and twelve digits of the text's SHA-256.
//
// Fails like parse_hl7_text; and: another message than ORU, a value that its fact cannot have, two results for one fact
// that differ. The error's place is the segment.
Result<Case> parse_hl7(std::string_view text, const Dictionary& dictionary, const CodeBook& book,
                       const std::string& file);

}  // namespace her2
