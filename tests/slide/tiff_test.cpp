// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "fixture.h"
#include "her2/slide/colour.h"
#include "her2/slide/slide.h"
#include "her2/slide/tiff_writer.h"
#include "make_files.h"

namespace her2::test {
namespace {

TEST(Tiff, LayoutsOfEveryKindGiveTheSamePixels) {
  const Folder folder;
  const RgbImage image = picture(150, 70);
  for (const bool big : {false, true}) {
    for (const bool big_endian : {false, true}) {
      for (const int tile : {0, 32}) {
        const auto bytes = make_tiff({{tiff_page(image, tile)}, big, big_endian, {}});
        const auto slide = open(folder.write("a.tif", bytes));
        ASSERT_TRUE(slide);
        EXPECT_EQ(slide->info().format, tile == 0 ? "plain TIFF" : "generic tiled TIFF");
        EXPECT_EQ(worst(whole(*slide), image), 0) << big << big_endian << tile;
      }
    }
  }
}

TEST(Tiff, JpegTilesAreWhatTheirTagSays) {
  const Folder folder;
  const RgbImage image = picture(100, 90);
  for (const auto packing : {Packing::jpeg_rgb, Packing::jpeg_ycbcr}) {
    const auto slide = open(folder.write("a.tif", make_tiff({{tiff_page(image, 64, packing)}})));
    ASSERT_TRUE(slide);
    EXPECT_EQ(slide->info().compression, "JPEG");
    EXPECT_EQ(slide->info().subsampling, "4:4:4");
    EXPECT_LE(worst(whole(*slide), image), 24);
  }
}

TEST(Tiff, Jpeg2000TilesWithAndWithoutTransform) {
  const Folder folder;
  const RgbImage image = picture(100, 90);
  const auto rgb = open(folder.write("a.svs", make_tiff({{tiff_page(image, 64, Packing::jpeg2000_rgb)}})));
  ASSERT_TRUE(rgb);
  EXPECT_EQ(rgb->info().compression, "JPEG 2000");
  EXPECT_EQ(worst(whole(*rgb), image), 0);

  const auto ycbcr = open(folder.write("b.svs", make_tiff({{tiff_page(image, 64, Packing::jpeg2000_ycbcr)}})));
  ASSERT_TRUE(ycbcr);
  RgbImage expected = image;
  for (std::size_t i = 0; i < expected.bytes().size(); i += 3) {
    auto* pixel = &expected.bytes()[i];
    ycbcr_to_rgb(pixel[0], pixel[1], pixel[2], pixel);
  }
  EXPECT_EQ(worst(whole(*ycbcr), expected), 0);
}

TEST(Tiff, AbsentTilesAreWhiteAndSaidToBeAbsent) {
  const Folder folder;
  auto page = tiff_page(picture(64, 64), 32);
  page.blocks[2].clear();
  const auto slide = open(folder.write("a.tif", make_tiff({{page}})));
  ASSERT_TRUE(slide);
  auto reader = slide->reader();
  RgbImage tile;
  EXPECT_TRUE(*(*reader)->read(0, 0, 0, tile));
  EXPECT_FALSE(*(*reader)->read(0, 0, 1, tile));
  EXPECT_EQ(worst(tile, RgbImage(32, 32)), 0);
  EXPECT_FALSE((*reader)->read(0, 2, 0, tile));
}

TEST(Tiff, PyramidsLeaveOutWhatIsNoLevel) {
  const Folder folder;
  auto label = tiff_page(picture(40, 40), 0);
  label.fields[270] = text_field("Aperio Image Library v1\nlabel 40x40");
  auto first = tiff_page(picture(128, 96), 32);
  first.fields[270] =
      text_field("Aperio Image Library v1\r\n128x96 (32x32) JPEG/RGB|AppMag = 40|MPP = 0.2520|User = Name");
  auto second = tiff_page(picture(64, 48), 32);
  second.fields[270] = first.fields[270];
  const auto slide = open(folder.write("a.svs", make_tiff({{first, second, label}})));
  ASSERT_TRUE(slide);
  const auto& info = slide->info();
  EXPECT_EQ(info.format, "Aperio SVS");
  EXPECT_EQ(info.scanner, "Aperio Image Library v1");
  ASSERT_EQ(info.levels.size(), 2U);
  EXPECT_EQ(info.levels[1].downsample, 2);
  EXPECT_EQ(info.left_out, std::vector<std::string>{"label"});
  EXPECT_EQ(info.mpp_x, 0.252);
  EXPECT_EQ(info.objective, 40);
  EXPECT_EQ(level_for(info, 1.9), 0);
  EXPECT_EQ(level_for(info, 2), 1);
  EXPECT_EQ(level_for(info, 100), 1);
}

TEST(Tiff, OnlyABelievableResolutionIsAScale) {
  const Folder folder;
  struct Case {
    std::uint32_t pixels, unit;
    std::optional<double> mpp;
  };
  for (const auto& [pixels, unit, mpp] :
       {Case{40000, 3, 0.25}, {101600, 2, 0.25}, {72, 2, {}}, {300, 2, {}}, {28, 3, {}}, {40000, 1, {}}}) {
    auto page = tiff_page(picture(64, 64), 32);
    page.fields[282] = page.fields[283] = {5, {pixels, 1}, {}, {}};
    page.fields[296] = {3, {unit}, {}, {}};
    const auto slide = open(folder.write("a.tif", make_tiff({{page}})));
    ASSERT_TRUE(slide);
    EXPECT_EQ(slide->info().mpp_x, mpp) << pixels;
    EXPECT_EQ(square_mpp(slide->info()).has_value(), mpp.has_value());
  }
}

TEST(Tiff, OmeScaleAndLevelsBelowThePage) {
  const Folder folder;
  auto page = tiff_page(picture(64, 64), 32);
  page.fields[270] = text_field(
      "<?xml version=\"1.0\"?><OME xmlns=\"http://www.openmicroscopy.org/Schemas/OME/2016-06\"><Image ID=\"Image:0\">"
      "<Pixels PhysicalSizeX=\"250\" PhysicalSizeXUnit=\"nm\" PhysicalSizeY=\"250\" PhysicalSizeYUnit=\"nm\"/></Image>"
      "</OME>");
  page.below = {tiff_page(picture(32, 32, 2), 32), tiff_page(picture(20, 9), 32)};
  const auto slide = open(folder.write("a.ome.tif", make_tiff({{page}})));
  ASSERT_TRUE(slide);
  EXPECT_EQ(slide->info().format, "OME-TIFF");
  EXPECT_DOUBLE_EQ(slide->info().mpp_x.value_or(0), 0.25);
  ASSERT_EQ(slide->info().levels.size(), 2U);
  EXPECT_EQ(worst(whole(*slide, 1), picture(32, 32, 2)), 0);
  EXPECT_EQ(slide->info().left_out, std::vector<std::string>{"picture below page 1 (20 x 9)"});
}

TEST(Tiff, StatedScaleGoesBeforeTheFiles) {
  const Folder folder;
  auto page = tiff_page(picture(64, 64), 32);
  const auto path = folder.write("a.tif", make_tiff({{page}}));
  const auto slide = open_slide(path, {.mpp = 0.5});
  ASSERT_TRUE(slide);
  EXPECT_EQ(*square_mpp((*slide)->info()), 0.5);
  EXPECT_EQ((*slide)->info().mpp_source, "--mpp");
  EXPECT_FALSE(open_slide(path, {.mpp = -1}));
}

TEST(Tiff, WhatWritePyramidWritesIsReadAsItWas) {
  const Folder folder;
  const RgbImage image = picture(700, 530);
  for (const auto compression : {TiffCompression::none, TiffCompression::deflate, TiffCompression::jpeg}) {
    PyramidOptions options;
    options.width = image.width();
    options.height = image.height();
    options.mpp = 0.25;
    options.compression = compression;
    options.quality = 95;
    options.subsampling = ChromaSubsampling::s444;
    options.threads = 1;
    const auto path = folder.path("p.tiff");
    const auto written = write_pyramid(path, options, [&](const Box& box, RgbImage& out) -> Result<bool> {
      out = cut(image, box);
      return true;
    });
    ASSERT_TRUE(written) << written.error().text();
    const auto slide = open(path);
    ASSERT_TRUE(slide);
    EXPECT_GE(slide->info().levels.size(), 2U);
    EXPECT_NEAR(*square_mpp(slide->info()), 0.25, 1e-6);
    EXPECT_LE(worst(whole(*slide), image), compression == TiffCompression::jpeg ? 24 : 0);
  }
}

}  // namespace
}  // namespace her2::test
