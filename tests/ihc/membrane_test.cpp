// SPDX-License-Identifier: Apache-2.0
#include "her2/ihc/membrane.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "her2/cell/star.h"

namespace her2 {
namespace {

constexpr double kPitch = 0.25;
constexpr int kSide = 200;
constexpr double kRadius = 7.5;  // um

// A ring of DAB with a Gaussian profile around the middle, on the angles (of one turn) below `stained`; cytoplasm
// inside.
Plane<std::int16_t> ring(double peak, double fwhm_um, double stained, double cytoplasm) {
  Plane<std::int16_t> out(kSide, kSide);
  const double sigma = fwhm_um / 2.3548;
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      const double dx = (x + 0.5 - kSide / 2.0) * kPitch;
      const double dy = (y + 0.5 - kSide / 2.0) * kPitch;
      const double r = std::hypot(dx, dy);
      const double turn = (std::atan2(dy, dx) + std::numbers::pi) / (2 * std::numbers::pi);
      const double line = turn < stained ? peak * std::exp(-(r - kRadius) * (r - kRadius) / (2 * sigma * sigma)) : 0;
      const double inside = cytoplasm / (1 + std::exp((r - kRadius) / 0.15));
      out.at(x, y) = static_cast<std::int16_t>(std::lround(std::max(line, inside)));
    }
  }
  return out;
}

std::array<SubPoint, kRays> circle(double radius_um) {
  std::array<SubPoint, kRays> out{};
  const RayTable& rays = ray_table();
  const double r = radius_um / kPitch * kSubpixels;
  for (std::size_t i = 0; i < kRays; ++i) {
    out[i] = {kSide * 16 + static_cast<std::int32_t>(std::lround(rays.x[i] * r / 16384)),
              kSide * 16 + static_cast<std::int32_t>(std::lround(rays.y[i] * r / 16384))};
  }
  return out;
}

MeasuredCell measured(const Plane<std::int16_t>& dab, double boundary_um, int cytoplasm = 0) {
  MembraneMeter meter(dab, kPitch);
  MeasuredCell cell;
  fill_ladder(meter.measure(circle(boundary_um), cytoplasm), cell);
  return cell;
}

TEST(Membrane, contrast_width_and_length_are_those_drawn) {
  const auto dab = ring(400, 1.0, 2, 0);
  MembraneMeter meter(dab, kPitch);
  const auto samples = meter.measure(circle(kRadius), 0);
  EXPECT_NEAR(static_cast<double>(meter.length()) / 32 * kPitch, 2 * std::numbers::pi * kRadius, 0.5);
  for (const MembraneSample& sample : samples) {
    EXPECT_NEAR(sample.contrast, 400, 25);
    EXPECT_NEAR(sample.width_half, 1000, 150);
  }
}

TEST(Membrane, a_boundary_that_is_off_by_less_than_a_micrometre_sees_it_too) {
  const auto dab = ring(400, 1.0, 2, 0);
  for (const double off : {-0.8, -0.4, 0.4, 0.8}) {
    EXPECT_GE(measured(dab, kRadius + off).ladder[3].completeness, 990) << off;
  }
  EXPECT_LE(measured(dab, kRadius + 2.5).ladder[3].completeness, 10);
}

TEST(Membrane, completeness_is_the_stained_share) {
  for (const double stained : {0.1, 0.35, 0.6, 0.85, 1.0}) {
    const MeasuredCell cell = measured(ring(300, 0.9, stained, 0), kRadius);
    EXPECT_NEAR(cell.ladder[3].completeness, 1000 * stained, 40) << stained;
    EXPECT_NEAR(cell.ladder[3].longest_gap, 1000 * (1 - stained), 40) << stained;
    EXPECT_NEAR(cell.ladder[3].intensity, 300, 25) << stained;
  }
}

TEST(Membrane, the_ladder_falls) {
  const MeasuredCell cell = measured(ring(300, 0.9, 0.7, 0), kRadius);
  for (std::size_t i = 1; i < kLadderMod.size(); ++i) {
    EXPECT_LE(cell.ladder[i].completeness, cell.ladder[i - 1].completeness);
    EXPECT_GE(cell.ladder[i].longest_gap, cell.ladder[i - 1].longest_gap);
  }
  EXPECT_EQ(cell.ladder.back().completeness, 0);
  EXPECT_EQ(cell.ladder.back().longest_gap, 1000);
}

