// SPDX-License-Identifier: Apache-2.0
#include "her2/cell/kernels.h"

#include <algorithm>
#include <array>
#include <type_traits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "her2/cell/kernels_hwy.cpp"
#include <hwy/foreach_target.h>  // compiles this file once for each target
#include <hwy/highway.h>

#include "her2/cell/star.h"

HWY_BEFORE_NAMESPACE();
namespace her2::kernels::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// One ray further. Plain loops here become vectors of the target too.
template <int kStep>
void next_ray(const std::int32_t* HWY_RESTRICT cost, std::size_t stride, std::int32_t bend,
              const std::int32_t* HWY_RESTRICT from, std::int32_t* HWY_RESTRICT to, std::int32_t* HWY_RESTRICT way) {
  for (std::size_t r = 0; r < stride; ++r) {
    std::int32_t best = from[r];
    for (std::int32_t s = 1; s <= kStep; ++s) {
      const std::int32_t toll = 8 * s * bend + 2 * s;
      const std::int32_t inner = *(from + r - s) + toll - 1;
      const std::int32_t outer = *(from + r + s) + toll;
      best = best < inner ? best : inner;
      best = best < outer ? best : outer;
    }
    way[r] = best;
    const std::int32_t sum = (best & ~7) + 8 * cost[r];
    to[r] = sum < kNever ? sum : kNever;
  }
}

#if HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL
// The same for all rays with the costs so far in registers: read again from memory at the next ray, a radius beside,
// they would have to wait until they have been written there.
template <int kStep, std::size_t kVectors>
void sweep_in_registers(const RingTask& task, int first, int count, std::int32_t* best, std::int32_t* ways) {
  const hn::CappedTag<std::int32_t, kLanes> d;
  using V = hn::Vec<decltype(d)>;
  const auto never = hn::Set(d, kNever);
  const auto whole = hn::Set(d, ~7);
  std::array<V, 3> inwards, outwards;  // what a move costs
  for (int s = 1; s <= 3; ++s) {
    const std::int32_t toll = 8 * s * task.bend + 2 * s;
    inwards[static_cast<std::size_t>(s) - 1] = hn::Set(d, toll - 1);
    outwards[static_cast<std::size_t>(s) - 1] = hn::Set(d, toll);
  }
  std::array<V, kVectors> from;
  for (std::size_t i = 0; i < kVectors; ++i) {
    from[i] = hn::LoadU(d, best + kLanes + i * kLanes);
  }
  const std::size_t stride = kVectors * kLanes;
  const std::int32_t* cost = task.costs + static_cast<std::size_t>(first % task.rays) * stride;
  const std::int32_t* const end = task.costs + static_cast<std::size_t>(task.rays) * stride;
  for (int k = 1; k < count; ++k) {
    cost = cost + stride == end ? task.costs : cost + stride;
    ways += stride;
    V before = hn::ConcatLowerUpper(d, from[0], never);  // the upper half of the one inside, the lower of this one
    for (std::size_t i = 0; i < kVectors; ++i) {
      const V here = from[i];
      const V outer = i + 1 < kVectors ? from[i + 1 < kVectors ? i + 1 : i] : never;
      const V after = hn::ConcatLowerUpper(d, outer, here);
      V least = here;
      const auto look = [&](auto steps) {
        constexpr int s = decltype(steps)::value;
        if constexpr (s <= kStep) {
          const auto in = hn::CombineShiftRightBytes<16 - 4 * s>(d, here, before);
          const auto out = hn::CombineShiftRightBytes<4 * s>(d, after, here);
          least = hn::Min(least, hn::Add(in, inwards[s - 1]));
          least = hn::Min(least, hn::Add(out, outwards[s - 1]));
        }
      };
      look(std::integral_constant<int, 1>());
      look(std::integral_constant<int, 2>());
      look(std::integral_constant<int, 3>());
      hn::StoreU(least, d, ways + i * kLanes);
      const auto more = hn::ShiftLeft<3>(hn::LoadU(d, cost + i * kLanes));
      from[i] = hn::Min(never, hn::Add(hn::And(least, whole), more));
      before = after;
    }
  }
  for (std::size_t i = 0; i < kVectors; ++i) {
    hn::StoreU(from[i], d, best + kLanes + i * kLanes);
  }
}

