// SPDX-License-Identifier: Apache-2.0
// What is written is what the table holds: every counted cell once, in the group of its class, with its own points.
#include "her2/dicom/annotations.h"

#include <filesystem>
#include <map>
#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "her2/cellfile/h5ad.h"
#include "her2/cellfile/measurements.h"
#include "her2/core/sha256.h"
#include "her2/dicom/dataset.h"
#include "tests/cellfile/made_up.h"

namespace her2 {
namespace {

class AnnotationsTest : public testing::Test {
 protected:
  AnnotationsTest()
      : folder_(std::filesystem::temp_directory_path() / fmt::format("her2-annotations-{}", ::getpid())),
        table_(test::made_up_table(3000)),
        scored_(score_cells(table_, {}, test::made_up_profile()).value()) {
    std::filesystem::create_directories(folder_);
    scored_.removed[5] = true;
    EXPECT_TRUE(write_h5ad(table_, scored_, test::made_up_profile(), place("cells.h5ad")));
  }
  ~AnnotationsTest() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::string place(const char* name) const { return (folder_ / name).string(); }
  AnnotationsWritten write(AnnotationShape shape, const char* name = "annotations.dcm") {
    const auto cells = CellStream::open(place("cells.h5ad")).value();
    AnnotationsOptions options;
    options.shape = shape;
    options.instance_uid = "2.25.1";
    options.series_uid = "2.25.2";
    options.date = "20261123";
    options.time = "100000";
    const auto written =
        write_annotations(cells, derived_slide_context(table_.slide_sha256, 6000, 2000), options, place(name));
    EXPECT_TRUE(written) << written.error().text();
    return written.value_or(AnnotationsWritten{});
  }

  std::filesystem::path folder_;
  CellTable table_;
  ScoredCells scored_;
};

// Rows of cells by group label, and what each group says of them.
struct ReadGroup {
  std::string type;
  std::vector<float> points;
  std::vector<std::uint32_t> begins;
  std::map<std::string, std::vector<float>> measured;
};

std::vector<float> floats(DcmItem& item, const DcmTagKey& tag) {
  const Float32* values = nullptr;
  unsigned long count = 0;
  EXPECT_TRUE(item.findAndGetFloat32Array(tag, values, &count).good());
  return {values, values + count};
}

std::vector<ReadGroup> read(const std::string& path) {
  DcmFileFormat file;
  EXPECT_TRUE(file.loadFile(path.c_str()).good());
  std::vector<ReadGroup> out;
  DcmItem* item = nullptr;
  for (long i = 0; file.getDataset()->findAndGetSequenceItem(DCM_AnnotationGroupSequence, item, i).good(); ++i) {
    ReadGroup group;
    DcmItem* code = nullptr;
    EXPECT_TRUE(item->findAndGetSequenceItem(DCM_AnnotationPropertyTypeCodeSequence, code).good());
    group.type = dicom::text_of(*code, DCM_CodeValue);
    group.points = floats(*item, DCM_PointCoordinatesData);
    const Uint32* begins = nullptr;
    unsigned long count = 0;
    if (item->findAndGetUint32Array(DCM_LongPrimitivePointIndexList, begins, &count).good()) {
      group.begins.assign(begins, begins + count);
    }
    DcmItem* measured = nullptr;
    for (long m = 0; item->findAndGetSequenceItem(DCM_MeasurementsSequence, measured, m).good(); ++m) {
      DcmItem* values = nullptr;
      measured->findAndGetSequenceItem(DCM_ConceptNameCodeSequence, code);
      measured->findAndGetSequenceItem(DCM_MeasurementValuesSequence, values);
      group.measured[dicom::text_of(*code, DCM_CodeValue)] = floats(*values, DCM_FloatingPointValues);
    }
    out.push_back(std::move(group));
  }
  return out;
}

TEST_F(AnnotationsTest, EveryCountedCellOnceWithItsPointsAndMeasurements) {
  const auto written = write(AnnotationShape::cells);
  EXPECT_EQ(written.annotations, 2999U);
  std::set<std::size_t> seen;
  for (const ReadGroup& group : read(place("annotations.dcm"))) {
    const auto& rows = group.measured.at("TABLE-ROW");
    ASSERT_EQ(rows.size(), group.begins.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto row = static_cast<std::size_t>(rows[i]);
      EXPECT_TRUE(seen.insert(row).second);
      EXPECT_EQ(group.type, annotation_class(scored_.kind[row], std::string(name_of(scored_.membrane[row]))).value);
      EXPECT_EQ(group.measured.at("CELL-PERIMETER")[i], static_cast<float>(table_.cells[row].boundary / 100.0));
      const std::size_t begin = group.begins[i] - 1;
      const std::size_t end = i + 1 < rows.size() ? group.begins[i + 1] - 1 : group.points.size();
      const CellOutline outline = table_.outlines.read(row);
      const auto ring = outline.boundary();
      ASSERT_EQ(end - begin, 2 * ring.size());
      for (std::size_t p = 0; p < ring.size(); ++p) {
        ASSERT_EQ(group.points[begin + 2 * p] * kSubpixels, static_cast<float>(ring[p].x));
        ASSERT_EQ(group.points[begin + 2 * p + 1] * kSubpixels, static_cast<float>(ring[p].y));
      }
    }
  }
  EXPECT_EQ(seen.size(), 2999U);
  EXPECT_EQ(seen.count(5), 0U);
}

TEST_F(AnnotationsTest, PointsAreCentroids) {
  write(AnnotationShape::points);
  for (const ReadGroup& group : read(place("annotations.dcm"))) {
    EXPECT_TRUE(group.begins.empty());
    const auto& rows = group.measured.at("TABLE-ROW");
    ASSERT_EQ(group.points.size(), 2 * rows.size());
    const auto first = static_cast<std::size_t>(rows[0]);
    EXPECT_EQ(group.points[0] * kSubpixels, static_cast<float>(table_.cells[first].centroid.x));
    EXPECT_EQ(group.points[1] * kSubpixels, static_cast<float>(table_.cells[first].centroid.y));
  }
}

TEST_F(AnnotationsTest, SameInputSameBytesAndNothingLeftBehind) {
  write(AnnotationShape::nuclei, "a.dcm");
  write(AnnotationShape::nuclei, "b.dcm");
  EXPECT_EQ(sha256_of_file(place("a.dcm")).value(), sha256_of_file(place("b.dcm")).value());
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), std::filesystem::directory_iterator()), 3);
}

TEST(AnnotationCodes, AreShortAndDistinct) {
  std::set<std::string> values;
  for (const AnnotationCode& code : annotation_measurements()) {
    EXPECT_LE(code.value.size(), 16U);
    EXPECT_TRUE(values.insert(code.value).second) << code.value;
  }
  for (std::size_t c = 0; c < kMembraneClasses; ++c) {
    const auto code = annotation_class(CellKind::tumour, std::string(name_of(static_cast<MembraneClass>(c))));
    EXPECT_LE(code.value.size(), 16U);
    EXPECT_TRUE(values.insert(code.value).second) << code.value;
  }
}

TEST(CellStreamTest, RefusesWhatIsNoCellTable) {
  const auto opened = CellStream::open("/nonexistent.h5ad");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().file, "/nonexistent.h5ad");
}

}  // namespace
}  // namespace her2
