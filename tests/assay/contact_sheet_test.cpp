// SPDX-License-Identifier: Apache-2.0
// A contact sheet shows the pixels asked for, with rings where signals are.
#include <gtest/gtest.h>

#include "her2/assay/contact_sheet.h"

namespace her2 {
namespace {

NucleusTable table_of(int nuclei) {
  NucleusTable table;
  table.assay = IshAssay::dual_ish;
  table.fields.resize(1);
  table.areas = {""};
  for (int i = 0; i < nuclei; ++i) {
    const std::int32_t x = 3200 * (i + 1);
    IshNucleus nucleus;
    nucleus.centroid = {x, 3200};
    nucleus.counts[0].clear = 1;
    const Contour square{{x - 960, 2240}, {x + 960, 2240}, {x + 960, 4160}, {x - 960, 4160}};
    const std::vector<IshSignal> signals{{IshChannel::her2, SignalState::clear, false, 90, 80, 100, 0, {x, 3200}}};
    table.add(nucleus, signals, square);
  }
  return table;
}

TEST(ContactSheet, RingsAndPixels) {
  const NucleusTable table = table_of(9);
  std::vector<std::size_t> nuclei(9);
  for (std::size_t i = 0; i < nuclei.size(); ++i) {
    nuclei[i] = i;
  }
  std::vector<Box> asked;
  const auto pixels = [&](std::uint32_t, const Box& box) -> Result<RgbImage> {
    asked.push_back(box);
    return RgbImage(static_cast<int>(box.width), static_cast<int>(box.height), 240);
  };
  const auto sheet = contact_sheet(table, nuclei, 1, pixels);
  ASSERT_TRUE(sheet);
  EXPECT_EQ(asked.size(), 9U);
  EXPECT_TRUE(asked[0].contains(100, 100));
  EXPECT_EQ(sheet->width(), kSheetColumns * (kSheetTile + 3) - 3);
  EXPECT_EQ(sheet->height(), 2 * (kSheetTile + 3) - 3);
  // The middle is the field's pixel, and the ring around it is not.
  const int middle = kSheetTile / 2;
  EXPECT_EQ(sheet->at(middle, middle)[1], 240);
  int ring = 0;
  for (int dx = -9; dx <= 9; ++dx) {
    ring += sheet->at(middle + dx, middle)[1] < 50 ? 1 : 0;
  }
  EXPECT_GE(ring, 2);
  const auto broken = contact_sheet(table, nuclei, 1, [](std::uint32_t, const Box&) -> Result<RgbImage> {
    return fail("cannot be read", {}, "f.jpg");
  });
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().file, "f.jpg");
}

}  // namespace
}  // namespace her2