// Whether there is such a sweep for as many radii.
template <int kStep>
bool sweep_small(const RingTask& task, int first, int count, std::int32_t* best, std::int32_t* ways) {
  switch (task.stride / kLanes) {
    case 3: sweep_in_registers<kStep, 3>(task, first, count, best, ways); return true;
    case 4: sweep_in_registers<kStep, 4>(task, first, count, best, ways); return true;
    case 5: sweep_in_registers<kStep, 5>(task, first, count, best, ways); return true;
    case 6: sweep_in_registers<kStep, 6>(task, first, count, best, ways); return true;
    case 7: sweep_in_registers<kStep, 7>(task, first, count, best, ways); return true;
    case 8: sweep_in_registers<kStep, 8>(task, first, count, best, ways); return true;
    default: return false;
  }
}
#else
template <int kStep>
bool sweep_small(const RingTask& /*task*/, int /*first*/, int /*count*/, std::int32_t* /*best*/,
                 std::int32_t* /*ways*/) {
  return false;
}
#endif

template <int kStep>
void sweep_by(const RingTask& task, int first, int count, std::int32_t* best, std::int32_t* ways) {
  if (sweep_small<kStep>(task, first, count, best, ways)) {
    return;
  }
  const auto stride = static_cast<std::size_t>(task.stride);
  constexpr std::size_t kMost = 512;
  std::array<std::int32_t, kMost> spare;
  std::fill(spare.begin(), spare.end(), kNever);
  std::int32_t* from = best + kLanes;
  std::int32_t* to = spare.data() + kLanes;
  for (int k = 1; k < count; ++k) {
    const std::int32_t* cost = task.costs + static_cast<std::size_t>((first + k) % task.rays) * stride;
    next_ray<kStep>(cost, stride, task.bend, from, to, ways + static_cast<std::size_t>(k) * stride);
    std::swap(from, to);
  }
  if (from != best + kLanes) {
    std::copy(from, from + stride, best + kLanes);
  }
}

void ring_sweep(const RingTask& task, int first, int count, std::int32_t* best, std::int32_t* ways) {
  switch (task.step) {
    case 1: sweep_by<1>(task, first, count, best, ways); break;
    case 2: sweep_by<2>(task, first, count, best, ways); break;
    default: sweep_by<3>(task, first, count, best, ways);
  }
}

void read_between(const std::int16_t* plane, std::ptrdiff_t row, const std::int32_t* offset, const std::int32_t* top,
                  const std::int32_t* below, std::size_t count, std::int16_t* out) {
#if HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL
  const hn::CappedTag<std::int32_t, kLanes> d32;
  const hn::RepartitionToNarrow<decltype(d32)> d16;
  const hn::Rebind<std::int16_t, decltype(d32)> half;
  const auto round = hn::Set(d32, 512);
  const auto* a = reinterpret_cast<const std::int32_t*>(plane);
  const auto* b = reinterpret_cast<const std::int32_t*>(plane + row);
  for (std::size_t i = 0; i < count; i += hn::Lanes(d32)) {
    const auto at = hn::ShiftLeft<1>(hn::LoadU(d32, offset + i));
    const auto upper = hn::BitCast(d16, hn::GatherOffset(d32, a, at));
    const auto lower = hn::BitCast(d16, hn::GatherOffset(d32, b, at));
    auto rest = hn::Zero(d32);
    auto sum = hn::ReorderWidenMulAccumulate(d32, upper, hn::BitCast(d16, hn::LoadU(d32, top + i)), round, rest);
    sum = hn::ReorderWidenMulAccumulate(d32, lower, hn::BitCast(d16, hn::LoadU(d32, below + i)), sum, rest);
    hn::StoreU(hn::DemoteTo(half, hn::ShiftRight<10>(sum)), half, out + i);
  }
#else
  for (std::size_t i = 0; i < count; ++i) {
    const std::int16_t* a = plane + offset[i];
    const std::int16_t* b = a + row;
    const int sum =
        a[0] * (top[i] & 0xFFFF) + a[1] * (top[i] >> 16) + b[0] * (below[i] & 0xFFFF) + b[1] * (below[i] >> 16) + 512;
    out[i] = static_cast<std::int16_t>(sum >> 10);
  }
#endif
}

