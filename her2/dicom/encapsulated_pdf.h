// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "her2/core/error.h"
#include "her2/dicom/slide_context.h"

namespace her2 {

struct EncapsulatedPdfOptions {
  std::string instance_uid, series_uid;
  std::string date, time;  // "20261123", "100000"; UTC
  std::string title;       // of the document
  std::string software;    // "her2 0.1.0"
};

// A PDF file as a DICOM Encapsulated PDF of the slide's study. Fails: no PDF (its first bytes), over 512 MB, no room.
Result<void> write_encapsulated_pdf(const std::string& pdf, const SlideContext& context,
                                    const EncapsulatedPdfOptions& options, const std::string& path);

}  // namespace her2
