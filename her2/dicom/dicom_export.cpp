// SPDX-License-Identifier: Apache-2.0
#include "her2/dicom/dicom_export.h"

#include <filesystem>

#include <fmt/format.h>

#include "her2/core/output_file.h"
#include "her2/core/sha256.h"
#include "her2/dicom/encapsulated_pdf.h"
#include "her2/dicom/measurement_report.h"
#include "her2/dicom/slide_result.h"
#include "her2/dicom/uid.h"

namespace her2 {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostJson = std::size_t{64} << 20;

struct Loaded {
  SlideResult result;
  CellStream cells;
  SlideContext context;
  std::vector<std::string> notes;
};

Result<void> use_slide(const DicomExport& wanted, Loaded& loaded) {
  const SlideResult& result = loaded.result;
  if (wanted.slide.empty()) {
    loaded.context = derived_slide_context(result.slide_sha256, result.width, result.height);
    loaded.notes.emplace_back(
        "No DICOM slide was given (--slide): study, series and the slide's own UID are made of the slide's SHA-256.");
    return {};
  }
  auto context = dicom_slide_context(wanted.slide);
  if (!context) {
    return tl::unexpected(context.error());
  }
  if (result.width != 0 && (context->width != result.width || context->height != result.height)) {
    return fail(fmt::format("has {} x {} pixels, but the slide that was scored ({}) has {} x {}; give that one",
                            context->width, context->height, result.slide_name, result.width, result.height),
                {}, wanted.slide);
  }
  const auto hash = sha256_of_file(wanted.slide);
  if (hash && *hash != result.slide_sha256) {
    loaded.notes.push_back(fmt::format(
        "The DICOM slide is not the file that was scored ({}) but has its size; make sure that it is the same slide.",
        result.slide_name));
  }
  loaded.context = std::move(*context);
  return {};
}

Result<Loaded> load(const DicomExport& wanted) {
  const std::string json = (fs::path(wanted.result) / "result.json").string();
  const std::string table = (fs::path(wanted.result) / "cells.h5ad").string();
  const auto text = read_file(json, kMostJson);
  if (!text) {
    return tl::unexpected(located({{}, {}, text.error().reason + "; give a folder that her2 ihc wrote"}, json));
  }
  auto result = parse_slide_result(*text, json);
  if (!result) {
    return tl::unexpected(result.error());
  }
  auto cells = CellStream::open(table);
  if (!cells) {
    return tl::unexpected(cells.error());
  }
  if (cells->slide_sha256 != result->slide_sha256) {
    return fail("is of another slide than result.json beside it", {}, table);
  }
  Loaded out{std::move(*result), std::move(*cells), {}, {}};
  auto done = use_slide(wanted, out);
  if (!done) {
    return tl::unexpected(done.error());
  }
  if (!wanted.pseudonym.empty()) {
    out.context = pseudonymised(out.context, wanted.pseudonym);
  }
  return out;
}

// What makes each object's UID: everything that it holds.
std::string content_of(const Loaded& loaded, const DicomExport& wanted) {
  return fmt::format("{} {} {} {} {} {} {} {} {} {}", loaded.result.content_sha256, loaded.cells.digest, wanted.time,
                     static_cast<int>(wanted.shape), loaded.context.study_uid, loaded.context.instances.front(),
                     loaded.context.patient_id, loaded.context.patient_name, loaded.context.accession,
                     loaded.result.software);
}

std::string tumour_of(const SlideResult& result) { return result.scheme.starts_with("breast") ? "breast" : ""; }

}  // namespace

Result<DicomExported> export_dicom(const DicomExport& wanted) {
  const auto loaded = load(wanted);
  if (!loaded) {
    return tl::unexpected(loaded.error());
  }
  std::error_code failed;
  fs::create_directories(wanted.out, failed);
  if (failed) {
    return fail("cannot be made: " + failed.message(), {}, wanted.out);
  }
  const std::string content = content_of(*loaded, wanted);
  const std::string date = wanted.time.substr(0, 8);
  const std::string time = wanted.time.substr(8);
  const auto uid = [&](std::string_view what) { return derived_uid(fmt::format("her2 {} {}", what, content)); };
  const auto place = [&](const char* name) { return (fs::path(wanted.out) / name).string(); };

  DicomExported out;
  out.notes = loaded->notes;
  const AnnotationsOptions annotations{
      wanted.shape, uid("annotations"), uid("annotations series"), date, time, loaded->result.marker + " cells"};
  const auto written = write_annotations(loaded->cells, loaded->context, annotations, place("annotations.dcm"));
  if (!written) {
    return tl::unexpected(written.error());
  }
  out.annotations = written->annotations;
  out.groups = written->groups;
  out.files.emplace_back("annotations.dcm");

  const MeasurementReportOptions report{
      uid("measurements"),    uid("measurements series"), date, time, annotations.instance_uid,
      annotations.series_uid, tumour_of(loaded->result)};
  if (auto done = write_measurement_report(loaded->result, loaded->context, report, place("measurements.dcm")); !done) {
    return tl::unexpected(done.error());
  }
  out.files.emplace_back("measurements.dcm");

  if (!wanted.pdf.empty()) {
    const auto hash = sha256_of_file(wanted.pdf);
    if (!hash) {
      return tl::unexpected(hash.error());
    }
    const EncapsulatedPdfOptions options{
        uid("report " + *hash), uid("report series"), date, time, loaded->result.marker + " report",
        loaded->result.software};
    if (auto done = write_encapsulated_pdf(wanted.pdf, loaded->context, options, place("report.dcm")); !done) {
      return tl::unexpected(done.error());
    }
    out.files.emplace_back("report.dcm");
  }
  return out;
}

}  // namespace her2
