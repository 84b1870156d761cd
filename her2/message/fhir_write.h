// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "her2/evidence/case.h"
#include "her2/message/code_book.h"
#include "her2/report/status_model.h"

namespace her2 {

// A report that travels inside: HTML or PDF.
struct Attachment {
  std::string content_type;  // "text/html", "application/pdf"
  std::string title;
  std::string bytes;
};

// Who the patient is, only when a caller says so. Without it the bundle holds the case's pseudonym and nothing else.
struct PatientIdentity {
  std::string system, value;  // identifier, e.g. a hospital's number
  std::string family, given;
  std::string gender;      // male | female | other | unknown
  std::string birth_date;  // YYYY-MM-DD; may be empty
};

struct FhirOptions {
  std::string recorded;   // instant of writing, "2026-11-23T10:00:00Z"; the only thing that is not from the case
  std::string signed_by;  // empty: what was computed is "preliminary"
  std::optional<PatientIdentity> patient;
  std::optional<Attachment> report;
};

// The case and what was concluded of it as a FHIR R4 Bundle of type collection after mCODE 4.0.0 and US Core 6.1.0:
// Patient, primary cancer condition, a Specimen each, an Observation for each fact and each conclusion, a
// DiagnosticReport, Provenance. Same input, same bytes. parse_fhir reads the case back; what is lost is listed in
// docs/exchange.md.
std::string fhir_bundle(const Case& subject, const CaseStatus& status, const Dictionary& dictionary,
                        const CodeBook& book, const FhirOptions& options);

}  // namespace her2
