// SPDX-License-Identifier: Apache-2.0
#include "her2/cellfile/edits_file.h"

#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "her2/cellfile/cells_geojson.h"
#include "her2/core/output_file.h"
#include "tests/cellfile/made_up.h"

namespace her2 {
namespace {

using nlohmann::json;
using test::made_up_profile;
using test::made_up_table;
using testing::HasSubstr;

class Edits : public testing::Test {
 protected:
  Edits() {
    const std::string path = test::temporary("edits.geojson");
    EXPECT_TRUE(write_cells_geojson(table_, scored_, made_up_profile(), path));
    file_ = json::parse(read_file(path).value());
    std::filesystem::remove(path);
  }

  [[nodiscard]] Result<std::vector<Edit>> parse() const {
    const std::string text = file_.dump();
    return parse_edits(memory_input(text), "e.geojson", table_);
  }
  [[nodiscard]] std::string refused() const {
    const auto read = parse();
    return read ? "" : read.error().text();
  }
  void set_class(std::size_t cell, const json& names) {
    file_["features"][cell]["properties"]["classification"] = {{"names", names}, {"color", {1, 2, 3}}};
  }
  [[nodiscard]] std::size_t first(MembraneClass membrane) const {
    for (std::size_t i = 0; i < table_.cells.size(); ++i) {
      if (scored_.kind[i] == CellKind::tumour && scored_.membrane[i] == membrane) {
        return i;
      }
    }
    ADD_FAILURE() << "no such cell";
    return 0;
  }

  CellTable table_ = made_up_table(400);
  ScoredCells scored_ = score_cells(table_, {}, made_up_profile()).value();
  json file_;
};

TEST_F(Edits, AnUnchangedFileHasNone) {
  const auto edits = parse();
  ASSERT_TRUE(edits) << edits.error().text();
  EXPECT_TRUE(edits->empty());
}

TEST_F(Edits, ChangedClassesAndRemovedCells) {
  const std::size_t strong = first(MembraneClass::strong_incomplete);
  const std::size_t faint = first(MembraneClass::faint_incomplete);
  const std::size_t none = first(MembraneClass::unstained);
  set_class(strong, {"Tumor", "1+"});
  set_class(faint, {"Tumor", "1+"});  // as it was
  set_class(none, {"Tumor", "Complete", "2+"});
  const std::size_t other = first(MembraneClass::moderate_incomplete);
  set_class(other, {"Stroma"});
  set_class(first(MembraneClass::weak_incomplete), {"Ignore*"});
  const std::string gone = table_.id(399);
  file_["features"].erase(399);
  const auto edits = parse();
  ASSERT_TRUE(edits) << edits.error().text();
  ASSERT_EQ(edits->size(), 5U);
  const auto scored = score_cells(table_, *edits, made_up_profile());
  ASSERT_TRUE(scored) << scored.error().text();
  EXPECT_EQ(scored->membrane[strong], MembraneClass::weak_incomplete);
  EXPECT_EQ(scored->membrane[faint], MembraneClass::faint_incomplete);
  EXPECT_EQ(scored->membrane[none], MembraneClass::moderate_complete);
  EXPECT_EQ(scored->kind[other], CellKind::stromal);
  EXPECT_TRUE(scored->removed[first(MembraneClass::weak_incomplete)]);
  EXPECT_TRUE(scored->removed[399]);
  EXPECT_EQ(edits->back().cell, gone);

  const std::string ours = edits_json(*edits, table_.slide_sha256);
  const auto again = parse_edits(memory_input(ours), "e.json", table_);
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(edits_json(*again, table_.slide_sha256), ours);
}

TEST_F(Edits, AnnotationsArePassedOver) {
  file_["features"].push_back({{"type", "Feature"}, {"properties", {{"objectType", "annotation"}}}});
  EXPECT_TRUE(parse()->empty());
}

TEST_F(Edits, SaysWhatIsWrongAndWhere) {
  const json whole = file_;
  const std::string id = table_.id(2);
  set_class(2, {"Tumor", "4+"});
  EXPECT_THAT(refused(),
              HasSubstr("e.geojson: feature 3, cell " + id + ": has the class Tumor: 4+, which is not known"));
  file_["features"][2]["properties"].erase("classification");
  EXPECT_THAT(refused(), HasSubstr("has no class; give it one"));
  file_["features"][2]["properties"].erase("metadata");
  EXPECT_THAT(refused(), HasSubstr("has lost its metadata"));
  file_["features"][2]["id"] = "x";
  EXPECT_THAT(refused(), HasSubstr("feature 3: the cell x is not among those of"));
  file_ = whole;
  file_["features"][3] = file_["features"][2];
  EXPECT_THAT(refused(), HasSubstr("stands twice"));
  file_ = whole;
  file_["features"].erase(file_["features"].begin() + 100, file_["features"].end());
  EXPECT_THAT(refused(), HasSubstr("holds only 100 of the 400 cells"));
  file_ = whole;
  file_["features"][0]["properties"]["metadata"]["her2 slide"] = "b";
  EXPECT_THAT(refused(), HasSubstr("belongs to another slide"));
  file_ = json::object();
  EXPECT_THAT(refused(), HasSubstr("holds no cells and no edits"));
  file_["format"] = "her2-edits/9";
  EXPECT_THAT(refused(), HasSubstr("this program reads her2-edits/1"));
  file_["format"] = "her2-edits/1";
  EXPECT_THAT(refused(), HasSubstr("is about another slide"));
  file_["slide_sha256"] = table_.slide_sha256;
  EXPECT_THAT(refused(), HasSubstr("must have a list"));
  file_["edits"] = {{{"x", 1}, {"y", 2}, {"action", "explode"}}};
  EXPECT_THAT(refused(), HasSubstr("e.geojson: edit 1: \"action\" must be remove"));
  file_["edits"] = {{{"x", 1}, {"action", "remove"}}};
  EXPECT_THAT(refused(), HasSubstr("\"y\" must be the cell's place"));
}

}  // namespace
}  // namespace her2
