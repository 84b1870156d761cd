// SPDX-License-Identifier: Apache-2.0
#include "her2/slide/tiff_writer.h"

#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <tiffio.h>
#include <unistd.h>

#include "her2/core/output_file.h"

namespace her2 {
namespace {

class TiffWriter : public testing::Test {
 protected:
  TiffWriter() : folder_(std::filesystem::temp_directory_path() / ("her2_tiff_writer." + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder_);
  }
  ~TiffWriter() override { std::filesystem::remove_all(folder_); }
  [[nodiscard]] std::string path(const std::string& name) const { return (folder_ / name).string(); }

 private:
  std::filesystem::path folder_;
};

using Tiff = std::unique_ptr<TIFF, decltype(&TIFFClose)>;
Tiff opened(const std::string& path) { return {TIFFOpen(path.c_str(), "r"), &TIFFClose}; }

// A picture in which every pixel differs from its neighbours.
Result<bool> picture(const Box& box, RgbImage& out) {
  out.resize(static_cast<int>(box.width), static_cast<int>(box.height));
  for (int y = 0; y < out.height(); ++y) {
    for (int x = 0; x < out.width(); ++x) {
      const std::int64_t px = box.x + x, py = box.y + y;
      out.at(x, y)[0] = static_cast<std::uint8_t>((px * 3 + py) & 255);
      out.at(x, y)[1] = static_cast<std::uint8_t>((px + py * 5) & 255);
      out.at(x, y)[2] = static_cast<std::uint8_t>((px / 7 + py / 3) & 255);
    }
  }
  return true;
}

// The picture with glass right of x = 1024.
Result<bool> half_glass(const Box& box, RgbImage& out) {
  return box.x >= 1024 ? Result<bool>(false) : picture(box, out);
}

std::vector<std::uint8_t> tile_of(TIFF* tiff, std::uint32_t tile) {
  std::vector<std::uint8_t> out(static_cast<std::size_t>(TIFFTileSize(tiff)));
  EXPECT_EQ(TIFFReadEncodedTile(tiff, tile, out.data(), static_cast<tmsize_t>(out.size())),
            static_cast<tmsize_t>(out.size()));
  return out;
}

TEST_F(TiffWriter, KeepsEveryPixelLossless) {
  for (const TiffCompression compression : {TiffCompression::none, TiffCompression::deflate}) {
    PyramidOptions options;
    options.width = 1500;
    options.height = 1100;
    options.mpp = 0.25;
    options.compression = compression;
    ASSERT_TRUE(write_pyramid(path("a.tiff"), options, picture));
    const Tiff tiff = opened(path("a.tiff"));
    ASSERT_NE(tiff, nullptr);
    RgbImage want;
    ASSERT_TRUE(picture({0, 0, 1500, 1100}, want));
    for (std::uint32_t tile = 0; tile < TIFFNumberOfTiles(tiff.get()); ++tile) {
      const auto got = tile_of(tiff.get(), tile);
      for (int y = 0; y < 256; ++y) {
        for (int x = 0; x < 256; ++x) {
          const int px = static_cast<int>(tile % 6) * 256 + x, py = static_cast<int>(tile / 6) * 256 + y;
          if (px < 1500 && py < 1100) {
            ASSERT_EQ(got[static_cast<std::size_t>(y * 256 + x) * 3 + 1], want.at(px, py)[1]) << px << ", " << py;
          }
        }
      }
    }
  }
}

TEST_F(TiffWriter, SaysItsScaleAndHalvesItsLevels) {
  PyramidOptions options;
  options.width = 1500;
  options.height = 1100;
  options.mpp = 0.5;
  ASSERT_TRUE(write_pyramid(path("a.svs"), options, picture));
  const Tiff tiff = opened(path("a.svs"));
  ASSERT_NE(tiff, nullptr);
  const std::array<std::pair<std::uint32_t, std::uint32_t>, 4> sizes{
      {{1500, 1100}, {750, 550}, {375, 275}, {188, 138}}};
  for (std::size_t level = 0; level < sizes.size(); ++level) {
    std::uint32_t width = 0, height = 0;
    float resolution = 0;
    ASSERT_EQ(TIFFSetDirectory(tiff.get(), static_cast<std::uint16_t>(level)), 1);
    TIFFGetField(tiff.get(), TIFFTAG_IMAGEWIDTH, &width);
    TIFFGetField(tiff.get(), TIFFTAG_IMAGELENGTH, &height);
    TIFFGetField(tiff.get(), TIFFTAG_XRESOLUTION, &resolution);
    EXPECT_EQ(std::pair(width, height), sizes[level]);
    EXPECT_NEAR(resolution, 20000.0 * static_cast<double>(width) / 1500, 1);
  }
  EXPECT_EQ(TIFFNumberOfDirectories(tiff.get()), 4);
  TIFFSetDirectory(tiff.get(), 0);
  const char* description = nullptr;
  TIFFGetField(tiff.get(), TIFFTAG_IMAGEDESCRIPTION, &description);
  EXPECT_NE(std::string(description).find("MPP = 0.5"), std::string::npos);
}

TEST_F(TiffWriter, GlassIsOneTileOrNone) {
  PyramidOptions options;
  options.width = 4096;
  options.height = 1024;
  for (const bool absent : {false, true}) {
    options.absent = absent;
    options.white = {240, 241, 242};
    options.compression = TiffCompression::none;
    ASSERT_TRUE(write_pyramid(path("a.tiff"), options, half_glass));
    const Tiff tiff = opened(path("a.tiff"));
    ASSERT_NE(tiff, nullptr);
    EXPECT_EQ(TIFFGetStrileByteCount(tiff.get(), 5), absent ? 0U : 256U * 256 * 3);
    EXPECT_EQ(TIFFGetStrileOffset(tiff.get(), 5), TIFFGetStrileOffset(tiff.get(), 6));
    if (!absent) {
      EXPECT_EQ(tile_of(tiff.get(), 5)[2], 242);
    }
  }
}

TEST_F(TiffWriter, SameBytesForAnyThreads) {
  PyramidOptions options;
  options.width = 3000;
  options.height = 2500;
  std::string first;
  for (const int threads : {1, 2, 5}) {
    options.threads = threads;
    ASSERT_TRUE(write_pyramid(path("a.tiff"), options, half_glass));
    const auto bytes = read_file(path("a.tiff"));
    ASSERT_TRUE(bytes);
    first = first.empty() ? *bytes : first;
    EXPECT_EQ(*bytes, first);
  }
}

TEST_F(TiffWriter, LeavesNothingBehindWhenItFails) {
  PyramidOptions options;
  options.width = options.height = 2000;
  const PixelSource broken = [](const Box& box, RgbImage&) -> Result<bool> {
    return box.x > 0 ? fail("cannot be made") : Result<bool>(false);
  };
  const auto written = write_pyramid(path("a.tiff"), options, broken);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().text(), path("a.tiff") + ": cannot be made");
  EXPECT_TRUE(std::filesystem::is_empty(std::filesystem::path(path("a.tiff")).parent_path()));
  EXPECT_FALSE(write_pyramid(path("no/such/folder.tiff"), options, picture));
  options.width = 0;
  EXPECT_FALSE(write_pyramid(path("a.tiff"), options, picture));
}

TEST_F(TiffWriter, SaysThatTheDiskIsFull) {
  std::signal(SIGXFSZ, SIG_IGN);  // a file-size limit stands for a full disk
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const rlimit small{1 << 20, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  PyramidOptions options;
  options.width = options.height = 3000;
  options.compression = TiffCompression::none;
  const auto written = write_pyramid(path("a.tiff"), options, picture);
  ::setrlimit(RLIMIT_FSIZE, &before);
  ASSERT_FALSE(written);
  EXPECT_NE(written.error().text().find("cannot be written: File too large"), std::string::npos);
  EXPECT_TRUE(std::filesystem::is_empty(std::filesystem::path(path("a.tiff")).parent_path()));
}

// 22 Gpix with tissue in one corner: memory stays bounded.
TEST_F(TiffWriter, LongTwentyGigapixels) {
  PyramidOptions options;
  options.width = 160000;
  options.height = 140000;
  const PixelSource sparse = [](const Box& box, RgbImage& out) -> Result<bool> {
    return box.x < 20000 && box.y < 10000 ? picture(box, out) : Result<bool>(false);
  };
  ASSERT_TRUE(write_pyramid(path("a.tiff"), options, sparse));
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  EXPECT_LT(usage.ru_maxrss, 400 * 1024);  // kB
  const Tiff tiff = opened(path("a.tiff"));
  ASSERT_NE(tiff, nullptr);
  EXPECT_NE(TIFFIsBigTIFF(tiff.get()), 0);
  EXPECT_EQ(TIFFNumberOfDirectories(tiff.get()), 11);
  EXPECT_EQ(tile_of(tiff.get(), TIFFNumberOfTiles(tiff.get()) - 1)[0], 255);
}

}  // namespace
}  // namespace her2
