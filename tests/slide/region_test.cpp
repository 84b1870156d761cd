// SPDX-License-Identifier: Apache-2.0
// Any box of a slide is what its tiles put together show, alone, through the cache, and on several threads.
#include <array>
#include <atomic>
#include <new>
#include <stdexcept>

#include <gtest/gtest.h>

#include "fixture.h"
#include "her2/core/parallel.h"
#include "her2/slide/guarded_slide.h"
#include "her2/slide/png_writer.h"
#include "her2/slide/thumbnail.h"
#include "her2/slide/tile_cache.h"
#include "make_files.h"

namespace her2::test {
namespace {

const std::array<Box, 10> kBoxes = {{{0, 0, 200, 150},
                                     {0, 0, 32, 32},
                                     {64, 32, 32, 32},
                                     {31, 31, 2, 2},
                                     {-5, -7, 40, 50},
                                     {190, 140, 40, 40},
                                     {192, 128, 8, 22},
                                     {500, 500, 3, 3},
                                     {-50, 20, 300, 10},
                                     {10, 10, 0, 5}}};

class Region : public testing::Test {
 protected:
  Folder folder_;
  RgbImage image_ = picture(200, 150);
  std::unique_ptr<Slide> slide_ = open(folder_.write("a.tif", make_tiff({{tiff_page(image_, 32)}})));
};

TEST_F(Region, AnyBoxIsCutFromTheWhole) {
  auto reader = slide_->reader();
  ASSERT_TRUE(reader);
  RgbImage out;
  for (const Box& box : kBoxes) {
    ASSERT_TRUE(read_region(**reader, slide_->info(), 0, box, out));
    EXPECT_EQ(worst(out, cut(image_, box)), 0) << box.x << " " << box.y;
  }
  EXPECT_FALSE(read_region(**reader, slide_->info(), 0, {0, 0, -1, 4}, out));
  EXPECT_FALSE(read_region(**reader, slide_->info(), 0, {0, 0, std::int64_t{1} << 40, 4}, out));
}

TEST_F(Region, TheCacheGivesTheSameAndDecodesOnce) {
  TileCache cache(*slide_, 1, std::size_t{1} << 20);
  RgbImage out;
  for (int turn = 0; turn < 3; ++turn) {
    for (const Box& box : kBoxes) {
      ASSERT_TRUE(cache.read(0, 0, box, out));
      EXPECT_EQ(worst(out, cut(image_, box)), 0);
    }
  }
  EXPECT_EQ(cache.counts().decoded, 35U);
  EXPECT_EQ(cache.counts().again, 0U);
  EXPECT_EQ(cache.counts().pixels, 200U * 150U);
}

TEST_F(Region, ASmallCacheDecodesAgainAndSaysSo) {
  TileCache cache(*slide_, 1, 3 * 32 * 32 * 2);
  RgbImage out;
  for (int turn = 0; turn < 2; ++turn) {
    for (const Box& box : kBoxes) {
      ASSERT_TRUE(cache.read(0, 0, box, out));
      EXPECT_EQ(worst(out, cut(image_, box)), 0);
    }
  }
  EXPECT_GT(cache.counts().again, 0U);
  EXPECT_EQ(cache.counts().decoded - cache.counts().again, 35U);
}

TEST_F(Region, ThreadsShareTiles) {
  constexpr int kThreads = 4;
  for (const std::size_t budget : {std::size_t{1} << 20, std::size_t{5000}}) {
    TileCache cache(*slide_, kThreads, budget);
    std::atomic<int> wrong{0};
    const auto done = parallel_for(400, kThreads, [&](std::size_t item, int worker) -> Result<void> {
      const Box box = kBoxes.at(item % 7);
      RgbImage out;
      auto read = cache.read(worker, 0, box, out);
      const RgbImage expected = cut(image_, box);
      wrong += std::equal(out.bytes().begin(), out.bytes().end(), expected.bytes().begin()) ? 0 : 1;
      return read;
    });
    EXPECT_TRUE(done);
    EXPECT_EQ(wrong, 0);
    EXPECT_EQ(cache.counts().decoded - cache.counts().again, 35U);
    if (budget > 100000) {
      EXPECT_EQ(cache.counts().again, 0U);
    }
  }
}

TEST_F(Region, ATileThatFailsFailsEveryReadOfIt) {
  auto page = tiff_page(picture(64, 64), 32, Packing::jpeg_ycbcr);
  page.blocks[3].resize(page.blocks[3].size() / 2);
  const auto slide = open(folder_.write("b.tif", make_tiff({{page}})));
  ASSERT_TRUE(slide);
  TileCache cache(*slide, 2, std::size_t{1} << 20);
  RgbImage out;
  for (int turn = 0; turn < 2; ++turn) {
    EXPECT_TRUE(cache.read(0, 0, {0, 0, 32, 64}, out));
    const auto read = cache.read(1, 0, {30, 30, 10, 10}, out);
    ASSERT_FALSE(read);
    EXPECT_NE(read.error().text().find("b.tif: level 0, tile (1, 1): its JPEG data are damaged"), std::string::npos)
        << read.error().text();
  }
}

// A slide whose tiles cannot be decoded for want of memory.
class TooLarge : public Slide {
 public:
  explicit TooLarge(const SlideInfo& info) : info_(info) {}
  [[nodiscard]] const SlideInfo& info() const override { return info_; }
  [[nodiscard]] Result<std::unique_ptr<TileReader>> reader() const override { return std::make_unique<Reader>(); }

