// SPDX-License-Identifier: Apache-2.0
#include "her2/ihc/membrane.h"

#include <algorithm>
#include <cmath>

#include "her2/cell/kernels.h"

// The definition: sections 3 to 6 of docs/membrane.md.
namespace her2 {
namespace {

constexpr double kProfileUm = 2;  // to both sides of the boundary
constexpr double kOffsetUm = 1;   // a peak farther from the boundary is not its membrane
constexpr int kWidestNm = 3500;   // a slab wider than that is cytoplasm
constexpr int kNarrowestNm = 300;
constexpr int kRidgeParts = 10;  // the lesser fall is at least a tenth of the greater: else it is the edge of a slab
constexpr int kLeastFall = 20;   // mOD; less is noise
constexpr int kOverCytoplasm =
    20;  // percent of the contrast that lies over the cytoplasm: less is the cytoplasm's own edge
constexpr int kCertain =
    500;  // mOD over the inner shoulder: no cytoplasm is so dense, so the step itself is a membrane
constexpr int kOverBeyond = 40;      // percent of the contrast over what lies beyond: less is a neighbour's edge
constexpr int kFixedContrast = 200;  // mOD, of width_fixed

// Rounded square root, exact.
std::int64_t root(std::int64_t value) {
  auto r = static_cast<std::int64_t>(std::sqrt(static_cast<double>(value)));
  while (r * r > value) {
    --r;
  }
  while ((r + 1) * (r + 1) <= value) {
    ++r;
  }
  return r;
}

}  // namespace

MembraneMeter::MembraneMeter(const Plane<std::int16_t>& dab, double pitch_um) : dab_(dab), pitch_um_(pitch_um) {
  half_ = static_cast<int>(std::floor(kProfileUm / pitch_um + 0.5));
  around_ = static_cast<int>(std::floor(kOffsetUm / pitch_um + 0.5));
}

// The ring in equal steps of at most one pixel, and the normal at each.
void MembraneMeter::walk(std::span<const SubPoint> ring) {
  x_.clear();
  y_.clear();
  length_ = 0;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const SubPoint a = ring[i];
    const SubPoint b = ring[i + 1 < ring.size() ? i + 1 : 0];
    const std::int32_t dx = b.x - a.x;
    const std::int32_t dy = b.y - a.y;
    const auto length = static_cast<std::int32_t>(root(std::int64_t{dx} * dx + std::int64_t{dy} * dy));
    const std::int32_t steps = std::max(1, (length + kSubpixels - 1) / kSubpixels);
    for (std::int32_t s = 0; s < steps; ++s) {
      x_.push_back(a.x + dx * s / steps);
      y_.push_back(a.y + dy * s / steps);
    }
    length_ += length;
  }
  places_ = x_.size();
  stride_ = (places_ + kernels::kLanes - 1) / kernels::kLanes * kernels::kLanes;
  nx_.resize(stride_);
  ny_.resize(stride_);
  for (std::size_t i = 0; i < places_; ++i) {
    const std::size_t before = (i + 3 * places_ - 3) % places_;
    const std::size_t after = (i + 3) % places_;
    const std::int32_t dx = x_[after] - x_[before];
    const std::int32_t dy = y_[after] - y_[before];
    const auto length =
        static_cast<std::int32_t>(std::max<std::int64_t>(1, root(std::int64_t{dx} * dx + std::int64_t{dy} * dy)));
    nx_[i] = dy * 1024 / length;
    ny_[i] = -dx * 1024 / length;
  }
  x_.resize(stride_, x_.front());
  y_.resize(stride_, y_.front());
  std::fill(nx_.begin() + static_cast<std::ptrdiff_t>(places_), nx_.end(), 0);
  std::fill(ny_.begin() + static_cast<std::ptrdiff_t>(places_), ny_.end(), 0);
}

