// SPDX-License-Identifier: Apache-2.0
#include "her2/ihc/ensemble.h"

#include <chrono>
#include <numeric>

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
using testing::HasSubstr;

constexpr auto kStrong = static_cast<std::size_t>(MembraneClass::strong_complete);

// side x side cells, 10 um apart; about `percent` of them strong and complete, the others unstained.
CellTable mixed(int side, int percent, std::uint64_t seed) {
  CellTable table = empty_table();
  Random random(seed, 7);
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      const bool strong = random.below(100) < static_cast<std::uint64_t>(percent);
      add(table, cell_of(strong ? 700 : 0, true, x * 10 + 5, y * 10 + 5));
    }
  }
  return table;
}

double mean_percent(const IhcReplicates& replicates, MembraneClass c) {
  double sum = 0;
  for (const ClassCounts& row : replicates.rows) {
    sum += row.percent(c);
  }
  return sum / static_cast<double>(replicates.rows.size());
}

double sd_percent(const IhcReplicates& replicates, MembraneClass c) {
  const double mean = mean_percent(replicates, c);
  double sum = 0;
  for (const ClassCounts& row : replicates.rows) {
    sum += (row.percent(c) - mean) * (row.percent(c) - mean);
  }
  return std::sqrt(sum / static_cast<double>(replicates.rows.size() - 1));
}

TEST(Replicate, SamplingAloneIsTheBinomial) {
  const CellTable table = mixed(100, 20, 3);  // 16 squares of 625 cells
  const auto out = replicate(table, {}, made_profile(), 2000);
  ASSERT_TRUE(out);
  const double share = score_cells(table, {}, made_profile())->counts.percent(MembraneClass::strong_complete);
  EXPECT_NEAR(mean_percent(*out, MembraneClass::strong_complete), share, 0.05);
  EXPECT_NEAR(sd_percent(*out, MembraneClass::strong_complete), std::sqrt(share * (100 - share) / 10000), 0.12);
  for (const ClassCounts& row : out->rows) {
    EXPECT_EQ(row.tumour, std::accumulate(row.cells.begin(), row.cells.end(), 0U));
    EXPECT_EQ(row.tumour, row.cells[0] + row.cells[kStrong]);
  }
}

TEST(Replicate, FewSquaresMeanSingleCells) {
  const CellTable table = mixed(20, 25, 4);  // 200 um
  const auto out = replicate(table, {}, made_profile(), 1000);
  EXPECT_THAT(out->conditional_on, HasSubstr("single cells"));
  const double share = score_cells(table, {}, made_profile())->counts.percent(MembraneClass::strong_complete);
  EXPECT_NEAR(sd_percent(*out, MembraneClass::strong_complete), std::sqrt(share * (100 - share) / 400), 0.2);
  for (const ClassCounts& row : out->rows) {
    EXPECT_EQ(row.tumour, 400U);
  }
}

// What is moved is right: against classing every cell anew at the very thresholds, over the same normal deviates.
TEST(Replicate, ThresholdsMoveTogether) {
  CellTable table = empty_table();
  Random random(5, 5);
  for (int i = 0; i < 20000; ++i) {
    const int contrast = 420 + static_cast<int>(random.below(160));
    add(table, cell_of(contrast, true, (i % 100) * 5, i / 100 * 5.0));
  }
  Profile profile = made_profile();
  profile.sd_t_mem = 20;
  const auto out = replicate(table, {}, profile, 2000);
  // Uniform contrasts: 20 mOD are 12.5 % of the cells.
  const double share = score_cells(table, {}, profile)->counts.percent(MembraneClass::strong_complete);
  EXPECT_NEAR(mean_percent(*out, MembraneClass::strong_complete), share, 1);
  EXPECT_NEAR(sd_percent(*out, MembraneClass::strong_complete), 12.5, 0.6);
  const Interval central = percent_interval(*out, MembraneClass::strong_complete);
  EXPECT_NEAR(central.low, share - 1.96 * 12.5, 2);
  EXPECT_NEAR(central.high, share + 1.96 * 12.5, 2);
}

