// SPDX-License-Identifier: Apache-2.0
// Slides that scanners and other programs wrote. They are not part of the project; without them the tests are skipped.
// Means were computed by other programs, pixels are compared with OpenSlide's.
#include <cmath>
#include <filesystem>

#include <gtest/gtest.h>
#include <openslide.h>

#include "fixture.h"
#include "tests/places.h"

namespace her2::test {
namespace {

class RealSlides : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(folder())) {
      GTEST_SKIP() << "no real slides in " << folder();
    }
  }
  static std::string folder() { return data_folder() + "/wsi"; }
  static std::string path(const std::string& name) { return folder() + "/" + name; }
};

void expect_mean(const RgbImage& image, double red, double green, double blue, double allowed) {
  double sums[3] = {};
  for (std::size_t i = 0; i < image.bytes().size(); ++i) {
    sums[i % 3] += image.bytes()[i];
  }
  const double count = static_cast<double>(image.bytes().size()) / 3;
  EXPECT_NEAR(sums[0] / count, red, allowed);
  EXPECT_NEAR(sums[1] / count, green, allowed);
  EXPECT_NEAR(sums[2] / count, blue, allowed);
}

RgbImage region(const Slide& slide, const Box& box) {
  auto reader = slide.reader();
  RgbImage out;
  EXPECT_TRUE(read_region(**reader, slide.info(), 0, box, out));
  return out;
}

// Level `level` as OpenSlide reads it, on white.
RgbImage by_openslide(const std::string& path, int level) {
  openslide_t* slide = openslide_open(path.c_str());
  std::int64_t width = 0;
  std::int64_t height = 0;
  openslide_get_level_dimensions(slide, level, &width, &height);
  std::vector<std::uint32_t> pixels(static_cast<std::size_t>(width * height));
  openslide_read_region(slide, pixels.data(), 0, 0, level, width, height);
  EXPECT_EQ(openslide_get_error(slide), nullptr);
  openslide_close(slide);
  RgbImage out(static_cast<int>(width), static_cast<int>(height));
  std::uint8_t* to = out.bytes().data();
  for (const auto pixel : pixels) {
    for (const unsigned shift : {16U, 8U, 0U}) {
      *to++ = static_cast<std::uint8_t>((pixel >> shift & 255U) + 255U - (pixel >> 24U));
    }
  }
  return out;
}

TEST_F(RealSlides, AperioRegion) {
  const auto slide = open(path("CMU-1-Small-Region.svs"));
  ASSERT_TRUE(slide);
  const auto& info = slide->info();
  EXPECT_EQ(info.format, "Aperio SVS");
  ASSERT_EQ(info.levels.size(), 1U);
  EXPECT_EQ(info.levels[0].width, 2220);
  EXPECT_EQ(info.levels[0].height, 2967);
  EXPECT_EQ(info.levels[0].tile_width, 240);
  EXPECT_EQ(*square_mpp(info), 0.499);
  EXPECT_EQ(info.objective, 20);
  EXPECT_EQ(info.left_out, (std::vector<std::string>{"thumbnail", "label", "macro"}));
  constexpr double kAllowed = 0.3;
  const RgbImage all = whole(*slide);
  expect_mean(all, 214.011, 194.810, 207.904, kAllowed);
  expect_mean(region(*slide, {0, 0, 240, 240}), 241.495, 239.539, 240.485, kAllowed);
  expect_mean(region(*slide, {1000, 1500, 240, 240}), 123.602, 81.696, 122.562, kAllowed);
  expect_mean(region(*slide, {1960, 2700, 240, 240}), 243.530, 242.993, 242.993, kAllowed);
  EXPECT_LE(worst(all, by_openslide(path("CMU-1-Small-Region.svs"), 0)), 1);
}