void read_along(const std::int16_t* plane, int width, const Lines& lines, int step, std::size_t count,
                std::int16_t* out) {
#if HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL
  const hn::CappedTag<std::int32_t, kLanes> d;
  const hn::RepartitionToNarrow<decltype(d)> d16;
  const hn::Rebind<std::int16_t, decltype(d)> half;
  const auto by = hn::Set(d, step * 32);
  const auto round = hn::Set(d, 512);
  const auto part = hn::Set(d, 31);
  const auto whole = hn::Set(d, 32);
  const auto row = hn::Set(d, width);
  const auto* a = reinterpret_cast<const std::int32_t*>(plane);
  const auto* b = reinterpret_cast<const std::int32_t*>(plane + width);
  for (std::size_t i = 0; i < count; i += hn::Lanes(d)) {
    const auto place = [&](const std::int32_t* from, const std::int32_t* normal) {
      const auto away = hn::ShiftRight<10>(hn::Add(hn::Mul(hn::LoadU(d, normal + i), by), round));
      return hn::Sub(hn::Add(hn::LoadU(d, from + i), away), hn::Set(d, 16));
    };
    const auto x = place(lines.x, lines.nx);
    const auto y = place(lines.y, lines.ny);
    const auto fx = hn::And(x, part);
    const auto fy = hn::And(y, part);
    const auto gy = hn::Sub(whole, fy);
    const auto across = hn::Or(hn::Sub(whole, fx), hn::ShiftLeft<16>(fx));  // both weights at once: no carry
    const auto at = hn::ShiftLeft<1>(hn::Add(hn::Mul(hn::ShiftRight<5>(y), row), hn::ShiftRight<5>(x)));
    const auto upper = hn::BitCast(d16, hn::GatherOffset(d, a, at));
    const auto lower = hn::BitCast(d16, hn::GatherOffset(d, b, at));
    auto rest = hn::Zero(d);
    auto sum = hn::ReorderWidenMulAccumulate(d, upper, hn::BitCast(d16, hn::Mul(across, gy)), round, rest);
    sum = hn::ReorderWidenMulAccumulate(d, lower, hn::BitCast(d16, hn::Mul(across, fy)), sum, rest);
    hn::StoreU(hn::DemoteTo(half, hn::ShiftRight<10>(sum)), half, out + i);
  }
#else
  for (std::size_t i = 0; i < count; ++i) {
    const std::int32_t x = lines.x[i] + ((lines.nx[i] * step * 32 + 512) >> 10) - 16;
    const std::int32_t y = lines.y[i] + ((lines.ny[i] * step * 32 + 512) >> 10) - 16;
    const std::int32_t fx = x & 31;
    const std::int32_t fy = y & 31;
    const std::int16_t* a = plane + static_cast<std::ptrdiff_t>(y >> 5) * width + (x >> 5);
    const std::int16_t* b = a + width;
    const int sum = (a[0] * (32 - fx) + a[1] * fx) * (32 - fy) + (b[0] * (32 - fx) + b[1] * fx) * fy;
    out[i] = static_cast<std::int16_t>((sum + 512) >> 10);
  }
#endif
}

void ray_ends(const RayTask& task, RayEnds& out) {
  const hn::CappedTag<std::int32_t, kLanes> d;
  const auto none = hn::Zero(d);
  const auto one = hn::Set(d, 1);
  const auto label = hn::Set(d, task.label);
  const auto glass = hn::Set(d, task.glass - 1);
  const auto glass_label = hn::Set(d, -1);
  const auto pale_run = hn::Set(d, task.pale);
  const auto beyond = hn::Set(d, task.beyond);
  for (std::size_t i = 0; i < kAllRays; i += hn::Lanes(d)) {
    auto own = none;
    auto clear = none;
    auto light = none;
    auto end = hn::Set(d, -1);
    auto pale = hn::Set(d, -1);
    auto at_glass = none;
    auto going = hn::Eq(none, none);
    for (int r = 1; r < task.radii && !hn::AllFalse(d, going); ++r) {
      const auto radius = hn::Set(d, r);
      const auto place = hn::LoadU(d, task.places + static_cast<std::size_t>(r) * kAllRays + i);
      const auto at = hn::GatherIndex(d, task.labels, place);
      const auto is_own = hn::And(going, hn::Eq(at, label));
      const auto is_other = hn::And(hn::AndNot(is_own, going), hn::Gt(at, none));
      own = hn::IfThenElse(is_own, radius, own);
      end = hn::IfThenElse(is_other, radius, end);
      going = hn::AndNot(is_other, going);
      clear = hn::IfThenElse(hn::Eq(at, glass_label), hn::Add(clear, one), none);
      light = hn::IfThenElse(hn::Lt(at, none), hn::Add(light, one), none);
      const auto is_pale = hn::And(hn::And(going, hn::Lt(pale, none)), hn::Eq(light, pale_run));
      pale = hn::IfThenElse(is_pale, hn::Sub(hn::Add(radius, one), light), pale);
      const auto is_glass = hn::And(going, hn::Gt(clear, glass));
      end = hn::IfThenElse(is_glass, hn::Sub(hn::Add(radius, one), clear), end);
      at_glass = hn::IfThenElse(is_glass, one, at_glass);
      going = hn::AndNot(hn::Or(is_glass, hn::Gt(hn::Sub(radius, own), beyond)), going);
    }
    hn::StoreU(own, d, out.own.data() + i);
    hn::StoreU(end, d, out.end.data() + i);
    hn::StoreU(at_glass, d, out.glass.data() + i);
    hn::StoreU(pale, d, out.pale.data() + i);
  }
}

