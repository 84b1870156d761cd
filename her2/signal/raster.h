// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "her2/core/plane.h"

// Small operations on planes that this room shares. Integers, or single precision in a fixed order of + - * / and
// square root, so that every processor gives the same bytes. Beyond the edge the nearest pixel is repeated.
namespace her2::signal {

// Means of k x k pixels, rounded down; what is left over at the right and bottom edge is left out. At least 1 x 1.
void bin(const Plane<std::int16_t>& in, int k, Plane<std::int16_t>& out);

// The least and the greatest value of the (2 radius + 1)^2 square around each pixel; time does not depend on radius.
void erode(const Plane<std::int16_t>& in, int radius, Plane<std::int16_t>& out);
void dilate(const Plane<std::int16_t>& in, int radius, Plane<std::int16_t>& out);

// Gaussian of sigma pixels (0.4 to 20), cut at 3 sigma.
class Blur {
 public:
  explicit Blur(double sigma);
  void operator()(const Plane<float>& in, Plane<float>& out);
  [[nodiscard]] int reach() const { return static_cast<int>(half_.size()) - 1; }

 private:
  std::vector<float> half_;  // the middle and one side; both sides sum to 1
  Plane<float> rows_;
  std::vector<float> line_;
};

// Smallest eigenvalue of the negative Hessian, times `scale`: how much of a bright round dot each pixel of a smooth
// plane is the middle of. 0 where it is no maximum in every direction, and on the outermost pixels.
void dot_response(const Plane<float>& smooth, float scale, Plane<float>& out);

// Natural logarithm and exponential from + - * / alone, to about 1e-9.
double log_of(double x);  // x > 0
double exp_of(double x);  // |x| up to 700

// Half-sample mode (Robertson and Cryer 1974): the middle of where values are densest. `values` is sorted on return;
// must not be empty.
double mode_of(std::vector<double>& values);
// Median; `values` is reordered. Must not be empty.
double median_of(std::vector<double>& values);

}  // namespace her2::signal
