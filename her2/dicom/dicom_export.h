// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "her2/core/error.h"
#include "her2/dicom/annotations.h"

namespace her2 {

struct DicomExport {
  std::string result;     // folder that `her2 ihc` wrote: result.json and cells.h5ad
  std::string out;        // folder, made when absent
  std::string slide;      // the DICOM slide that was scored, file or folder; empty: UIDs are made of its content
  std::string pdf;        // a report to encapsulate; empty: none
  std::string pseudonym;  // stands for patient and study (slide_context.h); empty: as the slide says
  std::string time;       // "20261123100000", UTC: the only thing that is not from the result
  AnnotationShape shape = AnnotationShape::cells;
};

struct DicomExported {
  std::vector<std::string> files;  // "annotations.dcm", "measurements.dcm", "report.dcm"
  std::size_t annotations = 0, groups = 0;
  std::vector<std::string> notes;  // one sentence each
};

// A scored slide as DICOM objects of its study: its cells (annotations.h), its measurements (measurement_report.h) and
// a report. UIDs are made of what the objects hold (uid.h): same input, same bytes; another content, another UID. Fails
// when the result's files do not belong together, or the slide has another size than the one that was scored.
Result<DicomExported> export_dicom(const DicomExport& wanted);

}  // namespace her2
