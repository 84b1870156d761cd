// SPDX-License-Identifier: Apache-2.0
#include "her2/slide/dicom_slide.h"

namespace her2 {

Result<std::unique_ptr<Slide>> open_dicom(const std::string& path) {
  return fail("DICOM slides cannot be read yet", {}, path);
}

}  // namespace her2
