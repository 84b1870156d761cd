// SPDX-License-Identifier: Apache-2.0
#include "her2/cellfile/cells_geojson.h"

#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "her2/cellfile/features.h"
#include "her2/cellfile/h5ad.h"
#include "her2/core/output_file.h"
#include "tests/cellfile/made_up.h"

namespace her2 {
namespace {

using nlohmann::json;
using test::made_up_profile;
using test::made_up_table;

Contour px(std::initializer_list<std::pair<int, int>> points) {
  Contour out;
  for (const auto& [x, y] : points) {
    out.push_back({x * kSubpixels, y * kSubpixels});
  }
  return out;
}

TEST(SimpleRing, KeepsWhatIsSimple) {
  EXPECT_EQ(simple_ring(px({{0, 0}, {4, 0}, {4, 4}, {0, 4}})).size(), 4U);
  EXPECT_EQ(simple_ring(px({{0, 0}, {8, 0}, {8, 8}, {6, 8}, {6, 2}, {2, 2}, {2, 8}, {0, 8}})).size(), 8U);  // a U
  EXPECT_EQ(simple_ring(Contour{{-1, 0}, {33, 0}, {33, 40}})[0], (Centipoint{-3, 0}));  // -3.125 to the nearest
}

TEST(SimpleRing, OtherwiseItsHull) {
  EXPECT_EQ(simple_ring(px({{0, 0}, {4, 4}, {4, 0}, {0, 4}})).size(), 4U);          // a bow tie
  EXPECT_EQ(simple_ring(px({{0, 0}, {8, 0}, {4, 0}, {4, 6}})).size(), 3U);          // runs back over itself
  EXPECT_EQ(simple_ring(px({{0, 0}, {8, 0}, {8, 8}, {4, 0}, {0, 8}})).size(), 4U);  // touches itself
  EXPECT_EQ(simple_ring(px({{5, 5}, {5, 5}, {5, 5}})).size(), 4U);                  // a point
  EXPECT_EQ(simple_ring(px({{0, 0}, {1, 1}, {2, 2}})).size(), 4U);                  // a line
  EXPECT_EQ(simple_ring({}).size(), 4U);
}

TEST(CellsGeojson, IsWhatQupathExpects) {
  const CellTable table = made_up_table(300);
  auto scored = score_cells(table, {}, made_up_profile()).value();
  scored.removed[7] = true;
  const std::string path = test::temporary("cells.geojson.gz");
  ASSERT_TRUE(write_cells_geojson(table, scored, made_up_profile(), path));
  std::vector<json> features;
  const auto outer = read_features(*file_input(path), [&](json feature, std::size_t) -> Result<void> {
    features.push_back(std::move(feature));
    return {};
  });
  std::filesystem::remove(path);
  ASSERT_TRUE(outer) << outer.error().text();
  EXPECT_EQ((*outer)["type"], "FeatureCollection");
  ASSERT_EQ(features.size(), 299U);
  const json& cell = features[0];
  EXPECT_EQ(cell["id"], table.id(0));
  EXPECT_EQ(cell["properties"]["objectType"], "cell");
  const json& ring = cell["nucleusGeometry"]["coordinates"][0];
  EXPECT_EQ(ring.front(), ring.back());
  EXPECT_EQ(ring.size(), 9U);
  const json& measured = cell["properties"]["measurements"];
  EXPECT_EQ(measured["Nucleus: DAB OD mean"].get<double>(), table.cells[0].nucleus_dab / 1000.0);
  EXPECT_TRUE(measured.contains("Membrane: Completeness %"));
  EXPECT_TRUE(measured.contains("Nucleus: Area µm^2"));
  for (const json& feature : features) {
    const json& given = feature["properties"]["classification"];
    EXPECT_EQ(given["color"].size(), 3U);
    EXPECT_EQ(given["names"].size(), given["names"][0] == "Tumor" ? 2U : 1U);
  }
}

TEST(CellsCsv, HasALineForEachCell) {
  const CellTable table = made_up_table(50);
  const auto scored = score_cells(table, {}, made_up_profile()).value();
  const std::string path = test::temporary("cells.csv");
  ASSERT_TRUE(write_cells_csv(table, scored, made_up_profile(), path));
  const std::string text = read_file(path).value();
  std::filesystem::remove(path);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 51);
  EXPECT_TRUE(text.starts_with("id,x_px,y_px,kind,class,removed,region,completeness_percent,"));
  EXPECT_NE(text.find("\"left, \"\"b\"\"\""), std::string::npos);
}

// For tests/system/cellfile_read_back.py: the same table in every format, in the folder HER2_PREVIEW.
TEST(CellfilePreview, WritesEveryFormat) {
  const char* folder = std::getenv("HER2_PREVIEW");
  if (folder == nullptr) {
    GTEST_SKIP() << "set HER2_PREVIEW to a folder";
  }
  CellTable table = made_up_table(2000);
  Outlines outlines;
  for (std::size_t i = 0; i < table.cells.size(); ++i) {
    CellOutline outline = table.outlines.read(i);
    if (i == 0) {
      outline.points[3] = outline.points[1];  // touches itself
    }
    outlines.add(outline.nucleus(), outline.boundary());
  }
  table.outlines = outlines;
  const auto scored = score_cells(table, {}, made_up_profile()).value();
  const std::string base = std::string(folder) + "/cells";
  EXPECT_TRUE(write_cells_geojson(table, scored, made_up_profile(), base + ".geojson.gz"));
  EXPECT_TRUE(write_cells_csv(table, scored, made_up_profile(), base + ".csv"));
  EXPECT_TRUE(write_h5ad(table, scored, made_up_profile(), base + ".h5ad"));
}

}  // namespace
}  // namespace her2