TEST_F(RealSlides, BoxesAreTheSameInTwoFiles) {
  const auto one = open(path("openslide_python/boxes.tiff"));
  const auto other = open(path("small_HE_levels.tiff"));
  ASSERT_TRUE(one && other);
  for (const auto* slide : {one.get(), other.get()}) {
    ASSERT_EQ(slide->info().levels.size(), 4U);
    EXPECT_EQ(slide->info().levels[0].width, 300);
    EXPECT_EQ(slide->info().levels[3].height, 31);
    EXPECT_FALSE(slide->info().mpp_x) << "72 dpi is no scale";
  }
  for (int level = 0; level < 4; ++level) {  // the smaller ones were reduced by different programs
    EXPECT_LE(worst(whole(*one, level), whole(*other, level)), level == 0 ? 0 : 1);
  }
  for (int level = 0; level < 2; ++level) {  // OpenSlide 3.4 shows the two smallest as transparent
    EXPECT_EQ(worst(whole(*one, level), by_openslide(path("openslide_python/boxes.tiff"), level)), 0);
  }
  expect_mean(whole(*one), 159.089, 163.509, 191.502, 0.001);
  EXPECT_EQ(worst(whole(*open(path("openslide_python/boxes.png"))), whole(*one)), 0);
  EXPECT_TRUE(open(path("openslide_python/boxes.png"))->info().has_icc_profile);
  EXPECT_FALSE(open(path("openslide_python/boxes-no-icc.png"))->info().has_icc_profile);
}

TEST_F(RealSlides, DicomWithoutPlacesIsNotScrambled) {
  const auto slide = open(path("small_dicom.dcm"));
  ASSERT_TRUE(slide);
  const auto& info = slide->info();
  EXPECT_EQ(info.levels[0].width, 3236);
  EXPECT_EQ(info.levels[0].height, 2638);
  EXPECT_FALSE(info.mpp_x);
  ASSERT_EQ(info.warnings.size(), 2U);
  EXPECT_NE(info.warnings[1].find("does not state where its frames belong; they are laid out column by column"),
            std::string::npos);
  expect_mean(whole(*slide), 209.908, 189.072, 202.054, 0.3);
}

TEST_F(RealSlides, DicomVolumeWithItsThumbnailBeside) {
  for (const char* name : {"openslide_python/boxes_0.dcm", "openslide_python/boxes_1.dcm"}) {
    const auto slide = open(path(name));
    ASSERT_TRUE(slide);
    EXPECT_EQ(slide->info().levels.size(), 1U);
    EXPECT_EQ(slide->info().levels[0].width, 16);
    EXPECT_DOUBLE_EQ(*square_mpp(slide->info()), 0.499);
    EXPECT_EQ(slide->info().left_out, std::vector<std::string>{"thumbnail"});
    EXPECT_LE(worst(whole(*slide), by_openslide(path("openslide_python/small.svs"), 0)), 40);
  }
}

TEST_F(RealSlides, SmallestSlide) {
  const auto slide = open(path("openslide_python/small.svs"));
  ASSERT_TRUE(slide);
  EXPECT_EQ(slide->info().levels[0].tile_width, 64);
  EXPECT_LE(worst(whole(*slide), by_openslide(path("openslide_python/small.svs"), 0)), 1);
}

TEST_F(RealSlides, WhatMustBeRefusedIs) {
  const auto refused = [&](const char* name) {
    const auto slide = open_slide(path(name));
    return slide ? std::string("opened") : slide.error().text();
  };
  EXPECT_EQ(
      refused("histolab_broken.svs"),
      path("histolab_broken.svs") +
          ": is no slide or image that her2 knows; expected TIFF, SVS, DICOM, PNG, JPEG or a format of OpenSlide");
  EXPECT_NE(refused("openslide_python/unopenable.tiff").find("stored with compression 52479, which her2 cannot read"),
            std::string::npos);
  EXPECT_NE(refused("small_vectra.qptiff").find("3 grey channels of 1920 x 1440 pixels (fluorescence?)"),
            std::string::npos);
  EXPECT_TRUE(open(path("openslide_python/unreadable.svs")));
  EXPECT_NE(complaint(path("openslide_python/unreadable.svs"))
                .find("unreadable.svs: level 0, tile (0, 0): its JPEG data are damaged (Bogus marker length)"),
            std::string::npos);
}

}  // namespace
}  // namespace her2::test
