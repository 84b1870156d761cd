// SPDX-License-Identifier: Apache-2.0
#include "her2/ihc/quality.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "her2/cell/smooth.h"
#include "her2/stats/random.h"
#include "made_cells.h"
#include "real_image.h"

namespace her2 {
namespace {

using testing::HasSubstr;

// Round nuclei on a ground: what a stain's colour and a blur do.
struct Colours {
  std::array<std::uint8_t, 3> ground, nucleus;
};
constexpr Colours kHe{{225, 160, 195}, {120, 70, 140}};
constexpr Colours kDab{{200, 165, 130}, {80, 85, 140}};
constexpr Colours kPale{{228, 226, 232}, {150, 155, 195}};

RgbImage nuclei_image(const Colours& colours, int noise = 2) {
  RgbImage out(400, 400);
  Random random(3, 3);
  for (int y = 0; y < 400; ++y) {
    for (int x = 0; x < 400; ++x) {
      const int dx = x % 50 - 25;
      const int dy = y % 50 - 25;
      const auto& colour = dx * dx + dy * dy < 14 * 14 ? colours.nucleus : colours.ground;
      for (std::size_t c = 0; c < 3; ++c) {
        const int n = static_cast<int>(random.below(static_cast<std::uint64_t>(2 * noise + 1))) - noise;
        out.at(x, y)[c] = static_cast<std::uint8_t>(std::clamp(colour.at(c) + n, 0, 255));
      }
    }
  }
  return out;
}

constexpr AreaColour kColour{{240, 240, 240}, 25};

Plane<std::int16_t> sum_of(const RgbImage& rgb, const White& white = kColour.white) {
  StainPlanes planes;
  unmix(rgb, od_table(white), unmixing(*unit_vectors({})), planes);
  return planes.sum;
}

QualitySums looked_at(const RgbImage& rgb, const AreaColour& colour = kColour, double mpp = 0.25) {
  return look_at_quality(rgb, sum_of(rgb, colour.white), {0, 0, rgb.width(), rgb.height()}, mpp, colour);
}

QualityFacts good(const QualitySums& sums) {
  QualityFacts facts;
  facts.sums = sums;
  facts.tissue_mm2 = 4;
  facts.mpp = 0.25;
  facts.white = kColour.white;
  facts.tumour_cells = 5000;
  return facts;
}

Profile profile() {
  Profile p = test::made_profile();
  p.refuse_mpp = 0.55;
  p.warn_mpp = 0.26;
  p.calibrated = true;
  return p;
}

QualityVerdict verdict(const std::vector<QualityVerdict>& all, const std::string& id) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& v) { return v.id == id; });
  EXPECT_NE(found, all.end()) << id;
  return *found;
}

TEST(Quality, AGoodSlideHasNothingToSay) {
  for (const Colours& colours : std::array{kDab, kPale}) {
    const auto all = judge_quality(good(looked_at(nuclei_image(colours))), profile());
    EXPECT_EQ(all.size(), 9U);
    for (const QualityVerdict& v : all) {
      EXPECT_EQ(v.level, QualityLevel::ok) << v.id << ": " << v.reason;
      EXPECT_THAT(v.reason, testing::EndsWith("."));
    }
  }
}

TEST(Quality, NamesEosin) {
  const auto all = judge_quality(good(looked_at(nuclei_image(kHe))), profile());
  EXPECT_EQ(verdict(all, "stain").level, QualityLevel::refused);
  EXPECT_THAT(verdict(all, "stain").reason, HasSubstr("is H&E or another stain"));
  EXPECT_TRUE(is_refused(all));
}

TEST(Quality, NamesFluorescence) {
  const auto all = judge_quality(good(looked_at(nuclei_image({{8, 8, 10}, {20, 30, 200}}))), profile());
  EXPECT_EQ(verdict(all, "light").level, QualityLevel::refused);
}

TEST(Quality, NamesBlurAndSoftness) {
  const RgbImage rgb = nuclei_image(kPale);
  const auto focus = [&](double sigma_um) {
    Plane<std::int16_t> blurred;
    gaussian(sum_of(rgb), sigma_um / 0.25, blurred);
    const auto sums = look_at_quality(rgb, blurred, {0, 0, 400, 400}, 0.25, kColour);
    return verdict(judge_quality(good(sums), profile()), "focus").level;
  };
  EXPECT_EQ(focus(0.2), QualityLevel::ok);
  EXPECT_EQ(focus(0.65), QualityLevel::warning);
  EXPECT_EQ(focus(1.2), QualityLevel::refused);
  EXPECT_EQ(focus(4), QualityLevel::refused);
}

