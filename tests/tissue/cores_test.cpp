// SPDX-License-Identifier: Apache-2.0
#include "her2/tissue/cores.h"

#include <cmath>
#include <map>
#include <set>

#include <gtest/gtest.h>

namespace her2 {
namespace {

// Discs on a grid of 3 rows and 5 columns, 60 pixels apart along a row and `down` between rows, tilted by `slope`.
TissueMap array_map(double slope, double down, const std::set<std::pair<int, int>>& missing,
                    std::map<std::pair<int, int>, std::pair<double, double>>* centres = nullptr) {
  TissueMap map;
  map.mpp = 8;
  map.ground.resize(500, 500, static_cast<std::uint8_t>(Ground::glass));
  const double norm = std::sqrt(1 + slope * slope);
  for (int row = 0; row < 3; ++row) {
    for (int column = 0; column < 5; ++column) {
      if (missing.contains({row, column})) {
        continue;
      }
      const double u = 60 * column + (row * 7 + column * 3) % 5 - 2;
      const double v = down * row + (row * 3 + column * 5) % 5 - 2;
      const double x = 120 + (u - v * slope) / norm;
      const double y = 120 + (v + u * slope) / norm;
      for (int py = -20; py <= 20; ++py) {
        for (int px = -20; px <= 20; ++px) {
          if (px * px + py * py <= 400) {
            map.ground.at(static_cast<int>(x) + px, static_cast<int>(y) + py) =
                static_cast<std::uint8_t>(Ground::tissue);
          }
        }
      }
      if (centres != nullptr) {
        (*centres)[{row, column}] = {x, y};
      }
    }
  }
  return map;
}

bool holds(const Core& core, double x, double y) {
  return contains(core.around, {static_cast<std::int32_t>(x * kSubpixels), static_cast<std::int32_t>(y * kSubpixels)});
}

TEST(Cores, RowsAndColumnsOfTiltedArraysWithMissingCores) {
  for (const double slope : {0.0, 0.05, -0.12, 0.2}) {
    for (const double down : {60.0, 75.0, 52.0}) {
      for (const std::set<std::pair<int, int>>& missing :
           {std::set<std::pair<int, int>>{}, {{0, 0}, {1, 2}}, {{0, 1}, {0, 2}, {1, 1}, {1, 2}, {2, 4}}}) {
        std::map<std::pair<int, int>, std::pair<double, double>> centres;
        const auto cores = find_cores(array_map(slope, down, missing, &centres));
        ASSERT_EQ(cores.size(), 15 - missing.size()) << slope << " " << down;
        for (const Core& core : cores) {
          const auto& [x, y] = centres.at({core.row, core.column});
          EXPECT_TRUE(holds(core, x, y)) << core.label << " " << slope << " " << down;
          EXPECT_NEAR(core.area_mm2, 3.14159 * 20 * 20 * 64e-6, 0.01);
        }
      }
    }
  }
}

TEST(Cores, PiecesOfABrokenCoreAreOneAndCrumbsBetweenAreNone) {
  TissueMap map = array_map(0, 60, {});
  for (int x = 100; x < 140; ++x) {  // A1 broken in two
    map.ground.at(x, 118) = map.ground.at(x, 119) = static_cast<std::uint8_t>(Ground::glass);
  }
  for (int i = 0; i < 16; ++i) {  // a crumb between four cores
    map.ground.at(149 + i % 4, 149 + i / 4) = static_cast<std::uint8_t>(Ground::tissue);
  }
  const auto cores = find_cores(map);
  ASSERT_EQ(cores.size(), 15U);
  EXPECT_EQ(cores.front().label, "A1");
  EXPECT_TRUE(holds(cores.front(), 120, 105) && holds(cores.front(), 120, 130));
  for (const Core& core : cores) {
    EXPECT_FALSE(holds(core, 150, 150)) << core.label;
  }
}

void disc(TissueMap& map, double x, double y, int radius) {
  for (int py = -radius; py <= radius; ++py) {
    for (int px = -radius; px <= radius; ++px) {
      if (px * px + py * py <= radius * radius) {
        map.ground.at(static_cast<int>(x) + px, static_cast<int>(y) + py) = static_cast<std::uint8_t>(Ground::tissue);
      }
    }
  }
}

// Cores displaced towards each other until they touch or overlap: a pair in a row, a pair in a column, three at a
// corner.
TEST(Cores, ThoseThatTouchAreCutApart) {
  for (const double slope : {0.0, 0.08}) {
    TissueMap map;
    map.mpp = 8;
    map.ground.resize(460, 400, static_cast<std::uint8_t>(Ground::glass));
    std::map<std::pair<int, int>, std::pair<double, double>> shift{
        {{0, 0}, {7, 1}}, {{0, 1}, {-7, 0}},                       // a pair in a row, overlapping by 4 pixels
        {{1, 4}, {0, 5}}, {{2, 4}, {1, -5}},                       // a pair in a column that just touches
        {{2, 0}, {6, 1}}, {{2, 1}, {-6, -1}}, {{3, 1}, {-2, -12}}  // three
    };
    std::map<std::pair<int, int>, std::pair<double, double>> centres;
    for (int row = 0; row < 4; ++row) {
      for (int column = 0; column < 5; ++column) {
        const auto [dx, dy] = shift[{row, column}];
        const double u = 60 * column + dx;
        const double v = 60 * row + dy;
        centres[{row, column}] = {90 + u - v * slope, 60 + v + u * slope};
        disc(map, centres[{row, column}].first, centres[{row, column}].second, 25);
      }
    }
    const auto cores = find_cores(map);
    ASSERT_EQ(cores.size(), 20U) << slope;
    for (const Core& core : cores) {
      const auto& [x, y] = centres.at({core.row, core.column});
      for (const SubPoint p : core.around) {
        EXPECT_LE(std::hypot(p.x / 32.0 - x, p.y / 32.0 - y), 28) << core.label << " " << slope;
      }
      EXPECT_TRUE(holds(core, x, y)) << core.label << " " << slope;
      EXPECT_NEAR(core.area_mm2, 3.14159 * 25 * 25 * 64e-6, 0.006) << core.label << " " << slope;
    }
  }
}

// A core twice as large as the others, at one place of the array, stays one.
TEST(Cores, ALargeCoreIsNotCut) {
  TissueMap map = array_map(0, 60, {});
  disc(map, 180, 180, 29);
  EXPECT_EQ(find_cores(map).size(), 15U);
}

TEST(Cores, LabelsAndNothing) {
  EXPECT_EQ(core_label(0, 0), "A1");
  EXPECT_EQ(core_label(25, 11), "Z12");
  EXPECT_EQ(core_label(26, 0), "AA1");
  TissueMap empty;
  empty.ground.resize(10, 10, static_cast<std::uint8_t>(Ground::glass));
  EXPECT_TRUE(find_cores(empty).empty());
}

}  // namespace
}  // namespace her2
