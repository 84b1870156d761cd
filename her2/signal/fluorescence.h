// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "her2/core/plane.h"
#include "her2/signal/spots.h"

namespace her2::signal {

// The channels of a FISH field as means of k x k pixels. Grey levels are brought to 0..255, whatever the camera's
// depth.
struct FishPlanes {
  Plane<float> her2, cep17;     // grey levels
  Plane<std::int16_t> nuclei;   // 1/64 grey level
  Plane<std::uint8_t> clipped;  // bit 0: HER2 at the camera's upper end in any of the pixels, bit 1: CEP17
};

// Which of R, G and B is what.
struct RgbRoles {
  std::size_t nuclei = 2, her2 = 0, cep17 = 1;
};
void fish_planes(const RgbImage& rgb, const RgbRoles& roles, int k, FishPlanes& out);

// The same from a camera's planes, all of one size; `white` is the largest value that they can hold.
void fish_planes(const Plane<std::uint16_t>& nuclei, const Plane<std::uint16_t>& her2,
                 const Plane<std::uint16_t>& cep17, int white, int k, FishPlanes& out);

// Which share of one channel shows in the other: the mode of the ratio of the two at bright spots. True pairs of
// signals lie side by side and do not make a mode. 0 where there are too few spots.
struct Crosstalk {
  double cep17_in_her2 = 0, her2_in_cep17 = 0;
};
// From planes smoothed alike; `spots` of each channel before correction, in nuclei.
Crosstalk find_crosstalk(const Plane<float>& her2, const Plane<float>& cep17, std::span<const Spot> her2_spots,
                         std::span<const Spot> cep17_spots, std::size_t nuclei);
// Takes each channel's share out of the other: the inverse of the 2 x 2 mixing.
void correct(const Crosstalk& crosstalk, Plane<float>& her2, Plane<float>& cep17);

}  // namespace her2::signal
