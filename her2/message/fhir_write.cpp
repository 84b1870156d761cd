// SPDX-License-Identifier: Apache-2.0
#include "her2/message/fhir_write.h"

#include <algorithm>

#include <fmt/format.h>

#include "her2/core/base64.h"
#include "her2/message/fhir_observation.h"
#include "her2/message/fhir_stage.h"
#include "her2/message/fhir_words.h"
#include "her2/report/words.h"

namespace her2 {
namespace {

class BundleWriter : private FhirObservations {
 public:
  BundleWriter(const Case& subject, const CaseStatus& status, const Dictionary& dictionary, const CodeBook& book,
               const FhirOptions& options)
      : FhirObservations(subject, dictionary, book),
        json_(json()),
        case_(subject),
        status_(status),
        dictionary_(dictionary),
        options_(options) {}

  std::string write() {
    json_.object();
    json_.text("resourceType", "Bundle");
    json_.text("id", id("bundle"));
    json_.text("type", "collection");
    json_.text_if("timestamp", options_.recorded);
    json_.array("entry");
    patient();
    condition();
    for (const auto& specimen : case_.specimens) {
      this->specimen(specimen);
    }
    for (std::size_t i = 0; i < case_.specimens.size(); ++i) {
      facts(case_.specimens[i]);
      if (i < status_.specimens.size()) {
        means(case_.specimens[i]);
        conclusions(case_.specimens[i], status_.specimens[i]);
      }
      write_stages(*this, case_, case_.specimens[i], dictionary_, !options_.signed_by.empty());
    }
    report();
    provenance();
    json_.end();
    json_.end();
    return text() + "\n";
  }

 private:
  void patient() {
    open("patient", "Patient", fmt::format("{}cancer-patient", kMcode));
    json_.array("identifier");
    json_.object();
    json_.text("system", kCaseSystem);
    json_.text("value", case_.id);
    json_.end();
    if (options_.patient && !options_.patient->value.empty()) {
      json_.object();
      json_.text_if("system", options_.patient->system);
      json_.text("value", options_.patient->value);
      json_.end();
    }
    json_.end();
    json_.array("name");
    json_.object();
    if (options_.patient && !options_.patient->family.empty()) {
      json_.text("family", options_.patient->family);
      if (!options_.patient->given.empty()) {
        json_.array("given");
        json_.text(options_.patient->given);
        json_.end();
      }
    } else {
      json_.array("extension");
      json_.object();
      json_.text("url", "http://hl7.org/fhir/StructureDefinition/data-absent-reason");
      json_.text("valueCode", "masked");
      json_.end();
      json_.end();
    }
    json_.end();
    json_.end();
    json_.text("gender", options_.patient && !options_.patient->gender.empty() ? options_.patient->gender : "unknown");
    json_.text_if("birthDate", options_.patient ? options_.patient->birth_date : std::string{});
    close();
  }

  void condition() {
    open("condition", "Condition", fmt::format("{}primary-cancer-condition", kMcode));
    json_.object("verificationStatus");
    json_.array("coding");
    coding("http://terminology.hl7.org/CodeSystem/condition-ver-status", "confirmed");
    json_.end();
    json_.end();
    concept_list("category", "http://hl7.org/fhir/us/core/CodeSystem/condition-category", "health-concern");
    json_.object("code");
    json_.array("coding");
    if (case_.tumour == "breast" && (status_.overall == "positive" || status_.overall == "negative")) {
      const bool positive = status_.overall == "positive";
      coding(kSnomed, positive ? "427685000" : "431396003",
             positive ? "HER2-positive carcinoma of breast" : "HER2-negative carcinoma of breast");
    }
    coding(kTumourSystem, case_.tumour);
    json_.end();
    json_.text("text", fmt::format("primary carcinoma, {}", case_.tumour));
    json_.end();
    refer("subject", "Patient", "patient");
    close();
  }

  void specimen(const Specimen& specimen) {
    open("specimen/" + specimen.id, "Specimen", fmt::format("{}human-specimen", kMcode));
    json_.array("identifier");
    json_.object();
    json_.text("system", kSpecimenSystem);
    json_.text("value", specimen.id);
    json_.end();
    json_.end();
    json_.object("type");
    json_.array("coding");
    coding(fmt::format("{}v2-0487", kTerminology), "TUMOR");
    if (!specimen.kind.empty()) {
      coding(kKindSystem, specimen.kind);
    }
    json_.end();
    json_.end();
    refer("subject", "Patient", "patient");
    if (!specimen.date.empty()) {
      json_.object("collection");
      json_.text("collectedDateTime", specimen.date);
      json_.end();
    }
    if (!specimen.site.empty()) {
      concept_list("condition", kSiteSystem, specimen.site);
    }
    if (!specimen.notes.empty()) {
      json_.array("note");
      for (const auto& text : specimen.notes) {
        note(text);
      }
      json_.end();
    }
    close();
  }

  // What was computed is final once somebody answers for it.
  [[nodiscard]] FhirObservationKind computed() const { return {true, !options_.signed_by.empty(), nullptr}; }

  void facts(const Specimen& specimen) {
    for (const auto& [id, fact] : specimen.facts) {
      const Marker* marker = marker_of(id, fact.value);
      open_fact(specimen, id, marker);
      if (!fact.source.author.empty()) {
        people("performer", fact.source.author);
      }
      value(id, fact.value, marker);
      close_observation(specimen);
    }
  }

