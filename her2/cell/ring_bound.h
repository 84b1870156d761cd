// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

namespace her2 {

// Whether a ring can miss at most `most` of 32 rays' marks, when it moves at most two radii from ray to ray. marks[r]
// has one bit a ray, 1 to 64 radii; `most` is 0 to 15. That it closes is not asked for, so that "no" is certain and
// "yes" is not: a cheap question before the dynamic programming that finds the ring.
bool ring_can_pass(std::span<const std::uint32_t> marks, int most);

}  // namespace her2
