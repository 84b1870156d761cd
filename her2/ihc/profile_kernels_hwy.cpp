// SPDX-License-Identifier: Apache-2.0
#include "her2/ihc/profile_kernels.h"

#include <limits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "her2/ihc/profile_kernels_hwy.cpp"
#include <hwy/foreach_target.h>  // compiles this file once for each target
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace her2::kernels::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

using Values = hn::CappedTag<std::int16_t, kPlaces>;
using Value = hn::Vec<Values>;
using Which = hn::Mask<Values>;

// Single precision is exact here: all numbers are below 2^24, and a quotient or root that is no whole number lies
// farther from one than its rounding.
void path_normals(const std::int32_t* x, const std::int32_t* y, std::size_t count, std::int32_t* nx, std::int32_t* ny) {
  const hn::CappedTag<std::int32_t, kPlaces> d;
  const hn::RebindToFloat<decltype(d)> f;
  const auto one = hn::Set(f, 1.0F);
  for (std::size_t i = 0; i < count; i += hn::Lanes(d)) {
    const auto dx = hn::Sub(hn::LoadU(d, x + i + 3), hn::LoadU(d, x + i - 3));
    const auto dy = hn::Sub(hn::LoadU(d, y + i + 3), hn::LoadU(d, y + i - 3));
    const auto square = hn::Add(hn::Mul(dx, dx), hn::Mul(dy, dy));
    const auto whole = hn::ConvertTo(d, hn::Sqrt(hn::ConvertTo(f, square)));
    const auto length = hn::Max(one, hn::ConvertTo(f, whole));
    const auto share = [&](auto part) {
      return hn::ConvertTo(d, hn::Div(hn::ConvertTo(f, hn::ShiftLeft<10>(part)), length));
    };
    hn::StoreU(share(dy), d, nx + i);
    hn::StoreU(share(hn::Neg(dx)), d, ny + i);
  }
}

void smooth_along(const std::int16_t* HWY_RESTRICT in, std::size_t count, std::int16_t* HWY_RESTRICT out) {
  for (std::size_t i = 0; i < count; ++i) {
    out[i] = static_cast<std::int16_t>((in[i] + in[i + 4] + 4 * (in[i + 1] + in[i + 3]) + 6 * in[i + 2] + 8) >> 4);
  }
}

// Of integers these two are not there.
Which not_less(Value a, Value b) { return hn::Not(hn::Lt(a, b)); }
Which not_more(Value a, Value b) { return hn::Not(hn::Gt(a, b)); }

// How far from `here` to `next` the level lies, in 1/32.
template <class D>
hn::Vec<D> part_of_way(D d, hn::Vec<D> here, hn::Vec<D> next, hn::Vec<D> level) {
  const hn::Rebind<std::int32_t, D> wide;
  const hn::RebindToFloat<decltype(wide)> f;
  const auto from = hn::PromoteTo(wide, here);
  const auto part = hn::ShiftLeft<5>(hn::Sub(from, hn::PromoteTo(wide, level)));
  const auto all = hn::Max(hn::Sub(from, hn::PromoteTo(wide, next)), hn::Set(wide, 1));
  return hn::DemoteTo(d, hn::ConvertTo(wide, hn::Div(hn::ConvertTo(f, part), hn::ConvertTo(f, all))));
}

// Profiles of as many places as a vector has lanes.
class ProfileLanes {
 public:
  ProfileLanes(const ProfileTask& task, std::size_t first) : task_(task), first_(first) {}

  void find_peaks() {
    auto away = most();
    for (int k = task_.half - task_.around; k <= task_.half + task_.around; ++k) {
      const auto here = at(k);
      const auto far = number(k < task_.half ? task_.half - k : k - task_.half);
      const auto maximum = hn::And(not_less(here, at(k - 1)), not_less(here, at(k + 1)));
      const auto better = hn::Or(hn::Gt(here, top_), hn::And(hn::Eq(here, top_), hn::Lt(far, away)));
      take(hn::And(maximum, better), k, here);
      away = hn::IfThenElse(hn::And(maximum, better), far, away);
    }
    const auto none = hn::Lt(peak_, hn::Zero(d_));
    if (hn::AllFalse(d_, none)) {
      return;
    }
    auto low = at(0);
    for (int k = 1; k < task_.half; ++k) {
      low = hn::Min(low, at(k));
    }
    const int last = task_.half + task_.around;
    const auto rises = not_less(hn::SaturatedSub(at(last), low), number(task_.certain));
    take(hn::And(none, rises), last, at(last));
  }

  void find_shoulders() {
    const int first = task_.half - task_.around;
    const int last = task_.half + task_.around;
    const auto width = number(2 * task_.around);
    inner_ = outer_ = most();
    const auto lower = [&](Value& least, Which counts, int k) {
      least = hn::Min(least, hn::IfThenElse(counts, at(k), most()));
    };
    for (int k = 0; k < first; ++k) {
      lower(inner_, not_more(hn::Sub(peak_, width), number(k)), k);
    }
    for (int k = first; k <= last; ++k) {
      lower(inner_, not_more(number(k), peak_), k);
      lower(outer_, not_less(number(k), peak_), k);
    }
    for (int k = last + 1; k <= 2 * task_.half; ++k) {
      lower(outer_, not_less(hn::Add(peak_, width), number(k)), k);
    }
  }

