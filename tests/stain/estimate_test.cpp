// SPDX-License-Identifier: Apache-2.0
// Stain vectors estimated from phantoms whose stains are known.
#include "her2/stain/estimate.h"

#include <algorithm>
#include <iostream>

#include <gtest/gtest.h>

#include "her2/phantom/phantom.h"
#include "her2/phantom/write.h"

namespace her2 {
namespace {

struct Case {
  const char* name;
  std::array<double, 3> haematoxylin, dab;
};
// The first two are those of phantom_stain(); the others are turned further away from the profile's.
constexpr std::array<Case, 5> kStains{{{"generic", {.65, .70, .29}, {.27, .57, .78}},
                                       {"common", {.75, .55, .37}, {.26, .45, .855}},
                                       {"redder brown", {.65, .70, .29}, {.20, .62, .76}},
                                       {"darker brown", {.68, .66, .32}, {.36, .55, .75}},
                                       {"bluer nuclei", {.80, .55, .25}, {.27, .57, .78}}}};

OdSample sample_of(const Case& stain, const PhantomMix& mix, std::uint64_t seed) {
  PhantomSpec spec;
  spec.seed = seed;
  spec.width = spec.height = 1400;
  spec.mix = mix;
  spec.stain.haematoxylin = stain.haematoxylin;
  spec.stain.dab = stain.dab;
  const auto phantom = Phantom::make(spec);
  RgbImage rgb;
  phantom->render({0, 0, spec.width, spec.height}, rgb);
  OdSample out;
  add_to_sample(rgb, od_table({238, 236, 238}), out);
  return out;
}

OdSample sample_of(const Case& stain, const char* score, std::uint64_t seed) {
  return sample_of(stain, *preset_mix(score), seed);
}

const StainVectors kPrior = unit_vectors({}).value();

TEST(EstimateStains, WithinFourDegreesWhereBothArePlentiful) {
  int taken = 0;
  double worst = 0;
  for (const Case& stain : kStains) {
    for (const char* score : {"1+", "2+"}) {
      const StainEstimate found = estimate_stains(sample_of(stain, score, 3), kPrior);
      if (!found.vectors) {
        std::cout << stain.name << " " << score << ": " << found.says << "\n";
        continue;
      }
      ++taken;
      const double h = degrees_between(found.vectors->haematoxylin, stain.haematoxylin);
      const double d = degrees_between(found.vectors->dab, stain.dab);
      std::cout << stain.name << " " << score << ": off by " << h << " and " << d << " degrees\n";
      worst = std::max({worst, h, d});
      EXPECT_LE(h, 4) << stain.name << " " << score;
      EXPECT_LE(d, 4) << stain.name << " " << score;
    }
  }
  EXPECT_GE(taken, 5);
  RecordProperty("worst_degrees", std::to_string(worst));
}

TEST(EstimateStains, NotWithoutDab) {
  const StainEstimate found = estimate_stains(sample_of(kStains[1], PhantomMix{.unstained = 100}, 4), kPrior);
  EXPECT_FALSE(found.vectors);
  EXPECT_NE(found.says.find("too little DAB"), std::string::npos) << found.says;
  EXPECT_FALSE(estimate_stains({}, kPrior).vectors);
}

// With a tenth of the cells faintly stained there is about as little DAB as may be taken: it is less near then.
TEST(EstimateStains, WithLittleDabLessNear) {
  for (std::uint64_t seed = 4; seed < 9; ++seed) {
    const StainEstimate found = estimate_stains(sample_of(kStains[1], "0", seed), kPrior);
    if (found.vectors) {
      EXPECT_LE(degrees_between(found.vectors->haematoxylin, kStains[1].haematoxylin), 4) << seed;
      EXPECT_LE(degrees_between(found.vectors->dab, kStains[1].dab), 6) << seed;
    }
  }
}

TEST(EstimateStains, NotWhereTheProfileIsFarOff) {
  const StainVectors wrong = unit_vectors({{.65, .70, .29}, {.75, .35, .55}}).value();
  const StainEstimate found = estimate_stains(sample_of(kStains[0], "2+", 5), wrong);
  EXPECT_FALSE(found.vectors) << found.says;
}

TEST(EstimateStains, TheOrderOfTheSampleDoesNotMatter) {
  OdSample sample = sample_of(kStains[0], "2+", 6);
  const StainEstimate one = estimate_stains(sample, kPrior);
  std::reverse(sample.begin(), sample.end());
  const StainEstimate other = estimate_stains(sample, kPrior);
  ASSERT_TRUE(one.vectors && other.vectors) << one.says;
  EXPECT_EQ(one.vectors->dab, other.vectors->dab);
  EXPECT_EQ(one.vectors->haematoxylin, other.vectors->haematoxylin);
}

}  // namespace
}  // namespace her2
