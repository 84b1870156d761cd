// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "her2/core/error.h"
#include "her2/evidence/case.h"
#include "her2/message/code_book.h"
#include "her2/message/fhir_write.h"
#include "her2/report/status_model.h"

namespace her2 {

struct Hl7Options {
  std::string time;  // MSH-7, "20261123100000+0000"; the only thing that is not from the case
  std::string sending_facility, receiving_application, receiving_facility;  // may be empty
  std::string signed_by;    // empty: results that were computed are preliminary (P)
  bool naaccr = false;      // MSH-21 says NAACCR Volume V 5.0
  bool production = false;  // MSH-11: P, else T (training)
  std::optional<PatientIdentity> patient;
  std::optional<Attachment> report;
};

// The case and what was concluded of it as an HL7 v2.5.1 ORU^R01, UTF-8: an OBR group for each specimen with the
// narrative (TX), an OBX for each fact and conclusion (CWE, NM, SN or ST), the report as ED, and SPM. Segments end with
// CR. Same input, same bytes; parse_hl7 reads the case back.
std::string hl7_results(const Case& subject, const CaseStatus& status, const Dictionary& dictionary,
                        const CodeBook& book, const Hl7Options& options);

// An order (OML^O21) for ISH of the specimens of which the status says that it is due: IHC 2+ without a countable ISH.
// Fails when it is due for none.
Result<std::string> hl7_ish_order(const Case& subject, const CaseStatus& status, const Hl7Options& options);

}  // namespace her2
