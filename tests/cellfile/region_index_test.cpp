// SPDX-License-Identifier: Apache-2.0
// The index answers as the search through all regions does.
#include "her2/cellfile/region_index.h"

#include <random>

#include <gtest/gtest.h>

#include "her2/core/polygon_index.h"

namespace her2 {
namespace {

class RegionIndexOf : public testing::Test {
 protected:
  int next(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }

  // Any points, which may cross each other: the even-odd rule holds for those too.
  Contour ring(SubPoint middle, int size, int points) {
    Contour out;
    for (int i = 0; i < points; ++i) {
      out.push_back({middle.x + next(-size, size), middle.y + next(-size, size)});
    }
    return out;
  }

  Polygon polygon(int side) {
    const SubPoint middle{next(0, side), next(0, side)};
    const int size = next(1, side / (next(0, 9) == 0 ? 2 : 20));
    Polygon out;
    out.rings.push_back({{middle.x - size, middle.y - size},
                         {middle.x + size, middle.y - size},
                         {middle.x + size, middle.y + size},
                         {middle.x - size, middle.y + size}});
    for (int i = next(0, 3); i > 0; --i) {  // holes, and parts beside
      out.rings.push_back(ring(middle, size, next(0, 60)));
    }
    return out;
  }

  // Somewhere, or just where a point of a ring is: ties count.
  SubPoint somewhere(const Regions& regions, int side) {
    const auto& region =
        regions.regions[static_cast<std::size_t>(next(0, static_cast<int>(regions.regions.size()) - 1))];
    const Contour& some = region.area.rings.back();
    if (some.empty() || next(0, 1) == 0) {
      return {next(-10, side + 10), next(-10, side + 10)};
    }
    const SubPoint at = some[static_cast<std::size_t>(next(0, static_cast<int>(some.size()) - 1))];
    return {at.x + next(-1, 1), at.y + next(-1, 1)};
  }

  std::mt19937 random_{3};
};

TEST_F(RegionIndexOf, random_polygons_with_holes_give_the_answers_of_the_search) {
  int inside = 0;
  int ignored = 0;
  for (const int side : {40, 3000, 4000000}) {
    for (const int count : {1, 7, 150}) {
      Regions regions;
      for (int i = 0; i < count; ++i) {
        const int role = next(0, 9);
        regions.regions.push_back({"",
                                   role == 0   ? RegionRole::ignore
                                   : role <= 2 ? RegionRole::control
                                               : RegionRole::measure,
                                   polygon(side)});
      }
      const RegionIndex index(regions);
      for (int i = 0; i < 3000; ++i) {
        const SubPoint p = somewhere(regions, side);
        const bool control = next(0, 3) == 0;
        const int want = regions.find(p, control);
        ASSERT_EQ(index.find(p, control), want) << p.x << ", " << p.y << " of " << count << " in " << side;
        inside += want >= 0 ? 1 : 0;
        ignored += want < 0 ? 1 : 0;
      }
    }
  }
  EXPECT_GT(inside, 1000);
  EXPECT_GT(ignored, 1000);
}

// Edges as tall as the polygon would stand in every band.
TEST_F(RegionIndexOf, tall_teeth_and_nothing) {
  Polygon teeth;
  teeth.rings.emplace_back();
  for (int i = 0; i < 5000; ++i) {
    teeth.rings[0].push_back({i * 10, i % 2 == 0 ? 0 : 100000});
  }
  const PolygonIndex index(teeth);
  for (int i = 0; i < 500; ++i) {
    const SubPoint p{next(-5, 50005), next(-5, 100005)};
    ASSERT_EQ(index.contains(p), teeth.contains(p)) << p.x << ", " << p.y;
  }
  EXPECT_FALSE(PolygonIndex({}).contains({0, 0}));
  EXPECT_FALSE(PolygonIndex({{{{1, 1}}, {}}}).contains({1, 1}));
  EXPECT_EQ(RegionIndex({}).find({0, 0}), -1);
}

}  // namespace
}  // namespace her2
