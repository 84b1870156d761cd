// SPDX-License-Identifier: Apache-2.0
#include "her2/cell/kernels.h"

#include <algorithm>
#include <array>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "her2/cell/nucleus_kernels_hwy.cpp"
#include <hwy/foreach_target.h>  // compiles this file once for each target
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace her2::kernels::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

constexpr std::size_t kPoints = 32;
constexpr std::int32_t kShareOfLeft = (1 << 20) / kLeft + 1;  // 1 / kLeft, 1/2^20

void outline_costs(const OutlineTask& task, std::int32_t* costs, std::int32_t* sums) {
  const hn::CappedTag<std::int32_t, kLanes> d;
  const hn::Rebind<std::int16_t, decltype(d)> half;
  const std::size_t lanes = hn::Lanes(d);
  const auto zero = hn::Zero(d);
  const auto left = hn::Set(d, kLeft);
  const auto share = hn::Set(d, kShareOfLeft);
  const auto most = hn::Set(d, kMostEdge);
  const auto least = hn::Set(d, kLeastOutside);
  const auto middle = hn::Set(d, task.middle);
  const std::size_t edge_by = static_cast<std::size_t>(task.edge) * kPoints;
  const auto stride = static_cast<std::size_t>(task.stride);
  HWY_ALIGN std::array<std::int32_t, kLanes> row;
  for (std::size_t i = 0; i < kPoints; i += lanes) {
    auto gained = zero;  // signal above the middle on the way out
    auto lost = zero;    // signal below it: the nucleus has been left, and what comes then is another
    auto total = zero;
    for (std::size_t r = 0; r < static_cast<std::size_t>(task.radii); ++r) {
      const std::int16_t* at = task.values + r * kPoints + i;
      const auto inside = hn::PromoteTo(d, hn::LoadU(half, at));
      const auto here = hn::PromoteTo(d, hn::LoadU(half, at + edge_by));
      const auto outside = hn::PromoteTo(d, hn::LoadU(half, at + 2 * edge_by));
      const auto within = hn::Mul(hn::Max(zero, hn::Sub(left, lost)), share);
      const auto edge = hn::Min(most, hn::Max(hn::Neg(most), hn::Sub(inside, hn::Max(outside, least))));
      const auto above = hn::Min(left, hn::Max(hn::Neg(left), hn::Sub(here, middle)));
      const auto fall = hn::Min(above, zero);
      const auto gain = hn::ShiftRight<20>(hn::Mul(hn::Max(above, zero), within));
      const auto rise = hn::ShiftRight<20>(hn::Mul(hn::Max(edge, zero), within));
      lost = hn::Sub(lost, fall);
      gained = hn::Add(gained, hn::Add(gain, fall));
      total = hn::Add(total, here);
      hn::StoreU(total, d, sums + r * kPoints + i);
      hn::Store(hn::Neg(hn::Add(hn::Mul(hn::Set(d, kEdgeWeight), hn::Add(rise, hn::Min(edge, zero))), gained)), d,
                row.data());
      for (std::size_t k = 0; k < lanes; ++k) {
        costs[(i + k) * stride + r] = row[k];
      }
    }
  }
}

void outline_lowest(const OutlineTask& task, int taken, std::int32_t* lowest) {
  std::array<std::int16_t, kPoints> least;
  const std::int16_t* first = task.values + static_cast<std::size_t>(task.edge) * kPoints;
  std::copy(first, first + kPoints, least.begin());
  for (int r = 1; r < task.radii + task.edge; ++r) {
    const std::int16_t* HWY_RESTRICT value = first + static_cast<std::size_t>(r) * kPoints;
    for (std::size_t i = 0; i < kPoints; ++i) {
      const std::int16_t lower = value[i] < least[i] ? value[i] : least[i];
      least[i] = value[i] > taken ? lower : least[i];
    }
  }
  std::copy(least.begin(), least.end(), lowest);
}

