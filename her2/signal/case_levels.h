// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "her2/signal/field_reading.h"

// What all fields of a case share: where a maximum becomes a signal, and what a single signal looks like.
namespace her2::signal {

// The clear signals that stand alone.
struct SingleSignal {
  double peak = 0, integrated = 0;  // means, as in Spot
  double sigma_px = 0;              // median
  double variation = 0;             // standard deviation of `integrated` over its mean
  std::size_t count = 0;
};

struct ChannelLevels {
  SpotThreshold threshold;
  SingleSignal single;
  double plateau = 1;  // by what factor the threshold can move while counts stay within 3 %
};

struct CaseLevels {
  std::array<ChannelLevels, kIshChannels> channel;
  double usual_area_um2 = 0;                                         // medians of nuclei whose shape is that of one
  double usual_sharpness = 0;                                        // upper quartile
  std::array<double, kIshChannels> usual_ground{}, ground_spread{};  // median, 1.48 MAD
  double usual_inside = 0;
};

// Whether a nucleus's outline is that of one whole nucleus; before signals and the rest of the case are looked at.
bool well_formed(const SeenNucleus& nucleus);

// From some or all fields of a case, in any order: the result is the same.
CaseLevels pool_levels(const std::vector<const FieldReading*>& fields);

// Where a threshold parts what a reader may count from what not: responses from threshold / kDoubt on.
inline constexpr float kDoubt = 1.4F;

}  // namespace her2::signal
