// SPDX-License-Identifier: Apache-2.0
#include "her2/assay/work_grid.h"

#include <gtest/gtest.h>

#include "tests/assay/phantom_slide.h"

namespace her2 {
namespace {

TEST(WorkGrid, comes_near_to_a_quarter_micrometre) {
  for (const double mpp : {0.06, 0.1, 0.125, 0.2, 0.25, 0.3, 0.46, 0.5, 0.7}) {
    SlideInfo info;
    info.levels = {{4000, 3000, 1, 256, 256, 16, 12}};
    const WorkGrid grid = work_grid(info, mpp);
    EXPECT_GE(grid.work_mpp, 0.18) << mpp;
    EXPECT_LE(grid.work_mpp, 0.36) << mpp;
    EXPECT_NEAR(grid.work_mpp, mpp * grid.level0_scale, 1e-9) << mpp;
  }
}

TEST(WorkGrid, pieces_are_parts_of_the_whole) {
  for (const double mpp : {0.12, 0.25, 0.5}) {
    PhantomSpec spec;
    spec.width = 400;
    spec.height = 300;
    spec.mpp = mpp;
    const test::PhantomSlide slide(spec, 128);
    TileCache cache(slide, 1, std::size_t{1} << 24);
    const WorkGrid grid = work_grid(slide.info(), mpp);
    RgbImage scratch;
    RgbImage whole;
    RgbImage part;
    ASSERT_TRUE(read_work(cache, 0, grid, grid.bounds, scratch, whole));
    const Box box{31, 17, 50, 41};
    ASSERT_TRUE(read_work(cache, 0, grid, box, scratch, part));
    for (int y = 0; y < 41; ++y) {
      for (int x = 0; x < 150; ++x) {
        ASSERT_EQ(part.row(y)[x], whole.at(31, 17 + y)[x]) << mpp << " " << x << " " << y;
      }
    }
  }
}

}  // namespace
}  // namespace her2
