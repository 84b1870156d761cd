// SPDX-License-Identifier: Apache-2.0
// Kernels that go along rows of planes: every instruction set gives what plain code gives.
#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>
#include <hwy/highway.h>

#include "her2/cell/boundary.h"
#include "her2/cell/kernels.h"
#include "her2/cell/nuclear_signal.h"
#include "her2/cell/smooth.h"

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

class RowKernels : public testing::Test {
 protected:
  std::vector<std::int16_t> values(std::size_t count, int low, int high) {
    std::uniform_int_distribution<int> next(low, high);
    std::vector<std::int16_t> out(count);
    std::generate(out.begin(), out.end(), [&] { return static_cast<std::int16_t>(next(random_)); });
    return out;
  }
  Plane<std::int16_t> plane(int width, int height, int low, int high) {
    Plane<std::int16_t> out(width, height);
    const auto from = values(out.pixels().size(), low, high);
    std::copy(from.begin(), from.end(), out.pixels().begin());
    return out;
  }
  std::mt19937 random_{23};
};

// A mean as the kernels round it: within 1/65536 of the next larger share.
int mean_of(int sum, int count) { return (sum + count / 2) * ((65535 + count) / count) >> 16; }

// Three box means of a row, each of whole numbers.
std::vector<int> blurred(std::vector<int> row, const kernels::BoxRadii& radii) {
  const int last = static_cast<int>(row.size()) - 1;
  for (const int radius : radii) {
    std::vector<int> next;
    for (int i = 0; i <= last; ++i) {
      int sum = 0;
      for (int k = -radius; k <= radius; ++k) {
        sum += row[static_cast<std::size_t>(std::clamp(i + k, 0, last))];
      }
      next.push_back(mean_of(sum, 2 * radius + 1));
    }
    row = next;
  }
  return row;
}

TEST_F(RowKernels, rows_are_blurred_by_three_means) {
  for (const std::size_t count : {1U, 2U, 31U, 64U, 301U}) {
    const auto in = values(count, -300, 2600);
    std::vector<int> clamped(count);
    std::transform(in.begin(), in.end(), clamped.begin(), [](int v) { return std::clamp<int>(v, 0, kMostSignal); });
    for (int radius = 1; radius <= kernels::kMostBoxRadius; ++radius) {
      const kernels::BoxRadii radii{radius, std::max(1, radius - 1), std::min(15, radius + 1)};
      const auto want = blurred(clamped, radii);
      on_every_target([&](const char* target) {
        std::vector<std::int16_t> got(count);
        std::vector<std::uint16_t> work(kernels::blur_work(count));
        kernels::blur_row(in.data(), count, radii, got.data(), work.data());
        ASSERT_TRUE(std::equal(got.begin(), got.end(), want.begin())) << target << ", " << count << ", " << radius;
      });
    }
  }
}

TEST_F(RowKernels, means_are_within_one_of_those_that_are_rounded) {
  for (int radius = 1; radius <= kernels::kMostBoxRadius; ++radius) {
    const int n = 2 * radius + 1;
    for (int sum = 0; sum <= n * kMostSignal; ++sum) {
      ASSERT_NEAR(mean_of(sum, n), (2 * sum + n) / (2 * n), 1);
    }
  }
}

// Rows first, then columns, whatever the plane's shape; the same memory for one plane after the other.
TEST_F(RowKernels, planes_are_blurred_by_rows_and_columns) {
  SignalBlur blur;
  for (const auto& [width, height] : {std::pair{70, 40}, {1, 1}, {3, 50}, {64, 2}, {33, 7}}) {
    const auto in = plane(width, height, -200, 2500);
    for (const double sigma : {1.4, 2.6, 5.7, 9.2}) {
      Plane<std::int16_t> got;
      blur.blur(in, sigma, got);
      // Radii whose variances add up nearest to sigma^2, by trying.
      kernels::BoxRadii radii{};
      double best = 1e9;
      for (int low = 1; low < 15; ++low) {
        for (int larger = 0; larger < 3; ++larger) {
          const double off =
              std::abs(((3 - larger) * low * (low + 1) + larger * (low + 1) * (low + 2)) / 3.0 - sigma * sigma);
          if (off < best) {
            best = off;
            radii = {low + (larger > 0 ? 1 : 0), low + (larger > 1 ? 1 : 0), low};
          }
        }
      }
      Plane<std::int16_t> want(width, height);
      for (int y = 0; y < height; ++y) {
        std::vector<int> row(in.row(y), in.row(y) + width);
        std::transform(row.begin(), row.end(), row.begin(), [](int v) { return std::clamp<int>(v, 0, kMostSignal); });
        row = blurred(row, radii);
        std::copy(row.begin(), row.end(), want.row(y));
      }
      for (int x = 0; x < width; ++x) {
        std::vector<int> column;
        for (int y = 0; y < height; ++y) {
          column.push_back(want.at(x, y));
        }
        column = blurred(column, radii);
        for (int y = 0; y < height; ++y) {
          ASSERT_EQ(got.at(x, y), column[static_cast<std::size_t>(y)]) << width << " x " << height << ", " << sigma;
        }
      }
    }
  }
}

TEST_F(RowKernels, signal_and_glass_are_their_definitions) {
  constexpr std::size_t kCount = 5000;
  const auto h = values(kCount, -4000, 4000);
  const auto d = values(kCount, -1000, 3000);
  const auto s = values(kCount, -10, 100);
  on_every_target([&](const char* target) {
    std::vector<std::int16_t> signal(kCount);
    std::vector<std::int32_t> labels(kCount);
    kernels::membrane_signal(h.data(), d.data(), kCount, signal.data());
    kernels::glass_row(s.data(), kCount, 25, labels.data());
    for (std::size_t i = 0; i < kCount; ++i) {
      const int some = std::clamp<int>(d[i], 0, 600) / 3;
      const int dense = std::max(0, d[i] - 600) * 3 / 4;
      ASSERT_EQ(signal[i], std::max(0, 200 + h[i] - some - dense)) << target;
      ASSERT_EQ(labels[i], s[i] < 25 ? kGlassLabel : s[i] < 50 ? kPaleLabel : 0) << target;
    }
  });
}

TEST_F(RowKernels, means_of_three_are_rounded) {
  for (const std::size_t count : {1U, 2U, 3U, 77U}) {
    const auto a = values(count, -1300, 12000);
    const auto b = values(count, -1300, 12000);
    const auto c = values(count, -1300, 12000);
    const auto third = [](int sum) { return static_cast<int>(std::floor((sum + 1.5) / 3)); };
    on_every_target([&](const char* target) {
      std::vector<std::int16_t> across(count);
      std::vector<std::int16_t> down(count);
      kernels::mean_across(a.data(), count, across.data());
      kernels::mean_down(a.data(), b.data(), c.data(), count, down.data());
      for (std::size_t i = 0; i < count; ++i) {
        const int before = a[i > 0 ? i - 1 : 0];
        const int after = a[std::min(i + 1, count - 1)];
        ASSERT_EQ(across[i], third(before + a[i] + after)) << target << ", " << i << " of " << count;
        ASSERT_EQ(down[i], third(a[i] + b[i] + c[i])) << target;
      }
    });
  }
}

}  // namespace
}  // namespace her2
