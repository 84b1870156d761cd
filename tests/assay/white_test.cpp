// SPDX-License-Identifier: Apache-2.0
// White and tissue where a slide has little or no glass; in what nuclei are stained.
#include <gtest/gtest.h>

#include "her2/assay/find_cells.h"
#include "her2/assay/ihc_run.h"
#include "her2/assay/measure_slide.h"
#include "her2/assay/slide_walk.h"
#include "her2/phantom/write.h"
#include "her2/stain/estimate.h"
#include "tests/assay/phantom_slide.h"

namespace her2 {
namespace {

PhantomSpec spec_of(const char* stain, const char* score) {
  PhantomSpec spec;
  spec.seed = 5;
  spec.width = 4600;  // more than 1 mm2: no picture that is tissue throughout
  spec.height = 3600;
  spec.stain = *phantom_stain(stain);
  spec.mix = *preset_mix(score);
  spec.lymphocytes = 0.1;
  return spec;
}

TEST(WhitePoint, PaleTissueWithoutGlassIsNoGlass) {
  for (const char* stain : {"pale", "common"}) {
    for (const char* score : {"0", "3+"}) {
      const PhantomSpec spec = spec_of(stain, score);
      const test::PhantomSlide slide(spec, 512);
      SlideWalk walk(slide, spec.mpp, 2, {});
      ASSERT_TRUE(walk.look_for_tissue());
      const double mm2 = static_cast<double>(spec.width * spec.height) * spec.mpp * spec.mpp / 1e6;
      for (std::size_t c = 0; c < 3; ++c) {
        EXPECT_NEAR(walk.ground().white[c], spec.stain.white[c], 4) << stain << " " << score;
      }
      EXPECT_GE(walk.ground().tissue.area_mm2[static_cast<std::size_t>(Ground::tissue)], 0.9 * mm2)
          << stain << " " << score;
    }
  }
}

TEST(WhitePoint, GlassIsFoundBesidePaleTissue) {
  PhantomSpec spec = spec_of("pale", "0");
  spec.tissue_share = 0.9;
  const test::PhantomSlide slide(spec, 512);
  SlideWalk walk(slide, spec.mpp, 2, {});
  ASSERT_TRUE(walk.look_for_tissue());
  EXPECT_TRUE(walk.ground().white_from_glass);
  for (std::size_t c = 0; c < 3; ++c) {
    EXPECT_NEAR(walk.ground().white[c], spec.stain.white[c], 2);
  }
  EXPECT_GE(walk.ground().tissue.area_mm2[static_cast<std::size_t>(Ground::tissue)], 0.45);
}

// A profile that asks for the slide's own vectors gets them, and the table says so; without DAB it gets its own.
TEST(StainVectors, OfTheSlideWhereTheProfileAsksForThem) {
  for (const bool plenty : {true, false}) {
    PhantomSpec spec = spec_of("common", plenty ? "2+" : "0");
    spec.width = spec.height = 2400;
    spec.tissue_share = 0.9;
    const test::PhantomSlide slide(spec, 512);
    MeasureOptions options;
    options.profile = find_profile("generic-uncalibrated").value();
    options.profile.estimate_stain = true;
    options.threads = 2;
    const auto out = measure_slide(slide, "0", options);
    ASSERT_TRUE(out) << out.error().text();
    EXPECT_EQ(out->table.stain_estimated, plenty) << out->table.stain_says;
    const auto dab = [&] {
      std::array<double, 3> v{};
      std::copy(out->table.stain_vectors[1].begin(), out->table.stain_vectors[1].end(), v.begin());
      return v;
    }();
    if (plenty) {
      EXPECT_LE(degrees_between(dab, spec.stain.dab), 4) << out->table.stain_says;
    } else {
      EXPECT_NE(out->table.stain_says.find("too little DAB"), std::string::npos) << out->table.stain_says;
      EXPECT_LE(degrees_between(dab, options.profile.stain_vectors[1]), 0.1);
    }
  }
}

NuclearSignal chosen(const PhantomSpec& spec) {
  const test::PhantomSlide slide(spec, 512);
  FindCellsOptions options;
  options.threads = 2;
  const auto found = find_cells(slide, options);
  EXPECT_TRUE(found);
  return found ? found->signal : NuclearSignal::haematoxylin;
}

TEST(ChosenStain, DabInMostNucleiAndDabOnMembranes) {
  for (const char* score : {"1+", "2+", "3+"}) {
    PhantomSpec spec = spec_of("common", score);
    spec.width = spec.height = 1400;
    EXPECT_EQ(chosen(spec), NuclearSignal::membrane) << score;
  }
  PhantomSpec nuclear = spec_of("generic", "0");  // all nuclei brown, as in ER
  nuclear.width = nuclear.height = 1400;
  nuclear.mix = {.unstained = 1, .incomplete = {}, .complete = {}};
  nuclear.stain.haematoxylin = nuclear.stain.dab;
  nuclear.stain.haematoxylin_gain = 3;
  EXPECT_EQ(chosen(nuclear), NuclearSignal::any);
}

}  // namespace
}  // namespace her2
