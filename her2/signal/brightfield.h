// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "her2/core/plane.h"

// Dual ISH in bright field: HER2 is black silver, CEP17 red, nuclei are blue. Linear unmixing of three stains fails
// here (silver and haematoxylin absorb too much alike); what is used instead was measured to work on real fields: black
// = min(OD_R - 0.1 max(OD_G - OD_R, 0), OD_G), red = T_R - T_G, nuclei = OD_R + OD_G / 2.
namespace her2::signal {

using WhiteLevel = std::array<int, 3>;  // what glass gives in R, G, B, 1 to 255

// How far a camera's green picture lies from its red one, pixels: green(x + dx, y + dy) belongs to red(x, y).
struct ChannelShift {
  int dx = 0, dy = 0;
  int dots = 0;  // that it was found from; below 8 it is taken for none
};
// From black dots, which are neutral. Up to 6 pixels.
ChannelShift find_channel_shift(const RgbImage& rgb);

// Means of k x k pixels.
struct DualIshPlanes {
  Plane<float> black;           // mOD
  Plane<float> red;             // 1/1000 of white
  Plane<std::int16_t> nuclei;   // mOD
  Plane<std::uint8_t> clipped;  // bit 0: green at its end below in any of the pixels, bit 1: red
};
void dual_ish_planes(const RgbImage& rgb, const WhiteLevel& white, ChannelShift shift, int k, DualIshPlanes& out);

}  // namespace her2::signal