TEST(Replicate, GainMovesStrongMoreThanFaint) {
  Profile profile = made_profile();
  profile.sd_stain_degrees10 = 30;
  const CellTable table = empty_table();
  // cot of the angle between the vectors, 36.8 degrees, times 3 degrees.
  EXPECT_NEAR(static_cast<double>(gain_sd(table, profile)), 0.05236 * 1.336e6, 700);
  profile.sd_stain_degrees10 = 0;
  profile.sd_white = 2;
  EXPECT_NEAR(static_cast<double>(gain_sd(table, profile)), 2 / (0.7 * 240) * 1e6, 1);
  profile.sd_white = 0;
  EXPECT_EQ(gain_sd(table, profile), 0);
}

// Contrasts uniform around the cut: a factor of 1 +- 7 % moves 500 mOD by 35, which is 11.7 % of the cells.
TEST(Replicate, GainMovesThresholdsInProportion) {
  CellTable table = empty_table();
  Random random(6, 5);
  for (int i = 0; i < 20000; ++i) {
    add(table, cell_of(350 + static_cast<int>(random.below(300)), true, (i % 100) * 5, i / 100 * 5.0));
  }
  Profile profile = made_profile();
  profile.sd_stain_degrees10 = 30;
  const auto out = replicate(table, {}, profile, 2000);
  const double share = score_cells(table, {}, profile)->counts.percent(MembraneClass::strong_complete);
  EXPECT_NEAR(mean_percent(*out, MembraneClass::strong_complete), share, 1.5);  // 500 / (1 + g) is 502.5 on average
  EXPECT_NEAR(sd_percent(*out, MembraneClass::strong_complete), 11.7, 0.7);
}

// Completeness uniform from 0.8 to 1, without gaps.
TEST(Replicate, CompletenessMovesForAllCells) {
  CellTable table = empty_table();
  Random random(8, 5);
  for (int i = 0; i < 20000; ++i) {
    MeasuredCell cell = cell_of(700, true, (i % 100) * 5, i / 100 * 5.0);
    for (LadderStep& step : cell.ladder) {
      step.completeness = static_cast<std::uint16_t>(800 + random.below(200));
      step.longest_gap = 0;
    }
    add(table, cell);
  }
  Profile profile = made_profile();
  profile.complete_from = 900;
  profile.sd_complete = 20;  // a tenth of the cells
  const auto out = replicate(table, {}, profile, 2000);
  const double share = score_cells(table, {}, profile)->counts.percent(MembraneClass::strong_complete);
  EXPECT_NEAR(mean_percent(*out, MembraneClass::strong_complete), share, 1);
  EXPECT_NEAR(sd_percent(*out, MembraneClass::strong_complete), 10, 0.7);
}

TEST(Replicate, KindsChangeSidesWithTheirConfidence) {
  // 3,000 sure strong tumour cells; 1,000 stromal ones at 84 % (one standard deviation from the border), unstained.
  CellTable table = empty_table();
  for (int i = 0; i < 4000; ++i) {
    MeasuredCell cell = cell_of(i % 4 == 0 ? 0 : 700, true, (i % 80) * 10, i / 80 * 10.0);
    if (i % 4 == 0) {
      cell.kind = CellKind::stromal;
      cell.confidence = 84;
    }
    add(table, cell);
  }
  const auto out = replicate(table, {}, made_profile(), 4000);
  const auto in = static_cast<double>(std::count_if(out->rows.begin(), out->rows.end(), [](const ClassCounts& row) {
    return row.percent(MembraneClass::strong_complete) < 87.5;  // more than half of them
  }));
  EXPECT_NEAR(in / 4000, 0.16, 0.02 + 0.06);  // between 0.5 and 1 standard deviation part of them are in

  std::vector<Edit> edits;
  for (std::size_t i = 0; i < table.cells.size(); i += 4) {
    Edit edit;
    edit.cell = table.id(i);
    edit.centroid = table.cells[i].centroid;
    edit.action = Edit::Action::kind;
    edit.kind = CellKind::stromal;
    edits.push_back(edit);
  }
  const auto sure = replicate(table, edits, made_profile(), 200);
  for (const ClassCounts& row : sure->rows) {
    EXPECT_DOUBLE_EQ(row.percent(MembraneClass::strong_complete), 100);
  }
}

