// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "her2/core/error.h"
#include "her2/slide/slide.h"

namespace her2 {

// Everything that her2 does not read itself (NDPI, MRXS, SCN, BIF, VMS, ...), through OpenSlide. One handle for all
// readers; levels are offered in blocks of 512 x 512. Refuses what OpenSlide does not know either.
Result<std::unique_ptr<Slide>> open_with_openslide(const std::string& path);

}  // namespace her2
