// SPDX-License-Identifier: Apache-2.0
#include "her2/ihc/heterogeneity.h"

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "her2/stats/random.h"
#include "made_cells.h"

namespace her2 {
namespace {

using test::add;
using test::cell_of;
using test::empty_table;
using test::made_profile;

// 2 mm x 2 mm, a cell every 20 um: 16 fields of 625 cells. `contrast` by place in um.
CellTable table_of(const std::function<int(int, int)>& contrast) {
  CellTable table = empty_table();
  for (int y = 10; y < 2000; y += 20) {
    for (int x = 10; x < 2000; x += 20) {
      add(table, cell_of(contrast(x, y), true, x, y));
    }
  }
  return table;
}

Heterogeneity of(const CellTable& table) { return heterogeneity(table, *score_cells(table, {}, made_profile())); }

TEST(Heterogeneity, TwoPopulations) {
  const Heterogeneity h = of(table_of([](int x, int) { return x < 500 ? 700 : 120; }));  // a quarter is strong
  EXPECT_EQ(h.fields.size(), 16U);
  EXPECT_TRUE(h.populations.discrete);
  EXPECT_DOUBLE_EQ(h.populations.high, 300);
  EXPECT_DOUBLE_EQ(h.populations.low, 100);
  EXPECT_DOUBLE_EQ(h.populations.high_share, 0.25);
  EXPECT_DOUBLE_EQ(h.populations.explained, 1);
  EXPECT_NEAR(h.between_fields, 1, 1e-9);
  EXPECT_NEAR(h.diversity, 1 - 0.0625 - 0.5625, 1e-9);
  EXPECT_EQ(*h.highest, 0U);
  EXPECT_EQ(*h.lowest, 1U);
  EXPECT_THAT(heterogeneity_words(h), testing::Contains(testing::Pair(
                                          "populations", "two: H-score 300 in 25 % of the tumour cells, 100 in 75 %")));
}

TEST(Heterogeneity, AMixIsOnePopulation) {
  Random random(4, 4);
  const Heterogeneity h = of(table_of([&](int, int) { return random.below(4) == 0 ? 700 : 120; }));
  EXPECT_FALSE(h.populations.discrete);
  EXPECT_LT(h.populations.high - h.populations.low, 20);
  EXPECT_LT(h.between_fields, 0.01);
  EXPECT_NEAR(h.diversity, 0.375, 0.02);
}

TEST(Heterogeneity, ASmallGroupIsNoPopulation) {
  const Heterogeneity h = of(table_of([](int x, int y) { return x < 500 && y < 500 ? 700 : 120; }));  // 6 %
  EXPECT_FALSE(h.populations.discrete);
}

TEST(Heterogeneity, FewCells) {
  CellTable table = empty_table();
  EXPECT_EQ(of(table).fields.size(), 0U);
  EXPECT_EQ(heterogeneity_words(of(table)).size(), 2U);
  for (int i = 0; i < 60; ++i) {
    add(table, cell_of(300, true, i * 5, 10));
  }
  const Heterogeneity h = of(table);
  EXPECT_EQ(h.fields.size(), 1U);
  EXPECT_EQ(h.between_fields, 0);
  EXPECT_FALSE(h.populations.discrete);
}

TEST(Regions, CountedApart) {
  CellTable table = empty_table();
  table.regions = {"A1", "A2"};
  for (int i = 0; i < 6; ++i) {
    MeasuredCell cell = cell_of(i < 3 ? 700 : 120, true, i * 20, 0);
    cell.region = static_cast<std::int16_t>(i == 5 ? -1 : i / 3);
    cell.kind = i == 0 ? CellKind::stromal : CellKind::tumour;
    add(table, cell);
  }
  const auto counts = counts_by_region(table, *score_cells(table, {}, made_profile()));
  ASSERT_EQ(counts.size(), 2U);
  EXPECT_EQ(counts[0].tumour, 2U);
  EXPECT_EQ(counts[0].kinds[2], 1U);
  EXPECT_DOUBLE_EQ(h_score_of(counts[0]), 300);
  EXPECT_EQ(counts[1].tumour, 2U);
  EXPECT_DOUBLE_EQ(counts[1].percent(MembraneClass::faint_complete), 100);
}

}  // namespace
}  // namespace her2
