// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "her2/slide/slide.h"

namespace her2 {

// The same slide; what its readers throw (no memory, a library that throws) is an error with the tile's place.
std::unique_ptr<Slide> guarded(std::unique_ptr<Slide> slide);

}  // namespace her2
