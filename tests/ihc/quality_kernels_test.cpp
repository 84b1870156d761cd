// SPDX-License-Identifier: Apache-2.0
// Every instruction set that the kernels are compiled for counts what plain code counts, pixel by pixel.
#include "her2/ihc/quality_kernels.h"

#include <algorithm>
#include <array>
#include <random>
#include <vector>

#include <gtest/gtest.h>
#include <hwy/highway.h>

namespace her2 {
namespace {

template <class Check>
void on_every_target(const Check& check) {
  for (std::int64_t left = hwy::SupportedTargets() & HWY_TARGETS; left != 0; left &= left - 1) {
    const std::int64_t target = left & -left;
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
    check(hwy::TargetName(target));
  }
  hwy::SetSupportedTargetsForTest(0);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

std::vector<std::int16_t> values(std::mt19937& random, std::size_t count, int low, int high) {
  std::uniform_int_distribution<int> next(low, high);
  std::vector<std::int16_t> out(count);
  std::generate(out.begin(), out.end(), [&] { return static_cast<std::int16_t>(next(random)); });
  return out;
}

TEST(QualityKernels, pixels_are_counted_as_they_are_defined) {
  std::mt19937 random(8);
  constexpr kernels::QualityLimits kLimits{40, 25, 100};
  for (const std::size_t count : {1U, 31U, 64U, 1000U}) {
    const std::size_t all = count + kernels::kQualityLanes;  // what lies beyond does not count
    const auto r = values(random, all, 0, 2407);
    const auto g = values(random, all, 0, 2407);
    const auto b = values(random, all, 0, 2407);
    const auto sum = values(random, all, 0, 200);
    const auto low = values(random, all, 0, 3);
    const auto high = values(random, all, 20, 255);
    kernels::QualityCounts want;
    for (std::size_t i = 0; i < count; ++i) {
      if (high[i] <= 40) {
        ++want.dark;
      } else if (sum[i] >= 25) {
        ++want.tissue;
        want.clipped += low[i] == 0 || high[i] == 255 ? 1U : 0U;
        if (sum[i] >= 100) {
          ++want.coloured;
          if (10 * g[i] >= 13 * r[i] && 10 * g[i] >= 11 * b[i]) {
            ++want.pink;
          } else if (10 * b[i] >= 11 * g[i] && 10 * b[i] >= 12 * r[i]) {
            ++want.brown;
          } else if (10 * r[i] >= 8 * g[i] && 10 * r[i] >= 11 * b[i]) {
            ++want.blue;
          }
        }
      }
    }
    on_every_target([&](const char* target) {
      const auto got =
          kernels::count_quality({r.data(), g.data(), b.data(), sum.data(), low.data(), high.data(), count}, kLimits);
      const std::array is{got.dark, got.tissue, got.clipped, got.coloured, got.pink, got.brown, got.blue};
      const std::array should{want.dark, want.tissue, want.clipped, want.coloured, want.pink, want.brown, want.blue};
      EXPECT_EQ(is, should) << target << ", " << count;
    });
  }
}

TEST(QualityKernels, energies_are_squares_of_second_differences) {
  std::mt19937 random(9);
  constexpr int kWidth = 90;
  const auto plane = values(random, std::size_t{kWidth} * 40, 0, 2407);
  for (const int step : {1, 2, 8}) {
    on_every_target([&](const char* target) {
      std::vector<std::uint32_t> got(60);
      const std::int16_t* at = plane.data() + 20 * kWidth + 15;
      kernels::edge_energies(at, kWidth, step, got.size(), got.data());
      for (std::ptrdiff_t i = 0; i < 60; ++i) {
        const std::ptrdiff_t rows = std::ptrdiff_t{step} * kWidth;
        const std::int64_t across = 2 * at[i] - *(at + i - step) - at[i + step];
        const std::int64_t down = 2 * at[i] - *(at + i - rows) - at[i + rows];
        ASSERT_EQ(got[static_cast<std::size_t>(i)], across * across + down * down) << target;
      }
    });
  }
}

TEST(QualityKernels, clear_edges_in_tissue_are_summed) {
  std::mt19937 random(10);
  std::uniform_int_distribution<std::uint32_t> energy(0, 8 * 4814 * 4814U);  // what two differences can be at most
  for (const std::size_t count : {1U, 31U, 64U, 1000U}) {
    std::vector<std::uint32_t> fine(count);
    std::vector<std::uint32_t> coarse(count);
    std::generate(fine.begin(), fine.end(), [&] { return energy(random); });
    std::generate(coarse.begin(), coarse.end(), [&] { return energy(random) / (random() % 2 == 0 ? 50000 : 1); });
    const auto sum = values(random, count, 0, 50);
    const auto high = values(random, count, 20, 60);
    kernels::EdgeSums want;
    for (std::size_t i = 0; i < count; ++i) {
      if (coarse[i] >= 3600 && sum[i] >= 25 && high[i] > 40) {
        ++want.edges;
        want.fine += fine[i];
        want.coarse += coarse[i];
      }
    }
    on_every_target([&](const char* target) {
      const auto got = kernels::sum_edges({fine.data(), coarse.data(), sum.data(), high.data(), count}, {3600, 25, 40});
      EXPECT_EQ((std::array{got.edges, got.fine, got.coarse}), (std::array{want.edges, want.fine, want.coarse}))
          << target << ", " << count;
    });
  }
}

}  // namespace
}  // namespace her2
