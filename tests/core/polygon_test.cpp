// SPDX-License-Identifier: Apache-2.0
#include "her2/core/polygon.h"

#include <random>

#include <gtest/gtest.h>

namespace her2 {
namespace {

TEST(Polygon, area_and_inside_of_a_square) {
  const Contour square{{0, 0}, {64, 0}, {64, 64}, {0, 64}};
  EXPECT_EQ(doubled_area(square), 2 * 64 * 64);
  EXPECT_TRUE(contains(square, {0, 0}));
  EXPECT_FALSE(contains(square, {64, 10}));
  EXPECT_FALSE(contains(square, {10, 64}));
}

TEST(Polygon, a_hole_is_outside) {
  const Polygon ring{{{{0, 0}, {320, 0}, {320, 320}, {0, 320}}, {{96, 96}, {224, 96}, {224, 224}, {96, 224}}}};
  EXPECT_TRUE(ring.contains({50, 50}));
  EXPECT_FALSE(ring.contains({160, 160}));
}

// Rows give exactly the pixels whose centres contains() finds, for rings of any shape, crossing themselves too.
TEST(Polygon, rows_are_what_contains_finds) {
  std::mt19937 random(7);
  std::uniform_int_distribution<std::int32_t> at(-200, 900);
  RingRows rows;
  for (int trial = 0; trial < 200; ++trial) {
    Contour ring;
    const std::int32_t scale = trial % 20 == 0 ? 9 : 1;
    for (int i = 0; i < 3 + trial % 9; ++i) {
      ring.push_back({at(random) * scale, at(random) * scale});
    }
    std::vector<std::pair<int, int>> filled;
    rows.each(ring, [&](std::int32_t y, std::int32_t first, std::int32_t end) {
      for (std::int32_t x = first; x < end; ++x) {
        filled.emplace_back(y, x);
      }
    });
    std::vector<std::pair<int, int>> asked;
    for (int y = -10 * scale; y < 32 * scale; ++y) {
      for (int x = -10 * scale; x < 32 * scale; ++x) {
        if (contains(ring, {x * kSubpixels + 16, y * kSubpixels + 16})) {
          asked.emplace_back(y, x);
        }
      }
    }
    ASSERT_EQ(filled, asked) << "trial " << trial;
  }
}

}  // namespace
}  // namespace her2
