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
constexpr int kOverBeyond = 40;   // percent of the contrast over what lies beyond: less is a neighbour's edge
constexpr int kPaleWithin = 15;   // percent of the peak: a cell whose cytoplasm has no more is not brown
constexpr int kBrownBeyond = 25;  // percent of the contrast by which what lies beyond is browner: another's cytoplasm
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
  x_.resize(kBefore);
  y_.resize(kBefore);
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
  places_ = x_.size() - kBefore;
  stride_ = (places_ + kernels::kPlaces - 1) / kernels::kPlaces * kernels::kPlaces;
  for (auto* path : {&x_, &y_}) {
    const std::int32_t first = (*path)[kBefore];
    path->resize(stride_ + 2 * kBefore, first);
    for (std::size_t i = 0; i < kBefore; ++i) {
      (*path)[i] = (*path)[kBefore + (i + kBefore * (places_ - 1)) % places_];
      (*path)[kBefore + places_ + i] = (*path)[kBefore + i];
    }
  }
  nx_.resize(stride_);
  ny_.resize(stride_);
  kernels::path_normals(x_.data() + kBefore, y_.data() + kBefore, stride_, nx_.data(), ny_.data());
  std::fill(nx_.begin() + static_cast<std::ptrdiff_t>(places_), nx_.end(), 0);
  std::fill(ny_.begin() + static_cast<std::ptrdiff_t>(places_), ny_.end(), 0);
}

void MembraneMeter::read() {
  const auto across = 2 * static_cast<std::size_t>(half_) + 1;
  const std::size_t row = stride_ + 4;
  profiles_.resize(across * row);
  const kernels::Lines lines{x_.data() + kBefore, y_.data() + kBefore, nx_.data(), ny_.data()};
  for (std::size_t k = 0; k < across; ++k) {
    std::int16_t* out = profiles_.data() + k * row + 2;
    kernels::read_along(dab_.row(0), dab_.width(), lines, static_cast<int>(k) - half_, stride_, out);
    for (std::size_t i = 0; i < 2; ++i) {
      out[places_ + i] = out[i % places_];
      *(out + i - 2) = out[(i + 2 * places_ - 2) % places_];
    }
  }
}

void MembraneMeter::smooth() {
  const auto across = 2 * static_cast<std::size_t>(half_) + 1;
  smoothed_.resize(across * stride_);
  for (std::size_t k = 0; k < across; ++k) {
    kernels::smooth_along(profiles_.data() + k * (stride_ + 4), stride_, smoothed_.data() + k * stride_);
  }
}

// Where each profile has its peak and its shoulders. The peak is the highest place near the boundary that does not
// merely lie on the slope of something further off, unless it rises to what is dense further out.
void MembraneMeter::find_shapes() {
  constexpr std::size_t kShapes = 8;
  shape_values_.resize(kShapes * stride_);
  std::int16_t* next = shape_values_.data();
  for (auto part :
       {&kernels::ProfileShapes::peak, &kernels::ProfileShapes::top, &kernels::ProfileShapes::inner,
        &kernels::ProfileShapes::outer, &kernels::ProfileShapes::fixed_left, &kernels::ProfileShapes::fixed_right,
        &kernels::ProfileShapes::half_left, &kernels::ProfileShapes::half_right}) {
    shapes_.*part = next;
    next += stride_;
  }
  kernels::profile_shapes({smoothed_.data(), stride_, stride_, half_, around_, kCertain, kFixedContrast}, shapes_);
}

MembraneSample MembraneMeter::judge(std::size_t at, int cytoplasm) const {
  if (shapes_.peak[at] < 0) {
    return {0, smoothed_[static_cast<std::size_t>(half_) * stride_ + at], 0, 0};
  }
  const int inner = shapes_.inner[at];
  const int outer = shapes_.outer[at];
  const int low = std::min(inner, outer);
  MembraneSample out;
  out.peak = shapes_.top[at];
  const int contrast = out.peak - low;
  if (contrast > kFixedContrast) {
    // On the side of a stained cytoplasm it may not fall: then the other side counts twice.
    const int left = shapes_.fixed_left[at];
    const int right = shapes_.fixed_right[at];
    const int both = left < 0 ? 2 * right : right < 0 ? 2 * left : left + right;
    out.width_fixed = both < 0 ? 0 : static_cast<int>(both * pitch_um_ * 1000 / kSubpixels);
    out.width_fixed = out.width_fixed == 0 ? static_cast<int>(2 * half_ * pitch_um_ * 1000) : out.width_fixed;
  }
  const int fall = out.peak - std::max(inner, outer);
  // Dense membranes of neighbours, and what lies under them, may leave no fall on the outer side.
  const bool ridge = (fall * kRidgeParts >= contrast && fall >= kLeastFall) || out.peak - inner >= kCertain;
  const bool rises = (out.peak - cytoplasm) * 100 >= contrast * kOverCytoplasm;
  // An unstained cell that faces a brown one across a cleft sees a step up with a line on top: the other's membrane.
  const bool line = (out.peak - outer) * 100 >= contrast * kOverBeyond;
  const bool own = line || contrast >= kCertain;
  // The same with more of a line: a cell without any brown beside a brown one. A line between two cells of which only
  // one is brown within is that one's.
  const bool others =
      line && cytoplasm * 100 <= out.peak * kPaleWithin && (outer - cytoplasm) * 100 >= contrast * kBrownBeyond;
  if (ridge && rises && own && !others) {
    out.width_half = half_width(at);
    out.contrast = out.width_half >= kNarrowestNm && out.width_half <= kWidestNm ? contrast : 0;
  }
  return out;
}

// Each side down to half of its own fall; where that is less than a quarter of the other's, the other counts twice.
int MembraneMeter::half_width(std::size_t at) const {
  const int top = shapes_.top[at];
  const int inner = shapes_.inner[at];
  const int outer = shapes_.outer[at];
  const int left = shapes_.half_left[at];
  const int right = shapes_.half_right[at];
  const int both = (top - inner) * 4 < top - outer   ? 2 * right
                   : (top - outer) * 4 < top - inner ? 2 * left
                                                     : left + right;
  return static_cast<int>(both * pitch_um_ * 1000 / kSubpixels);
}

std::span<const MembraneSample> MembraneMeter::measure(std::span<const SubPoint> ring, int cytoplasm) {
  walk(ring);
  read();
  smooth();
  find_shapes();
  samples_.resize(places_);
  for (std::size_t i = 0; i < places_; ++i) {
    samples_[i] = judge(i, cytoplasm);
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