TEST(Replicate, OthersInTheDenominator) {
  CellTable table = empty_table();
  for (int i = 0; i < 10000; ++i) {
    MeasuredCell cell = cell_of(i % 4 == 0 || i % 8 == 1 ? 0 : 700, true, (i % 100) * 10, i / 100 * 10.0);
    cell.kind = i % 4 == 0 ? CellKind::stromal : CellKind::tumour;
    add(table, cell);
  }
  Profile profile = made_profile();
  profile.sd_kind = 50;
  const auto out = replicate(table, {}, profile, 2000);
  EXPECT_NEAR(mean_percent(*out, MembraneClass::strong_complete), 100 * 5.0 / 6, 0.4);
  EXPECT_NEAR(sd_percent(*out, MembraneClass::strong_complete), 100 * 5.0 / 6 * 0.05, 0.5);
}

TEST(Replicate, StrongCellsThatWereNotFound) {
  CellTable table = empty_table();
  for (int i = 0; i < 10000; ++i) {
    add(table, cell_of(i % 4 == 0 ? 700 : 0, true, (i % 100) * 10, i / 100 * 10.0));
  }
  Profile profile = made_profile();
  profile.sd_found = 100;
  const auto out = replicate(table, {}, profile, 2000);
  EXPECT_NEAR(mean_percent(*out, MembraneClass::strong_complete), 25, 0.3);
  // s f / (s f + u) changes by s u df where s + u = 1
  EXPECT_NEAR(sd_percent(*out, MembraneClass::strong_complete), 100 * 0.25 * 0.75 * 0.1, 0.2);
}

TEST(Replicate, AnEditedClassStays) {
  CellTable table = empty_table();
  add(table, cell_of(0, true, 5, 5));
  Edit edit;
  edit.cell = table.id(0);
  edit.centroid = table.cells[0].centroid;
  edit.action = Edit::Action::membrane;
  edit.membrane = MembraneClass::weak_complete;
  const auto out = replicate(table, {edit}, made_profile(), 50);
  for (const ClassCounts& row : out->rows) {
    EXPECT_EQ(row.cells[4], 1U);
  }
}

TEST(Replicate, TheSameEveryTimeAndInAnyOrderOfDrawing) {
  Profile profile = made_profile();
  profile.sd_t_mem = 20;
  profile.sd_white = 2;
  profile.sd_stain_degrees10 = 30;
  profile.sd_kind = 50;
  const CellTable table = mixed(100, 12, 9);
  const auto some = replicate(table, {}, profile, 20, 42);
  const auto more = replicate(table, {}, profile, 50, 42);
  const auto other = replicate(table, {}, profile, 20, 43);
  std::size_t differ = 0;
  for (std::size_t r = 0; r < 20; ++r) {
    EXPECT_EQ(some->rows[r].cells, more->rows[r].cells);
    differ += some->rows[r].cells != other->rows[r].cells ? 1U : 0U;
  }
  EXPECT_GT(differ, 15U);
  // The very numbers, so that a processor that differs is found.
  std::uint64_t sum = 0;
  for (const ClassCounts& row : more->rows) {
    for (const std::uint32_t n : row.cells) {
      sum = sum * 31 + n;
    }
  }
  EXPECT_EQ(sum, 891238666830369536U);
}

TEST(Replicate, NothingToReplicate) {
  EXPECT_TRUE(replicate(empty_table(), {}, made_profile())->rows.empty());
  CellTable table = mixed(3, 50, 1);
  table.mpp = 0;
  const auto none = replicate(table, {}, made_profile());
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().text(), HasSubstr("made.svs: cell table: the cell table states no um per pixel"));
}

TEST(LongReplicate, AMillionCells) {
  const CellTable table = mixed(1000, 12, 2);
  Profile profile = made_profile();
  profile.sd_t_mem = 20;
  profile.sd_stain_degrees10 = 30;
  const auto begin = std::chrono::steady_clock::now();
  const auto out = replicate(table, {}, profile);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  EXPECT_EQ(out->rows.size(), 400U);
  RecordProperty("seconds", std::to_string(took.count()));
  EXPECT_LT(took.count(), 30) << "classing is meant to be done per square, not per replicate";
}

}  // namespace
}  // namespace her2
