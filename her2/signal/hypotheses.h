// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "her2/core/plane.h"
#include "her2/signal/field_nuclei.h"

namespace her2::signal {

// The ellipse that has a piece's area centroid and second moments: points at `scale` times its border are mean + scale
// * L * unit vector, L lower triangular.
struct Ellipse {
  double x = 0, y = 0;
  double l11 = 0, l21 = 0, l22 = 0;  // 2 * Cholesky factor of the covariance
  double area = 0, elongation = 1;
  [[nodiscard]] bool holds(double px, double py) const {
    const double u = (px - x) / l11;
    const double v = (py - y - l21 * u) / l22;
    return u * u + v * v <= 1;
  }
};
Ellipse ellipse_of(const Moments& moments);

struct Hypothesis {
  double score = 0, ellipse = 0, step = 0;
  std::int64_t area = 0, x = 0, y = 0;  // pixels; sums of coordinates, for ties
  std::vector<std::int32_t> pixels;     // indices into the plane
};

// Candidates on a plane of reduced pixels, `diameter` pixels the expected nucleus, best first.
std::vector<Hypothesis> hypotheses_on(const Plane<std::int16_t>& bright, double diameter, const NucleusSearch& search);

}  // namespace her2::signal
