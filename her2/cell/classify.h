// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "her2/cell/kind.h"
#include "her2/cell/nuclei.h"

namespace her2 {

// What a nucleus looks like, in physical units.
struct NucleusShape {
  std::uint32_t area = 0;        // 0.01 um2
  std::uint16_t roundness = 0;   // 4 pi area / perimeter^2, 1/1000, at most 1000
  std::uint16_t elongation = 0;  // long over short axis of its second moments, 1/100, at most 1000
  int inside = 0;                // mean haematoxylin OD, mOD
};
NucleusShape shape_of(const Nucleus& nucleus, double pitch_um);

struct CellKindCall {
  CellKind kind = CellKind::other;
  std::uint8_t confidence = 0;  // percent, 50 at the border between two kinds
};
// Rules on size, shape and darkness of the nucleus; blind to DAB. `usual_inside` is the slide's median of `inside`. A
// replaceable part: a learned classifier has the same signature.
CellKindCall classify(const NucleusShape& shape, int usual_inside);

}  // namespace her2
