// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "her2/cell/kernels.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "her2/cell/smooth_kernels_hwy.cpp"
#include <hwy/foreach_target.h>  // compiles this file once for each target
#include <hwy/highway.h>

#include "her2/cell/smooth.h"

HWY_BEFORE_NAMESPACE();
namespace her2::kernels::HWY_NAMESPACE {
namespace {

// The mean of a box of 2 * radius + 1 values from their sum, rounded: a multiplication by the next larger 1/65536 of
// one over their number.
constexpr std::uint16_t half_of(int radius) { return static_cast<std::uint16_t>(radius); }
constexpr std::uint16_t share_of(int radius) {
  return static_cast<std::uint16_t>((65535 + 2 * radius + 1) / (2 * radius + 1));
}
constexpr std::size_t kBeside = 16;  // values that are kept free on either side of a row for those repeated

// From a row with kBeside values beside it: sums of four first, then of as many fours and single values as it takes.
template <std::size_t kRadius>
void box_row(const std::uint16_t* HWY_RESTRICT row, std::size_t count, std::uint16_t* HWY_RESTRICT four,
             std::uint16_t* HWY_RESTRICT out) {
  constexpr std::size_t kBox = 2 * kRadius + 1;
  constexpr std::size_t kFours = kBox < 8 ? 0 : kBox / 4;
  const std::uint16_t* HWY_RESTRICT in = row - kRadius;
  if constexpr (kFours > 0) {
    for (std::size_t i = 0; i < count + 4 * kFours; ++i) {
      four[i] = static_cast<std::uint16_t>(in[i] + in[i + 1] + in[i + 2] + in[i + 3]);
    }
  }
  for (std::size_t i = 0; i < count; ++i) {
    std::uint16_t sum = half_of(kRadius);
    for (std::size_t k = 0; k < kFours; ++k) {
      sum = static_cast<std::uint16_t>(sum + four[i + 4 * k]);
    }
    for (std::size_t k = 4 * kFours; k < kBox; ++k) {
      sum = static_cast<std::uint16_t>(sum + in[i + k]);
    }
    out[i] = static_cast<std::uint16_t>((static_cast<std::uint32_t>(sum) * share_of(kRadius)) >> 16);
  }
}

using BoxRow = void (*)(const std::uint16_t*, std::size_t, std::uint16_t*, std::uint16_t*);
template <std::size_t... kRadii>
BoxRow box_row_of(int radius, std::index_sequence<kRadii...> /*all*/) {
  static constexpr std::array<BoxRow, sizeof...(kRadii)> kAll{&box_row<kRadii + 1>...};
  return kAll[static_cast<std::size_t>(radius) - 1];
}

void repeat_ends(std::uint16_t* row, std::size_t count) {
  std::fill(row - kBeside, row, row[0]);
  std::fill(row + count, row + count + kBeside, row[count - 1]);
}

void blur_row(const std::int16_t* HWY_RESTRICT in, std::size_t count, const BoxRadii& radii,
              std::int16_t* HWY_RESTRICT out, std::uint16_t* work) {
  constexpr auto kRadii = std::make_index_sequence<kMostBoxRadius>();
  const std::size_t each = count + 128;
  std::uint16_t* row = work + kBeside;
  std::uint16_t* next = row + each;
  std::uint16_t* four = work + 2 * each;
  for (std::size_t i = 0; i < count; ++i) {
    const std::int16_t some = in[i] > 0 ? in[i] : std::int16_t{0};
    row[i] = static_cast<std::uint16_t>(some < kMostSignal ? some : kMostSignal);
  }
  for (const int radius : radii) {
    repeat_ends(row, count);
    box_row_of(radius, kRadii)(row, count, four, next);
    std::swap(row, next);
  }
  for (std::size_t i = 0; i < count; ++i) {
    out[i] = static_cast<std::int16_t>(row[i]);
  }
}

void roll_rows(const std::int16_t* HWY_RESTRICT enters, const std::int16_t* HWY_RESTRICT leaves, std::size_t count,
               int radius, std::uint16_t* HWY_RESTRICT sums, std::int16_t* HWY_RESTRICT out) {
  const std::uint16_t half = half_of(radius);
  const std::uint32_t share = share_of(radius);
  for (std::size_t i = 0; i < count; ++i) {
    const auto sum = static_cast<std::uint16_t>(sums[i] + enters[i] - leaves[i]);
    const auto more = static_cast<std::uint16_t>(sum + half);
    sums[i] = sum;
    out[i] = static_cast<std::int16_t>((more * share) >> 16);
  }
}

}  // namespace
}  // namespace her2::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace her2::kernels {

HWY_EXPORT(blur_row);
HWY_EXPORT(roll_rows);

void blur_row(const std::int16_t* in, std::size_t count, const BoxRadii& radii, std::int16_t* out,
              std::uint16_t* work) {
  HWY_DYNAMIC_DISPATCH(blur_row)(in, count, radii, out, work);
}

void roll_rows(const std::int16_t* enters, const std::int16_t* leaves, std::size_t count, int radius,
               std::uint16_t* sums, std::int16_t* out) {
  HWY_DYNAMIC_DISPATCH(roll_rows)(enters, leaves, count, radius, sums, out);
}

}  // namespace her2::kernels
#endif