  void write(const ProfileShapes& out) const {
    const auto store = [&](Value v, std::int16_t* to) { hn::StoreU(v, d_, to + first_); };
    store(peak_, out.peak);
    store(top_, out.top);
    store(inner_, out.inner);
    store(outer_, out.outer);
    const auto fixed = hn::SaturatedAdd(hn::Min(inner_, outer_), number(task_.fixed));
    const auto half = [&](Value low) {  // the difference may need all 16 bits
      const hn::RebindToUnsigned<Values> u;
      return hn::Add(low, hn::BitCast(d_, hn::ShiftRight<1>(hn::BitCast(u, hn::Sub(top_, low)))));
    };
    store(crossing(fixed, -1), out.fixed_left);
    store(crossing(fixed, 1), out.fixed_right);
    store(crossing(half(inner_), -1), out.half_left);
    store(crossing(half(outer_), 1), out.half_right);
  }

 private:
  [[nodiscard]] Value at(int k) const {
    return hn::LoadU(d_, task_.values + static_cast<std::size_t>(k) * task_.stride + first_);
  }
  [[nodiscard]] Value number(int value) const { return hn::Set(d_, static_cast<std::int16_t>(value)); }
  [[nodiscard]] Value most() const { return hn::Set(d_, std::numeric_limits<std::int16_t>::max()); }

  void take(Which which, int k, Value value) {
    peak_ = hn::IfThenElse(which, number(k), peak_);
    top_ = hn::IfThenElse(which, value, top_);
  }

  // From each peak on in a direction to the first sample that is no more than the level.
  [[nodiscard]] Value crossing(Value level, int direction) const {
    auto found = number(-1);
    auto here = top_;
    auto next = top_;
    const int end = direction < 0 ? -1 : 2 * task_.half + 1;
    for (int k = task_.half - direction * (task_.around - 1); k != end; k += direction) {
      const auto value = at(k);
      const auto beyond = direction < 0 ? hn::Lt(number(k), peak_) : hn::Gt(number(k), peak_);
      const auto open = hn::Lt(found, hn::Zero(d_));
      const auto falls = hn::And(hn::And(beyond, open), not_more(value, level));
      found = hn::IfThenElse(falls, number(k - direction), found);
      here = hn::IfThenElse(falls, at(k - direction), here);
      next = hn::IfThenElse(falls, value, next);
    }
    const auto whole = hn::ShiftLeft<5>(hn::Abs(hn::Sub(found, peak_)));
#if HWY_TARGET == HWY_SCALAR
    const auto rest = part_of_way(d_, here, next, level);
#else
    const hn::Half<Values> half;
    const auto lower =
        part_of_way(half, hn::LowerHalf(half, here), hn::LowerHalf(half, next), hn::LowerHalf(half, level));
    const auto upper =
        part_of_way(half, hn::UpperHalf(half, here), hn::UpperHalf(half, next), hn::UpperHalf(half, level));
    const auto rest = hn::Combine(d_, upper, lower);
#endif
    return hn::IfThenElse(hn::Lt(found, hn::Zero(d_)), number(-1), hn::Add(whole, rest));
  }

  const Values d_;
  const ProfileTask& task_;
  std::size_t first_;
  Value peak_ = hn::Set(Values(), std::int16_t{-1});
  Value top_ = hn::Set(Values(), std::numeric_limits<std::int16_t>::min());
  Value inner_ = hn::Zero(Values());
  Value outer_ = hn::Zero(Values());
};

void profile_shapes(const ProfileTask& task, const ProfileShapes& out) {
  for (std::size_t i = 0; i < task.count; i += hn::Lanes(Values())) {
    ProfileLanes block(task, i);
    block.find_peaks();
    block.find_shoulders();
    block.write(out);
  }
}

}  // namespace
}  // namespace her2::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace her2::kernels {

HWY_EXPORT(path_normals);
HWY_EXPORT(smooth_along);
HWY_EXPORT(profile_shapes);

void path_normals(const std::int32_t* x, const std::int32_t* y, std::size_t count, std::int32_t* nx, std::int32_t* ny) {
  HWY_DYNAMIC_DISPATCH(path_normals)(x, y, count, nx, ny);
}

void smooth_along(const std::int16_t* in, std::size_t count, std::int16_t* out) {
  HWY_DYNAMIC_DISPATCH(smooth_along)(in, count, out);
}

void profile_shapes(const ProfileTask& task, const ProfileShapes& out) {
  HWY_DYNAMIC_DISPATCH(profile_shapes)(task, out);
}

}  // namespace her2::kernels
#endif