void MembraneMeter::read() {
  const auto across = 2 * static_cast<std::size_t>(half_) + 1;
  const std::size_t row = stride_ + 4;
  profiles_.resize(across * row);
  const kernels::Lines lines{x_.data(), y_.data(), nx_.data(), ny_.data()};
  for (std::size_t k = 0; k < across; ++k) {
    std::int16_t* out = profiles_.data() + k * row + 2;
    kernels::read_along(dab_.row(0), dab_.width(), lines, static_cast<int>(k) - half_, stride_, out);
    for (std::size_t i = 0; i < 2; ++i) {
      out[places_ + i] = out[i % places_];
      *(out + i - 2) = out[(i + 2 * places_ - 2) % places_];
    }
  }
}

// [1 4 6 4 1] / 16 along the boundary.
void MembraneMeter::smooth() {
  const auto across = 2 * static_cast<std::size_t>(half_) + 1;
  smoothed_.resize(across * stride_);
  for (std::size_t k = 0; k < across; ++k) {
    const std::int16_t* in = profiles_.data() + k * (stride_ + 4);
    std::int16_t* out = smoothed_.data() + k * stride_;
    for (std::size_t i = 0; i < places_; ++i) {
      out[i] = static_cast<std::int16_t>((in[i] + in[i + 4] + 4 * (in[i + 1] + in[i + 3]) + 6 * in[i + 2] + 8) >> 4);
    }
  }
}

void MembraneMeter::profile(std::size_t at, std::span<int> out) const {
  for (std::size_t k = 0; k < out.size(); ++k) {
    out[k] = smoothed_[k * stride_ + at];
  }
}

// Distance from the peak to where the profile falls to `level`, in 1/32 samples; -1 when it does not.
int MembraneMeter::crossing(const int* profile, int peak, int level, int direction) const {
  for (int k = peak; k + direction >= 0 && k + direction <= 2 * half_; k += direction) {
    const int here = profile[k];
    const int next = profile[k + direction];
    if (next <= level) {
      return std::abs(k - peak) * kSubpixels + (here - level) * kSubpixels / std::max(1, here - next);
    }
  }
  return -1;
}

MembraneSample MembraneMeter::judge(const int* profile, int cytoplasm) const {
  // The highest place near the boundary that does not merely lie on the slope of something further off.
  int peak = -1;
  for (int k = half_ - around_; k <= half_ + around_; ++k) {
    if (profile[k] < profile[k - 1] || profile[k] < profile[k + 1]) {
      continue;
    }
    const bool nearer = peak >= 0 && std::abs(k - half_) < std::abs(peak - half_);
    peak = peak < 0 || profile[k] > profile[peak] || (profile[k] == profile[peak] && nearer) ? k : peak;
  }
  if (peak < 0 && profile[half_ + around_] - *std::min_element(profile, profile + half_) >= kCertain) {
    peak = half_ + around_;  // it rises to what is dense further out
  }
  if (peak < 0) {
    return {0, profile[half_], 0, 0};
  }
  const int inner = *std::min_element(profile + std::max(0, peak - 2 * around_), profile + peak + 1);
  const int outer = *std::min_element(profile + peak, profile + std::min(2 * half_, peak + 2 * around_) + 1);
  const int low = std::min(inner, outer);
  MembraneSample out;
  out.peak = profile[peak];
  const int contrast = out.peak - low;
  const auto width = [&](int level) {
    const int left = crossing(profile, peak, level, -1);
    const int right = crossing(profile, peak, level, 1);
    // On the side of a stained cytoplasm it may not fall: then the other side counts twice.
    const int both = left < 0 ? 2 * right : right < 0 ? 2 * left : left + right;
    return both < 0 ? 0 : static_cast<int>(both * pitch_um_ * 1000 / kSubpixels);
  };
  if (contrast > kFixedContrast) {
    out.width_fixed = width(low + kFixedContrast);
    out.width_fixed = out.width_fixed == 0 ? static_cast<int>(2 * half_ * pitch_um_ * 1000) : out.width_fixed;
  }
  const int fall = out.peak - std::max(inner, outer);
  // Dense membranes of neighbours, and what lies under them, may leave no fall on the outer side.
  const bool ridge = (fall * kRidgeParts >= contrast && fall >= kLeastFall) || out.peak - inner >= kCertain;
  const bool rises = (out.peak - cytoplasm) * 100 >= contrast * kOverCytoplasm;
  // An unstained cell that faces a brown one across a cleft sees a step up with a line on top: the other's membrane.
  const bool own = (out.peak - outer) * 100 >= contrast * kOverBeyond || contrast >= kCertain;
  if (ridge && rises && own) {
    out.width_half = half_width(profile, peak, inner, outer);
    out.contrast = out.width_half >= kNarrowestNm && out.width_half <= kWidestNm ? contrast : 0;
  }
  return out;
}

