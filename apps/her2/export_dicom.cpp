// SPDX-License-Identifier: Apache-2.0
#include "export_dicom.h"

#include <algorithm>

#include <fmt/format.h>

#include "common.h"
#ifdef HER2_IMAGING
#include "her2/dicom/annotations_read.h"
#include "her2/dicom/dicom_export.h"
#endif

namespace her2::app {

void DicomOptions::add_to(CLI::App& command) {
  command.add_option("--slide", slide, "DICOM: the DICOM slide that was scored; study and UIDs are its own");
  command.add_option("--pseudonym", pseudonym, "DICOM: stands for the patient; names, dates and numbers are left out");
  command.add_option("--annotations", shape, "DICOM: what is drawn of each cell: cells (default), nuclei or points")
      ->check(CLI::IsMember({"cells", "nuclei", "points"}));
}

#ifdef HER2_IMAGING
int export_as_dicom(const DicomOptions& options, const std::string& result, const std::string& out,
                    const std::string& report, const std::string& time) {
  if (out.empty() || out == "-") {
    return complain({{}, {}, "--format dicom writes several files: name a folder with --out"});
  }
  DicomExport wanted{result, out, options.slide, report, options.pseudonym, time, AnnotationShape::cells};
  std::erase_if(wanted.time, [](char c) { return c < '0' || c > '9'; });
  wanted.shape = options.shape == "points"   ? AnnotationShape::points
                 : options.shape == "nuclei" ? AnnotationShape::nuclei
                                             : AnnotationShape::cells;
  const auto done = export_dicom(wanted);
  if (!done) {
    return complain(done.error());
  }
  fmt::print("{}/: {}\n  {} cells in {} groups\n", out, fmt::join(done->files, ", "), done->annotations, done->groups);
  for (const std::string& note : done->notes) {
    fmt::print(stderr, "her2: note: {}\n", note);
  }
  return kDone;
}

std::optional<int> import_annotations(const std::string& path, const std::string& out) {
  if (!is_annotations(path)) {
    return std::nullopt;
  }
  const auto done = annotations_as_geojson(path, out.empty() ? "-" : out);
  if (!done) {
    return complain(done.error());
  }
  for (const std::string& what : done->left_out) {
    fmt::print(stderr, "her2: left out: {}\n", what);
  }
  fmt::print(stderr, "{} annotations in {} groups\n", done->annotations, done->groups);
  return kDone;
}
#else
std::optional<int> import_annotations(const std::string& /*path*/, const std::string& /*out*/) { return std::nullopt; }

int export_as_dicom(const DicomOptions& /*options*/, const std::string& /*result*/, const std::string& /*out*/,
                    const std::string& /*report*/, const std::string& /*time*/) {
  return complain({{}, {}, "--format dicom: this program was built without slides and cells (HER2_IMAGING)"});
}
#endif

}  // namespace her2::app
