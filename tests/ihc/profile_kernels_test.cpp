// SPDX-License-Identifier: Apache-2.0
// Every instruction set that the kernels are compiled for gives what plain code gives, one profile after the other.
#include "her2/ihc/profile_kernels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <hwy/highway.h>

namespace her2 {
namespace {

template <class Check>
void on_every_target(const Check& check) {
  std::int64_t targets = hwy::SupportedTargets() & HWY_TARGETS;
  int seen = 0;
  for (; targets != 0; targets &= targets - 1, ++seen) {
    const std::int64_t target = targets & -targets;
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
    check(hwy::TargetName(target));
  }
  hwy::SetSupportedTargetsForTest(0);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  EXPECT_GT(seen, 0);
}

struct PlainShape {
  int peak = -1, top = 0, inner = 0, outer = 0, fixed_left = 0, fixed_right = 0, half_left = 0, half_right = 0;
};

// The definition, on one profile.
class PlainProfile {
 public:
  PlainProfile(std::vector<int> values, const kernels::ProfileTask& task) : v_(std::move(values)), task_(task) {}

  [[nodiscard]] PlainShape shape() const {
    PlainShape out;
    out.peak = peak();
    if (out.peak >= 0) {
      const int wide = 2 * task_.around;
      out.top = at(out.peak);
      out.inner = out.outer = out.top;
      for (int k = std::max(0, out.peak - wide); k <= std::min(2 * task_.half, out.peak + wide); ++k) {
        int& side = k <= out.peak ? out.inner : out.outer;
        side = std::min(side, at(k));
      }
      const int level = std::min(out.inner, out.outer) + task_.fixed;
      out.fixed_left = crossing(out.peak, level, -1);
      out.fixed_right = crossing(out.peak, level, 1);
      out.half_left = crossing(out.peak, out.inner + (out.top - out.inner) / 2, -1);
      out.half_right = crossing(out.peak, out.outer + (out.top - out.outer) / 2, 1);
    }
    return out;
  }

 private:
  [[nodiscard]] int at(int k) const { return v_[static_cast<std::size_t>(k)]; }

  [[nodiscard]] int peak() const {
    int out = -1;
    const int last = task_.half + task_.around;
    for (int k = task_.half - task_.around; k <= last; ++k) {
      if (at(k) < at(k - 1) || at(k) < at(k + 1)) {
        continue;
      }
      const bool nearer = out >= 0 && std::abs(k - task_.half) < std::abs(out - task_.half);
      out = out < 0 || at(k) > at(out) || (at(k) == at(out) && nearer) ? k : out;
    }
    const int low = *std::min_element(v_.begin(), v_.begin() + task_.half);
    return out < 0 && at(last) - low >= task_.certain ? last : out;
  }

  [[nodiscard]] int crossing(int peak, int level, int direction) const {
    for (int k = peak; k + direction >= 0 && k + direction <= 2 * task_.half; k += direction) {
      const int next = at(k + direction);
      if (next <= level) {
        return std::abs(k - peak) * 32 + (at(k) - level) * 32 / std::max(1, at(k) - next);
      }
    }
    return -1;
  }

