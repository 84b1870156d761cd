// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "her2/assay/ish_fields.h"
#include "her2/core/error.h"

namespace her2 {

// Whether a picture is too large to be one field.
bool is_ish_slide(const std::string& path);

// A dual-ISH slide of any size: white, tissue, thresholds and single signals from a fixed sample of areas; then all
// areas with tissue (or regions to measure), each with a margin, on all threads. Areas lie on a fixed grid, so the
// bytes do not depend on threads. A nucleus belongs to the area that holds its centroid.
Result<IshMeasurement> measure_ish_slide(const std::string& path, const IshFieldsOptions& options);

}  // namespace her2