// Each side down to half of its own fall; where that is less than a quarter of the other's, the other counts twice.
int MembraneMeter::half_width(const int* profile, int peak, int inner, int outer) const {
  const int top = profile[peak];
  const int left = crossing(profile, peak, inner + (top - inner) / 2, -1);
  const int right = crossing(profile, peak, outer + (top - outer) / 2, 1);
  const int both = (top - inner) * 4 < top - outer   ? 2 * right
                   : (top - outer) * 4 < top - inner ? 2 * left
                                                     : left + right;
  return static_cast<int>(both * pitch_um_ * 1000 / kSubpixels);
}

std::span<const MembraneSample> MembraneMeter::measure(std::span<const SubPoint> ring, int cytoplasm) {
  walk(ring);
  read();
  smooth();
  samples_.clear();
  profile_.resize(2 * static_cast<std::size_t>(half_) + 1);
  for (std::size_t i = 0; i < places_; ++i) {
    profile(i, profile_);
    samples_.push_back(judge(profile_.data(), cytoplasm));
  }
  return samples_;
}

namespace {

// How many steps of the ladder a contrast reaches.
std::size_t steps_reached(int contrast) {
  std::size_t steps = 0;
  while (steps < kLadderMod.size() && contrast >= kLadderMod[steps]) {
    ++steps;
  }
  return steps;
}

// The stained samples of one step, met in order along the closed boundary.
struct Stretches {
  std::size_t first = 0, last = 0, longest = 0, count = 0;
  void meet(std::size_t at) {
    longest = count == 0 ? 0 : std::max(longest, at - last - 1);
    first = count == 0 ? at : first;
    last = at;
    ++count;
  }
  // The longest stretch without one, of n samples.
  [[nodiscard]] std::size_t gap(std::size_t n) const {
    return count == 0 ? n : std::max(longest, n - last - 1 + first);
  }
};

}  // namespace

void fill_ladder(std::span<const MembraneSample> samples, MeasuredCell& out) {
  std::array<Stretches, kLadderMod.size()> steps;
  std::vector<int> stained;
  stained.reserve(samples.size());
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const int contrast = samples[i].contrast;
    const std::size_t reached = steps_reached(contrast);
    for (std::size_t step = 0; step < reached; ++step) {
      steps[step].meet(i);
    }
    if (reached > 0) {
      stained.push_back(contrast);
    }
  }
  std::sort(stained.begin(), stained.end());
  const std::size_t n = samples.size();
  for (std::size_t step = 0; step < steps.size(); ++step) {
    const std::size_t count = steps[step].count;
    LadderStep& to = out.ladder[step];
    to.completeness = static_cast<std::uint16_t>((count * 1000 + n / 2) / n);
    to.longest_gap = static_cast<std::uint16_t>((steps[step].gap(n) * 1000 + n / 2) / n);
    to.intensity =
        count == 0 ? std::uint16_t{0} : static_cast<std::uint16_t>(stained[stained.size() - count + count / 2]);
  }
}

}  // namespace her2
