// SPDX-License-Identifier: Apache-2.0
#include "her2/message/fhir_observation.h"

#include <bit>

#include <fmt/format.h>

#include "her2/message/fhir_value.h"

namespace her2 {
namespace {

bool is_staging(const Marker* marker) { return marker != nullptr && !marker->profile.empty(); }

// "cT" before "2", nothing before "IIB".
std::string words_before(const FactType& type) {
  if (type.name == "m_category") {
    return "cM";
  }
  return type.name.size() != 2 ? "" : type.name.substr(0, 1) + (type.name[1] == 't' ? "T" : "N");
}

// What a person finds before surgery, what a laboratory finds at it.
std::string_view category_of(const FactType& type, const Marker* marker) {
  return is_staging(marker) && type.name != "pt" && type.name != "pn" ? "exam" : "laboratory";
}

}  // namespace

const Marker* FhirObservations::marker_of(FactId fact, const Value& value) const {
  const Marker* marker = book_.marker(fact);
  if (!is_staging(marker)) {
    return marker;
  }
  const FactType& type = dictionary_[fact];
  const bool m0 = value == Value::of_choice(type.index_of("0").value_or(0));
  return case_.tumour == "breast" && (type.name != "m_category" || m0) ? marker : nullptr;
}

void FhirObservations::open_observation(const std::string& name, const std::string& profile,
                                        const FhirObservationKind& kind, std::string_view category) {
  observations_.push_back(name);
  open(name, "Observation", profile, kind.computed);
  json().text("status", kind.final ? "final" : "preliminary");
  concept_list("category", fmt::format("{}observation-category", kTerminology), category);
}

void FhirObservations::subject_and_date(const Specimen& specimen) {
  refer("subject", "Patient", "patient");
  json().text_if("effectiveDateTime", specimen.date);
}

void FhirObservations::staged_by(bool ajcc) {
  json().array("focus");
  refer("Condition", "condition");
  json().end();
  json().object("method");
  if (ajcc) {
    json().array("coding");
    coding(kSnomed, kAjcc8, {});
    json().end();
  }
  json().text("text", ajcc ? "AJCC 8th edition" : "as recorded; the staging system is not stated");
  json().end();
}

void FhirObservations::open_fact(const Specimen& specimen, FactId fact, const Marker* marker,
                                 const FhirObservationKind& kind) {
  const FactType& type = dictionary_[fact];
  const std::string profile = is_staging(marker)  ? fmt::format("{}{}", kMcode, marker->profile)
                              : marker != nullptr ? fmt::format("{}tumor-marker-test", kMcode)
                                                  : fmt::format("{}observation-lab", kUsCore);
  const char* suffix = kind.suffix != nullptr ? kind.suffix : kind.computed ? "/computed" : "";
  open_observation(fmt::format("{}/{}{}", specimen.id, type.name, suffix), profile, kind, category_of(type, marker));
  json().object("code");
  json().array("coding");
  if (marker != nullptr) {
    const Coding& standard = case_.tumour == "breast" ? marker->breast : marker->elsewhere;
    coding(standard.system, standard.code, standard.display);
  }
  coding(kFactSystem, type.name);
  json().end();
  json().text("text", type.label);
  json().end();
  subject_and_date(specimen);
  if (is_staging(marker)) {
    staged_by(type.name != "recorded_stage");
  }
}

void FhirObservations::close_observation(const Specimen& specimen) {
  refer("specimen", "Specimen", "specimen/" + specimen.id);
  close();
}

void FhirObservations::codings(const FactType& type, const Marker& marker, unsigned index) {
  json().array("coding");
  if (const auto answer = book_.answer(marker, index)) {
    coding(answer->system, answer->code);
  }
  coding(kValueSystem, type.values[index]);
  json().end();
}

void FhirObservations::value(FactId fact, const Value& value, const Marker* marker) {
  const FactType& type = dictionary_[fact];
  if (is_staging(marker)) {
    const bool one = value.state == Value::State::choice && value.is_exact();
    json().object("valueCodeableConcept");
    if (one) {
      codings(type, *marker, static_cast<unsigned>(std::countr_zero(value.choices)));
    }
    json().text("text", (one ? words_before(type) : "") + value_text(type, value));
    json().end();
    return;
  }
  write_fhir_value(json(), type, value, marker, book_);
}

}  // namespace her2
