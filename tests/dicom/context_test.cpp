// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "her2/dicom/dataset.h"
#include "her2/dicom/send.h"
#include "her2/dicom/slide_context.h"
#include "her2/dicom/slide_result.h"
#include "her2/dicom/uid.h"

namespace her2 {
namespace {

using testing::HasSubstr;

class ContextTest : public testing::Test {
 protected:
  ContextTest() : folder_(std::filesystem::temp_directory_path() / fmt::format("her2-context-{}", ::getpid())) {
    std::filesystem::create_directories(folder_);
  }
  ~ContextTest() override { std::filesystem::remove_all(folder_); }

  // The attributes of a whole slide image, without pixels.
  std::string slide(const char* name, const std::string& instance, unsigned width, const std::string& series = "1.2.4",
                    const char* kind = "VOLUME") {
    DcmFileFormat file;
    dicom::Filler data(*file.getDataset());
    data.text(DCM_SpecificCharacterSet, "ISO_IR 100")
        .text(DCM_SOPClassUID, "1.2.840.10008.5.1.4.1.1.77.1.6")
        .text(DCM_SOPInstanceUID, instance)
        .text(DCM_PatientName, "M\xFCller^Eva")
        .text(DCM_PatientID, "P1")
        .text(DCM_PatientBirthDate, "19600102")
        .text(DCM_StudyInstanceUID, "1.2.3")
        .text(DCM_SeriesInstanceUID, series)
        .text(DCM_FrameOfReferenceUID, "1.2.5")
        .text(DCM_AccessionNumber, "A7")
        .text(DCM_ContainerIdentifier, "S26-1 A1")
        .u32(DCM_TotalPixelMatrixColumns, width)
        .u32(DCM_TotalPixelMatrixRows, 50);
    file.getDataset()->putAndInsertString(DCM_ImageType, fmt::format("ORIGINAL\\PRIMARY\\{}\\NONE", kind).c_str());
    const std::string path = (folder_ / name).string();
    EXPECT_TRUE(dicom::save(file, path));
    return path;
  }

  std::filesystem::path folder_;
};

TEST_F(ContextTest, TheFinestLevelOfTheSeriesIsWhatObjectsReferTo) {
  const std::string small = slide("b.dcm", "1.2.9.2", 50);
  slide("a.dcm", "1.2.9.1", 100);
  slide("c.dcm", "1.2.9.3", 9000, "1.2.77");
  slide("d.dcm", "1.2.9.4", 200, "1.2.4", "LABEL");
  const auto context = dicom_slide_context(small);
  ASSERT_TRUE(context) << context.error().text();
  EXPECT_EQ(context->instances, std::vector<std::string>{"1.2.9.1"});
  EXPECT_EQ(context->width, 100);
  EXPECT_EQ(context->study_uid, "1.2.3");
  EXPECT_EQ(context->patient_name, "M\xC3\xBCller^Eva");  // in UTF-8
  EXPECT_EQ(context->birth_date, "19600102");
  EXPECT_THAT(dicom_slide_context(folder_.string()).error().text(), HasSubstr("several series"));
}

TEST_F(ContextTest, APseudonymLeavesNothingOfThePatient) {
  const auto context = dicom_slide_context(slide("a.dcm", "1.2.9.1", 100)).value();
  const auto other = pseudonymised(context, "CASE-7");
  EXPECT_EQ(other.patient_id, "CASE-7");
  for (const std::string& text : {other.patient_name, other.birth_date, other.accession, other.container,
                                  other.study_date, other.study_id, other.referring}) {
    EXPECT_EQ(text, "");
  }
  for (const std::string& uid : {other.study_uid, other.series_uid, other.frame_of_reference, other.instances[0]}) {
    EXPECT_THAT(uid, testing::StartsWith("2.25."));
  }
  EXPECT_EQ(pseudonymised(context, "CASE-7").study_uid, other.study_uid);
  EXPECT_NE(pseudonymised(context, "CASE-8").study_uid, other.study_uid);
}

TEST_F(ContextTest, WhatIsNoSlideIsRefused) {
  EXPECT_THAT(dicom_slide_context("/nonexistent.dcm").error().text(), HasSubstr("no DICOM whole slide image"));
  EXPECT_THAT(dicom_slide_context(slide("a.dcm", "not a uid", 100)).error().text(), HasSubstr("UID"));
}

TEST_F(ContextTest, SendingSaysWhatIsWrong) {
  const std::string file = slide("a.dcm", "1.2.9.1", 100);
  EXPECT_THAT(send_by_c_store({file}, {"127.0.0.1", 1, "ANY-SCP", "HER2", 2}).error().text(),
              HasSubstr("127.0.0.1:1: no association"));
  EXPECT_THAT(send_by_c_store({file}, {"127.0.0.1", 1, "A TITLE THAT IS TOO LONG", "HER2", 2}).error().text(),
              HasSubstr("1 to 16 characters"));
  EXPECT_THAT(send_by_c_store({"/nonexistent.dcm"}, {"127.0.0.1", 1}).error().text(),
              HasSubstr("cannot be read as DICOM"));
  EXPECT_THAT(send_by_stow({file}, {"http://127.0.0.1:1/dicom-web", {}, {}, 2}).error().text(),
              HasSubstr("http://127.0.0.1:1/dicom-web/studies: was not reached"));
  EXPECT_THAT(send_by_stow({file}, {"file:///etc", {}, {}, 2}).error().text(), HasSubstr("was not reached"));
}

TEST(SlideResultTest, NamesTheMemberThatIsWrong) {
  EXPECT_THAT(parse_slide_result("{", "r.json").error().text(), HasSubstr("r.json: is no JSON"));
  EXPECT_THAT(parse_slide_result("{\"schema\": \"her2-ihc/2\"}", "r.json").error().text(), HasSubstr("schema"));
  EXPECT_THAT(parse_slide_result("{\"schema\": \"her2-ihc/1\", \"marker\": 7}", "r.json").error().text(),
              HasSubstr("member \"marker\": must be a text"));
}

}  // namespace
}  // namespace her2
