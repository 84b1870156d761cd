// SPDX-License-Identifier: Apache-2.0
#include "her2/ihc/drawing.h"

#include <gtest/gtest.h>

namespace her2 {
namespace {

struct Scene {
  CellTable table;
  ScoredCells scored;

  void add(int x, int y, MembraneClass membrane, CellKind kind = CellKind::tumour) {
    MeasuredCell cell;
    cell.centroid = {x * kSubpixels, y * kSubpixels};
    const auto square = [&](int r) {
      return Contour{{(x - r) * kSubpixels, (y - r) * kSubpixels},
                     {(x + r) * kSubpixels, (y - r) * kSubpixels},
                     {(x + r) * kSubpixels, (y + r) * kSubpixels},
                     {(x - r) * kSubpixels, (y + r) * kSubpixels}};
    };
    table.add(cell, square(8), square(20));
    scored.membrane.push_back(membrane);
    scored.kind.push_back(kind);
    scored.removed.push_back(false);
  }
};

Rgb pixel(const RgbImage& image, int x, int y) {
  const std::uint8_t* p = image.at(x, y);
  return {p[0], p[1], p[2]};
}

TEST(Drawing, OutlinesHaveTheColourOfTheirClass) {
  Scene scene;
  scene.add(50, 50, MembraneClass::strong_complete);
  scene.add(150, 50, MembraneClass::strong_complete);
  scene.scored.removed[1] = true;
  scene.add(1000, 50, MembraneClass::strong_complete);  // outside
  RgbImage picture(200, 100, 10);
  draw_outlines(picture, {0, 0, 200, 100}, scene.table, scene.scored);
  EXPECT_EQ(pixel(picture, 30, 50), colour_of(MembraneClass::strong_complete));
  EXPECT_EQ(pixel(picture, 50, 50), (Rgb{10, 10, 10}));
  EXPECT_EQ(pixel(picture, 130, 50), (Rgb{10, 10, 10}));
  EXPECT_GT(pixel(picture, 28, 50)[1], 10);  // the light edge
}

TEST(Drawing, AnotherScaleAndPlace) {
  Scene scene;
  scene.add(1050, 2050, MembraneClass::unstained, CellKind::stromal);
  RgbImage picture(400, 400);
  draw_outlines(picture, {1000, 2000, 100, 100}, scene.table, scene.scored, {.nuclei = true, .width = 4});
  EXPECT_EQ(pixel(picture, 120, 200), kOtherCellColour);  // left edge of the cell: 30 px in
  EXPECT_EQ(pixel(picture, 168, 200), kOtherCellColour);  // of the nucleus: 42 px in
  EXPECT_EQ(pixel(picture, 200, 200), (Rgb{255, 255, 255}));
}

TEST(Drawing, IncompleteMembranesAreDashed) {
  Scene scene;
  scene.add(50, 50, MembraneClass::weak_incomplete);
  RgbImage picture(100, 100);
  draw_outlines(picture, {0, 0, 100, 100}, scene.table, scene.scored);
  int drawn = 0;
  for (int x = 30; x < 70; ++x) {
    drawn += pixel(picture, x, 30) == colour_of(MembraneClass::weak_incomplete) ? 1 : 0;
  }
  EXPECT_GT(drawn, 8);
  EXPECT_LT(drawn, 32);
}

TEST(Drawing, NothingIsDrawnBeyondThePicture) {
  Scene scene;
  for (const auto& [x, y] : {std::pair{0, 0}, {99, 99}, {-30, 50}, {50, 125}, {100, 0}}) {
    scene.add(x, y, MembraneClass::moderate_complete);
  }
  RgbImage picture(37, 53);
  draw_outlines(picture, {0, 0, 100, 100}, scene.table, scene.scored);
  RgbImage none;
  draw_outlines(none, {0, 0, 100, 100}, scene.table, scene.scored);
  EXPECT_TRUE(none.empty());
}

TEST(Drawing, HeatMapShowsMeanIntensity) {
  Scene scene;
  scene.add(10, 10, MembraneClass::strong_complete);
  scene.add(12, 10, MembraneClass::unstained);
  scene.add(90, 90, MembraneClass::strong_complete, CellKind::lymphocyte);
  const RgbImage map = heat_map(RgbImage(50, 50, 200), 100, 100, scene.table, scene.scored, 10);
  const Rgb middle = heat_colour(1500);
  EXPECT_NEAR(pixel(map, 5, 5)[0], (middle[0] * 205 + 228 * 50) / 255, 1);
  EXPECT_EQ(pixel(map, 45, 45), (Rgb{228, 228, 228}));  // pale grey
  EXPECT_EQ(heat_colour(0), colour_of(MembraneClass::unstained));
  EXPECT_EQ(heat_colour(2000), colour_of(MembraneClass::moderate_complete));
  EXPECT_EQ(heat_colour(9999), colour_of(MembraneClass::strong_complete));
}

TEST(Drawing, ExampleFieldsAreWhereAClassIsBestSeen) {
  Scene scene;
  scene.add(50, 50, MembraneClass::weak_complete);
  for (int i = 0; i < 5; ++i) {
    scene.add(900 + 10 * i, 950, MembraneClass::weak_complete);
    scene.add(400 + 10 * i, 400, MembraneClass::unstained);
  }
  const auto fields = example_fields(scene.table, scene.scored, 200, 1000, 1000);
  ASSERT_EQ(fields.size(), 2U);
  EXPECT_EQ(fields[0].membrane, MembraneClass::unstained);
  EXPECT_EQ(fields[1].cells, 5U);
  EXPECT_EQ(fields[1].box, (Box{800, 800, 200, 200}));
  EXPECT_TRUE(fields[0].box.contains(400, 400));
  EXPECT_TRUE(example_fields({}, {}, 200, 10, 10).empty());
}

}  // namespace
}  // namespace her2
