// SPDX-License-Identifier: Apache-2.0
// her2 export, her2 import: a case as FHIR or HL7 v2, and back as a case file; a scored slide as DICOM objects.
#include <chrono>
#include <ctime>
#include <filesystem>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "common.h"
#include "export_dicom.h"
#include "her2/core/output_file.h"
#include "her2/exchange/case_json.h"
#include "her2/message/any_case.h"
#include "her2/message/fhir_write.h"
#include "her2/message/fhir_xml_write.h"
#include "her2/message/hl7_write.h"
#include "her2/run/case_status.h"
#include "paper_file.h"
#include "plans.h"

namespace her2::app {
namespace {

constexpr std::size_t kMostBytes = std::size_t{64} << 20;

struct Arguments {
  std::string input, format = "fhir", out, edition, at, signed_by, report, facility;
  std::string facility_address, facility_phone, provider_address;
  bool order = false, naaccr = false, production = false;
  PatientIdentity patient;
  DicomOptions dicom;
  CatalogOptions catalog;
};

// "2026-11-23T10:00:00Z" given by a person, or now.
Result<std::string> instant(const std::string& given) {
  if (given.empty()) {
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                       fmt::gmtime(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now())));
  }
  return checked_instant(given);
}

// "2026-11-23T10:00:00Z" -> "20261123100000+0000".
std::string hl7_time(std::string time) {
  std::erase_if(time, [](char c) { return c == '-' || c == ':' || c == 'T' || c == 'Z'; });
  return time + "+0000";
}

Result<std::optional<Attachment>> attachment(const std::string& path) {
  if (path.empty()) {
    return std::nullopt;
  }
  const std::string extension = std::filesystem::path(path).extension();
  if (extension != ".pdf" && extension != ".html") {
    return fail("--report takes a report of her2 as .html or .pdf", {}, path);
  }
  auto bytes = read_file(path, kMostBytes);
  if (!bytes) {
    return tl::unexpected(bytes.error());
  }
  return Attachment{extension == ".pdf" ? "application/pdf" : "text/html", "her2 report", std::move(*bytes)};
}

Result<std::string> exported(const Arguments& arguments) {
  const auto catalog = arguments.catalog.load();
  if (!catalog) {
    return tl::unexpected(catalog.error());
  }
  const auto book = built_in_codes(catalog->dictionary);
  const auto time = instant(arguments.at);
  const auto text = read_file(arguments.input, kMostBytes);
  auto report = attachment(arguments.report);
  const Error* const wrong = !book     ? &book.error()
                             : !time   ? &time.error()
                             : !text   ? &text.error()
                             : !report ? &report.error()
                                       : nullptr;
  if (wrong != nullptr) {
    return tl::unexpected(*wrong);
  }
  const auto input = parse_any_case(*text, catalog->dictionary, *book, arguments.input);
  if (!input) {
    return tl::unexpected(located(input.error(), arguments.input));
  }
  const auto plans = plans_for(*catalog, arguments.edition, input->tumour);
  if (!plans) {
    return tl::unexpected(located(plans.error(), arguments.input));
  }
  const auto status = case_status(plans->front(), *input, {SpecimenPolicy::each, false});
  const auto patient = arguments.patient.value.empty() && arguments.patient.family.empty()
                           ? std::nullopt
                           : std::optional(arguments.patient);
  if (arguments.format != "hl7") {
    const std::string bundle = fhir_bundle(*input, status, catalog->dictionary, *book,
                                           {*time, arguments.signed_by, patient, std::move(*report)});
    return arguments.format == "fhir" ? Result<std::string>(bundle) : fhir_json_as_xml(bundle);
  }
  if (arguments.naaccr && arguments.facility.empty()) {
    return fail("--naaccr: Volume V names who ordered (ORC-21); give --facility");
  }
  Hl7Options options;
  options.time = hl7_time(*time);
  options.sending_facility = arguments.facility;
  options.signed_by = arguments.signed_by;
  options.naaccr = arguments.naaccr;
  options.facility_address = arguments.facility_address;
  options.facility_phone = arguments.facility_phone;
  options.provider_address = arguments.provider_address;
  options.production = arguments.production;
  options.patient = patient;
  options.report = std::move(*report);
  return arguments.order ? hl7_ish_order(*input, status, options)
                         : Result<std::string>(hl7_results(*input, status, catalog->dictionary, *book, options));
}

Result<std::string> imported(const Arguments& arguments) {
  const auto catalog = arguments.catalog.load();
  if (!catalog) {
    return tl::unexpected(catalog.error());
  }
  const auto book = built_in_codes(catalog->dictionary);
  if (!book) {
    return tl::unexpected(book.error());
  }
  const auto text = read_file(arguments.input, kMostBytes);
  if (!text) {
    return tl::unexpected(text.error());
  }
  const auto input = parse_any_case(*text, catalog->dictionary, *book, arguments.input);
  if (!input) {
    return tl::unexpected(located(input.error(), arguments.input));
  }
  return case_json(*input, catalog->dictionary);
}

