// SPDX-License-Identifier: Apache-2.0
#include "her2/cell/kernels.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "her2/cell/signal_kernels_hwy.cpp"
#include <hwy/foreach_target.h>  // compiles this file once for each target
#include <hwy/highway.h>

#include "her2/cell/boundary.h"

// Plain loops: they become vectors of each target.
HWY_BEFORE_NAMESPACE();
namespace her2::kernels::HWY_NAMESPACE {
namespace {

void membrane_signal(const std::int16_t* HWY_RESTRICT haematoxylin, const std::int16_t* HWY_RESTRICT dab,
                     std::size_t count, std::int16_t* HWY_RESTRICT out) {
  constexpr int kThird = 21846;  // over 65536: rounds down as a division by three does, up to kDenseDab
  for (std::size_t i = 0; i < count; ++i) {
    const int d = dab[i];
    const int above = d > 0 ? d : 0;
    const int some = ((above < kDenseDab ? above : kDenseDab) * kThird) >> 16;
    const int dense = ((d > kDenseDab ? d - kDenseDab : 0) * 3) >> 2;
    const int value = kSignalLift + haematoxylin[i] - some - dense;
    out[i] = static_cast<std::int16_t>(value > 0 ? value : 0);
  }
}

void glass_row(const std::int16_t* HWY_RESTRICT sum, std::size_t count, int glass, std::int32_t* HWY_RESTRICT labels) {
  for (std::size_t i = 0; i < count; ++i) {
    const int here = sum[i];
    const std::int32_t pale = here < 2 * glass ? kPaleLabel : 0;
    labels[i] = here < glass ? kGlassLabel : pale;
  }
}

// In single precision, which every processor rounds alike; the shift keeps what is truncated above zero.
std::int16_t third_of(int sum) {
  constexpr float kThird = 1.0F / 3.0F;
  return static_cast<std::int16_t>(static_cast<std::int32_t>(static_cast<float>(sum) * kThird + 4096.5F) - 4096);
}

void mean_across(const std::int16_t* HWY_RESTRICT in, std::size_t count, std::int16_t* HWY_RESTRICT out) {
  const std::size_t last = count - 1;
  out[0] = third_of(2 * in[0] + in[last > 0 ? 1 : 0]);
  for (std::size_t i = 1; i < last; ++i) {
    out[i] = third_of(*(in + i - 1) + in[i] + in[i + 1]);
  }
  if (last > 0) {
    out[last] = third_of(in[last - 1] + 2 * in[last]);
  }
}

void mean_down(const std::int16_t* HWY_RESTRICT a, const std::int16_t* HWY_RESTRICT b,
               const std::int16_t* HWY_RESTRICT c, std::size_t count, std::int16_t* HWY_RESTRICT out) {
  for (std::size_t i = 0; i < count; ++i) {
    out[i] = third_of(a[i] + b[i] + c[i]);
  }
}

}  // namespace
}  // namespace her2::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace her2::kernels {

HWY_EXPORT(membrane_signal);
HWY_EXPORT(glass_row);
HWY_EXPORT(mean_across);
HWY_EXPORT(mean_down);

void membrane_signal(const std::int16_t* haematoxylin, const std::int16_t* dab, std::size_t count, std::int16_t* out) {
  HWY_DYNAMIC_DISPATCH(membrane_signal)(haematoxylin, dab, count, out);
}

void glass_row(const std::int16_t* sum, std::size_t count, int glass, std::int32_t* labels) {
  HWY_DYNAMIC_DISPATCH(glass_row)(sum, count, glass, labels);
}

void mean_across(const std::int16_t* in, std::size_t count, std::int16_t* out) {
  HWY_DYNAMIC_DISPATCH(mean_across)(in, count, out);
}

void mean_down(const std::int16_t* a, const std::int16_t* b, const std::int16_t* c, std::size_t count,
               std::int16_t* out) {
  HWY_DYNAMIC_DISPATCH(mean_down)(a, b, c, count, out);
}

}  // namespace her2::kernels
#endif