TEST(Membrane, the_edge_of_a_stained_cytoplasm_is_none) {
  EXPECT_LE(measured(ring(0, 1, 0, 300), kRadius, 300).ladder[3].completeness, 20);
  // A membrane on it is one.
  EXPECT_GE(measured(ring(500, 1, 2, 200), kRadius, 200).ladder[3].completeness, 980);
}

// Beyond a 3+ membrane there may be nothing paler. But a neighbour's evenly stained cytoplasm is no membrane.
TEST(Membrane, a_dense_step_is_one) {
  for (const auto& [outside, stained] : {std::pair{900, true}, std::pair{400, false}}) {
    Plane<std::int16_t> dab(kSide, kSide);
    for (int y = 0; y < kSide; ++y) {
      for (int x = 0; x < kSide; ++x) {
        const double r = std::hypot(x + 0.5 - kSide / 2.0, y + 0.5 - kSide / 2.0) * kPitch;
        dab.at(x, y) =
            static_cast<std::int16_t>(std::lround(100 + (outside - 100) / (1 + std::exp((kRadius - r) / 0.2))));
      }
    }
    const int completeness = measured(dab, kRadius, 100).ladder[3].completeness;
    EXPECT_EQ(completeness, stained ? 1000 : 0);
  }
}

// A line between a pale and a brown cell is the brown one's; between two pale or two brown ones it is both's.
TEST(Membrane, a_line_beside_a_brown_cell_is_its_own) {
  struct Beside {
    int within, beyond;
    bool stained;
  };
  for (const Beside& b :
       {Beside{20, 150, false}, Beside{150, 150, true}, Beside{20, 20, true}, Beside{150, 20, true}}) {
    Plane<std::int16_t> dab(kSide, kSide);
    for (int y = 0; y < kSide; ++y) {
      for (int x = 0; x < kSide; ++x) {
        const double out = std::hypot(x + 0.5 - kSide / 2.0, y + 0.5 - kSide / 2.0) * kPitch - kRadius;
        const double base = b.within + (b.beyond - b.within) / (1 + std::exp(-out / 0.2));
        dab.at(x, y) = static_cast<std::int16_t>(std::lround(base + (300 - base) * std::exp(-out * out / 0.32)));
      }
    }
    EXPECT_EQ(measured(dab, kRadius, b.within).ladder[3].completeness, b.stained ? 1000 : 0) << b.within << b.beyond;
  }
}

TEST(Membrane, nothing_is_nothing) {
  const MeasuredCell cell = measured(Plane<std::int16_t>(kSide, kSide, 50), kRadius);
  EXPECT_EQ(cell.ladder[0].completeness, 0);
  EXPECT_EQ(cell.ladder[0].longest_gap, 1000);
  EXPECT_EQ(cell.ladder[0].intensity, 0);
}

// Shares, gaps and intensities of the ladder are those that counting gives.
TEST(Ladder, is_what_counting_gives) {
  std::mt19937 random(3);
  for (int turn = 0; turn < 300; ++turn) {
    std::vector<MembraneSample> samples(std::uniform_int_distribution<std::size_t>(1, 60)(random));
    const int most = turn % 3 == 0 ? 60 : 900;
    for (MembraneSample& sample : samples) {
      sample.contrast = std::max(0, std::uniform_int_distribution<int>(-most / 2, most)(random));
    }
    MeasuredCell cell;
    fill_ladder(samples, cell);
    const std::size_t n = samples.size();
    for (std::size_t step = 0; step < kLadderMod.size(); ++step) {
      std::vector<int> stained;
      std::size_t gap = 0;
      std::size_t here = 0;
      for (std::size_t i = 0; i < 2 * n; ++i) {  // twice around: a gap may lie across the end
        const int contrast = samples[i % n].contrast;
        here = contrast >= kLadderMod[step] ? 0 : std::min(n, here + 1);
        gap = std::max(gap, here);
        if (i < n && contrast >= kLadderMod[step]) {
          stained.push_back(contrast);
        }
      }
      std::sort(stained.begin(), stained.end());
      ASSERT_EQ(cell.ladder[step].completeness, (stained.size() * 1000 + n / 2) / n);
      ASSERT_EQ(cell.ladder[step].longest_gap, (gap * 1000 + n / 2) / n);
      ASSERT_EQ(cell.ladder[step].intensity, stained.empty() ? 0 : stained[stained.size() / 2]);
    }
  }
}

}  // namespace
}  // namespace her2