 private:
  class Reader : public TileReader {
    Result<bool> read(int, std::int64_t column, std::int64_t, RgbImage&) override {
      if (column == 1) {
        throw std::bad_alloc();
      }
      throw std::length_error("a vector");
    }
  };
  SlideInfo info_;
};

TEST_F(Region, MemoryThatRunsOutIsAnErrorWithItsPlace) {
  const auto slide = guarded(std::make_unique<TooLarge>(slide_->info()));
  TileCache cache(*slide, 1, 1000);
  RgbImage out;
  const auto read = cache.read(0, 0, {32, 0, 32, 32}, out);
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().text().find("a.tif: level 0, tile (1, 0): there is not enough memory to decode it"),
            std::string::npos)
      << read.error().text();
  const auto other = cache.read(0, 0, {0, 32, 32, 32}, out);
  ASSERT_FALSE(other);
  EXPECT_NE(other.error().text().find("tile (0, 1): it cannot be decoded: a vector"), std::string::npos);
}

TEST_F(Region, AbsentTilesAreCountedApart) {
  auto page = tiff_page(picture(64, 64), 32);
  page.blocks[1].clear();
  const auto slide = open(folder_.write("c.tif", make_tiff({{page}})));
  TileCache cache(*slide, 1, std::size_t{1} << 20);
  RgbImage out;
  ASSERT_TRUE(cache.read(0, 0, {0, 0, 64, 64}, out));
  EXPECT_EQ(cache.counts().absent, 1U);
  EXPECT_EQ(cache.counts().decoded, 3U);
}

TEST_F(Region, ThumbnailsAreMeansWhateverTheThreads) {
  const auto one = make_thumbnail(*slide_, 50, 1);
  const auto three = make_thumbnail(*slide_, 50, 3);
  ASSERT_TRUE(one && three);
  EXPECT_EQ(one->width(), 50);
  EXPECT_EQ(one->height(), 38);
  EXPECT_EQ(worst(*one, *three), 0);
  // 4 columns and, at the top, 3 rows of the image make a pixel.
  int sum = 0;
  for (int y = 0; y < 3; ++y) {
    for (int x = 0; x < 4; ++x) {
      sum += image_.at(x, y)[1];
    }
  }
  EXPECT_EQ(one->at(0, 0)[1], (sum + 6) / 12);
  const auto full = make_thumbnail(*slide_, 5000, 2);
  ASSERT_TRUE(full);
  EXPECT_EQ(worst(*full, image_), 0);
  EXPECT_FALSE(make_thumbnail(*slide_, 0, 1));
}

TEST_F(Region, PngComesBackAsItWas) {
  const auto bytes = encode_png(image_);
  ASSERT_TRUE(bytes);
  const auto slide = open(folder_.write("a.png", *bytes));
  ASSERT_TRUE(slide);
  EXPECT_EQ(slide->info().format, "PNG");
  EXPECT_EQ(worst(whole(*slide), image_), 0);
  EXPECT_FALSE(encode_png(RgbImage()));
  const std::string cut_short = bytes->substr(0, bytes->size() / 2);
  EXPECT_NE(complaint(folder_.write("b.png", cut_short)).find("its PNG data are damaged"), std::string::npos);
}

TEST_F(Region, JpegImagesAreBlocks) {
  const RgbImage image = picture(1500, 1100);
  const auto slide = open(folder_.write("a.jpg", make_jpeg(image, {.quality = 95})));
  ASSERT_TRUE(slide);
  EXPECT_EQ(slide->info().format, "JPEG");
  ASSERT_EQ(slide->info().levels.size(), 1U);
  EXPECT_EQ(slide->info().levels[0].tiles_across, 2);
  EXPECT_EQ(slide->info().levels[0].tiles_down, 2);
  EXPECT_LE(worst(whole(*slide), image), 24);
  EXPECT_FALSE(square_mpp(slide->info()));
}

TEST(SquareMpp, AsksForWhatIsMissing) {
  SlideInfo info;
  info.path = "a.png";
  EXPECT_EQ(square_mpp(info).error().text(),
            "a.png: the file does not say how many micrometres a pixel is; give it with --mpp, such as --mpp 0.25");
  info.mpp_x = 0.25;
  info.mpp_y = 0.2501;
  EXPECT_DOUBLE_EQ(*square_mpp(info), 0.25005);
  info.mpp_y = 0.26;
  EXPECT_FALSE(square_mpp(info));
}

}  // namespace
}  // namespace her2::test
