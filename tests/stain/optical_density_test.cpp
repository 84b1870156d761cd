// SPDX-License-Identifier: Apache-2.0
#include "her2/stain/optical_density.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <fstream>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "her2/slide/slide.h"
#include "tests/places.h"

namespace her2 {
namespace {

TEST(OpticalDensity, is_minus_the_logarithm_of_the_share_of_light) {
  const OdTable od = od_table({255, 240, 200});
  EXPECT_EQ(od.mod[0][255], 0);
  EXPECT_EQ(od.mod[0][26], 992);   // -log10(26 / 255) = 0.99157
  EXPECT_EQ(od.mod[0][1], 2407);   // -log10(1 / 255) = 2.40654
  EXPECT_EQ(od.mod[0][0], 2407);   // counts as 1
  EXPECT_EQ(od.mod[1][24], 1000);  // a tenth of I0
  EXPECT_EQ(od.mod[1][250], 0);    // brighter than white
  EXPECT_EQ(od.mod[2][2], 2000);
}

// The table is the same on every machine: its sum is known.
TEST(OpticalDensity, the_table_is_the_same_everywhere) {
  const OdTable od = od_table({255, 240, 200});
  std::int64_t sum = 0;
  for (std::size_t c = 0; c < 3; ++c) {
    for (std::size_t v = 0; v < 256; ++v) {
      sum += od.mod[c][v] * static_cast<std::int64_t>(v + 1 + c);
    }
  }
  // From the definition in exact decimal arithmetic (50 digits), rounded to millionths and then to thousandths.
  EXPECT_EQ(sum, 18240695);
}

TEST(StainVectors, unmixing_gives_back_what_was_mixed) {
  const auto unit = unit_vectors({});
  ASSERT_TRUE(unit);
  const Unmixing u = unmixing(*unit);
  for (int h = 0; h <= 1500; h += 100) {
    for (int d = 0; d <= 1500; d += 100) {
      std::array<int, 3> od{};
      for (std::size_t c = 0; c < 3; ++c) {
        od[c] = static_cast<int>(std::lround(h * unit->haematoxylin[c] + d * unit->dab[c]));
      }
      const auto stain = [&](std::size_t s) {
        return (u.weight[s][0] * od[0] + u.weight[s][1] * od[1] + u.weight[s][2] * od[2] + 2048) >> 12;
      };
      EXPECT_NEAR(stain(0), h, 4);
      EXPECT_NEAR(stain(1), d, 4);
      EXPECT_NEAR(stain(2), 0, 4);
    }
  }
}

TEST(StainVectors, refuses_what_cannot_be_told_apart) {
  StainVectors same;
  same.dab = same.haematoxylin;
  EXPECT_FALSE(unit_vectors(same));
  StainVectors none;
  none.dab = {0, 0, 0};
  EXPECT_FALSE(unit_vectors(none));
  StainVectors negative;
  negative.dab = {-0.5, 0.5, 0.7};
  EXPECT_FALSE(unit_vectors(negative));
}

// Means of 2 x 2 pixels of what unmix() gives, and DAB as it gives it, to 1 mOD; nothing fine where it is not asked
// for.
TEST(OpticalDensity, halved_is_the_mean_of_four) {
  const OdTable table = od_table({250, 240, 245});
  const Unmixing unmixed = unmixing(*unit_vectors({}));
  constexpr int kWidth = 61;
  RgbImage rgb(2 * kWidth, 2);
  std::mt19937 random(4);
  std::generate(rgb.bytes().begin(), rgb.bytes().end(), [&] { return static_cast<std::uint8_t>(random() % 256); });
  std::fill_n(rgb.bytes().begin(), 30, std::uint8_t{0});  // the greatest densities
  StainPlanes full;
  unmix(rgb, table, unmixed, full);
  std::array<std::vector<std::int16_t>, 3> out;
  out.fill(std::vector<std::int16_t>(kWidth));
  Plane<std::int16_t> dab(2 * kWidth, 2);
  const HalvedUnmixing halved(table, unmixed);
  const HalvedUnmixing::Rows rows{out[0].data(), out[1].data(), out[2].data()};
  halved.rows(rgb.row(0), rgb.row(1), kWidth, rows, dab.row(0), dab.row(1));
  const auto mean = [](const Plane<std::int16_t>& plane, int x) {
    return (plane.at(2 * x, 0) + plane.at(2 * x + 1, 0) + plane.at(2 * x, 1) + plane.at(2 * x + 1, 1)) / 4.0;
  };
  for (int x = 0; x < kWidth; ++x) {
    const auto at = static_cast<std::size_t>(x);
    EXPECT_NEAR(out[0][at], mean(full.haematoxylin, x), 1.1);
    EXPECT_NEAR(out[1][at], mean(full.dab, x), 1.1);
    EXPECT_NEAR(out[2][at], mean(full.sum, x), 1.1);
  }
  for (int x = 0; x < 2 * kWidth; ++x) {
    EXPECT_NEAR(dab.at(x, 0), full.dab.at(x, 0), 1);
    EXPECT_NEAR(dab.at(x, 1), full.dab.at(x, 1), 1);
  }
  const auto before = out;
  halved.rows(rgb.row(0), rgb.row(1), kWidth, rows, nullptr, nullptr);
  EXPECT_EQ(out, before);
}

// scikit-image's rgb2hed of the same picture: other conventions (a third vector of eosin, natural logarithm, a floor),
// so the correlation is compared.
TEST(OpticalDensity, agrees_with_scikit_image) {
  const std::string folder = test::data_folder() + "/ihc/stain/";
  std::ifstream npy(folder + "ihc_hed_float32.npy", std::ios::binary);
  if (!npy) {
    GTEST_SKIP() << folder << " is absent: set HER2_TEST_DATA";
  }
  npy.seekg(-2L * 512 * 512 * 4, std::ios::end);
  std::vector<float> theirs(2UL * 512 * 512);
  npy.read(reinterpret_cast<char*>(theirs.data()), static_cast<std::streamsize>(theirs.size() * sizeof(float)));
  const auto slide = open_slide(folder + "ihc.png", {0.25});
  ASSERT_TRUE(slide) << slide.error().text();
  const auto reader = (*slide)->reader();
  ASSERT_TRUE(reader);
  RgbImage rgb;
  ASSERT_TRUE(read_region(**reader, (*slide)->info(), 0, {0, 0, 512, 512}, rgb));
  StainPlanes planes;
  unmix(rgb, od_table({255, 255, 255}), unmixing(*unit_vectors({})), planes);
  const auto correlation = [&](const Plane<std::int16_t>& ours, std::size_t offset) {
    double sx = 0, sy = 0, sxx = 0, syy = 0, sxy = 0;
    const double n = 512.0 * 512;
    for (std::size_t i = 0; i < 512UL * 512; ++i) {
      const double x = ours.pixels()[i];
      const double y = static_cast<double>(theirs[offset + i]);
      sx += x;
      sy += y;
      sxx += x * x;
      syy += y * y;
      sxy += x * y;
    }
    return (sxy - sx * sy / n) / std::sqrt((sxx - sx * sx / n) * (syy - sy * sy / n));
  };
  EXPECT_GT(correlation(planes.dab, 512UL * 512), 0.99);
  EXPECT_GT(correlation(planes.haematoxylin, 0), 0.95);
}

}  // namespace
}  // namespace her2