  std::vector<int> v_;
  const kernels::ProfileTask& task_;
};

class ProfileKernels : public testing::Test {
 protected:
  int next(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }
  std::mt19937 random_{5};
};

class ProfileShapesOf : public ProfileKernels, public testing::WithParamInterface<int> {};

// Flat and steep profiles, with ties, up to the greatest values that unmixing gives.
TEST_P(ProfileShapesOf, shapes_are_those_of_plain_code) {
  const int half = GetParam();
  constexpr std::size_t kCount = 48 * kernels::kPlaces;
  constexpr std::array<int, 4> kMost{4, 90, 900, 20700};
  const auto across = static_cast<std::size_t>(2 * half + 1);
  std::vector<std::int16_t> values(across * kCount);
  for (std::size_t place = 0; place < kCount; ++place) {
    const int most = kMost[place % kMost.size()];
    const int slope = place % 5 == 0 ? 0 : next(-1, 1) * most / half;
    const int least = most == 20700 ? -12000 : -most / 3;
    for (std::size_t k = 0; k < across; ++k) {
      const int value = next(least, most) / (1 + static_cast<int>(place / 64) % 4) + slope * static_cast<int>(k);
      values[k * kCount + place] = static_cast<std::int16_t>(std::clamp(value, -12000, 20700));
      if (place % 5 == 0 && k > 0) {  // only rises: no peak, or one at the end
        std::int16_t& here = values[k * kCount + place];
        here = std::max(here, static_cast<std::int16_t>(values[(k - 1) * kCount + place] + 1));
      }
    }
  }
  const kernels::ProfileTask task{values.data(), kCount, kCount, half, half / 2, 500, 200};
  on_every_target([&](const char* target) {
    std::array<std::vector<std::int16_t>, 8> got;
    got.fill(std::vector<std::int16_t>(kCount));
    kernels::profile_shapes(task, {got[0].data(), got[1].data(), got[2].data(), got[3].data(), got[4].data(),
                                   got[5].data(), got[6].data(), got[7].data()});
    std::size_t without = 0;
    for (std::size_t place = 0; place < kCount; ++place) {
      std::vector<int> profile;
      for (std::size_t k = 0; k < across; ++k) {
        profile.push_back(values[k * kCount + place]);
      }
      const PlainShape want = PlainProfile(profile, task).shape();
      const std::string where = std::string(target) + ", place " + std::to_string(place);
      ASSERT_EQ(got[0][place], want.peak) << where;
      if (want.peak < 0) {
        ++without;
        continue;
      }
      ASSERT_EQ(got[1][place], want.top) << where;
      ASSERT_EQ(got[2][place], want.inner) << where;
      ASSERT_EQ(got[3][place], want.outer) << where;
      if (want.top - std::min(want.inner, want.outer) > task.fixed) {
        ASSERT_EQ(got[4][place], want.fixed_left) << where;
        ASSERT_EQ(got[5][place], want.fixed_right) << where;
      }
      ASSERT_EQ(got[6][place], want.half_left) << where;
      ASSERT_EQ(got[7][place], want.half_right) << where;
    }
    EXPECT_GT(without, 0U);
    EXPECT_LT(without, kCount / 2);
  });
}

INSTANTIATE_TEST_SUITE_P(Halves, ProfileShapesOf, testing::Values(2, 4, 8, 11));

TEST_F(ProfileKernels, normals_are_those_of_plain_code) {
  constexpr std::size_t kCount = 64 * kernels::kPlaces;
  std::vector<std::int32_t> x{5000};
  std::vector<std::int32_t> y{7000};
  while (x.size() < kCount + 6) {
    const int most = x.size() < kCount / 2 ? 33 : 1;  // a path may stand still
    x.push_back(x.back() + next(-most, most));
    y.push_back(y.back() + next(-most, most));
  }
  on_every_target([&](const char* target) {
    std::vector<std::int32_t> nx(kCount);
    std::vector<std::int32_t> ny(kCount);
    kernels::path_normals(x.data() + 3, y.data() + 3, kCount, nx.data(), ny.data());
    for (std::size_t i = 0; i < kCount; ++i) {
      const int dx = x[i + 6] - x[i];
      const int dy = y[i + 6] - y[i];
      int length = 0;
      while ((length + 1) * (length + 1) <= dx * dx + dy * dy) {
        ++length;
      }
      length = std::max(1, length);
      ASSERT_EQ(nx[i], dy * 1024 / length) << target;
      ASSERT_EQ(ny[i], -dx * 1024 / length) << target;
    }
  });
}

TEST_F(ProfileKernels, smoothing_is_the_definition) {
  constexpr std::size_t kCount = 7 * kernels::kPlaces;
  std::vector<std::int16_t> in(kCount + 4);
  std::generate(in.begin(), in.end(), [&] { return static_cast<std::int16_t>(next(-12000, 20700)); });
  on_every_target([&](const char* target) {
    std::vector<std::int16_t> out(kCount);
    kernels::smooth_along(in.data(), kCount, out.data());
    for (std::size_t i = 0; i < kCount; ++i) {
      const int sum = in[i] + 4 * in[i + 1] + 6 * in[i + 2] + 4 * in[i + 3] + in[i + 4];
      ASSERT_EQ(out[i], static_cast<int>(std::floor(sum / 16.0 + 0.5))) << target;
    }
  });
}

}  // namespace
}  // namespace her2
