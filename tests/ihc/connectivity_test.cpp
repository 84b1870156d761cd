// SPDX-License-Identifier: Apache-2.0
#include "her2/ihc/connectivity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "made_cells.h"
#include "real_image.h"

namespace her2 {
namespace {

constexpr double kMpp = 0.25;

Plane<std::int16_t> empty_square(const ConnectivityBlocks& blocks) {
  return {blocks.side + 2 * blocks.halo, blocks.side + 2 * blocks.halo, 50};
}

// A line 1 um wide, 300 mOD over the rest.
void line(Plane<std::int16_t>& dab, int x0, int y0, int length, bool across) {
  for (int i = 0; i < length; ++i) {
    for (int w = -2; w < 2; ++w) {
      const int x = across ? x0 + i : x0 + w;
      const int y = across ? y0 + w : y0 + i;
      if (dab.inside(x, y)) {
        dab.at(x, y) = 350;
      }
    }
  }
}

TEST(Connectivity, SquaresBelongToTheSlide) {
  const ConnectivityBlocks blocks(kMpp);
  EXPECT_EQ(blocks.zoom, 2);
  EXPECT_EQ(blocks.side, 1024);
  EXPECT_EQ(blocks.halo % 2, 0);
  EXPECT_EQ(blocks.block(2, -1), (Box{2048, -1024, 1024, 1024}));
  EXPECT_EQ(ConnectivityBlocks(0.5).zoom, 1);
  EXPECT_EQ(ConnectivityBlocks(0.5).side, 512);
}

TEST(Connectivity, ANetIsConnectedScrapsAreNot) {
  const ConnectivityBlocks blocks(kMpp);
  Plane<std::int16_t> net = empty_square(blocks);
  Plane<std::int16_t> scraps = net;
  for (int i = 0; i < net.width(); i += 60) {  // 15 um
    line(net, 0, i, net.width(), true);
    line(net, i, 0, net.height(), false);
    for (int k = 0; k < net.width(); k += 60) {
      line(scraps, k, i + 10, 40, true);  // 10 um
    }
  }
  const ConnectivitySums whole = connectivity_of(net, blocks, 100);
  EXPECT_DOUBLE_EQ(whole.connectivity(), 1);
  EXPECT_NEAR(static_cast<double>(whole.length) / 1e6, 2 * 17 * 0.256, 0.6);  // mm
  const ConnectivitySums parts = connectivity_of(scraps, blocks, 100);
  EXPECT_DOUBLE_EQ(parts.connectivity(), 0);
  EXPECT_GT(parts.length, 1'500'000U);
  EXPECT_EQ(connectivity_of(net, blocks, 301).length, 0U);  // fainter than asked for

  ConnectivitySums both = whole;
  both += parts;
  EXPECT_EQ(both.squares, 2U);
  EXPECT_EQ(both.length, whole.length + parts.length);
  EXPECT_GT(both.connectivity(), 0.5);
}

TEST(Connectivity, SlabsAreNoMembranes) {
  const ConnectivityBlocks blocks(kMpp);
  Plane<std::int16_t> dab = empty_square(blocks);
  for (int y = 100; y < 700; ++y) {
    std::fill_n(dab.row(y) + 100, 600, std::int16_t{400});
  }
  EXPECT_LT(connectivity_of(dab, blocks, 100).length, 20'000U);  // nm: at most the corners
}

TEST(Connectivity, OpinionAtItsCuts) {
  Profile p = test::made_profile();
  p.connectivity_two = 120;
  p.connectivity_three = 560;
  EXPECT_EQ(connectivity_opinion({}, p).likely, "");
  const auto at = [&](std::uint64_t connected) { return connectivity_opinion({1000, connected, 1}, p); };
  EXPECT_EQ(at(120).likely, "0 or 1+");
  EXPECT_EQ(at(121).likely, "2+");
  EXPECT_EQ(at(560).likely, "2+");
  EXPECT_EQ(at(561).likely, "3+");
  EXPECT_EQ(connectivity_opinion({0, 0, 4}, p).likely, "0 or 1+");
  EXPECT_TRUE(at(0).agrees("0+"));
  EXPECT_FALSE(at(0).agrees("2+"));
  EXPECT_TRUE(at(300).agrees("2+"));
  EXPECT_THAT(at(561).says, testing::StartsWith("0.561 of the membranes' length is connected in pieces of 100 um"));
}

// The three published tiles, over the scales that they may have, as one square each.
TEST(Connectivity, RealTiles) {
  Profile p = test::made_profile();
  p.connectivity_two = 120;
  p.connectivity_three = 560;
  const std::array<std::string, 3> names{"score1_25", "score2_9", "score3_15"};
  const std::array<std::string, 3> likely{"0 or 1+", "2+", "3+"};
  for (std::size_t i = 0; i < 3; ++i) {
    const auto image = test::real_image("ihc/her2_tiles/" + names.at(i) + ".png");
    if (!image) {
      GTEST_SKIP() << "no real data";
    }
    for (const double mpp : {0.6, 0.7, 0.8}) {
      ConnectivityBlocks blocks(mpp);
      blocks.side = 325 - 2 * blocks.halo;
      const ConnectivitySums sums = connectivity_of(image->stains.dab, blocks, 100);
      EXPECT_EQ(connectivity_opinion(sums, p).likely, likely.at(i)) << names.at(i) << " " << sums.connectivity();
    }
  }
}

}  // namespace
}  // namespace her2
