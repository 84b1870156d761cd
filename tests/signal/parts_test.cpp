// SPDX-License-Identifier: Apache-2.0
// The parts that nuclei and signals are found with.
#include <cmath>

#include <gtest/gtest.h>

#include "her2/phantom/ish_phantom.h"
#include "her2/signal/fluorescence.h"
#include "her2/signal/judge.h"
#include "her2/signal/outline.h"
#include "her2/signal/raster.h"
#include "her2/signal/split_tree.h"

namespace her2::signal {
namespace {

TEST(SignalRaster, LogarithmAndExponentialAgreeWithTheLibrary) {
  for (double x = 1e-6; x < 1e6; x *= 1.37) {
    EXPECT_NEAR(log_of(x), std::log(x), 1e-8 * (1 + std::abs(std::log(x))));
  }
  for (double x = -40; x < 20; x += 0.73) {
    EXPECT_NEAR(exp_of(x) / std::exp(x), 1, 1e-9);
  }
}

TEST(SignalRaster, ErosionIsTheLeastValueAround) {
  Plane<std::int16_t> in(23, 17);
  std::uint32_t state = 1;
  for (auto& v : in.pixels()) {
    state = state * 1664525U + 1013904223U;
    v = static_cast<std::int16_t>(state >> 20U);
  }
  Plane<std::int16_t> out;
  erode(in, 3, out);
  for (int y = 0; y < 17; ++y) {
    for (int x = 0; x < 23; ++x) {
      std::int16_t least = 32767;
      for (int dy = -3; dy <= 3; ++dy) {
        for (int dx = -3; dx <= 3; ++dx) {
          least = std::min(least, in.at(std::clamp(x + dx, 0, 22), std::clamp(y + dy, 0, 16)));
        }
      }
      ASSERT_EQ(out.at(x, y), least) << x << " " << y;
    }
  }
}

// A Gaussian dot of sigma s seen through a blur of sigma f has curvature A s^2 / (s^2 + f^2)^2 in both directions.
TEST(SignalRaster, DotResponseIsThatOfAGaussian) {
  constexpr double kSigma = 2;
  constexpr double kFilter = 2.5;
  Plane<float> plane(41, 41, 0.0F);
  for (int y = 0; y < 41; ++y) {
    for (int x = 0; x < 41; ++x) {
      const double r2 = (x - 20) * (x - 20) + (y - 20) * (y - 20);
      plane.at(x, y) = static_cast<float>(100 * std::exp(-r2 / (2 * kSigma * kSigma)));
    }
  }
  Plane<float> smooth;
  Plane<float> response;
  Blur blur(kFilter);
  blur(plane, smooth);
  dot_response(smooth, 1, response);
  const double total = kSigma * kSigma + kFilter * kFilter;
  EXPECT_NEAR(static_cast<double>(response.at(20, 20)), 100 * kSigma * kSigma / (total * total), 0.6);
}

TEST(SignalRaster, ModeLiesWhereValuesAreDensest) {
  std::vector<double> values{0.1, 0.9, 0.30, 0.31, 0.32, 0.305, 0.7, 2, 3};
  EXPECT_NEAR(mode_of(values), 0.305, 0.01);
}

Plane<std::int16_t> two_discs(int apart) {
  Plane<std::int16_t> out(80, 50);
  for (int y = 0; y < 50; ++y) {
    for (int x = 0; x < 80; ++x) {
      const auto in = [&](int cx) { return (x - cx) * (x - cx) + (y - 25) * (y - 25) <= 12 * 12; };
      out.at(x, y) = in(25) || in(25 + apart) ? 100 : 0;
    }
  }
  return out;
}

TEST(SplitTree, TwoTouchingDiscsAreTwoBasinsAndOneJoin) {
  const auto plane = two_discs(21);
  Plane<std::uint16_t> depth;
  depth_over(plane, 50, depth);
  SplitTree tree;
  tree.build(depth, 2);
  ASSERT_EQ(tree.pieces().size(), 3U);
  const auto& a = tree.pieces()[0].moments;
  const auto& b = tree.pieces()[1].moments;
  EXPECT_NEAR(static_cast<double>(a.n) / static_cast<double>(b.n), 1, 0.06);
  EXPECT_EQ(tree.pieces()[2].moments.n, a.n + b.n);
  std::int64_t pixels = 0;
  tree.each_pixel(2, [&](std::int32_t pixel) {
    EXPECT_EQ(plane.pixels()[static_cast<std::size_t>(pixel)], 100);
    ++pixels;
  });
  EXPECT_EQ(pixels, a.n + b.n);
}

TEST(SplitTree, NearDiscsAreOneBlobUntilTheyAreCut) {
  const auto plane = two_discs(3);
  Plane<std::uint16_t> depth;
  depth_over(plane, 50, depth);
  SplitTree tree;
  tree.build(depth, 10);
  EXPECT_EQ(tree.pieces().size(), 1U);
}

TEST(SplitTree, NothingOverTheLevelIsNoPiece) {
  Plane<std::uint16_t> depth;
  depth_over(Plane<std::int16_t>(20, 20, 5), 50, depth);
  SplitTree tree;
  tree.build(depth, 2);
  EXPECT_TRUE(tree.pieces().empty());
}

TEST(SignalOutline, AreaOfADiscIsKept) {
  std::vector<std::int32_t> pixels;
  for (int y = 0; y < 60; ++y) {
    for (int x = 0; x < 60; ++x) {
      if ((x - 30) * (x - 30) + (y - 30) * (y - 30) <= 15 * 15) {
        pixels.push_back(y * 60 + x);
      }
    }
  }
  const Contour ring = outline_of(pixels, 60, 60, 4);
  const double area = static_cast<double>(doubled_area(ring)) / 2 / (kSubpixels * kSubpixels) / 16;
  EXPECT_NEAR(area / static_cast<double>(pixels.size()), 1, 0.03);
  EXPECT_NEAR(static_cast<double>(doubled_area(ring)) / static_cast<double>(doubled_hull_area(ring)), 1, 0.02);
}

TEST(SignalOutline, OnePixelHasAnOutline) {
  const std::vector<std::int32_t> pixels{5 * 10 + 5};
  EXPECT_GT(doubled_area(outline_of(pixels, 10, 10, 2)), 0);
}

TEST(Crosstalk, WhatIsMixedInIsFoundAndTakenOut) {
  IshPhantomSpec spec;
  spec.width = 1200;
  spec.height = 1000;
  spec.nuclei = 45;
  spec.cep17_in_her2 = 0.4;
  spec.her2_in_cep17 = 0.1;
  const IshPhantomField field = *ish_phantom_field(spec, 0);
  const int k = signal_reduction(spec.mpp, constants_of(IshAssay::fish));
  FishPlanes planes;
  fish_planes(field.rgb, {}, k, planes);
  const FieldReading reading = read_fish(planes, spec.width, spec.height, spec.mpp, k);
  EXPECT_NEAR(reading.crosstalk[0], 0.4, 0.08);
  EXPECT_NEAR(reading.crosstalk[1], 0.1, 0.08);
}

TEST(SpotThreshold, TextureAloneHasNoSignals) {
  std::vector<Maximum> maxima;
  std::uint32_t state = 7;
  for (int i = 0; i < 4000; ++i) {
    state = state * 1664525U + 1013904223U;
    maxima.push_back({0.5F + static_cast<float>(state >> 8U) / 33554432.0F, 2});
  }
  EXPECT_FALSE(find_threshold(maxima, 40, true).any);
  EXPECT_FALSE(find_threshold({}, 40, false).any);
}

TEST(CaseLevels, OrderOfFieldsDoesNotMatter) {
  IshPhantomSpec spec;
  spec.width = 1000;
  spec.height = 800;
  spec.nuclei = 30;
  spec.fields = 3;
  std::vector<FieldReading> readings;
  const int k = signal_reduction(spec.mpp, constants_of(IshAssay::fish));
  for (int i = 0; i < 3; ++i) {
    FishPlanes planes;
    fish_planes(ish_phantom_field(spec, i)->rgb, {}, k, planes);
    readings.push_back(read_fish(planes, spec.width, spec.height, spec.mpp, k));
  }
  const CaseLevels a = pool_levels({&readings[0], &readings[1], &readings[2]});
  const CaseLevels b = pool_levels({&readings[2], &readings[0], &readings[1]});
  EXPECT_TRUE(a.channel[0].threshold.any);
  for (std::size_t c = 0; c < kIshChannels; ++c) {
    EXPECT_EQ(a.channel[c].threshold.value, b.channel[c].threshold.value);
    EXPECT_EQ(a.channel[c].single.integrated, b.channel[c].single.integrated);
    EXPECT_EQ(a.channel[c].single.variation, b.channel[c].single.variation);
    EXPECT_EQ(a.channel[c].plateau, b.channel[c].plateau);
  }
  EXPECT_EQ(a.usual_area_um2, b.usual_area_um2);
}

}  // namespace
}  // namespace her2::signal
