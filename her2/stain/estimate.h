// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "her2/core/plane.h"
#include "her2/stain/optical_density.h"
#include "her2/stain/stain_vectors.h"

// Stain vectors from a slide itself, after Macenko et al. 2009 (doi 10.1109/ISBI.2009.5193250): the two ends of the
// angles that its colours have within the plane of two stains.
namespace her2 {

// OD of R, G, B of the coloured pixels of a sample, mOD. Pixels are means of 3 x 3, every second one of every second
// row: single ones have noise and a neighbour's chroma (JPEG).
using OdSample = std::vector<std::array<std::int16_t, 3>>;
void add_to_sample(const RgbImage& rgb, const OdTable& table, OdSample& out);

// What came of it. Not taken: the slide shows too little of one stain (0.15 OD of it, and more than of the other, in
// less than a twentieth of the coloured pixels), the vectors are less than 30 degrees apart (image_analysis: then both
// are haematoxylin), or one is more than 20 degrees from what the profile says (own).
struct StainEstimate {
  std::optional<StainVectors> vectors;  // unit vectors; nothing: the profile's are to be taken
  std::string says;                     // why, in words: "estimated from this slide: ..."
};

// `prior`: the profile's, unit vectors. The order of the sample does not matter. Arithmetic and square roots alone, so
// that every processor agrees.
StainEstimate estimate_stains(const OdSample& sample, const StainVectors& prior);

// Angle between two vectors of any length, in degrees; for people.
double degrees_between(const std::array<double, 3>& a, const std::array<double, 3>& b);

}  // namespace her2
