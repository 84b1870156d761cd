// SPDX-License-Identifier: Apache-2.0
// The same cells, to the last bit, for any size of areas, any origin of their grid, any tiles and any number of
// threads.
#include <gtest/gtest.h>

#include "her2/assay/ihc_run.h"
#include "her2/assay/measure_slide.h"
#include "her2/cellfile/measurements.h"
#include "tests/assay/phantom_slide.h"

namespace her2 {
namespace {

PhantomSpec spec(double mpp, int side) {
  PhantomSpec out;
  out.seed = 11;
  out.width = side;
  out.height = side - 100;
  out.mpp = mpp;
  out.mix = {.unstained = 20, .incomplete = {20, 10, 5, 0}, .complete = {5, 15, 15, 10}};
  return out;
}

std::string measured(const Slide& slide, int area, int origin, int threads) {
  MeasureOptions options;
  options.profile = find_profile("generic-uncalibrated").value();
  options.allow_coarse = true;
  options.area = area;
  options.origin_x = origin;
  options.origin_y = origin / 2;
  options.threads = threads;
  const auto out = measure_slide(slide, "0", options);
  EXPECT_TRUE(out) << out.error().text();
  EXPECT_GT(out->table.cells.size(), 100U);
  return digest(out->table);
}

TEST(Tiling, changes_no_bit) {
  const PhantomSpec phantom = spec(0.25, 1100);
  const std::string whole = measured(test::PhantomSlide(phantom, 256), 2048, 0, 1);
  for (const auto& [area, origin, threads] : {std::array{512, 200, 2}, {700, 333, 3}}) {
    EXPECT_EQ(measured(test::PhantomSlide(phantom, area == 700 ? 240 : 512), area, origin, threads), whole)
        << "areas of " << area << " from " << origin << ", " << threads << " threads";
  }
}

// Pixels that are doubled or averaged lie on one grid too.
TEST(LongTiling, changes_no_bit_at_other_resolutions) {
  for (const double mpp : {0.5, 0.12}) {
    const PhantomSpec phantom = spec(mpp, mpp > 0.3 ? 1100 : 2600);
    const std::string whole = measured(test::PhantomSlide(phantom, 256), 4096, 0, 2);
    EXPECT_EQ(measured(test::PhantomSlide(phantom, 256), 777, 101, 2), whole) << mpp;
  }
}

// Three sizes, three origins, three numbers of threads, on several phantoms.
TEST(LongTiling, all_of_them) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    PhantomSpec phantom = spec(0.25, 2600);
    phantom.seed = seed;
    const std::string whole = measured(test::PhantomSlide(phantom, 256), 4096, 0, 1);
    for (const int area : {600, 1024, 2048}) {
      for (const int origin : {0, 123, 1000}) {
        for (const int threads : {1, 2, 4}) {
          EXPECT_EQ(measured(test::PhantomSlide(phantom, 256), area, origin, threads), whole)
              << seed << " " << area << " " << origin << " " << threads;
        }
      }
    }
  }
}

}  // namespace
}  // namespace her2