// The bits of a mask of up to 32 lanes.
template <class D, class M>
std::uint32_t bits_of(D d, M mask) {
  std::array<std::uint8_t, 8> bytes{};
  hn::StoreMaskBits(d, mask, bytes.data());
  return static_cast<std::uint32_t>(bytes[0] | bytes[1] << 8 | bytes[2] << 16) | std::uint32_t{bytes[3]} << 24U;
}

void outline_edges(const OutlineTask& task, int contrast, std::uint32_t* marks) {
  const hn::CappedTag<std::int16_t, kPoints> d;
  const std::size_t lanes = hn::Lanes(d);
  const auto least = hn::Set(d, kLeastOutside);
  const auto less = hn::Set(d, static_cast<std::int16_t>(contrast - 1));
  const std::size_t edge_by = 2 * static_cast<std::size_t>(task.edge) * kPoints;
  for (std::size_t r = 0; r < static_cast<std::size_t>(task.radii); ++r) {
    std::uint32_t mark = 0;
    for (std::size_t i = 0; i < kPoints; i += lanes) {
      const std::int16_t* at = task.values + r * kPoints + i;
      const auto fall = hn::SaturatedSub(hn::LoadU(d, at), hn::Max(hn::LoadU(d, at + edge_by), least));
      mark |= bits_of(d, hn::Gt(fall, less)) << i;
    }
    marks[r] = mark;
  }
}

void mark_peaks(const std::int16_t* row, std::ptrdiff_t stride, std::size_t count, int least, std::uint32_t* marks) {
  const hn::CappedTag<std::int16_t, 32> d;
  const std::size_t lanes = hn::Lanes(d);
  const auto less = hn::Set(d, static_cast<std::int16_t>(least - 1));
  for (std::size_t x = 0; x < count; x += 32) {
    std::uint32_t mark = 0;
    std::size_t i = 0;
    for (; i < 32 && x + i + lanes <= count; i += lanes) {
      const std::int16_t* at = row + x + i;
      const auto here = hn::LoadU(d, at);
      const auto before = hn::Max(hn::Max(hn::LoadU(d, at - 1), hn::LoadU(d, at - stride)), less);
      const auto after = hn::Max(hn::LoadU(d, at + 1), hn::LoadU(d, at + stride));
      const auto peak = hn::AndNot(hn::Gt(after, here), hn::Gt(here, before));
      mark |= bits_of(d, peak) << i;
    }
    for (; i < 32 && x + i < count; ++i) {
      const std::int16_t* at = row + x + i;
      const bool peak = *at >= least && *at > *(at - 1) && *at > *(at - stride) && *at >= at[1] && *at >= at[stride];
      mark |= std::uint32_t{peak} << i;
    }
    marks[x / 32] = mark;
  }
}

}  // namespace
}  // namespace her2::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace her2::kernels {

HWY_EXPORT(outline_costs);
HWY_EXPORT(outline_lowest);
HWY_EXPORT(outline_edges);
HWY_EXPORT(mark_peaks);

void outline_costs(const OutlineTask& task, std::int32_t* costs, std::int32_t* sums) {
  HWY_DYNAMIC_DISPATCH(outline_costs)(task, costs, sums);
}

void outline_lowest(const OutlineTask& task, int taken, std::int32_t* lowest) {
  HWY_DYNAMIC_DISPATCH(outline_lowest)(task, taken, lowest);
}

void outline_edges(const OutlineTask& task, int contrast, std::uint32_t* marks) {
  HWY_DYNAMIC_DISPATCH(outline_edges)(task, contrast, marks);
}

void mark_peaks(const std::int16_t* row, std::ptrdiff_t stride, std::size_t count, int least, std::uint32_t* marks) {
  HWY_DYNAMIC_DISPATCH(mark_peaks)(row, stride, count, least, marks);
}

}  // namespace her2::kernels
#endif
