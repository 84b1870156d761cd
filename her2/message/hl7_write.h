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
  std::string signed_by;  // empty: results that were computed are preliminary (P)
  // NAACCR Volume V 5.0, narrative: MSH-21, ORC-21 to 24, OBR-4, OBX-4 with the specimen's number, 22633-2, PID-3.5.
  // Its synoptic form wants CAP's licensed template keys, and is not written.
  bool naaccr = false;
  bool production = false;  // MSH-11: P, else T (training)
  std::optional<PatientIdentity> patient;
  std::optional<Attachment> report;
  std::string facility_address, facility_phone, provider_address;  // ORC-22, 23, 24; may be empty
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
