// SPDX-License-Identifier: Apache-2.0
#include "her2/stain/stain_vectors.h"

#include <algorithm>
#include <cmath>

namespace her2 {
namespace {

using Vector = std::array<double, 3>;

constexpr double kCosineOf10Degrees = 0.984807753;

double dot(const Vector& a, const Vector& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }

Vector cross(const Vector& a, const Vector& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

Vector scaled(const Vector& v, double by) { return {v[0] * by, v[1] * by, v[2] * by}; }

Vector unit(const Vector& v) { return scaled(v, 1 / std::sqrt(dot(v, v))); }

std::int32_t fixed(double weight) { return static_cast<std::int32_t>(std::floor(weight * 4096 + 0.5)); }

}  // namespace

Result<StainVectors> unit_vectors(const StainVectors& vectors) {
  for (const Vector& v : {vectors.haematoxylin, vectors.dab}) {
    if (!(dot(v, v) > 1e-6) || !std::isfinite(dot(v, v)) || *std::min_element(v.begin(), v.end()) < -0.1) {
      return fail("a stain vector must have three densities (R, G, B), none of them negative and not all zero");
    }
  }
  const StainVectors out{unit(vectors.haematoxylin), unit(vectors.dab)};
  if (cosine(out) > kCosineOf10Degrees) {
    return fail("the stain vectors of haematoxylin and DAB are less than 10 degrees apart and cannot be told apart");
  }
  return out;
}

double cosine(const StainVectors& vectors) { return dot(vectors.haematoxylin, vectors.dab); }

Unmixing unmixing(const StainVectors& unit_length) {
  const Vector& h = unit_length.haematoxylin;
  const Vector& d = unit_length.dab;
  const Vector r = unit(cross(h, d));
  // The inverse of the matrix with columns h, d, r has the rows below, over their determinant h . (d x r).
  const double determinant = dot(h, cross(d, r));
  const std::array<Vector, 3> rows{scaled(cross(d, r), 1 / determinant), scaled(cross(r, h), 1 / determinant),
                                   scaled(cross(h, d), 1 / determinant)};
  Unmixing out;
  for (std::size_t s = 0; s < 3; ++s) {
    for (std::size_t c = 0; c < 3; ++c) {
      out.weight[s][c] = fixed(rows[s][c]);
    }
  }
  return out;
}

}  // namespace her2
