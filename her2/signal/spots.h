// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "her2/core/plane.h"
#include "her2/signal/field_nuclei.h"

namespace her2::signal {

// A place where a channel is brighter than all around: a signal, or texture, until a threshold parts them. Lengths in
// the plane's pixels, (0, 0) its corner.
struct Spot {
  float x = 0, y = 0;         // of the middle
  float response = 0;         // smallest eigenvalue of the negative Hessian, scale normalised: the plane's units
  float peak = 0;             // of the smoothed plane over its surroundings
  float sigma = 0;            // of the spot before smoothing, from peak over curvature
  float integrated = 0;       // sum over the surroundings out to 3 sigma, plane's units x pixels
  std::int32_t nucleus = -1;  // index; -1: none
  bool clipped = false;       // the camera was at its end there
};

struct SpotSearch {
  double filter_px = 2;  // sigma of the smoothing
  double radius_px = 4;  // out to where a spot's light is summed
  float least_response = 0;
};

// All maxima of dot_response(smooth) over `least_response`, row by row. `smooth` is `plane` smoothed with filter_px;
// `clipped` has `bit` set where the camera was at its end. Only what lies in a nucleus is measured beyond its response.
std::vector<Spot> find_spots(const Plane<float>& plane, const Plane<float>& smooth, const FieldNuclei& nuclei,
                             const Plane<std::uint8_t>& clipped, std::uint8_t bit, const SpotSearch& search);

// The threshold on responses that parts signals from texture, from all maxima in nuclei of a case in one channel: the
// geometric mean of four rules, none of which holds alone: sqrt((m + 3 q) ref), 0.4 ref, Otsu's on a linear scale, m +
// 8 q; m is the median, q 1.48 times the median absolute deviation, ref the median of the N brightest of N nuclei.
struct SpotThreshold {
  float value = 0;
  float median = 0, spread = 0, reference = 0;
  bool any = false;  // false: nothing in this channel stands out of its texture
};
struct Maximum {
  float response = 0, sigma = 0;
};
SpotThreshold find_threshold(std::vector<Maximum> maxima, std::size_t nuclei);

}  // namespace her2::signal
