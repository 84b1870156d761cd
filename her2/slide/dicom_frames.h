// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "her2/core/error.h"
#include "her2/slide/dicom_instance.h"

namespace her2 {

// Where the frames are. `value` is the file's byte after the header of its pixel data, `implicit` how that header is
// written. Fills fragments and first_fragment.
Result<void> find_dicom_frames(DicomInstance& instance, std::uint64_t value, bool implicit);

}  // namespace her2
