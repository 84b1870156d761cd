// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "her2/core/plane.h"
#include "her2/stain/optical_density.h"

// Where there is tissue that can be measured, from a small picture of the whole slide, and what is left out, and why.
namespace her2 {

enum class Ground : std::uint8_t {
  glass,
  tissue,
  pen,    // marker: even, saturated colour that is neither haematoxylin nor DAB
  dark,   // padding, the slide's edge, folds and dirt: hardly any light
  small,  // a piece of tissue too small to be measured
};
inline constexpr std::size_t kGrounds = 5;
std::string_view name_of(Ground ground);

// I0 of R, G and B from a sample of pixels as scanned (not averaged), lying side by side along its rows: the most
// frequent level of what is bright and even, because glass shows nothing but noise, while pale tissue, however bright,
// has structure. When less than a hundredth of the sample is so, there is no glass, and the median of the brightest
// hundredth of each channel is taken.
struct WhitePoint {
  White white{255, 255, 255};
  bool from_glass = false;
};
WhitePoint find_white(const RgbImage& pixels);

struct TissueMap {
  Plane<std::uint8_t> ground;               // Ground, as large as the overview
  double mpp = 0;                           // um per pixel of it
  std::array<double, kGrounds> area_mm2{};  // by Ground
  int threshold = 0;                        // mean OD from which a pixel is tissue, mOD

  [[nodiscard]] Ground at(std::int64_t x, std::int64_t y) const;  // glass outside
};

// `mpp`: um per pixel of the overview, 4 to 16. Pale tissue is found by its chroma, not by darkness alone. `glass`:
// there is some on the slide to tell tissue from; else whatever absorbs at all is tissue.
TissueMap find_tissue(const RgbImage& overview, double mpp, const White& white, bool glass = true);

}  // namespace her2