  // Ratio and means that follow from recorded counts, rounded to two digits, for those who read only LOINC.
  void means(const Specimen& specimen) {
    for (const char* name : {"ratio", "copies", "cep17_copies"}) {
      const auto id = dictionary_.find(name);
      if (!id || specimen.facts.contains(*id)) {
        continue;
      }
      const auto& type = dictionary_[*id];
      const auto top = specimen.value(type.numerator).exact_number();
      const auto bottom = specimen.value(type.denominator).exact_number();
      if (!top || !bottom || *bottom <= 0) {
        continue;
      }
      const auto rounded = Decimal::parse(rounded_text(*top / *bottom, 2));
      if (!rounded) {
        continue;
      }
      const Value mean = Value::of_number(*rounded);
      const Marker* marker = marker_of(*id, mean);
      open_fact(specimen, *id, marker, computed());
      value(*id, mean, marker);
      json_.array("derivedFrom");
      for (const FactId from : {type.numerator, type.denominator}) {
        refer("Observation", fmt::format("{}/{}", specimen.id, dictionary_[from].name));
      }
      json_.end();
      close_observation(specimen);
    }
  }

  void conclusions(const Specimen& specimen, const SpecimenStatus& status) {
    for (const Answer* answer : answers_given(status)) {
      const auto id = dictionary_.find(answer->fact);
      if (!id || answer->recorded || specimen.facts.contains(*id)) {
        continue;
      }
      const auto& type = dictionary_[*id];
      const bool decided = answer->state == AnswerState::decided;
      const auto index = decided ? type.index_of(answer->values.front().value) : std::nullopt;
      const Marker* marker = marker_of(*id, index ? Value::of_choice(*index) : Value::unknown());
      open_fact(specimen, *id, marker, computed());
      if (index) {
        value(*id, Value::of_choice(*index), marker);
      } else {
        json_.text("valueString", answer_words(*answer));
      }
      if (answer->fact == "her2_status") {
        spectrum(status);
      }
      json_.array("note");
      for (const auto& row : answer->rows) {
        note(fmt::format("{}: {}", row.id(), row.table_title));
      }
      note(kResearchUse);
      json_.end();
      close_observation(specimen);
    }
  }

  // HER2-low and ultralow have no code: interpretation as text.
  void spectrum(const SpecimenStatus& status) {
    for (const auto& answer : status.answers) {
      if (answer.fact == "her2_spectrum" && answer.state == AnswerState::decided) {
        json_.array("interpretation");
        json_.object();
        json_.text("text", answer_words(answer));
        json_.end();
        json_.end();
      }
    }
  }

  // When the tissue was taken, or else when this was written: US Core asks for one (us-core-8).
  [[nodiscard]] std::string effective() const {
    for (const auto& specimen : case_.specimens) {
      if (!specimen.date.empty()) {
        return specimen.date;
      }
    }
    return options_.recorded;
  }

  void report() {
    open("report", "DiagnosticReport", fmt::format("{}diagnosticreport-lab", kUsCore));
    json_.text("status", options_.signed_by.empty() ? "preliminary" : "final");
    concept_list("category", fmt::format("{}v2-0074", kTerminology), "LAB");
    json_.object("code");
    json_.array("coding");
    coding(kLoinc, "60568-3");
    json_.end();
    json_.text("text", "Synoptic report: HER2 and further biomarkers");
    json_.end();
    refer("subject", "Patient", "patient");
    json_.text_if("effectiveDateTime", effective());
    json_.text_if("issued", options_.recorded);
    if (!options_.signed_by.empty()) {
      people("resultsInterpreter", options_.signed_by);
    }
    json_.array("specimen");
    for (const auto& specimen : case_.specimens) {
      refer("Specimen", "specimen/" + specimen.id);
    }
    json_.end();
    json_.array("result");
    for (const auto& name : observations()) {
      refer("Observation", name);
    }
    json_.end();
    const Headline head = headline(status_);
    json_.text("conclusion", fmt::format("{}{}{}. {} {}", head.status, head.detail.empty() ? "" : ", ", head.detail,
                                         scheme_words(status_), kResearchUse));
    if (options_.report) {
      json_.array("presentedForm");
      json_.object();
      json_.text("contentType", options_.report->content_type);
      json_.text("data", base64(options_.report->bytes));
      json_.text_if("title", options_.report->title);
      json_.end();
      json_.end();
    }
    close();
  }

  void provenance() {
    if (options_.recorded.empty()) {
      return;  // Provenance without an instant is invalid
    }
    open("provenance", "Provenance", "");
    json_.array("target");
    refer("DiagnosticReport", "report");
    json_.end();
    json_.text("recorded", options_.recorded);
    json_.array("agent");
    json_.object();
    json_.object("who");
    json_.text("display", status_.software);
    json_.end();
    json_.end();
    json_.end();
    if (!status_.guidelines.empty()) {
      json_.array("entity");
      for (const auto& [id, hash] : status_.guidelines) {
        json_.object();
        json_.text("role", "source");
        json_.object("what");
        json_.text("display", fmt::format("{}, SHA-256 {}", id, hash));
        json_.end();
        json_.end();
      }
      json_.end();
    }
    close();
  }

  JsonWriter& json_;
  const Case& case_;
  const CaseStatus& status_;
  const Dictionary& dictionary_;
  const FhirOptions& options_;
};

}  // namespace

std::string fhir_bundle(const Case& subject, const CaseStatus& status, const Dictionary& dictionary,
                        const CodeBook& book, const FhirOptions& options) {
  return BundleWriter(subject, status, dictionary, book, options).write();
}

}  // namespace her2
