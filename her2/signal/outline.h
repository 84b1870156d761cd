// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "her2/core/polygon.h"

namespace her2::signal {

// The outer border of a set of pixels (indices into a plane of width x height), smoothed: 48 points, clockwise on the
// screen, in 1/32 of pixels `pitch` times smaller than the plane's. Of pixels that hang together in several pieces the
// largest piece's border.
Contour outline_of(std::span<const std::int32_t> pixels, int width, int height, int pitch);

// Twice the area of the convex hull.
std::int64_t doubled_hull_area(std::span<const SubPoint> ring);

}  // namespace her2::signal
