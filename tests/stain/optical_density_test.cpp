// SPDX-License-Identifier: Apache-2.0
#include "her2/stain/optical_density.h"

#include <cmath>
#include <cstring>
#include <fstream>
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
