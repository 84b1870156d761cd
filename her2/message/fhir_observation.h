// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "her2/evidence/case.h"
#include "her2/message/code_book.h"
#include "her2/message/fhir_entries.h"

namespace her2 {

inline constexpr std::string_view kMcode = "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-";
inline constexpr std::string_view kUsCore = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-";
inline constexpr std::string_view kTerminology = "http://terminology.hl7.org/CodeSystem/";

// AJCC 8 as a staging method, in SNOMED CT, as mCODE's examples name it.
inline constexpr std::string_view kAjcc8 = "897275008";

// How an Observation of a fact is opened.
struct FhirObservationKind {
  bool computed = false;         // concluded or derived: not read back
  bool final = true;             // else preliminary
  const char* suffix = nullptr;  // of the resource's name; nullptr: "/computed" for what was computed, else none
};

// Writes Observations of facts into a Bundle, and remembers them for the report that lists them.
class FhirObservations : public FhirEntries {
 public:
  FhirObservations(const Case& subject, const Dictionary& dictionary, const CodeBook& book)
      : FhirEntries(subject.id), case_(subject), dictionary_(dictionary), book_(book) {}

  // The marker by which a value of the fact is written; nullptr: our own code only. T, N, M and stage groups have codes
  // for the breast only; M1 has none, since a fact does not say whether it was found clinically or by pathology.
  [[nodiscard]] const Marker* marker_of(FactId fact, const Value& value) const;

  // Opens "SPECIMEN/FACT" with profile, status, category, code, subject and date, for staging also focus and method.
  void open_fact(const Specimen& specimen, FactId fact, const Marker* marker, const FhirObservationKind& kind = {});
  // Opens any other Observation of the profile as far as its code, which follows.
  void open_observation(const std::string& name, const std::string& profile, const FhirObservationKind& kind,
                        std::string_view category);
  // After the code: subject and date; what every staging Observation has.
  void subject_and_date(const Specimen& specimen);
  void staged_by(bool ajcc);
  // Ends it with its specimen.
  void close_observation(const Specimen& specimen);

  // value[x] of a fact; a concept with text alone where the profile takes nothing but concepts.
  void value(FactId fact, const Value& value, const Marker* marker);

  [[nodiscard]] const std::vector<std::string>& observations() const { return observations_; }

 private:
  void codings(const FactType& type, const Marker& marker, unsigned index);

  const Case& case_;
  const Dictionary& dictionary_;
  const CodeBook& book_;
  std::vector<std::string> observations_;
};

}  // namespace her2
