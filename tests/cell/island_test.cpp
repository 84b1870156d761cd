// SPDX-License-Identifier: Apache-2.0
#include "her2/cell/island.h"

#include <gtest/gtest.h>

namespace her2 {
namespace {

constexpr int kClear = 120;  // mOD: haematoxylin of the slide's clearer nuclei

// A square "contour" of 10 pixels around the middle of a plane of DAB.
Nucleus nucleus() {
  Nucleus out;
  out.centroid = {32 * kSubpixels, 32 * kSubpixels};
  for (std::size_t i = 0; i < kNucleusPoints; ++i) {
    const int at = static_cast<int>(i % 8) * 40 - 160;
    const int side = 160;
    const std::array<SubPoint, 4> from{{{at, -side}, {side, at}, {-at, side}, {-side, -at}}};
    const SubPoint p = from.at(i / 8);
    out.ring[i] = {out.centroid.x + p.x, out.centroid.y + p.y};
  }
  return out;
}

NucleusShape small_and_angular() { return {.area = 2500, .roundness = 785, .elongation = 120, .inside = 110}; }

TEST(StromaIsland, is_small_angular_pale_and_far_from_brown) {
  const Plane<std::int16_t> white(64, 64, 10);
  EXPECT_TRUE(is_stroma_island(nucleus(), small_and_angular(), kClear, white));
  NucleusShape shape = small_and_angular();
  shape.area = 3600;
  EXPECT_FALSE(is_stroma_island(nucleus(), shape, kClear, white)) << "large";
  shape = small_and_angular();
  shape.roundness = 930;
  EXPECT_FALSE(is_stroma_island(nucleus(), shape, kClear, white)) << "round";
  shape = small_and_angular();
  shape.inside = 140;
  EXPECT_FALSE(is_stroma_island(nucleus(), shape, kClear, white)) << "dark, a fibroblast";
}

TEST(StromaIsland, is_not_what_lies_within_a_stained_membrane) {
  Plane<std::int16_t> brown(64, 64, 600);
  for (int y = 27; y <= 37; ++y) {
    for (int x = 27; x <= 37; ++x) {
      brown.at(x, y) = 20;  // the nucleus itself
    }
  }
  EXPECT_FALSE(is_stroma_island(nucleus(), small_and_angular(), kClear, brown));
}

}  // namespace
}  // namespace her2
