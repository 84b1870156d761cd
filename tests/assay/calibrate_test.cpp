// SPDX-License-Identifier: Apache-2.0
// A laboratory that stains 1.3 times as strongly as the generic profile expects: calibrated on four of its slides, four
// others get their scores.
#include <filesystem>

#include <gtest/gtest.h>

#include "her2/assay/calibrate_run.h"
#include "her2/assay/ihc_run.h"
#include "her2/phantom/phantom.h"
#include "her2/phantom/write.h"
#include "tests/run/fixture.h"

namespace her2 {
namespace {

const std::vector<std::string> kScores{"0", "1+", "2+", "3+"};

std::filesystem::path folder() { return std::filesystem::path(::testing::TempDir()) / "her2_calibrate"; }

std::string slide(const std::string& score, std::uint64_t seed) {
  PhantomSpec spec;
  spec.seed = seed;
  spec.width = spec.height = 2200;
  spec.tissue_share = 0.85;  // glass beside it, as white is found there
  spec.stroma = 0.1;
  spec.mix = preset_mix(score).value();
  for (MembraneLook& look : spec.look) {
    look.contrast_mod *= 1.3;
    look.contrast_spread_mod *= 1.3;
  }
  PhantomFiles files;
  files.image = (folder() / ("seed" + std::to_string(seed) + "-" + score + ".tiff")).string();
  files.truth = false;
  const auto written = write_phantom(Phantom::make(spec).value(), files);
  EXPECT_TRUE(written) << written.error().text();
  return files.image;
}

TEST(CalibrateRun, BringsTheScoresBack) {
  std::filesystem::create_directories(folder());
  CalibrationRun run;
  run.base = find_profile("generic-uncalibrated").value();
  run.name = "mylab";
  run.scores = kScores;
  run.threads = 2;
  for (const std::string& score : kScores) {
    run.slides.push_back(slide(score, 1));
  }
  const auto report = run_calibration(run, test::real_catalog());
  ASSERT_TRUE(report) << report.error().text();
  const Profile& profile = report->calibration.profile;
  EXPECT_EQ(profile.name, "mylab");
  EXPECT_DOUBLE_EQ(profile.mpp, 0.25);
  EXPECT_EQ(profile.subsampling, "4:2:0");
  EXPECT_GE(profile.t_weak, 156);  // faint is 156 mOD here, weak 260, moderate 481, strong 1170
  EXPECT_LE(profile.t_weak, 320);
  EXPECT_GT(profile.t_strong, 481);
  EXPECT_LT(profile.t_strong, 1170);
  for (const std::string& score : kScores) {
    IhcRun ihc;
    ihc.slide = slide(score, 2);
    ihc.edition = "2018";
    ihc.measure.profile = profile;
    ihc.measure.threads = 2;
    const auto scored = run_ihc(ihc, test::real_catalog());
    ASSERT_TRUE(scored) << scored.error().text();
    ASSERT_FALSE(scored->refused());
    const Answer* answer = ihc_score_of(scored->editions.at(0));
    ASSERT_NE(answer, nullptr);
    const std::string got = likeliest(*answer);
    EXPECT_TRUE(got == score || (score == "0" && got == "0+")) << score << ": " << score_words(*answer);
  }
  run.scores = {"0", "1+"};
  EXPECT_FALSE(run_calibration(run, test::real_catalog()));
  std::filesystem::remove_all(folder());
}

}  // namespace
}  // namespace her2
