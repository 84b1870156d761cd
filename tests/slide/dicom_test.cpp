// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "fixture.h"
#include "make_files.h"

namespace her2::test {
namespace {

using testing::Test;

enum class Coding { raw, jpeg, jpeg2000 };

DicomSpec spec_of(const RgbImage& image, int tile, Coding coding = Coding::raw) {
  DicomSpec spec;
  spec.width = image.width();
  spec.height = image.height();
  spec.tile = tile;
  for (const auto& frame : frames_of(image, tile)) {
    spec.frames.push_back(coding == Coding::raw    ? raw(frame)
                          : coding == Coding::jpeg ? make_jpeg(frame, {.quality = 95})
                                                   : make_jpeg2000(frame, true));
  }
  spec.transfer_syntax = coding == Coding::raw    ? "1.2.840.10008.1.2.1"
                         : coding == Coding::jpeg ? "1.2.840.10008.1.2.4.50"
                                                  : "1.2.840.10008.1.2.4.90";
  spec.photometric = coding == Coding::raw ? "RGB" : coding == Coding::jpeg ? "YBR_FULL_422" : "YBR_RCT";
  return spec;
}

TEST(Dicom, FullTilingsOfEveryCoding) {
  const Folder folder;
  const RgbImage image = picture(100, 70);
  for (const auto coding : {Coding::raw, Coding::jpeg, Coding::jpeg2000}) {
    const auto slide = open(folder.write("a.dcm", make_dicom(spec_of(image, 32, coding))));
    ASSERT_TRUE(slide);
    EXPECT_EQ(slide->info().format, "DICOM WSI");
    EXPECT_DOUBLE_EQ(*square_mpp(slide->info()), 0.25);
    EXPECT_LE(worst(whole(*slide), image), coding == Coding::jpeg ? 24 : 0);
    EXPECT_TRUE(slide->info().warnings.empty());
  }
}

TEST(Dicom, RgbIsBelievedUnlessTheStreamSaysOtherwise) {
  const Folder folder;
  const RgbImage image = picture(64, 64);
  auto spec = spec_of(image, 32, Coding::jpeg);
  spec.photometric = "RGB";  // though each stream is JFIF, and so YCbCr
  EXPECT_LE(worst(whole(*open(folder.write("a.dcm", make_dicom(spec)))), image), 24);
  spec.frames.clear();
  for (const auto& frame : frames_of(image, 32)) {
    spec.frames.push_back(make_jpeg(frame, {.quality = 95, .rgb = true}));
  }
  EXPECT_LE(worst(whole(*open(folder.write("b.dcm", make_dicom(spec)))), image), 24);
}

TEST(Dicom, SparseTilesLieWhereTheySayAndTheRestIsGlass) {
  const Folder folder;
  const RgbImage image = picture(96, 64);
  auto spec = spec_of(image, 32);
  const auto frames = spec.frames;
  spec.organisation = "TILED_SPARSE";
  spec.frames = {frames[4], frames[0]};
  spec.positions = {{33, 33}, {1, 1}};
  const auto slide = open(folder.write("a.dcm", make_dicom(spec)));
  ASSERT_TRUE(slide);
  auto reader = slide->reader();
  RgbImage tile;
  EXPECT_TRUE(*(*reader)->read(0, 1, 1, tile));
  EXPECT_EQ(worst(tile, cut(image, {32, 32, 32, 32})), 0);
  EXPECT_TRUE(*(*reader)->read(0, 0, 0, tile));
  EXPECT_FALSE(*(*reader)->read(0, 2, 0, tile));
  EXPECT_EQ(worst(tile, RgbImage(32, 32)), 0);
}

TEST(Dicom, FramesWithoutPlacesAreJoinedByTheirEdgesWithAWarning) {
  const Folder folder;
  RgbImage smooth(160, 96);
  for (int y = 0; y < smooth.height(); ++y) {
    for (int x = 0; x < smooth.width(); ++x) {
      auto* pixel = smooth.at(x, y);
      pixel[0] = static_cast<std::uint8_t>(x + y / 3);
      pixel[1] = static_cast<std::uint8_t>(2 * y + x / 4);
      pixel[2] = static_cast<std::uint8_t>(x);
    }
  }
  auto spec = spec_of(smooth, 32);
  spec.organisation.clear();
  const auto rows = open(folder.write("a.dcm", make_dicom(spec)));
  ASSERT_TRUE(rows);
  EXPECT_EQ(worst(whole(*rows), smooth), 0);
  ASSERT_EQ(rows->info().warnings.size(), 1U);
  EXPECT_NE(rows->info().warnings[0].find("row by row"), std::string::npos);

  const auto in_rows = spec.frames;
  spec.frames.clear();
  for (std::size_t column = 0; column < 5; ++column) {
    for (std::size_t row = 0; row < 3; ++row) {
      spec.frames.push_back(in_rows[row * 5 + column]);
    }
  }
  const auto columns = open(folder.write("a.dcm", make_dicom(spec)));
  ASSERT_TRUE(columns);
  EXPECT_EQ(worst(whole(*columns), smooth), 0);
  ASSERT_EQ(columns->info().warnings.size(), 1U);
  EXPECT_NE(columns->info().warnings[0].find("column by column"), std::string::npos);
}

TEST(Dicom, FilesOfASeriesAreLevelsAndLabelsAreLeftOut) {
  const Folder folder;
  const auto first = folder.write("b.dcm", make_dicom(spec_of(picture(96, 64), 32)));
  (void)folder.write("a.dcm", make_dicom(spec_of(picture(48, 32, 2), 32)));
  auto label = spec_of(picture(32, 32), 32);
  label.flavour = "LABEL";
  const auto label_path = folder.write("c.dcm", make_dicom(label));
  auto other = spec_of(picture(400, 64), 32);
  other.series = "9.9";
  (void)folder.write("d.dcm", make_dicom(other));
  (void)folder.write("notes.txt", "no DICOM");
  for (const auto& path : {first, label_path}) {
    const auto slide = open(path);
    ASSERT_TRUE(slide);
    ASSERT_EQ(slide->info().levels.size(), 2U);
    EXPECT_EQ(slide->info().levels[1].downsample, 2);
    EXPECT_EQ(worst(whole(*slide, 1), picture(48, 32, 2)), 0);
    EXPECT_EQ(slide->info().left_out, std::vector<std::string>{"label"});
  }
  const auto both = open_slide(folder.path(""));
  ASSERT_FALSE(both);
  EXPECT_NE(both.error().text().find("more than one DICOM series"), std::string::npos);
  std::filesystem::remove(folder.path("d.dcm"));
  EXPECT_TRUE(open_slide(folder.path("")));
}

TEST(Dicom, ALabelAloneIsNoSlide) {
  const Folder folder;
  auto label = spec_of(picture(32, 32), 32);
  label.flavour = "LABEL";
  const auto slide = open_slide(folder.write("c.dcm", make_dicom(label)));
  ASSERT_FALSE(slide);
  EXPECT_NE(slide.error().text().find("never read (label)"), std::string::npos);
}

}  // namespace
}  // namespace her2::test