TEST(Quality, SumsDoNotDependOnTheAreas) {
  const RgbImage rgb = nuclei_image(kDab);
  const Plane<std::int16_t> sum = sum_of(rgb);
  const int halo = quality_halo(0.25);
  const Box inside = Box{0, 0, 400, 400}.grown(-halo);
  const QualitySums whole = look_at_quality(rgb, sum, inside, 0.25, kColour);
  QualitySums parts;
  for (std::int64_t y = inside.y; y < inside.bottom(); y += 96) {
    for (std::int64_t x = inside.x; x < inside.right(); x += 96) {
      const Box core = intersection({x, y, 96, 96}, inside);
      RgbImage part(static_cast<int>(core.width) + 2 * halo, static_cast<int>(core.height) + 2 * halo);
      Plane<std::int16_t> part_sum(part.width(), part.height());
      for (int j = 0; j < part.height(); ++j) {
        const int from_x = static_cast<int>(core.x) - halo;
        const int from_y = static_cast<int>(core.y) - halo + j;
        std::copy_n(rgb.at(from_x, from_y), part.stride(), part.row(j));
        std::copy_n(sum.row(from_y) + from_x, part.width(), part_sum.row(j));
      }
      parts += look_at_quality(part, part_sum, {halo, halo, core.width, core.height}, 0.25, kColour);
    }
  }
  EXPECT_EQ(parts, whole);
}

TEST(Quality, WhatNeedsNoPixels) {
  QualityFacts facts = good(looked_at(nuclei_image(kDab)));
  const auto level = [&](const std::string& id) { return verdict(judge_quality(facts, profile()), id).level; };
  facts.tissue_mm2 = 0;
  EXPECT_EQ(level("tissue"), QualityLevel::refused);
  facts.tumour_cells = 99;
  EXPECT_EQ(level("tumour_cells"), QualityLevel::refused);
  facts.mpp = 0.5;
  EXPECT_EQ(level("resolution"), QualityLevel::warning);
  const auto says = [&](const char* word) {
    return verdict(judge_quality(facts, profile()), "resolution").reason.find(word) != std::string::npos;
  };
  EXPECT_TRUE(says("faint membranes"));
  facts.nuclear_marker = true;
  EXPECT_TRUE(says("faintly stained nuclei") && !says("membrane"));
  facts.mpp = 0.56;
  EXPECT_EQ(level("resolution"), QualityLevel::refused);
  facts.allow_coarse = true;
  EXPECT_EQ(level("resolution"), QualityLevel::warning);
  facts.white = {255, 250, 250};
  EXPECT_EQ(level("clipping"), QualityLevel::warning);
  facts.white = {240, 140, 240};
  EXPECT_EQ(level("clipping"), QualityLevel::warning);
  facts.sums.clipped = facts.sums.tissue / 2;
  EXPECT_EQ(level("clipping"), QualityLevel::refused);
}

TEST(Quality, Controls) {
  QualityFacts facts = good(looked_at(nuclei_image(kDab)));
  Profile p = profile();
  facts.control_h_score = 120;
  facts.control_cells = 300;
  EXPECT_EQ(verdict(judge_quality(facts, p), "controls").level, QualityLevel::warning);
  p.control_low = 150;
  p.control_high = 210;
  EXPECT_EQ(verdict(judge_quality(facts, p), "controls").level, QualityLevel::refused);
  EXPECT_THAT(verdict(judge_quality(facts, p), "controls").reason, HasSubstr("off the profile's limits of 150 to 210"));
  facts.control_h_score = 150;
  EXPECT_EQ(verdict(judge_quality(facts, p), "controls").level, QualityLevel::ok);
}

TEST(Quality, RealImages) {
  const auto judged = [](const std::string& name, double mpp) -> std::optional<std::vector<QualityVerdict>> {
    const auto image = test::real_image(name);
    if (!image) {
      return std::nullopt;
    }
    QualityFacts facts = good(looked_at(image->rgb, {test::brightest(image->rgb), 25}, mpp));
    facts.mpp = mpp;
    return judge_before_measuring(facts, profile());
  };
  if (!judged("wsi/CMU-1-Small-Region.svs", 0.499)) {
    GTEST_SKIP() << "no real data";
  }
  EXPECT_EQ(verdict(*judged("wsi/CMU-1-Small-Region.svs", 0.499), "stain").level, QualityLevel::refused);
  EXPECT_EQ(verdict(*judged("wsi/CMU-1-Small-Region.svs", 0.499), "focus").level, QualityLevel::ok);
  EXPECT_EQ(verdict(*judged("wsi/small_dicom.dcm", 0.5), "stain").level, QualityLevel::refused);
  EXPECT_EQ(verdict(*judged("nuclei/fl01.png", 0.5), "light").level, QualityLevel::refused);
  for (int i = 1; i <= 16; ++i) {  // purple stains and H&E
    const std::string name = "nuclei/bf" + std::string(i < 10 ? "0" : "") + std::to_string(i) + ".png";
    EXPECT_EQ(verdict(*judged(name, 0.5), "stain").level, QualityLevel::refused) << name;
  }
  const std::array<std::string, 5> names{"her2_tiles/score1_25", "her2_tiles/score2_9", "her2_tiles/score3_15",
                                         "stain/ihc", "ki67_kinet/pan"};
  for (const std::string& name : names) {
    const auto all = judged("ihc/" + name + ".png", 0.5);
    for (const QualityVerdict& v : *all) {
      EXPECT_NE(v.level, QualityLevel::refused) << name << ": " << v.reason;
      EXPECT_TRUE(v.id != "stain" || v.level == QualityLevel::ok) << name << ": " << v.reason;
    }
  }
}

}  // namespace
}  // namespace her2
