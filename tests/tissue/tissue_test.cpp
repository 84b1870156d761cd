// SPDX-License-Identifier: Apache-2.0
#include "her2/tissue/tissue.h"

#include <gtest/gtest.h>

namespace her2 {
namespace {

constexpr double kMpp = 8;

void fill(RgbImage& image, const Box& box, int r, int g, int b) {
  for (std::int64_t y = box.y; y < box.bottom(); ++y) {
    for (std::int64_t x = box.x; x < box.right(); ++x) {
      // A little noise, as a scanner has.
      const int noise = static_cast<int>((x * 7919 + y * 104729) % 5) - 2;
      std::uint8_t* p = image.at(static_cast<int>(x), static_cast<int>(y));
      p[0] = static_cast<std::uint8_t>(r + noise);
      p[1] = static_cast<std::uint8_t>(g + noise);
      p[2] = static_cast<std::uint8_t>(b + noise);
    }
  }
}

RgbImage glass() {
  RgbImage out(200, 150);
  fill(out, {0, 0, 200, 150}, 240, 241, 239);
  return out;
}

double area(const TissueMap& map, Ground ground) { return map.area_mm2[static_cast<std::size_t>(ground)]; }

TEST(Tissue, white_is_what_glass_gives) {
  RgbImage image = glass();
  fill(image, {20, 20, 100, 100}, 150, 160, 200);
  const WhitePoint white = find_white(image);
  EXPECT_TRUE(white.from_glass);
  EXPECT_NEAR(white.white[0], 240, 1);
  EXPECT_NEAR(white.white[1], 241, 1);
  EXPECT_NEAR(white.white[2], 239, 1);
}

TEST(Tissue, pale_tissue_is_found) {
  RgbImage image = glass();
  fill(image, {40, 30, 80, 60}, 224, 228, 236);  // HER2 0: barely blue
  const TissueMap map = find_tissue(image, kMpp, find_white(image).white);
  EXPECT_NEAR(area(map, Ground::tissue), 80 * 60 * kMpp * kMpp / 1e6, 0.02);
  EXPECT_EQ(map.at(80, 60), Ground::tissue);
  EXPECT_EQ(map.at(5, 5), Ground::glass);
  EXPECT_EQ(map.at(-1, 5), Ground::glass);
}

TEST(Tissue, pens_and_padding_are_no_tissue) {
  RgbImage image = glass();
  fill(image, {40, 30, 60, 60}, 170, 180, 215);
  fill(image, {120, 30, 40, 20}, 60, 160, 90);  // green pen
  fill(image, {120, 60, 40, 20}, 40, 60, 190);  // blue pen
  fill(image, {0, 140, 200, 10}, 3, 3, 3);      // padding
  const TissueMap map = find_tissue(image, kMpp, find_white(image).white);
  EXPECT_EQ(map.at(140, 40), Ground::pen);
  EXPECT_EQ(map.at(140, 70), Ground::pen);
  EXPECT_EQ(map.at(100, 145), Ground::dark);
  EXPECT_EQ(map.at(70, 60), Ground::tissue);
}

TEST(Tissue, brown_and_blue_and_pink_are_tissue) {
  for (const auto& [r, g, b] : {std::array{120, 80, 50}, {90, 100, 160}, {210, 140, 180}}) {
    RgbImage image = glass();
    fill(image, {40, 30, 60, 60}, r, g, b);
    EXPECT_EQ(find_tissue(image, kMpp, find_white(image).white).at(70, 60), Ground::tissue)
        << r << " " << g << " " << b;
  }
}

TEST(Tissue, dust_is_too_small_and_small_holes_belong_to_it) {
  RgbImage image = glass();
  fill(image, {40, 30, 60, 60}, 170, 180, 215);
  fill(image, {60, 50, 6, 6}, 240, 241, 239);
  fill(image, {150, 100, 5, 5}, 150, 150, 160);
  const TissueMap map = find_tissue(image, kMpp, find_white(image).white);
  EXPECT_EQ(map.at(62, 52), Ground::tissue);
  EXPECT_EQ(map.at(152, 102), Ground::small);
}

TEST(Tissue, an_empty_slide_has_none) {
  const RgbImage image = glass();
  EXPECT_EQ(area(find_tissue(image, kMpp, find_white(image).white), Ground::tissue), 0);
}

}  // namespace
}  // namespace her2
