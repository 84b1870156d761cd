// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "her2/core/error.h"
#include "her2/core/plane.h"
#include "her2/slide/slide.h"

namespace her2 {

// The whole slide in an image whose longer side is at most `size` pixels (never more than the slide has): means of the
// pixels of the nearest finer level, in integers, so that the bytes do not depend on `threads`.
Result<RgbImage> make_thumbnail(const Slide& slide, int size, int threads);

}  // namespace her2
