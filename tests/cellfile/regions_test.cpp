// SPDX-License-Identifier: Apache-2.0
#include "her2/cellfile/regions.h"

#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "her2/cellfile/gzip.h"
#include "tests/cellfile/made_up.h"

namespace her2 {
namespace {

using testing::HasSubstr;

constexpr const char* kSquare = R"({"type":"Polygon","coordinates":[[[0,0],[10,0],[10,10],[0,10],[0,0]]]})";

std::string feature(const std::string& geometry, const std::string& properties) {
  return R"({"type":"Feature","id":"PathAnnotationObject","geometry":)" + geometry + R"(,"properties":)" + properties +
         "}";
}
std::string collection(const std::string& features) {
  return R"({"type":"FeatureCollection","features":[)" + features + "]}";
}
Result<Regions> parse(const std::string& text) { return parse_regions(memory_input(text), "r.geojson"); }
std::string refused(const std::string& text) {
  const auto read = parse(text);
  return read ? "" : read.error().text();
}
SubPoint at(int x, int y) { return {x * kSubpixels, y * kSubpixels}; }

TEST(Regions, ClassesAndNames) {
  const auto read = parse(collection(
      feature(kSquare, R"({"objectType":"annotation","classification":{"name":"Tumor","color":[200,0,0]}})") + "," +
      feature(kSquare, R"({"objectType":"annotation","name":"edge","classification":{"names":["Tumor","3+"]}})") + "," +
      feature(kSquare, R"({"classification":"Control"})") + "," +
      feature(kSquare, R"({"classification":{"name":"Ignore*","colorRGB":-4934476}})") + "," +
      feature(kSquare, R"({"objectType":"annotation"})")));
  ASSERT_TRUE(read) << read.error().text();
  ASSERT_EQ(read->regions.size(), 5U);
  EXPECT_EQ(read->regions[0].name, "Tumor 1");
  EXPECT_EQ(read->regions[1].name, "edge");
  EXPECT_EQ(read->regions[2].role, RegionRole::control);
  EXPECT_EQ(read->regions[3].role, RegionRole::ignore);
  EXPECT_EQ(read->regions[4].role, RegionRole::measure);
  EXPECT_EQ(read->regions[4].name, "Region 1");
}

TEST(Regions, HolesPartsAndIgnoredAreas) {
  const auto read =
      parse(collection(feature(R"({"type":"MultiPolygon","coordinates":[[[[0,0],[30,0],[30,30],[0,30],[0,0]],
              [[10,10],[20,10],[20,20],[10,20],[10,10]]],[[[100,0],[110,0],[110,10],[100,10],[100,0]]]]})",
                               R"({"classification":{"name":"Tumor"}})") +
                       "," +
                       feature(R"({"type":"Polygon","coordinates":[[[0,0],[5,0],[5,5],[0,5],[0,0]]]})",
                               R"({"classification":"Ignore*"})")));
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(read->find(at(7, 7)), 0);
  EXPECT_EQ(read->find(at(15, 15)), -1);  // hole
  EXPECT_EQ(read->find(at(105, 5)), 0);   // second part
  EXPECT_EQ(read->find(at(2, 2)), -1);    // ignored
  EXPECT_EQ(read->find(at(7, 7), true), -1);
}

TEST(Regions, ForReadsBareListsAndSingleFeatures) {
  EXPECT_TRUE(parse("[" + feature(kSquare, "{}") + "]"));
  EXPECT_TRUE(parse(feature(kSquare, "{}")));
  EXPECT_TRUE(parse("\xEF\xBB\xBF" + collection(feature(kSquare, "{}"))));
}

TEST(Regions, AnEllipseGivenByItsBoxIsRound) {
  const auto read = parse(
      feature(R"({"type":"Polygon","isEllipse":true,"coordinates":[[[0,0],[20,0],[20,10],[0,10],[0,0]]]})", "{}"));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->find(at(10, 1)), 0);
  EXPECT_EQ(read->find(at(1, 1)), -1);
  EXPECT_EQ(read->find(at(19, 9)), -1);
  EXPECT_EQ(read->find(at(19, 5)), 0);
}

TEST(Regions, SaysWhatIsWrongAndWhere) {
  EXPECT_THAT(refused(""), HasSubstr("r.geojson: byte 1: is not valid JSON"));
  EXPECT_THAT(refused("3"), HasSubstr("must hold GeoJSON features"));
  EXPECT_THAT(refused("{}"), HasSubstr("has no region to measure"));
  EXPECT_THAT(refused("[[1]]"), HasSubstr("feature 1: must be a GeoJSON feature"));
  EXPECT_THAT(refused(collection(feature(kSquare, R"({"classification":"Ignore*"})"))),
              HasSubstr("has no region to measure"));
  EXPECT_THAT(refused(collection(feature(kSquare, "{}") + "," + feature(kSquare, R"({"classification":"Tumro"})"))),
              HasSubstr("r.geojson: feature 2: has the class Tumro, which is not known"));
  EXPECT_THAT(refused(feature(kSquare, R"({"objectType":"cell"})")), HasSubstr("is a cell; regions are annotations"));
  EXPECT_THAT(refused(feature(R"({"type":"Point","coordinates":[1,2]})", "{}")), HasSubstr("is a Point; only closed"));
  EXPECT_THAT(refused(feature("null", "{}")), HasSubstr("has no geometry"));
  EXPECT_THAT(refused(feature(R"({"type":"Polygon","coordinates":[[[0,0],[1,1],[0,0]]]})", "{}")),
              HasSubstr("feature 1, ring 1: a ring must have at least three different points"));
  EXPECT_THAT(refused(feature(R"({"type":"Polygon","coordinates":[[[0,0],[1,"a"],[0,1]]]})", "{}")),
              HasSubstr("point 2 must be [x, y]"));
  EXPECT_THAT(refused(feature(R"({"type":"Polygon","coordinates":[[[0,0],[1e30,1],[0,1]]]})", "{}")),
              HasSubstr("point 2 must be [x, y]"));
  EXPECT_THAT(refused("{\"a\":" + std::string(100000, '[')), HasSubstr("nested deeper than 32 levels"));
}

TEST(Regions, FilesPackedOrNotAndCutShort) {
  const std::string path = test::temporary("regions.geojson.gz");
  {
    auto file = TextFile::create(path).value();
    ASSERT_TRUE(file.write(collection(feature(kSquare, "{}"))));
    ASSERT_TRUE(file.commit());
  }
  const auto read = read_regions(path);
  EXPECT_TRUE(read) << read.error().text();
  std::filesystem::resize_file(path, 40);
  const auto cut = read_regions(path);
  ASSERT_FALSE(cut);
  EXPECT_THAT(cut.error().text(), HasSubstr(path + ": cannot be read: the gzip file was cut short"));
  std::filesystem::remove(path);
  EXPECT_THAT(read_regions(path).error().text(), HasSubstr("cannot be opened"));
  EXPECT_THAT(read_regions("/tmp").error().text(), HasSubstr("is a folder"));
}

}  // namespace
}  // namespace her2
