// SPDX-License-Identifier: Apache-2.0
// Every instruction set that the kernels are compiled for gives what plain code gives.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <random>
#include <vector>

#include <hwy/highway.h>

#include "her2/cell/boundary.h"
#include "her2/cell/kernels.h"
#include "her2/cell/ring_bound.h"
#include "her2/cell/smooth.h"
#include "her2/cell/star.h"

namespace her2 {
namespace {

// Calls check(name) with each target in use in turn.
template <class Check>
void on_every_target(const Check& check) {
  std::int64_t targets = hwy::SupportedTargets() & HWY_TARGETS;
  int seen = 0;
  while (targets != 0) {
    const std::int64_t target = targets & -targets;
    targets &= targets - 1;
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
    check(hwy::TargetName(target));
    ++seen;
  }
  hwy::SetSupportedTargetsForTest(0);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  EXPECT_GT(seen, 0);
}

class Targets : public testing::Test {
 protected:
  int next(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }
  std::vector<std::int16_t> values(std::size_t count, int low, int high) {
    std::vector<std::int16_t> out(count);
    std::generate(out.begin(), out.end(), [&] { return static_cast<std::int16_t>(next(low, high)); });
    return out;
  }
  std::mt19937 random_{11};
};

TEST_F(Targets, star_reads_what_sample_reads) {
  Plane<std::int16_t> plane(90, 90);
  const auto pixels = values(90 * 90, -1000, 3000);
  std::copy(pixels.begin(), pixels.end(), plane.pixels().begin());
  StarTable table;
  table.make(90, 2, -20, 13, 60);
  on_every_target([&](const char* target) {
    std::vector<std::int16_t> got(table.size());
    table.read(plane, 44, 45, got.data());
    const RayTable& rays = ray_table();
    for (std::size_t i = 0; i < got.size(); ++i) {
      const int radius = std::max(0, -20 + static_cast<int>(i / 32) * 13);
      const std::size_t ray = i % 32 * 2;
      const int want = sample(plane, 44 * 32 + 16 + ((rays.x[ray] * radius + 8192) >> 14),
                              45 * 32 + 16 + ((rays.y[ray] * radius + 8192) >> 14));
      ASSERT_EQ(got[i], want) << target << " at " << i;
    }
  });
}

TEST_F(Targets, lines_read_what_sample_reads) {
  Plane<std::int16_t> plane(80, 80);
  const auto pixels = values(80 * 80, -1000, 3000);
  std::copy(pixels.begin(), pixels.end(), plane.pixels().begin());
  constexpr std::size_t kCount = 48;
  std::vector<std::int32_t> x(kCount), y(kCount), nx(kCount), ny(kCount);
  for (std::size_t i = 0; i < kCount; ++i) {
    x[i] = next(20 * 32, 60 * 32);
    y[i] = next(20 * 32, 60 * 32);
    nx[i] = next(-1024, 1024);
    ny[i] = next(-1024, 1024);
  }
  on_every_target([&](const char* target) {
    for (const int step : {-8, 0, 7}) {
      std::vector<std::int16_t> got(kCount);
      kernels::read_along(plane.row(0), 80, {x.data(), y.data(), nx.data(), ny.data()}, step, kCount, got.data());
      for (std::size_t i = 0; i < kCount; ++i) {
        const int want =
            sample(plane, x[i] + ((nx[i] * step * 32 + 512) >> 10), y[i] + ((ny[i] * step * 32 + 512) >> 10));
        ASSERT_EQ(got[i], want) << target;
      }
    }
  });
}

TEST_F(Targets, sweep_is_the_cheapest_way) {
  constexpr int kRays8 = 8;
  for (const int stride : {8, 24, 32, 40, 48, 56, 64, 72}) {
    const auto radii = static_cast<std::size_t>(stride);
    std::vector<std::int32_t> costs(kRays8 * radii);
    std::generate(costs.begin(), costs.end(), [&] { return next(-500, 500); });
    for (const int step : {1, 2, 3}) {
      const kernels::RingTask task{costs.data(), kRays8, stride, step, 30};
      // Costs so far in plain code.
      std::vector<int> so_far(costs.begin() + 3 * stride, costs.begin() + 4 * stride);
      for (int k = 1; k < 12; ++k) {
        std::vector<int> further(radii);
        for (int r = 0; r < stride; ++r) {
          int best = 1 << 30;
          for (int from = std::max(0, r - step); from <= std::min(stride - 1, r + step); ++from) {
            best = std::min(best, so_far[static_cast<std::size_t>(from)] + 30 * std::abs(r - from));
          }
          further[static_cast<std::size_t>(r)] = best + costs[static_cast<std::size_t>((3 + k) % kRays8 * stride + r)];
        }
        so_far = further;
      }
      std::vector<std::int32_t> ways;
      on_every_target([&](const char* target) {
        std::vector<std::int32_t> best(radii + 2 * kernels::kLanes, kernels::kNever);
        for (std::size_t r = 0; r < radii; ++r) {
          best[kernels::kLanes + r] = 8 * costs[3 * radii + r];
        }
        std::vector<std::int32_t> got(12 * radii);
        kernels::ring_sweep(task, 3, 12, best.data(), got.data());
        for (std::size_t r = 0; r < radii; ++r) {
          ASSERT_EQ(best[kernels::kLanes + r] / 8, so_far[r]) << target;
        }
        ways = ways.empty() ? got : ways;
        EXPECT_EQ(got, ways) << target;
      });
    }
  }
}

TEST_F(Targets, outline_costs_are_the_definition) {
  constexpr int kRadii = 20;
  constexpr int kEdge = 3;
  constexpr int kStride = 24;
  constexpr int kMiddle = 150;
  const auto in = values((kRadii + 2 * kEdge) * 32, -1000, 700);
  on_every_target([&](const char* target) {
    std::vector<std::int32_t> costs(32 * kStride);
    std::vector<std::int32_t> sums(32 * kRadii);
    kernels::outline_costs({in.data(), kRadii, kEdge, kMiddle, kStride}, costs.data(), sums.data());
    for (std::size_t ray = 0; ray < 32; ++ray) {
      int gained = 0;
      int lost = 0;
      for (int r = 0; r < kRadii; ++r) {
        const auto at = [&](int i) { return static_cast<int>(in[static_cast<std::size_t>(r + i) * 32 + ray]); };
        const int within = std::max(0, kernels::kLeft - lost);
        const int edge = std::clamp(at(0) - std::max(at(2 * kEdge), kernels::kLeastOutside), -kernels::kMostEdge,
                                    kernels::kMostEdge);
        const int above = std::clamp(at(kEdge) - kMiddle, -kernels::kLeft, kernels::kLeft);
        lost += std::max(0, -above);
        gained += above > 0 ? above * within / kernels::kLeft : above;
        const int want = -(kernels::kEdgeWeight * (edge > 0 ? edge * within / kernels::kLeft : edge) + gained);
        ASSERT_NEAR(costs[ray * kStride + static_cast<std::size_t>(r)], want, 30) << target;  // divisions round apart
      }
    }
  });
}

TEST_F(Targets, rays_and_boundary_costs_agree) {
  constexpr int kRadii = 40;
  constexpr int kShoulder = 3;
  Plane<std::int32_t> labels(120, 120);
  for (auto& label : labels.pixels()) {
    const int roll = next(0, 89);
    label = roll < 3 ? roll : roll < 45 ? kGlassLabel : roll < 75 ? kPaleLabel : 0;
  }
  for (int i = 0; i < 400; ++i) {
    labels.at(60 + next(-8, 8), 60 + next(-8, 8)) = 1;
  }
  StarTable places;
  places.make(120, 1, 0, 32, kRadii);
  const auto in = values((kRadii + 4 * kShoulder) * 64, 0, 900);
  std::vector<std::int32_t> costs;
  on_every_target([&](const char* target) {
    kernels::RayEnds ends;
    kernels::ray_ends({&labels.at(60, 60), places.nearest(), 1, kRadii, 20, 4, 2}, ends);
    for (std::size_t ray = 0; ray < kernels::kAllRays; ++ray) {
      int own = 0;
      int end = -1;
      int clear = 0;
      int light = 0;
      int pale = -1;
      bool glass = false;
      for (int r = 1; r < kRadii && r - 1 - own <= 20; ++r) {
        const int at = (&labels.at(60, 60))[places.nearest()[static_cast<std::size_t>(r) * 64 + ray]];
        own = at == 1 ? r : own;
        clear = at == kGlassLabel ? clear + 1 : 0;
        light = at < 0 ? light + 1 : 0;
        pale = pale < 0 && light == 2 && at <= 1 ? r - 1 : pale;
        if (at > 1 || clear >= 4) {
          glass = clear >= 4;
          end = glass ? r + 1 - clear : r;
          break;
        }
      }
      ASSERT_EQ(ends.own[ray], own) << target;
      ASSERT_EQ(ends.end[ray], end) << target;
      ASSERT_EQ(ends.glass[ray], glass ? 1 : 0) << target;
      ASSERT_EQ(ends.pale[ray], pale) << target;
    }
    kernels::RayWindows windows;
    windows.least.fill(4);
    windows.most.fill(30);
    windows.expected.fill(12);
    std::vector<std::int32_t> got(64 * kRadii);
    kernels::boundary_costs({in.data(), 0, kRadii, kShoulder, kRadii}, windows, got.data());
    costs = costs.empty() ? got : costs;
    EXPECT_EQ(got, costs) << target;
    EXPECT_EQ(got[3], kernels::kForbidden);
    EXPECT_LT(got[4], kernels::kForbidden);
  });
}

TEST_F(Targets, edges_are_marked_where_they_are) {
  constexpr int kRadii = 33;
  constexpr int kEdge = 3;
  const auto in = values((kRadii + 2 * kEdge) * 32, -1000, 700);
  for (const int contrast : {-250, 0, 60, 250}) {
    on_every_target([&](const char* target) {
      std::vector<std::uint32_t> marks(kRadii);
      kernels::outline_edges({in.data(), kRadii, kEdge, 0, 40}, contrast, marks.data());
      for (std::size_t r = 0; r < kRadii; ++r) {
        for (std::size_t ray = 0; ray < 32; ++ray) {
          const int fall = in[r * 32 + ray] - std::max<int>(in[(r + 2 * kEdge) * 32 + ray], kernels::kLeastOutside);
          ASSERT_EQ(marks[r] >> ray & 1U, fall >= contrast ? 1U : 0U) << target;
        }
      }
    });
  }
}

TEST_F(Targets, peaks_are_marked_where_they_are) {
  constexpr std::size_t kWidth = 101;
  const auto in = values(3 * kWidth, -20, 20);
  for (const std::size_t count : {99U, 64U, 31U, 1U}) {
    on_every_target([&](const char* target) {
      std::vector<std::uint32_t> marks((count + 31) / 32);
      kernels::mark_peaks(in.data() + kWidth + 1, kWidth, count, 5, marks.data());
      for (std::size_t x = 0; x < count; ++x) {
        const std::int16_t* at = in.data() + kWidth + 1 + x;
        const bool peak = *at >= 5 && *at > *(at - 1) && *at > *(at - kWidth) && *at >= at[1] && *at >= at[kWidth];
        ASSERT_EQ(marks[x / 32] >> x % 32 & 1U, peak ? 1U : 0U) << target << " at " << x;
      }
    });
  }
}

// The most marks that a ring can meet, by plain dynamic programming.
int most_marks(const std::vector<std::uint32_t>& marks) {
  const int radii = static_cast<int>(marks.size());
  std::vector<int> met(marks.size());
  for (unsigned ray = 0; ray < 32; ++ray) {
    std::vector<int> next(marks.size());
    for (int r = 0; r < radii; ++r) {
      int before = 0;
      for (int from = std::max(0, r - 3); from <= std::min(radii - 1, r + 3); ++from) {
        before = std::max(before, met[static_cast<std::size_t>(from)]);
      }
      const auto at = static_cast<std::size_t>(r);
      next[at] = before + static_cast<int>(marks[at] >> ray & 1U);
    }
    met = next;
  }
  return *std::max_element(met.begin(), met.end());
}

TEST_F(Targets, a_ring_passes_as_many_marks_as_it_can) {
  int passed = 0;
  for (int turn = 0; turn < 3000; ++turn) {
    std::vector<std::uint32_t> marks(static_cast<std::size_t>(next(1, 64)));
    const int density = next(1, 12);
    for (auto& mark : marks) {
      for (unsigned ray = 0; ray < 32; ++ray) {
        mark |= std::uint32_t{next(0, 99) < density} << ray;
      }
    }
    const int missed = 32 - most_marks(marks);
    const int most = next(0, 15);
    ASSERT_EQ(ring_can_pass(marks, most), missed <= most) << turn;
    passed += missed <= most ? 1 : 0;
  }
  EXPECT_GT(passed, 200);
  EXPECT_LT(passed, 2800);
}

}  // namespace
}  // namespace her2
