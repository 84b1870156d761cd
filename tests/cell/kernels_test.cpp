// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

#include <gtest/gtest.h>

#include "her2/cell/smooth.h"
#include "her2/cell/star.h"

namespace her2 {
namespace {

Plane<std::int16_t> random_plane(int width, int height, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_int_distribution<int> value(-300, 2400);
  Plane<std::int16_t> out(width, height);
  for (auto& v : out.pixels()) {
    v = static_cast<std::int16_t>(value(random));
  }
  return out;
}

TEST(Smooth, box_mean_is_the_mean_of_the_square) {
  const Plane<std::int16_t> in = random_plane(37, 23, 1);
  for (const int radius : {1, 2, 5, 30}) {
    Plane<std::int16_t> out;
    box_mean(in, radius, out);
    for (int y = 0; y < in.height(); ++y) {
      for (int x = 0; x < in.width(); ++x) {
        double sum = 0;
        for (int dy = -radius; dy <= radius; ++dy) {
          for (int dx = -radius; dx <= radius; ++dx) {
            sum += in.at(std::clamp(x + dx, 0, in.width() - 1), std::clamp(y + dy, 0, in.height() - 1));
          }
        }
        const double side = 2 * radius + 1;
        ASSERT_NEAR(out.at(x, y), sum / (side * side), 1.01) << x << " " << y << " radius " << radius;
      }
    }
  }
}

// Far enough from the edge a smoothed pixel does not depend on where the plane ends.
TEST(Smooth, looks_no_farther_than_it_says) {
  const Plane<std::int16_t> whole = random_plane(120, 90, 2);
  Plane<std::int16_t> part(80, 60);
  for (int y = 0; y < 60; ++y) {
    for (int x = 0; x < 80; ++x) {
      part.at(x, y) = whole.at(x + 17, y + 11);
    }
  }
  for (const double sigma : {0.8, 2.0, 4.5}) {
    Plane<std::int16_t> a;
    Plane<std::int16_t> b;
    gaussian(whole, sigma, a);
    gaussian(part, sigma, b);
    const int reach = gaussian_reach(sigma);
    for (int y = reach; y < 60 - reach; ++y) {
      for (int x = reach; x < 80 - reach; ++x) {
        ASSERT_EQ(a.at(x + 17, y + 11), b.at(x, y)) << sigma;
      }
    }
  }
}

// The response to a point has the variance that was asked for.
TEST(Smooth, gaussian_has_its_sigma) {
  for (const double sigma : {1.0, 2.2, 5.0}) {
    Plane<std::int16_t> point(101, 101);
    for (int y = 48; y <= 52; ++y) {
      for (int x = 48; x <= 52; ++x) {
        point.at(x, y) = 30000;
      }
    }
    Plane<std::int16_t> out;
    gaussian(point, sigma, out);
    double sum = 0;
    double spread = 0;
    for (int y = 0; y < 101; ++y) {
      for (int x = 0; x < 101; ++x) {
        sum += out.at(x, y);
        spread += out.at(x, y) * (x - 50.0) * (x - 50.0);
      }
    }
    EXPECT_NEAR(std::sqrt(spread / sum - 2.0), sigma, 0.2) << sigma;  // 2: of the 5 x 5 square itself
  }
}

TEST(Smooth, doubling_keeps_the_means_and_halving_brings_back) {
  RgbImage in(9, 7);
  for (std::size_t i = 0; i < in.bytes().size(); ++i) {
    in.bytes()[i] = static_cast<std::uint8_t>(i * 37 % 256);
  }
  RgbImage out;
  double_size(in, out);
  ASSERT_EQ(out.width(), 18);
  RgbImage flat(4, 4, 77);
  double_size(flat, out);
  for (const std::uint8_t v : out.bytes()) {
    ASSERT_EQ(v, 77);
  }
}

TEST(Rays, are_unit_vectors_in_order) {
  const RayTable& rays = ray_table();
  for (std::size_t i = 0; i < kRays; ++i) {
    const double angle = 2 * std::numbers::pi * static_cast<double>(i) / kRays;
    EXPECT_NEAR(rays.x[i], 16384 * std::cos(angle), 1.0);
    EXPECT_NEAR(rays.y[i], 16384 * std::sin(angle), 1.0);
  }
}

TEST(Rays, sample_is_linear_between_pixels) {
  Plane<std::int16_t> plane(8, 8);
  for (int y = 0; y < 8; ++y) {
    for (int x = 0; x < 8; ++x) {
      plane.at(x, y) = static_cast<std::int16_t>(100 * x + 10 * y);
    }
  }
  EXPECT_EQ(sample(plane, 16 + 3 * 32, 16 + 2 * 32), 320);
  EXPECT_EQ(sample(plane, 16 + 3 * 32 + 16, 16 + 2 * 32), 370);
  EXPECT_EQ(sample(plane, 16 + 3 * 32, 16 + 2 * 32 + 8), 323);  // 322.5, up
}

// Against all rings of a small problem.
TEST(RingFinder, finds_the_cheapest_closed_ring) {
  constexpr int kFew = 6;
  constexpr int kRadii = 4;
  std::mt19937 random(3);
  std::uniform_int_distribution<std::int32_t> cost(0, 50);
  int best_found = 0;
  for (int trial = 0; trial < 200; ++trial) {
    std::vector<std::int32_t> costs(kFew * kRadii);
    for (auto& c : costs) {
      c = cost(random);
    }
    const auto price = [&](const std::array<std::int16_t, kFew>& ring, bool& allowed) {
      int sum = 0;
      allowed = true;
      for (std::size_t i = 0; i < kFew; ++i) {
        const int step = std::abs(ring[i] - ring[(i + 1) % kFew]);
        allowed = allowed && step <= 1;
        sum += costs[i * kRadii + static_cast<std::size_t>(ring[i])] + 3 * step;
      }
      return sum;
    };
    int best = 1 << 20;
    for (int code = 0; code < 4096; ++code) {
      std::array<std::int16_t, kFew> ring{};
      for (std::size_t i = 0; i < kFew; ++i) {
        ring[i] = static_cast<std::int16_t>(code >> (2 * i) & 3);
      }
      bool allowed = false;
      const int sum = price(ring, allowed);
      best = allowed ? std::min(best, sum) : best;
    }
    std::array<std::int16_t, kFew> found{};
    RingFinder().find(costs, kFew, kRadii, 1, 3, found);
    bool allowed = false;
    const int sum = price(found, allowed);
    ASSERT_TRUE(allowed);
    ASSERT_LE(sum, best + 25);  // its start is guessed by going around twice first
    best_found += sum == best ? 1 : 0;
  }
  EXPECT_GE(best_found, 180);
}

}  // namespace
}  // namespace her2
