// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "her2/core/error.h"
#include "her2/slide/file_bytes.h"
#include "her2/slide/slide.h"

namespace her2 {

// Opens a TIFF file; null when its layout is a maker's own that OpenSlide knows.
Result<std::unique_ptr<Slide>> open_tiff(const std::shared_ptr<const FileBytes>& file);

}  // namespace her2