int exported_as_dicom(const Arguments& arguments) {
  const auto time = instant(arguments.at);
  return time ? export_as_dicom(arguments.dicom, arguments.input, arguments.out, arguments.report, *time)
              : complain(time.error());
}

int finish(const Result<std::string>& text, const std::string& out) {
  if (!text) {
    return complain(text.error());
  }
  const auto written = write_text(out, *text);
  return written ? kDone : complain(written.error());
}

}  // namespace

void add_export(CLI::App& app, int& code) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("export", "A case with its status as FHIR R4 (mCODE) or HL7 v2.5.1; a scored slide as DICOM");
  command
      ->add_option("case", arguments->input,
                   "Case file, FHIR bundle or HL7 message; for DICOM the folder that her2 ihc wrote")
      ->required();
  command->add_option("-f,--format", arguments->format, "fhir (JSON, the default), fhir-xml, hl7 or dicom")
      ->check(CLI::IsMember({"fhir", "fhir-xml", "hl7", "dicom"}));
  command->add_option("-o,--out", arguments->out, "File to write (default: standard output); for DICOM a folder");
  command->add_option("-e,--edition", arguments->edition, "Edition of the guideline (default: the latest)");
  command->add_option("--at", arguments->at,
                      "Time of writing, 2026-11-23T10:00:00Z (default: now); the rest is the case's");
  command->add_option("--signed-by", arguments->signed_by,
                      "Who answers for it; without it all that was computed is preliminary");
  command->add_option("--report", arguments->report, "A report to send along (.html or .pdf)");
  CLI::Option* number = command->add_option("--patient-id", arguments->patient.value,
                                            "The patient's identifier; none is written unasked");
  CLI::Option* system = command->add_option("--patient-id-system", arguments->patient.system,
                                            "Who gave it: a URI (FHIR) or an assigning authority (HL7)");
  system->needs(number);
  number->needs(system);
  command->add_option("--family", arguments->patient.family, "Family name");
  command->add_option("--given", arguments->patient.given, "Given name");
  command->add_option("--birth-date", arguments->patient.birth_date, "YYYY-MM-DD");
  command->add_option("--gender", arguments->patient.gender, "male, female, other, unknown")
      ->check(CLI::IsMember({"male", "female", "other", "unknown"}));
  command->add_flag("--order", arguments->order,
                    "HL7: not the results but the order for ISH that IHC 2+ asks for (OML^O21)");
  command->add_flag("--naaccr", arguments->naaccr, "HL7: a narrative report after NAACCR Volume V; needs --facility");
  command->add_flag("--production", arguments->production, "HL7: MSH-11 is P, not T");
  command->add_option("--facility", arguments->facility, "HL7: sending facility, MSH-4 (and ORC-21)");
  command->add_option("--facility-address", arguments->facility_address, "HL7 with --naaccr: ORC-22");
  command->add_option("--facility-phone", arguments->facility_phone, "HL7 with --naaccr: ORC-23");
  command->add_option("--provider-address", arguments->provider_address, "HL7 with --naaccr: ORC-24");
  arguments->dicom.add_to(*command);
  arguments->catalog.add_to(*command);
  command->footer(
      "\nExamples:\n"
      "  her2 export case.json --out bundle.json                    FHIR R4 Bundle after mCODE\n"
      "  her2 export case.json --format fhir-xml --out bundle.xml   the same as XML\n"
      "  her2 export case.json --format hl7 --out result.hl7        ORU^R01\n"
      "  her2 export case.json --format hl7 --order                 OML^O21 for the reflex ISH\n"
      "  her2 status bundle.json                                    reads them back\n"
      "  her2 export result/ --format dicom --slide slide.dcm --out dicom/   cells (ANN), measurements (SR), report\n"
      "\nWhat each format keeps and loses: docs/exchange.md.");
  command->callback([arguments, &code] {
    code = arguments->format == "dicom" ? exported_as_dicom(*arguments) : finish(exported(*arguments), arguments->out);
  });
}

void add_import(CLI::App& app, int& code) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("import", "A FHIR bundle or an HL7 v2 message as a case file; DICOM annotations as GeoJSON");
  command->add_option("message", arguments->input, "FHIR R4 (JSON or XML), HL7 v2 ORU^R01, or DICOM annotations")
      ->required();
  command->add_option("-o,--out", arguments->out, "Case file or GeoJSON to write (default: standard output)");
  arguments->catalog.add_to(*command);
  command->footer(
      "\nExamples:\n"
      "  her2 import bundle.json --out case.json\n"
      "  her2 import annotations.dcm --out cells.geojson    opens in QuPath\n"
      "\nNames, birth dates and identifiers of the patient are not taken over.");
  command->callback([arguments, &code] {
    const auto annotations = import_annotations(arguments->input, arguments->out);
    code = annotations ? *annotations : finish(imported(*arguments), arguments->out);
  });
}

}  // namespace her2::app
