// SPDX-License-Identifier: Apache-2.0
#include "her2/ihc/calibrate.h"

#include <gtest/gtest.h>

#include "her2/stats/random.h"
#include "made_cells.h"

namespace her2 {
namespace {

TEST(Calibrate, ReadsScoresInNames) {
  EXPECT_EQ(score_in_name("2+"), 2);
  EXPECT_EQ(score_in_name("core 4: 3+"), 3);
  EXPECT_EQ(score_in_name("Tumor: 1+ 7"), 1);
  EXPECT_EQ(score_in_name("control (0)"), 0);
  EXPECT_EQ(score_in_name("Tumor 2"), std::nullopt);
  EXPECT_EQ(score_in_name("1+ or 2+"), std::nullopt);
  EXPECT_EQ(score_in_name("0.5 mm"), std::nullopt);
  EXPECT_EQ(score_in_name(""), std::nullopt);
}

// 300 tumour cells over 2 mm whose contrasts lie around `contrast` (mOD), a tenth of it to both sides.
ScoredField field(int score, int contrast, std::uint64_t seed, bool control = false) {
  ScoredField out{"field " + std::to_string(score), score, control, {}};
  Random random(seed, static_cast<std::uint64_t>(score));
  for (int i = 0; i < 300; ++i) {
    const int own = contrast * (90 + static_cast<int>(random.below(21))) / 100;
    out.cells.push_back(test::cell_of(own, score > 1, static_cast<double>(random.below(2000)),
                                      static_cast<double>(random.below(2000))));
  }
  return out;
}

// A laboratory whose contrasts are 1.3 times those that the generic thresholds were made for.
TEST(Calibrate, FindsTheThresholdsOfALaboratory) {
  const std::vector<ScoredField> fields{field(0, 60, 1), field(1, 156, 2), field(2, 370, 3), field(3, 1170, 4, true)};
  const auto out = calibrate(fields, test::made_profile(), 0.25);
  ASSERT_TRUE(out) << out.error().text();
  const Profile& p = out->profile;
  EXPECT_TRUE(p.calibrated);
  EXPECT_GT(p.t_mem, 66);
  EXPECT_LE(p.t_mem, 140);
  EXPECT_GT(p.t_weak, 172);
  EXPECT_LT(p.t_weak, 333);
  EXPECT_GT(p.t_strong, 407);
  EXPECT_LT(p.t_strong, 1053);
  EXPECT_GT(p.t_moderate, p.t_weak);
  EXPECT_LT(p.t_moderate, p.t_strong);
  for (const FittedCut& cut : out->cuts) {
    EXPECT_EQ(cut.wrong_low, 0) << cut.key;
    EXPECT_EQ(cut.wrong_high, 0) << cut.key;
  }
  EXPECT_GE(p.sd_t_mem, 5);
  EXPECT_EQ(p.control_low, 285);
  EXPECT_EQ(p.control_high, 300);
  // The profile comes back from its text.
  Profile written = p;
  written.scanner = "S";
  written.source = "made";
  written.least_cells = 100;
  written.refuse_mpp = 0.55;
  written.warn_mpp = 0.26;
  written.connectivity_two = 100;
  written.connectivity_three = 500;
  written.nuclear_weak = written.nuclear_moderate = written.nuclear_strong = 100;
  const auto read = read_profile(profile_toml(written), "mylab.toml");
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(read->t_weak, p.t_weak);
  EXPECT_EQ(read->control_low, 285);
}

TEST(Calibrate, CarriesOverWhatNoFieldSays) {
  const std::vector<ScoredField> fields{field(1, 240, 2), field(2, 500, 3), field(3, 1800, 4)};
  const Profile base = test::made_profile();
  const auto out = calibrate(fields, base, 0.25);
  ASSERT_TRUE(out) << out.error().text();
  EXPECT_FALSE(out->cuts[0].fitted);
  EXPECT_EQ(out->profile.t_mem, base.t_mem * out->profile.t_weak / base.t_weak);
  EXPECT_EQ(out->profile.control_low, -1);
}

TEST(Calibrate, Refuses) {
  const Profile base = test::made_profile();
  EXPECT_FALSE(calibrate({field(1, 156, 2), field(2, 370, 3)}, base, 0.25));                    // no 3+
  EXPECT_FALSE(calibrate({field(1, 900, 2), field(2, 370, 3), field(3, 150, 4)}, base, 0.25));  // upside down
  EXPECT_FALSE(calibrate({field(1, 10, 2), field(2, 370, 3), field(3, 1170, 4)}, base, 0.25));  // 1+ unstained
  EXPECT_FALSE(calibrate({field(1, 156, 2), field(2, 370, 3), field(3, 1170, 4)}, base, 0));    // no scale
}

TEST(Calibrate, IsTheSameAgain) {
  const std::vector<ScoredField> fields{field(0, 60, 1), field(1, 156, 2), field(2, 170, 3), field(3, 600, 4)};
  const auto one = calibrate(fields, test::made_profile(), 0.25);
  const auto two = calibrate(fields, test::made_profile(), 0.25);
  ASSERT_TRUE(one && two);
  EXPECT_EQ(profile_toml(one->profile), profile_toml(two->profile));
  EXPECT_GT(one->cuts[1].wrong_low + one->cuts[1].wrong_high, 0);  // 1+ and 2+ overlap
}

}  // namespace
}  // namespace her2