void boundary_costs(const BoundaryTask& task, const RayWindows& windows, std::int32_t* costs) {
  const hn::CappedTag<std::int32_t, kLanes> d;
  const hn::Rebind<std::int16_t, decltype(d)> half;
  const std::size_t lanes = hn::Lanes(d);
  const auto none = hn::Zero(d);
  const auto most_ridge = hn::Set(d, kMostRidge);
  const auto shoulder = static_cast<std::ptrdiff_t>(task.shoulder);
  const auto stride = static_cast<std::size_t>(task.stride);
  HWY_ALIGN std::array<std::int32_t, kLanes> row;
  HWY_ALIGN std::array<std::int32_t, kWaiting * kLanes> waiting;  // ridges that are not crossed yet
  for (std::size_t i = 0; i < kAllRays; i += lanes) {
    const auto least = hn::LoadU(d, windows.least.data() + i);
    const auto most = hn::LoadU(d, windows.most.data() + i);
    const auto expected = hn::LoadU(d, windows.expected.data() + i);
    auto crossed = none;
    waiting.fill(0);
    for (int k = 0; k < task.radii; ++k) {
      const int r = task.from + k;
      const std::int16_t* at =
          task.values + (r + 2 * shoulder) * static_cast<std::ptrdiff_t>(kAllRays) + static_cast<std::ptrdiff_t>(i);
      const auto value = [&](std::ptrdiff_t by) {
        return hn::PromoteTo(d, hn::LoadU(half, at + by * static_cast<std::ptrdiff_t>(kAllRays)));
      };
      const auto here = value(0);
      const auto thin = hn::Sub(here, hn::ShiftRight<1>(hn::Add(value(-shoulder), value(shoulder))));
      const auto thick = hn::Sub(here, hn::ShiftRight<1>(hn::Add(value(-2 * shoulder), value(2 * shoulder))));
      const auto ridge = hn::ShiftRight<1>(hn::Add(hn::Max(thin, thick), thin));
      const auto strong = hn::ShiftRight<2>(hn::Max(none, hn::Sub(ridge, most_ridge)));
      const auto pull = hn::Add(hn::Min(ridge, most_ridge), strong);
      const auto radius = hn::Set(d, r);
      const auto away = hn::Mul(hn::Set(d, kPull), hn::Abs(hn::Sub(radius, expected)));
      const auto cost = hn::Add(hn::Sub(hn::ShiftRight<1>(crossed), pull), away);
      const auto outside = hn::Or(hn::Lt(radius, least), hn::Gt(radius, most));
      std::int32_t* oldest = waiting.data() + static_cast<std::size_t>(k % kWaiting) * lanes;
      crossed = hn::Add(crossed, hn::LoadU(d, oldest));
      const auto excess = hn::Max(none, hn::Sub(ridge, hn::Set(d, kCrossed)));
      hn::StoreU(hn::IfThenZeroElse(outside, excess), d, oldest);
      hn::Store(hn::IfThenElse(outside, hn::Set(d, kForbidden), cost), d, row.data());
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        costs[(i + lane) * stride + static_cast<std::size_t>(k)] = row[lane];
      }
    }
  }
}

}  // namespace
}  // namespace her2::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace her2::kernels {

HWY_EXPORT(ring_sweep);
HWY_EXPORT(read_between);
HWY_EXPORT(read_along);
HWY_EXPORT(ray_ends);
HWY_EXPORT(boundary_costs);

void ring_sweep(const RingTask& task, int first, int count, std::int32_t* best, std::int32_t* ways) {
  HWY_DYNAMIC_DISPATCH(ring_sweep)(task, first, count, best, ways);
}

void read_between(const std::int16_t* plane, std::ptrdiff_t row, const std::int32_t* offset, const std::int32_t* top,
                  const std::int32_t* below, std::size_t count, std::int16_t* out) {
  HWY_DYNAMIC_DISPATCH(read_between)(plane, row, offset, top, below, count, out);
}

void read_along(const std::int16_t* plane, int width, const Lines& lines, int step, std::size_t count,
                std::int16_t* out) {
  HWY_DYNAMIC_DISPATCH(read_along)(plane, width, lines, step, count, out);
}

void ray_ends(const RayTask& task, RayEnds& out) { HWY_DYNAMIC_DISPATCH(ray_ends)(task, out); }

void boundary_costs(const BoundaryTask& task, const RayWindows& windows, std::int32_t* costs) {
  HWY_DYNAMIC_DISPATCH(boundary_costs)(task, windows, costs);
}

}  // namespace her2::kernels
#endif
