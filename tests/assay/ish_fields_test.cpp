// SPDX-License-Identifier: Apache-2.0
// Fields of an ISH case: the same table whatever threads and order, and named verdicts on bad ones.
#include "her2/assay/ish_fields.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include <gtest/gtest.h>

#include "her2/assay/ish_slide.h"
#include "her2/assay/ish_table.h"
#include "her2/core/output_file.h"
#include "her2/phantom/ish_phantom.h"
#include "her2/slide/png_writer.h"

namespace her2 {
namespace {

class IshFields : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::temp_directory_path() / (std::string("her2_ish_") + info->name());
    std::filesystem::create_directories(folder_);
    options_.mpp = 0.07;
    spec_.width = 1000;
    spec_.height = 800;
    spec_.nuclei = 32;
    spec_.stromal = 0;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string save(const std::string& name, const RgbImage& rgb) {
    const std::string path = (folder_ / name).string();
    auto file = OutputFile::open(path);
    EXPECT_TRUE(file && file->write(*encode_png(rgb)) && file->commit());
    return path;
  }
  RgbImage field(int number) { return ish_phantom_field(spec_, number)->rgb; }
  std::vector<std::string> phantom_fields(int count) {
    spec_.fields = count;
    std::vector<std::string> out;
    for (int i = 0; i < count; ++i) {
      out.push_back(save("field" + std::to_string(i) + ".png", field(i)));
    }
    return out;
  }

