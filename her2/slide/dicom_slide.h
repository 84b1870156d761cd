// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "her2/core/error.h"
#include "her2/slide/slide.h"

namespace her2 {

// A DICOM VL Whole Slide Microscopy series: a file, whose siblings of the same series are its other levels, or a folder
// with one series.
Result<std::unique_ptr<Slide>> open_dicom(const std::string& path);

}  // namespace her2
