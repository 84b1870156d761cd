// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "her2/core/error.h"
#include "her2/dicom/slide_context.h"
#include "her2/dicom/slide_result.h"

namespace her2 {

struct MeasurementReportOptions {
  std::string instance_uid, series_uid;
  std::string date, time;       // "20261123", "100000"; UTC
  std::string annotations_uid;  // the instance with the cells; empty: none
  std::string annotations_series;
  std::string tumour;  // "breast": LOINC's code for breast; else that for tissue
};

// The measurements of a slide as a DICOM Comprehensive 3D SR after TID 1500 (Imaging Measurement Report): one
// measurement group with the score, the share of every class of tumour cells with its interval, the H-score and the
// denominator, and everything that quality was judged on as qualitative evaluations. It is partial and unverified:
// nobody has signed it.
//
// Codes: DCM and UCUM as DCMTK's tables have them; the HER2 IHC score by LOINC 85319-2 (breast) or 18474-7 (tissue)
// with LOINC's answers for 0 to 3+ (dossier of codes in docs/exchange.md); everything else, 0+ too, by our own codes
// 99HER2. Fails: a report that DCMTK finds not to be valid; no room on the disk.
Result<void> write_measurement_report(const SlideResult& result, const SlideContext& context,
                                      const MeasurementReportOptions& options, const std::string& path);

}  // namespace her2