  std::filesystem::path folder_;
  IshFieldsOptions options_;
  IshPhantomSpec spec_;
};

std::string text_of(const NucleusTable& table, const std::string& field = {}) {
  std::string out;
  for (std::size_t i = 0; i < table.nuclei.size(); ++i) {
    const IshNucleus& n = table.nuclei[i];
    const std::string& name = table.fields[n.field].name;
    if (!field.empty() && name != field) {
      continue;
    }
    out += name + " " + std::to_string(n.centroid.x) + " " + std::to_string(n.centroid.y) + " " +
           std::string(name_of(n.verdict)) + " " + std::to_string(n.size);
    for (const SignalCount& c : n.counts) {
      out +=
          " " + std::to_string(c.clear) + "+" + std::to_string(c.doubtful) + "/" + std::to_string(c.cluster.integrated);
    }
    for (const IshSignal& s : table.signals_of(i)) {
      out += " " + std::to_string(s.at.x) + "," + std::to_string(s.at.y) + ":" + std::to_string(s.snr) + ":" +
             std::to_string(s.amplitude);
    }
    for (const SubPoint p : table.contour(i)) {
      out += " " + std::to_string(p.x) + "," + std::to_string(p.y);
    }
    out += "\n";
  }
  return out;
}

TEST_F(IshFields, ThreadsAndOrderChangeNothing) {
  const auto inputs = phantom_fields(3);
  const auto one = measure_fields(inputs, options_);
  ASSERT_TRUE(one) << one.error().text();
  options_.threads = 3;
  const auto three = measure_fields(inputs, options_);
  ASSERT_TRUE(three);
  EXPECT_EQ(text_of(one->table), text_of(three->table));
  EXPECT_GE(one->table.nuclei.size(), 60U);
  const auto turned = measure_fields({inputs[2], inputs[0], inputs[1]}, options_);
  ASSERT_TRUE(turned);
  for (const char* name : {"field0.png", "field1.png", "field2.png"}) {
    EXPECT_EQ(text_of(one->table, name), text_of(turned->table, name)) << name;
  }
  EXPECT_EQ(one->table.areas.size(), 3U);
  EXPECT_EQ(one->table.signal_begin.size(), one->table.nuclei.size() + 1);
  const auto accepted = std::count_if(one->table.nuclei.begin(), one->table.nuclei.end(),
                                      [](const IshNucleus& n) { return n.verdict == NucleusVerdict::accepted; });
  EXPECT_GE(accepted, 25);
}

// HER2 dots painted where there is no nuclear stain are over cytoplasm; those found at nuclei's edges are not.
TEST_F(IshFields, OnlyDotsAwayFromNuclearStainAreOverCytoplasm) {
  RgbImage rgb = field(0);
  const auto of = [](const NucleusTable& table, SignalState state) {
    const auto stray = table.stray_signals();
    return std::count_if(stray.begin(), stray.end(), [&](const IshSignal& s) { return s.state == state; });
  };
  const auto before = measure_fields({save("before.png", rgb)}, options_);
  ASSERT_TRUE(before) << before.error().text();
  EXPECT_LE(of(before->table, SignalState::cytoplasmic), 2);
  std::vector<SubPoint> painted;
  constexpr int kStep = 40;
  constexpr int kFar = 60;
  for (int y = kFar; y + kFar < rgb.height(); y += kStep) {
    for (int x = kFar; x + kFar < rgb.width(); x += kStep) {
      const auto& points = before->table.points;
      const bool free = std::all_of(points.begin(), points.end(), [&](SubPoint p) {
        const int dx = p.x / kSubpixels - x;
        const int dy = p.y / kSubpixels - y;
        return dx * dx + dy * dy > kFar * kFar;
      });
      bool dark = true;
      for (int i = -kFar / 2; i <= kFar / 2; ++i) {
        dark = dark && rgb.at(x + i, y)[2] < 40 && rgb.at(x, y + i)[2] < 40;
      }
      if (!free || !dark) {
        continue;
      }
      painted.push_back({x * kSubpixels, y * kSubpixels});
      for (int dy = -9; dy <= 9; ++dy) {
        for (int dx = -9; dx <= 9; ++dx) {
          std::uint8_t& red = rgb.at(x + dx, y + dy)[0];
          const double light = 170 * std::exp(-(dx * dx + dy * dy) / (2 * 2.9 * 2.9));
          red = static_cast<std::uint8_t>(std::min(255.0, red + light));
        }
      }
    }
  }
  ASSERT_GE(painted.size(), 5U);
  const auto after = measure_fields({save("after.png", rgb)}, options_);
  ASSERT_TRUE(after) << after.error().text();
  EXPECT_NEAR(static_cast<double>(of(after->table, SignalState::cytoplasmic)), static_cast<double>(painted.size()),
              2 + 0.1 * static_cast<double>(painted.size()));
}

TEST_F(IshFields, AFieldWithoutNucleiIsRefusedAndTheOthersGoOn) {
  auto inputs = phantom_fields(2);
  RgbImage dark = field(0);
  for (int y = 0; y < dark.height(); ++y) {
    for (int x = 0; x < dark.width(); ++x) {
      dark.at(x, y)[2] = 20;
    }
  }
  inputs.push_back(save("no_dapi.png", dark));
  const auto measured = measure_fields(inputs, options_);
  ASSERT_TRUE(measured) << measured.error().text();
  EXPECT_TRUE(measured->table.fields[0].refused.empty());
  EXPECT_NE(measured->table.fields[2].refused.find("DAPI"), std::string::npos) << measured->table.fields[2].refused;
  const auto alone = measure_fields({inputs[2]}, options_);
  ASSERT_FALSE(alone);
  EXPECT_NE(alone.error().reason.find("DAPI"), std::string::npos) << alone.error().text();
}

TEST_F(IshFields, SwappedChannelsAreNamed) {
  RgbImage swapped = field(0);
  for (int y = 0; y < swapped.height(); ++y) {
    for (int x = 0; x < swapped.width(); ++x) {
      std::swap(swapped.at(x, y)[0], swapped.at(x, y)[2]);
    }
  }
  const auto path = save("swapped.png", swapped);
  const auto measured = measure_fields({path}, options_);
  ASSERT_FALSE(measured);
  EXPECT_NE(measured.error().reason.find("swapped"), std::string::npos) << measured.error().text();
  options_.roles = {"red", "blue", "green"};
  EXPECT_TRUE(measure_fields({path}, options_));
}

TEST_F(IshFields, RolesThatCannotBeAreRefused) {
  const auto path = save("field.png", field(0));
  options_.roles.her2 = "infrared";
  const auto unknown = measure_fields({path}, options_);
  ASSERT_FALSE(unknown);
  EXPECT_NE(unknown.error().reason.find("no channel \"infrared\""), std::string::npos);
  options_.roles = {"blue", "red", "red"};
  const auto twice = measure_fields({path}, options_);
  ASSERT_FALSE(twice);
  EXPECT_NE(twice.error().reason.find("given for both HER2 and CEP17"), std::string::npos) << twice.error().text();
}

TEST_F(IshFields, AMissingChannelGivesNoRatio) {
  RgbImage rgb = field(0);
  for (int y = 0; y < rgb.height(); ++y) {
    for (int x = 0; x < rgb.width(); ++x) {
      rgb.at(x, y)[1] = 12;
    }
  }
  const auto measured = measure_fields({save("no_green.png", rgb)}, options_);
  ASSERT_FALSE(measured);
  EXPECT_NE(measured.error().reason.find("CEP17 channel is empty"), std::string::npos) << measured.error().text();
}

TEST_F(IshFields, ASaturatedChannelIsRefused) {
  RgbImage rgb = field(0);
  for (int y = 0; y < rgb.height(); ++y) {
    for (int x = 0; x < rgb.width(); ++x) {
      auto& red = rgb.at(x, y)[0];
      red = static_cast<std::uint8_t>(std::min(255, red * 4));
    }
  }
  const auto measured = measure_fields({save("bright.png", rgb)}, options_);
  const std::string why = measured ? measured->table.fields[0].refused : measured.error().reason;
  EXPECT_NE(why.find("saturated"), std::string::npos) << why;
}

TEST_F(IshFields, WrongScaleIsNamed) {
  const auto path = save("field.png", field(0));
  for (const double wrong : {0.02, 0.3}) {
    options_.mpp = wrong;
    const auto measured = measure_fields({path}, options_);
    ASSERT_FALSE(measured) << wrong;
    EXPECT_NE(measured.error().reason.find("scale"), std::string::npos) << measured.error().text();
  }
}

TEST_F(IshFields, OnePixelAndNoScale) {
  const auto path = save("pixel.png", RgbImage(1, 1, 30));
  const auto tiny = measure_fields({path}, options_);
  ASSERT_FALSE(tiny);
  EXPECT_NE(tiny.error().reason.find("too small for a nucleus"), std::string::npos) << tiny.error().text();
  options_.mpp.reset();
  const auto unscaled = measure_fields({save("field.png", field(0))}, options_);
  ASSERT_FALSE(unscaled);
  EXPECT_NE(unscaled.error().text().find("--mpp"), std::string::npos) << unscaled.error().text();
}

TEST(IshPixelSize, DualIshIsWarnedAboveAFifthAndRefusedFromTwentySixHundredths) {
  EXPECT_TRUE(dual_ish_pixel_size(0.20).warning.empty());
  EXPECT_FALSE(dual_ish_pixel_size(0.21).warning.empty());
  EXPECT_TRUE(dual_ish_pixel_size(0.25).refusal.empty());
  EXPECT_FALSE(dual_ish_pixel_size(0.26).refusal.empty());
}

TEST_F(IshFields, ADualIshSlideIsWalkedThroughWithTheSameCounts) {
  spec_.look = IshLook::dual_ish;
  spec_.cep17_sigma_um = 0.42;
  spec_.width = 2600;
  spec_.height = 1800;
  spec_.nuclei = 150;
  options_.assay = IshAssay::dual_ish;
  const auto path = save("slide.png", field(0));
  const auto as_field = measure_fields({path}, options_);
  ASSERT_TRUE(as_field) << as_field.error().text();
  const auto as_slide = measure_ish_slide(path, options_);
  ASSERT_TRUE(as_slide) << as_slide.error().text();
  options_.threads = 3;
  const auto threads = measure_ish_slide(path, options_);
  ASSERT_TRUE(threads);
  EXPECT_EQ(text_of(as_slide->table), text_of(threads->table));
  const auto sums = [](const NucleusTable& table) {
    std::array<double, 3> out{};
    for (const IshNucleus& n : table.nuclei) {
      if (n.verdict == NucleusVerdict::accepted) {
        out[0] += 1;
        out[1] += n.counts[0].clear;
        out[2] += n.counts[1].clear;
      }
    }
    return out;
  };
  const auto a = sums(as_field->table);
  const auto b = sums(as_slide->table);
  EXPECT_NEAR(b[0] / a[0], 1, 0.1);
  EXPECT_NEAR(b[1] / b[2] / (a[1] / a[2]), 1, 0.1);
}

}  // namespace
}  // namespace her2
