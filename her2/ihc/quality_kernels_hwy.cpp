// SPDX-License-Identifier: Apache-2.0
#include "her2/ihc/quality_kernels.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "her2/ihc/quality_kernels_hwy.cpp"
#include <hwy/foreach_target.h>  // compiles this file once for each target
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace her2::kernels::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// Hues in the ratios of the channels' OD, each only where none before it holds. Pure eosin is (0.07, 0.99, 0.11) or
// (0.22, 0.80, 0.56), DAB (0.27, 0.57, 0.78), haematoxylin (0.65, 0.70, 0.29).
QualityCounts count_quality(const QualityRow& row, const QualityLimits& limits) {
  const hn::CappedTag<std::int16_t, kQualityLanes> d;
  const auto number = [&](int value) { return hn::Set(d, static_cast<std::int16_t>(value)); };
  const auto times = [&](int by, auto value) { return hn::Mul(number(by), value); };
  QualityCounts out;
  for (std::size_t i = 0; i < row.count; i += hn::Lanes(d)) {
    const auto here = hn::FirstN(d, row.count - i);
    const auto r = hn::LoadU(d, row.red + i);
    const auto g = hn::LoadU(d, row.green + i);
    const auto b = hn::LoadU(d, row.blue + i);
    const auto sum = hn::LoadU(d, row.sum + i);
    const auto high = hn::LoadU(d, row.high + i);
    const auto light = hn::Gt(high, number(limits.dark));
    const auto tissue = hn::And(hn::And(here, light), hn::Gt(sum, number(limits.glass - 1)));
    const auto clipped = hn::Or(hn::Eq(hn::LoadU(d, row.low + i), number(0)), hn::Eq(high, number(255)));
    const auto coloured = hn::And(tissue, hn::Gt(sum, number(limits.coloured - 1)));
    const auto no_pink = hn::Or(hn::Lt(times(10, g), times(13, r)), hn::Lt(times(10, g), times(11, b)));
    const auto no_brown = hn::Or(hn::Lt(times(10, b), times(11, g)), hn::Lt(times(10, b), times(12, r)));
    const auto no_blue = hn::Or(hn::Lt(times(10, r), times(8, g)), hn::Lt(times(10, r), times(11, b)));
    const auto after_pink = hn::And(coloured, no_pink);
    const auto after_brown = hn::And(after_pink, no_brown);
    const auto after_blue = hn::And(after_brown, no_blue);
    const std::size_t all = hn::CountTrue(d, coloured);
    const std::size_t left = hn::CountTrue(d, after_pink);
    const std::size_t less = hn::CountTrue(d, after_brown);
    out.dark += hn::CountTrue(d, hn::AndNot(light, here));
    out.tissue += hn::CountTrue(d, tissue);
    out.clipped += hn::CountTrue(d, hn::And(tissue, clipped));
    out.coloured += all;
    out.pink += all - left;
    out.brown += left - less;
    out.blue += less - hn::CountTrue(d, after_blue);
  }
  return out;
}

void edge_energies(const std::int16_t* HWY_RESTRICT at, std::ptrdiff_t stride, int step, std::size_t count,
                   std::uint32_t* HWY_RESTRICT out) {
  const std::int16_t* HWY_RESTRICT left = at - step;
  const std::int16_t* HWY_RESTRICT right = at + step;
  const std::int16_t* HWY_RESTRICT upper = at - step * stride;
  const std::int16_t* HWY_RESTRICT lower = at + step * stride;
  for (std::size_t i = 0; i < count; ++i) {
    const int twice = 2 * at[i];
    const int across = twice - left[i] - right[i];
    const int down = twice - upper[i] - lower[i];
    out[i] = static_cast<std::uint32_t>(across * across + down * down);
  }
}

EdgeSums sum_edges(const EdgeRow& row, const EdgeLimits& limits) {
  const std::uint32_t* HWY_RESTRICT fine = row.fine;
  const std::uint32_t* HWY_RESTRICT coarse = row.coarse;
  const std::int16_t* HWY_RESTRICT sum = row.sum;
  const std::int16_t* HWY_RESTRICT high = row.high;
  const std::int32_t glass = limits.glass;
  const std::int32_t dark = limits.dark;
  const std::uint32_t least = limits.least;
  std::uint64_t edges = 0;
  std::uint64_t fines = 0;
  std::uint64_t coarses = 0;
  for (std::size_t i = 0; i < row.count; ++i) {
    const auto all = static_cast<std::uint32_t>(-((coarse[i] >= least) & (sum[i] >= glass) & (high[i] > dark)));
    edges += all & 1U;
    fines += fine[i] & all;
    coarses += coarse[i] & all;
  }
  return {edges, fines, coarses};
}

}  // namespace
}  // namespace her2::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace her2::kernels {

HWY_EXPORT(count_quality);
HWY_EXPORT(edge_energies);
HWY_EXPORT(sum_edges);

QualityCounts count_quality(const QualityRow& row, const QualityLimits& limits) {
  return HWY_DYNAMIC_DISPATCH(count_quality)(row, limits);
}

void edge_energies(const std::int16_t* at, std::ptrdiff_t stride, int step, std::size_t count, std::uint32_t* out) {
  HWY_DYNAMIC_DISPATCH(edge_energies)(at, stride, step, count, out);
}

EdgeSums sum_edges(const EdgeRow& row, const EdgeLimits& limits) {
  return HWY_DYNAMIC_DISPATCH(sum_edges)(row, limits);
}

}  // namespace her2::kernels
#endif
