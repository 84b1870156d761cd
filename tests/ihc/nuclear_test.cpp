// SPDX-License-Identifier: Apache-2.0
#include "her2/ihc/nuclear_slide.h"

#include <gtest/gtest.h>

#include "her2/core/embedded.h"
#include "made_cells.h"

namespace her2 {
namespace {

using test::add;
using test::empty_table;

Profile profile() {
  Profile p = test::made_profile();
  p.nuclear_weak = 150;
  p.nuclear_moderate = 350;
  p.nuclear_strong = 600;
  return p;
}

MeasuredCell nucleus(int dab, double x_um, double y_um) {
  MeasuredCell cell = test::cell_of(0, true, x_um, y_um);
  cell.nucleus_dab = static_cast<std::int16_t>(dab);
  return cell;
}

NuclearCounts counts(std::uint32_t negative, std::uint32_t weak, std::uint32_t moderate, std::uint32_t strong) {
  return {{negative, weak, moderate, strong}};
}

TEST(Nuclear, ClassesAtTheirCuts) {
  EXPECT_EQ(nuclear_class_of(nucleus(149, 0, 0), profile()), NuclearClass::negative);
  EXPECT_EQ(nuclear_class_of(nucleus(150, 0, 0), profile()), NuclearClass::weak);
  EXPECT_EQ(nuclear_class_of(nucleus(350, 0, 0), profile()), NuclearClass::moderate);
  EXPECT_EQ(nuclear_class_of(nucleus(600, 0, 0), profile()), NuclearClass::strong);
  EXPECT_EQ(nuclear_marker("pgr"), NuclearMarker::pgr);
  EXPECT_FALSE(nuclear_marker("her2"));
  EXPECT_EQ(name_of(NuclearMarker::ki67), "Ki-67");
}

TEST(Nuclear, PercentAndHScore) {
  EXPECT_DOUBLE_EQ(counts(50, 20, 20, 10).percent(), 50);
  EXPECT_DOUBLE_EQ(counts(50, 20, 20, 10).h_score(), 20 + 40 + 30);
  EXPECT_DOUBLE_EQ(counts(0, 0, 0, 0).percent(), 0);
  EXPECT_DOUBLE_EQ(counts(0, 0, 0, 5).h_score(), 300);
}

// 1000 cells of which every fifth is positive: the interval holds the share; files and corrections see classes that are
// nuclear ones in the guise of membranes.
TEST(Nuclear, SlideWithIntervalAndCorrections) {
  CellTable table = empty_table();
  for (int i = 0; i < 1000; ++i) {
    add(table, nucleus(i % 5 == 0 ? 400 : 20, 20.0 * (i % 50), 20.0 * (i / 50)));
  }
  const auto slide = score_nuclear_slide(table, {}, profile());
  ASSERT_TRUE(slide);
  EXPECT_EQ(slide->score.counts.cells, (std::array<std::uint32_t, 4>{800, 0, 200, 0}));
  EXPECT_EQ(slide->cells.membrane[0], MembraneClass::moderate_complete);
  EXPECT_EQ(slide->cells.membrane[1], MembraneClass::unstained);
  EXPECT_DOUBLE_EQ(slide->cells.h_score, 40);
  const Interval negative = percent_interval(slide->replicates, MembraneClass::unstained);
  EXPECT_LT(negative.low, 80);
  EXPECT_GT(negative.high, 80);
  EXPECT_GT(negative.low, 74);
  std::vector<Edit> edits(2);
  edits[0].cell = table.id(1);
  edits[0].action = Edit::Action::membrane;
  edits[0].membrane = MembraneClass::faint_incomplete;  // "Tumor: 1+" of a nucleus
  edits[1].cell = table.id(0);
  edits[1].action = Edit::Action::remove;
  const auto edited = score_nuclear_slide(table, edits, profile());
  ASSERT_TRUE(edited);
  EXPECT_EQ(edited->score.counts.cells, (std::array<std::uint32_t, 4>{799, 1, 199, 0}));
  EXPECT_EQ(edited->cells.membrane[1], MembraneClass::weak_complete);
}

TEST(Nuclear, AllredOnBothSidesOfEachFraction) {
  const auto proportion = [](std::uint32_t positive, std::uint32_t of) {
    return allred(counts(of - positive, positive, 0, 0)).proportion;
  };
  EXPECT_EQ(proportion(0, 1000), 0);
  EXPECT_EQ(proportion(9, 1000), 1);
  EXPECT_EQ(proportion(10, 1000), 2);
  EXPECT_EQ(proportion(100, 1000), 2);
  EXPECT_EQ(proportion(101, 1000), 3);
  EXPECT_EQ(proportion(333, 999), 3);
  EXPECT_EQ(proportion(334, 999), 4);
  EXPECT_EQ(proportion(666, 999), 4);
  EXPECT_EQ(proportion(667, 999), 5);
  EXPECT_EQ(allred(counts(0, 0, 0, 7)).total(), 8);
  EXPECT_EQ(allred(counts(9, 0, 0, 0)).total(), 0);
  EXPECT_EQ(allred(counts(999, 1, 0, 0)).total(), 2);
  EXPECT_EQ(allred(counts(0, 1, 1, 0)).intensity, 2);  // 1.5
  EXPECT_EQ(allred(counts(0, 2, 1, 0)).intensity, 1);  // 1.33
}

TEST(Nuclear, TumourCellsOnlyAndTheHotSpot) {
  // 2 mm x 1 mm, a cell every 20 um; positive in a square of 500 um at (1.25, 0.25) mm.
  CellTable table = empty_table();
  for (int y = 10; y < 1000; y += 20) {
    for (int x = 10; x < 2000; x += 20) {
      const bool hot = x >= 1250 && x < 1750 && y >= 250 && y < 750;
      add(table, nucleus(hot ? 700 : 20, x, y));
    }
  }
  MeasuredCell stroma = nucleus(700, 5, 5);
  stroma.kind = CellKind::stromal;
  table.cells.insert(table.cells.begin(), stroma);
  table = [&] {  // outlines in step
    CellTable out = empty_table();
    for (const MeasuredCell& cell : table.cells) {
      add(out, cell);
    }
    return out;
  }();
  const auto scored = score_cells(table, {}, profile());
  const NuclearScore score = score_nuclei(table, *scored, profile());
  EXPECT_EQ(score.counts.tumour(), 5000U);
  EXPECT_EQ(score.counts.positive(), 625U);
  ASSERT_TRUE(score.hot_spot);
  EXPECT_EQ(score.hot_spot->counts.positive(), 625U);
  EXPECT_EQ(score.hot_spot->counts.tumour(), 625U);
  EXPECT_EQ(score.hot_spot->corner, (SubPoint{5000 * kSubpixels, 1000 * kSubpixels}));
  EXPECT_DOUBLE_EQ(score.hot_spot->side, 2000);
  table.mpp = 0;
  EXPECT_FALSE(score_nuclei(table, *scored, profile()).hot_spot);
}

TEST(Nuclear, FactsOfEachMarker) {
  const Dictionary d = *Dictionary::parse(embedded_file("guidelines/facts.toml").value_or(""), "facts.toml");
  const CellTable table = empty_table();
  const auto er = nuclear_specimen(table, counts(2, 0, 0, 1), NuclearMarker::er, d);
  ASSERT_TRUE(er);
  EXPECT_EQ(er->value(*d.find("er_percent")).exact_number(), Rational(100, 3));
  EXPECT_EQ(value_text(d[*d.find("er_intensity")], er->value(*d.find("er_intensity"))), "strong");
  const auto ki67 = nuclear_specimen(table, counts(9, 1, 0, 0), NuclearMarker::ki67, d);
  EXPECT_EQ(ki67->facts.size(), 1U);
  EXPECT_EQ(ki67->value(*d.find("ki67_percent")).exact_number(), Rational(10));
  EXPECT_FALSE(nuclear_specimen(table, {}, NuclearMarker::pgr, d));
}

}  // namespace
}  // namespace her2
