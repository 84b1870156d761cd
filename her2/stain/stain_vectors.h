// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "her2/core/error.h"

namespace her2 {

// Optical density of R, G, B that one unit of each stain gives; rows are unit vectors. Default: haematoxylin and DAB of
// Ruifrok and Johnston as QuPath and HistomicsTK have them.
struct StainVectors {
  std::array<double, 3> haematoxylin{0.65, 0.70, 0.29};
  std::array<double, 3> dab{0.27, 0.57, 0.78};
};

// Scaled to length 1. Refuses vectors that are zero, negative in a channel by more than 0.1, or closer than 10 degrees.
Result<StainVectors> unit_vectors(const StainVectors& vectors);

// Cosine of the angle between the two stains (unit vectors).
double cosine(const StainVectors& vectors);

// From OD of R, G, B to amounts of haematoxylin, DAB and what is left (along their cross product), in fixed point:
// stain s is (sum over c of weight[s][c] * od[c] + 2048) >> 12, in the unit of od. Rounded once, so that every
// processor agrees.
struct Unmixing {
  std::array<std::array<std::int32_t, 3>, 3> weight{};
};
Unmixing unmixing(const StainVectors& unit);

}  // namespace her2
