// SPDX-License-Identifier: Apache-2.0
#include "her2/ihc/score.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "her2/stats/random.h"

namespace her2 {
namespace {

using testing::HasSubstr;

Profile profile() {
  Profile p;
  p.t_mem = 100;
  p.t_weak = 150;
  p.t_moderate = 250;
  p.t_strong = 500;
  p.complete_from = 900;
  p.longest_gap = 100;
  p.stained_from = 100;
  return p;
}

MeasuredCell flat(int completeness, int gap, int intensity, int x = 0, int y = 0) {
  MeasuredCell cell;
  cell.kind = CellKind::tumour;
  cell.centroid = {x, y};
  for (LadderStep& step : cell.ladder) {
    step = {static_cast<std::uint16_t>(completeness), static_cast<std::uint16_t>(gap),
            static_cast<std::uint16_t>(intensity)};
  }
  return cell;
}

// Cells in a row, 20 px apart, each with a nucleus of 8 px.
CellTable table_of(const std::vector<MeasuredCell>& cells) {
  CellTable table;
  table.slide_name = "a.svs";
  table.slide_sha256 = "5c4e";
  for (const MeasuredCell& cell : cells) {
    const auto [x, y] = cell.centroid;
    const std::int32_t r = 4 * kSubpixels;
    const Contour nucleus{{x - r, y - r}, {x + r, y - r}, {x + r, y + r}, {x - r, y + r}};
    table.add(cell, nucleus, nucleus);
  }
  return table;
}

TEST(MembraneAt, ExactAtStepsAndLinearBetween) {
  MeasuredCell cell;
  for (std::size_t i = 0; i < kLadderMod.size(); ++i) {
    cell.ladder[i] = {static_cast<std::uint16_t>(1000 - 50 * i), static_cast<std::uint16_t>(30 * i),
                      static_cast<std::uint16_t>(kLadderMod[i] + 100)};
  }
  for (std::size_t i = 0; i < kLadderMod.size(); ++i) {
    const MembraneAt at = membrane_at(cell, kLadderMod[i]);
    EXPECT_EQ(at.completeness, cell.ladder[i].completeness);
    EXPECT_EQ(at.longest_gap, cell.ladder[i].longest_gap);
    EXPECT_EQ(at.intensity, cell.ladder[i].intensity);
  }
  const MembraneAt middle = membrane_at(cell, 110);  // between 100 and 120
  EXPECT_EQ(middle.completeness, 825);
  EXPECT_EQ(middle.longest_gap, 105);
  EXPECT_EQ(middle.intensity, 210);
  EXPECT_EQ(membrane_at(cell, 101).completeness, 848);  // 847.5, half up
  EXPECT_EQ(membrane_at(cell, 10).completeness, 1000);
  EXPECT_EQ(membrane_at(cell, 900).completeness, 450);
}

TEST(MembraneAt, NothingStainedAboveKeepsTheIntensityBelow) {
  MeasuredCell cell;
  cell.ladder[3] = {200, 700, 104};
  const MembraneAt at = membrane_at(cell, 110);
  EXPECT_EQ(at.completeness, 100);
  EXPECT_EQ(at.intensity, 110);  // what is stained at 110 has at least that
  EXPECT_EQ(membrane_at(cell, 130).intensity, 0);
}

TEST(MembraneClassOf, EachCutFromBothSides) {
  const Profile p = profile();
  EXPECT_EQ(membrane_class_of(flat(99, 500, 800), p), MembraneClass::unstained);
  EXPECT_EQ(membrane_class_of(flat(100, 500, 149), p), MembraneClass::faint_incomplete);
  EXPECT_EQ(membrane_class_of(flat(899, 50, 150), p), MembraneClass::weak_incomplete);
  EXPECT_EQ(membrane_class_of(flat(900, 100, 249), p), MembraneClass::weak_complete);
  EXPECT_EQ(membrane_class_of(flat(900, 101, 250), p), MembraneClass::moderate_incomplete);
  EXPECT_EQ(membrane_class_of(flat(1000, 0, 499), p), MembraneClass::moderate_complete);
  EXPECT_EQ(membrane_class_of(flat(1000, 0, 500), p), MembraneClass::strong_complete);
  EXPECT_EQ(membrane_class_of(flat(500, 200, 500), p), MembraneClass::strong_incomplete);
  EXPECT_EQ(membrane_class_of(flat(1000, 0, 100), p), MembraneClass::faint_complete);
}

// Any cell at any threshold is classed by what membrane_at() says of it.
TEST(MembraneCuts, AgreesWithMembraneAt) {
  Random random(11, 0);
  for (int i = 0; i < 20000; ++i) {
    MeasuredCell cell;
    std::uint64_t completeness = 1000;
    for (LadderStep& step : cell.ladder) {
      completeness = random.below(completeness + 1);
      step = {static_cast<std::uint16_t>(completeness), static_cast<std::uint16_t>(random.below(200)),
              static_cast<std::uint16_t>(completeness == 0 ? 0 : random.below(900))};
    }
    Profile p = profile();
    p.t_mem = static_cast<int>(1 + random.below(900));
    const MembraneAt at = membrane_at(cell, p.t_mem);
    const bool complete = at.completeness >= p.complete_from && at.longest_gap <= p.longest_gap;
    const int level = (at.intensity >= p.t_weak) + (at.intensity >= p.t_moderate) + (at.intensity >= p.t_strong);
    const int expected = at.completeness < p.stained_from ? 0 : 1 + 2 * level + (complete ? 1 : 0);
    ASSERT_EQ(static_cast<int>(MembraneCuts(p)(cell)), expected) << p.t_mem;
  }
}

std::vector<MeasuredCell> five() {
  std::vector<MeasuredCell> cells;
  const std::array<int, 5> intensity{120, 200, 300, 600, 600};
  for (int i = 0; i < 5; ++i) {
    cells.push_back(flat(1000, 0, intensity.at(static_cast<std::size_t>(i)), i * 20 * kSubpixels, 0));
  }
  cells[4].kind = CellKind::stromal;
  return cells;
}

TEST(ScoreCells, CountsTumourCellsOnly) {
  const CellTable table = table_of(five());
  const auto scored = score_cells(table, {}, profile());
  ASSERT_TRUE(scored);
  EXPECT_EQ(scored->counts.tumour, 4U);
  EXPECT_EQ(scored->counts.kinds, (std::array<std::uint32_t, 4>{4, 0, 1, 0}));
  EXPECT_DOUBLE_EQ(scored->counts.percent(MembraneClass::strong_complete), 25);
  EXPECT_DOUBLE_EQ(scored->h_score, (1 + 1 + 2 + 3) * 25);
  EXPECT_DOUBLE_EQ(score_cells(CellTable{}, {}, profile())->h_score, 0);
}

Edit edit_of(const CellTable& table, std::size_t cell, Edit::Action action) {
  Edit edit;
  edit.cell = table.id(cell);
  edit.centroid = table.cells[cell].centroid;
  edit.action = action;
  return edit;
}

TEST(ScoreCells, EditsChangeKindClassAndPresence) {
  const CellTable table = table_of(five());
  std::vector<Edit> edits{edit_of(table, 0, Edit::Action::remove), edit_of(table, 4, Edit::Action::kind),
                          edit_of(table, 1, Edit::Action::membrane)};
  edits[1].kind = CellKind::tumour;
  edits[2].membrane = MembraneClass::unstained;
  auto scored = score_cells(table, edits, profile());
  ASSERT_TRUE(scored);
  EXPECT_TRUE(scored->removed[0]);
  EXPECT_EQ(scored->counts.tumour, 4U);
  EXPECT_EQ(scored->counts.cells[0], 1U);
  EXPECT_EQ(scored->counts.cells[8], 2U);

  edits.push_back(edit_of(table, 0, Edit::Action::membrane));  // the last word holds
  scored = score_cells(table, edits, profile());
  EXPECT_FALSE(scored->removed[0]);
  EXPECT_EQ(scored->counts.tumour, 5U);
}

TEST(ScoreCells, FindsTheCellOfAnEditInATableMeasuredAnew) {
  const CellTable table = table_of(five());
  Edit edit = edit_of(table, 2, Edit::Action::remove);
  edit.centroid.x += 3;  // an id of another measurement, near the same nucleus
  edit.cell = "00000000-0000-8000-8000-000000000000";
  EXPECT_TRUE(score_cells(table, {edit}, profile())->removed[2]);
  edit = edit_of(table, 3, Edit::Action::remove);
  edit.centroid = {};  // the id alone is enough
  EXPECT_TRUE(score_cells(table, {edit}, profile())->removed[3]);
}

TEST(ScoreCells, RefusesEditsOfNoCellOrAnotherSlide) {
  const CellTable table = table_of(five());
  Edit edit;
  edit.centroid = {10 * kSubpixels, 10 * kSubpixels};
  const auto nowhere = score_cells(table, {edit}, profile());
  ASSERT_FALSE(nowhere);
  EXPECT_THAT(nowhere.error().text(),
              HasSubstr("edit 1: the cell without id at pixel (10.0, 10.0) is not in the table"));
  edit = edit_of(table, 0, Edit::Action::remove);
  edit.slide_sha256 = "beef";
  const auto other = score_cells(table, {edit}, profile());
  ASSERT_FALSE(other);
  EXPECT_THAT(other.error().text(), HasSubstr("is of a slide with SHA-256 beef"));
}

// One cell in a thousand makes no strong population, one in twenty does.
TEST(Score, rare_classes_count_with_the_next_weaker_one) {
  ClassCounts counts;
  counts.tumour = 1000;
  const auto at = [&counts](MembraneClass c) -> std::uint32_t& { return counts.cells[static_cast<std::size_t>(c)]; };
  at(MembraneClass::strong_complete) = 3;
  at(MembraneClass::moderate_complete) = 4;
  at(MembraneClass::weak_complete) = 2;
  at(MembraneClass::strong_incomplete) = 50;
  at(MembraneClass::faint_incomplete) = 41;
  at(MembraneClass::unstained) = 900;
  const ClassCounts out = without_rare(counts);
  const auto of = [&out](MembraneClass c) { return out.cells[static_cast<std::size_t>(c)]; };
  EXPECT_EQ(of(MembraneClass::strong_complete), 0U);
  EXPECT_EQ(of(MembraneClass::faint_complete), 0U);  // 9 in all, still rare
  EXPECT_EQ(of(MembraneClass::faint_incomplete), 50U);
  EXPECT_EQ(of(MembraneClass::strong_incomplete), 50U);
  EXPECT_EQ(of(MembraneClass::unstained), 900U);
  EXPECT_EQ(out.tumour, 1000U);
}

}  // namespace
}  // namespace her2
