// SPDX-License-Identifier: Apache-2.0
#include "her2/ihc/profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "her2/core/embedded.h"
#include "her2/core/sha256.h"

namespace her2 {
namespace {

using testing::HasSubstr;

std::string shipped() { return std::string(embedded_file("profiles/generic-uncalibrated.toml").value()); }

std::string with(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::string refused(const std::string& toml) {
  const auto profile = read_profile(toml, "lab.toml");
  return profile ? "" : profile.error().text();
}

TEST(Profile, GenericHasTheStartingValues) {
  const auto profile = read_profile(shipped(), "generic-uncalibrated.toml");
  ASSERT_TRUE(profile) << profile.error().text();
  EXPECT_EQ(profile->name, "generic-uncalibrated");
  EXPECT_FALSE(profile->calibrated);
  EXPECT_EQ(profile->sha256, sha256_hex(shipped()));
  EXPECT_EQ(profile->t_mem, 100);
  EXPECT_EQ(profile->t_weak, 230);
  EXPECT_EQ(profile->t_moderate, 300);
  EXPECT_EQ(profile->t_strong, 500);
  EXPECT_EQ(profile->complete_from, 900);
  EXPECT_EQ(profile->longest_gap, 100);
  EXPECT_EQ(profile->stain_vectors[0], (std::array<double, 3>{0.65, 0.70, 0.29}));
  EXPECT_EQ(profile->stain_vectors[1], (std::array<double, 3>{0.27, 0.57, 0.78}));
  EXPECT_FALSE(profile->estimate_stain);
  EXPECT_EQ(profile->refuse_mpp, 0.55);
  EXPECT_EQ(profile->sd_stain_degrees10, 30);
  EXPECT_EQ(profile->connectivity_two, 120);
  EXPECT_EQ(profile->connectivity_three, 560);
  EXPECT_EQ(profile->nuclear_weak, 150);
  EXPECT_EQ(profile->control_low, -1);
}

TEST(Profile, WrittenReadsBack) {
  auto profile = read_profile(shipped(), "p").value();
  profile.name = "my \"lab\"\\ \x01 \xC3\xA9";
  profile.calibrated = true;
  profile.scanner = "Maker 1";
  profile.subsampling = "4:2:0";
  profile.mpp = 0.2528;
  profile.t_mem = 123;
  profile.sd_stain_degrees10 = 25;
  profile.control_low = 150;
  profile.control_high = 210;
  const std::string text = profile_toml(profile);
  const auto again = read_profile(text, "again");
  ASSERT_TRUE(again) << again.error().text() << text;
  EXPECT_EQ(profile_toml(*again), text);
  EXPECT_EQ(again->control_low, 150);
  EXPECT_EQ(again->name, profile.name);
  EXPECT_EQ(again->t_mem, 123);
  EXPECT_EQ(again->mpp, 0.2528);
  EXPECT_EQ(again->sd_stain_degrees10, 25);
  EXPECT_TRUE(again->calibrated);
}

TEST(Profile, SaysWhatIsWrongAndWhere) {
  EXPECT_THAT(refused("name = "), HasSubstr("lab.toml: line 1"));
  EXPECT_THAT(refused(with(shipped(), "calibrated = false", "")), HasSubstr("key calibrated: is missing"));
  EXPECT_THAT(refused(with(shipped(), "stained_share", "stained_part")), HasSubstr("membrane.stained_part: is no key"));
  EXPECT_THAT(refused(with(shipped(), "stained_from_od = 0.10", "stained_from_od = 0.03")),
              HasSubstr("must be a number from 0.04 to 0.8 OD"));
  EXPECT_THAT(refused(with(shipped(), "weak_from_od = 0.23", "weak_from_od = 0.2305")),
              HasSubstr("must be a multiple of 0.001"));
  EXPECT_THAT(refused(with(shipped(), "weak_from_od = 0.23", "weak_from_od = 0.4")),
              HasSubstr("must lie between weak_from_od and strong_from_od"));
  EXPECT_THAT(refused(with(shipped(), "[0.27, 0.57, 0.78]", "[0.27, 0.57]")), HasSubstr("list of three numbers"));
  EXPECT_THAT(refused(with(shipped(), "[0.27, 0.57, 0.78]", "[0, 0, 0]")), HasSubstr("must be a colour"));
  EXPECT_THAT(refused(with(shipped(), "complete_share = 0.90", "complete_share = nan")), HasSubstr("from 0.001 to 1"));
  EXPECT_THAT(refused(with(shipped(), "two_from = 0.12", "two_from = 0.60")), HasSubstr("must not be below two_from"));
  EXPECT_THAT(refused(with(shipped(), "weak_from_od = 0.15      # own", "weak_from_od = 0.5")),
              HasSubstr("nuclear.moderate_from_od: must lie between"));
  EXPECT_THAT(refused(shipped() + "\n[control]\nh_score_from = 200\nh_score_to = 100\n"),
              HasSubstr("must not be below h_score_from"));
  EXPECT_THAT(refused(with(shipped(), "[stain]", "[stains]")), HasSubstr("stains: is no key"));
  EXPECT_THAT(refused("name = \"x\"\ncalibrated = false\nsource = \"y\"\nstain = 3\n"),
              HasSubstr("key stain: must be a table"));
}

}  // namespace
}  // namespace her2
