// SPDX-License-Identifier: Apache-2.0
// Multi-channel TIFF: channels, focal planes, and what is missing.
#include "her2/slide/channel_image.h"
#include "tests/places.h"

#include <tiffio.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace her2 {
namespace {

constexpr int kWidth = 40;
constexpr int kHeight = 30;

class ChannelFiles : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::temp_directory_path() / (std::string("her2_channels_") + info->name());
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  // Grey pages: page p holds value(p, x, y).
  template <class Value>
  std::string write(int pages, int bits, const std::string& description, const Value& value) {
    const std::string path = (folder_ / "image.tif").string();
    TIFF* tiff = TIFFOpen(path.c_str(), "w");
    for (int p = 0; p < pages; ++p) {
      TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, kWidth);
      TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, kHeight);
      TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, bits);
      TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
      TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
      TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_LZW);
      TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 7);
      if (p == 0 && !description.empty()) {
        TIFFSetField(tiff, TIFFTAG_IMAGEDESCRIPTION, description.c_str());
      }
      for (int y = 0; y < kHeight; ++y) {
        std::vector<std::uint16_t> wide;
        std::vector<std::uint8_t> narrow;
        for (int x = 0; x < kWidth; ++x) {
          wide.push_back(static_cast<std::uint16_t>(value(p, x, y)));
          narrow.push_back(static_cast<std::uint8_t>(value(p, x, y)));
        }
        TIFFWriteScanline(tiff, bits == 16 ? static_cast<void*>(wide.data()) : narrow.data(),
                          static_cast<std::uint32_t>(y), 0);
      }
      TIFFWriteDirectory(tiff);
    }
    TIFFClose(tiff);
    return path;
  }

  std::filesystem::path folder_;
};

std::string ome(int channels, int focal, const char* order) {
  return "<?xml version=\"1.0\"?><OME><Image ID=\"Image:0\"><Pixels ID=\"Pixels:0\" DimensionOrder=\"" +
         std::string(order) + "\" SizeX=\"40\" SizeY=\"30\" SizeC=\"" + std::to_string(channels) + "\" SizeZ=\"" +
         std::to_string(focal) +
         "\" SizeT=\"1\" Type=\"uint16\" PhysicalSizeX=\"0.0645\" PhysicalSizeY=\"0.0645\">"
         "<Channel ID=\"Channel:0:0\" Name=\"DAPI\"/><Channel ID=\"Channel:0:1\" Name=\"Orange\"/>"
         "<Channel ID=\"Channel:0:2\" Name=\"FITC\"/></Pixels></Image></OME>";
}

TEST_F(ChannelFiles, SixteenBitChannelsWithNamesAndScale) {
  const auto path = write(3, 16, ome(3, 1, "XYCZT"), [](int p, int x, int y) { return 1000 * (p + 1) + 40 * y + x; });
  EXPECT_TRUE(holds_channels(path));
  const auto image = read_channels(path);
  ASSERT_TRUE(image) << image.error().text();
  ASSERT_EQ(image->planes.size(), 3U);
  EXPECT_EQ(image->names, (std::vector<std::string>{"DAPI", "Orange", "FITC"}));
  EXPECT_EQ(image->white, 16383);
  ASSERT_TRUE(image->mpp);
  EXPECT_NEAR(*image->mpp, 0.0645, 1e-9);
  for (int c = 0; c < 3; ++c) {
    EXPECT_EQ(image->planes[static_cast<std::size_t>(c)].at(39, 29), 1000 * (c + 1) + 40 * 29 + 39);
    EXPECT_EQ(image->planes[static_cast<std::size_t>(c)].at(0, 8), 1000 * (c + 1) + 40 * 8);
  }
}

TEST_F(ChannelFiles, EightBitPagesWithoutDescription) {
  const auto path = write(3, 8, "", [](int p, int x, int) { return 10 * p + x; });
  const auto image = read_channels(path);
  ASSERT_TRUE(image) << image.error().text();
  EXPECT_EQ(image->white, 255);
  EXPECT_EQ(image->names, (std::vector<std::string>{"1", "2", "3"}));
  EXPECT_EQ(image->planes[2].at(7, 3), 27);
  EXPECT_FALSE(image->mpp);
}

TEST_F(ChannelFiles, FocalPlanesAreProjectedInEitherOrder) {
  // Channel c, plane z: 100 c + 10 z at x < 20, 100 c + 50 - 10 z beyond.
  const auto value = [](int c, int z, int x) { return 100 * c + (x < 20 ? 10 * z : 50 - 10 * z); };
  const auto by_channel = write(6, 16, ome(3, 2, "XYCZT"), [&](int p, int x, int) { return value(p % 3, p / 3, x); });
  const auto a = read_channels(by_channel);
  ASSERT_TRUE(a) << a.error().text();
  const auto by_plane = write(6, 16, ome(3, 2, "XYZCT"), [&](int p, int x, int) { return value(p / 2, p % 2, x); });
  const auto b = read_channels(by_plane);
  ASSERT_TRUE(b) << b.error().text();
  for (std::size_t c = 0; c < 3; ++c) {
    EXPECT_EQ(a->planes[c].at(5, 5), 100 * c + 10);
    EXPECT_EQ(a->planes[c].at(30, 5), 100 * c + 50);
    EXPECT_EQ(a->planes[c].at(5, 5), b->planes[c].at(5, 5));
    EXPECT_EQ(a->planes[c].at(30, 5), b->planes[c].at(30, 5));
  }
}

TEST_F(ChannelFiles, ExtendedFocusTakesTheSharpPlane) {
  const auto value = [](int p, int x, int y) {  // plane 0 is sharp on the left, plane 1 on the right; blur is brighter
    const bool sharp = (p / 3 == 0) == (x < 20);
    return sharp ? ((x + y) % 2 == 0 ? 400 : 0) : 500;
  };
  const auto path = write(6, 16, ome(3, 2, "XYCZT"), value);
  const auto image = read_channels(path, FocusProjection::extended_focus);
  ASSERT_TRUE(image) << image.error().text();
  EXPECT_EQ(image->planes[0].at(8, 8), 400);
  EXPECT_EQ(image->planes[0].at(9, 8), 0);
  EXPECT_EQ(image->planes[0].at(32, 8), 400);
}

TEST_F(ChannelFiles, AMissingPlaneIsNamed) {
  const auto path = write(5, 16, ome(3, 2, "XYCZT"), [](int p, int, int) { return p; });
  const auto image = read_channels(path);
  ASSERT_FALSE(image);
  EXPECT_NE(image.error().reason.find("3 channels of 2 focal planes, 6 pictures, but 5 are in the file"),
            std::string::npos)
      << image.error().text();
  EXPECT_EQ(image.error().file, path);
}

TEST_F(ChannelFiles, ATruncatedFileIsRefused) {
  const auto path = write(3, 16, "", [](int p, int x, int y) { return 997 * p + 31 * x * y; });
  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
  EXPECT_FALSE(read_channels(path));
  EXPECT_FALSE(holds_channels((folder_ / "none.tif").string()));
}

TEST(RealChannels, AQptiffsChannelsAreRead) {
  const std::string path = test::data_folder() + "/wsi/small_vectra.qptiff";
  if (!std::filesystem::exists(path)) {
    GTEST_SKIP() << "no " << path;
  }
  const auto image = read_channels(path);
  ASSERT_TRUE(image) << image.error().text();
  ASSERT_EQ(image->planes.size(), 3U);
  EXPECT_EQ(image->planes[0].width(), 1920);
  EXPECT_EQ(image->planes[0].height(), 1440);
}

}  // namespace
}  // namespace her2
