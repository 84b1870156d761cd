// SPDX-License-Identifier: Apache-2.0
#include "her2/ihc/noise_floor.h"

#include <gtest/gtest.h>

#include "made_cells.h"

namespace her2 {
namespace {

using test::add;
using test::cell_of;
using test::empty_table;
using test::made_profile;

ClassCounts counts(std::uint32_t stained, std::uint32_t tumour) {
  ClassCounts out;
  out.cells[0] = tumour - stained;
  out.cells[1] = stained;
  out.tumour = tumour;
  return out;
}

TEST(NoiseFloor, CountsWhatIsFarFromTumour) {
  CellTable table = empty_table();
  const auto other = [&](CellKind kind, int contrast, double x) {
    MeasuredCell cell = cell_of(contrast, false, x, 0);
    cell.kind = kind;
    add(table, cell);
  };
  add(table, cell_of(120, false, 0, 0));
  other(CellKind::stromal, 120, 20);     // not farther than 20 um
  other(CellKind::stromal, 120, 21);     // faint
  other(CellKind::lymphocyte, 0, 60);    // unstained
  other(CellKind::lymphocyte, 300, 70);  // does stain
  other(CellKind::other, 120, 80);       // debris may stain
  auto scored = score_cells(table, {}, made_profile());
  EXPECT_EQ(cannot_be_stained(table, *scored), (std::vector<bool>{false, false, true, true, true, false}));
  const NoiseFloor floor = noise_floor(table, *scored);
  EXPECT_EQ(floor.faint, 1U);
  EXPECT_EQ(floor.cells, 2U);
  EXPECT_DOUBLE_EQ(floor.percent(), 50);
  EXPECT_NEAR(floor.interval().low, 0.0126, 1e-3);
  scored->removed[0] = true;
  EXPECT_TRUE(cannot_be_stained(table, *scored)[1]);
  table.mpp = 0;
  EXPECT_EQ(noise_floor(table, *scored).cells, 0U);
}

// z of the pooled test, by hand: (p1 - p0) / sqrt(p (1 - p) (1/n1 + 1/n0)).
TEST(Staining, PresentOnlyWhenAboveTheFloor) {
  EXPECT_EQ(staining(counts(0, 1000), {0, 0}), MembraneStaining::absent);
  EXPECT_EQ(staining(counts(0, 0), {3, 200}), MembraneStaining::unknown);
  EXPECT_EQ(staining(counts(30, 1000), {0, 0}), MembraneStaining::unknown);
  EXPECT_EQ(staining(counts(36, 1000), {2, 200}), MembraneStaining::absent);   // z 1.92
  EXPECT_EQ(staining(counts(38, 1000), {2, 200}), MembraneStaining::present);  // z 2.01
  EXPECT_EQ(staining(counts(30, 1000), {3, 99}), MembraneStaining::unknown);   // as many, but too few to say so
  EXPECT_EQ(staining(counts(30, 1000), {3, 100}), MembraneStaining::absent);
  EXPECT_EQ(staining(counts(1000, 1000), {200, 200}), MembraneStaining::absent);
  EXPECT_EQ(staining(counts(4'000'000, 4'000'000), {0, 4'000'000}), MembraneStaining::present);
}

}  // namespace
}  // namespace her2
