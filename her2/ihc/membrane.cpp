// SPDX-License-Identifier: Apache-2.0
#include "her2/ihc/membrane.h"

#include <algorithm>
#include <cmath>

#include "her2/cell/star.h"

// The definition is section 4 of docs/membrane.md.
namespace her2 {
namespace {

constexpr double kProfileUm = 2;  // to both sides of the boundary
constexpr double kOffsetUm = 1;   // a peak farther from the boundary is not its membrane
constexpr int kWidestNm = 3500;   // a slab wider than that is cytoplasm
constexpr int kNarrowestNm = 300;
constexpr int kRidgeParts = 10;  // the lesser fall is at least a tenth of the greater: else it is the edge of a slab
constexpr int kOverCytoplasm =
    20;  // percent of the contrast that lies over the cytoplasm: less is the cytoplasm's own edge
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
  half_ = static_cast<int>(kProfileUm / pitch_um + 0.5);
  around_ = static_cast<int>(kOffsetUm / pitch_um + 0.5);
}

// The ring in equal steps of at most one pixel, and the normal at each.
void MembraneMeter::walk(std::span<const SubPoint> ring) {
  path_.clear();
  length_ = 0;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const SubPoint a = ring[i];
    const SubPoint b = ring[(i + 1) % ring.size()];
    const std::int64_t dx = b.x - a.x;
    const std::int64_t dy = b.y - a.y;
    const std::int64_t length = root(dx * dx + dy * dy);
    const std::int64_t steps = std::max<std::int64_t>(1, (length + kSubpixels - 1) / kSubpixels);
    for (std::int64_t s = 0; s < steps; ++s) {
      path_.push_back(
          {static_cast<std::int32_t>(a.x + dx * s / steps), static_cast<std::int32_t>(a.y + dy * s / steps)});
    }
    length_ += length;
  }
  const std::size_t n = path_.size();
  normals_.resize(n);
  for (std::size_t i = 0; i < n; ++i) {
    const SubPoint before = path_[(i + n - 3 % n) % n];
    const SubPoint after = path_[(i + 3) % n];
    const std::int64_t dx = after.x - before.x;
    const std::int64_t dy = after.y - before.y;
    const std::int64_t length = std::max<std::int64_t>(1, root(dx * dx + dy * dy));
    normals_[i] = {static_cast<std::int32_t>(dy * 1024 / length), static_cast<std::int32_t>(-dx * 1024 / length)};
  }
}

void MembraneMeter::read() {
  const int across = 2 * half_ + 1;
  profiles_.resize(path_.size() * static_cast<std::size_t>(across));
  std::size_t at = 0;
  for (std::size_t i = 0; i < path_.size(); ++i) {
    for (int k = -half_; k <= half_; ++k, ++at) {
      profiles_[at] = sample(dab_, path_[i].x + ((normals_[i].x * k * kSubpixels + 512) >> 10),
                             path_[i].y + ((normals_[i].y * k * kSubpixels + 512) >> 10));
    }
  }
}

// [1 4 6 4 1] / 16 along the boundary.
void MembraneMeter::smooth() {
  const auto across = static_cast<std::size_t>(2 * half_ + 1);
  const std::size_t n = path_.size();
  smoothed_.resize(profiles_.size());
  for (std::size_t i = 0; i < n; ++i) {
    const int* a = profiles_.data() + (i + 2 * n - 2) % n * across;
    const int* b = profiles_.data() + (i + n - 1) % n * across;
    const int* c = profiles_.data() + i * across;
    const int* d = profiles_.data() + (i + 1) % n * across;
    const int* e = profiles_.data() + (i + 2) % n * across;
    int* out = smoothed_.data() + i * across;
    for (std::size_t k = 0; k < across; ++k) {
      out[k] = (a[k] + e[k] + 4 * (b[k] + d[k]) + 6 * c[k] + 8) >> 4;
    }
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
  out.width_half = width(low + contrast / 2);
  if (contrast > kFixedContrast) {
    out.width_fixed = width(low + kFixedContrast);
    out.width_fixed = out.width_fixed == 0 ? static_cast<int>(2 * half_ * pitch_um_ * 1000) : out.width_fixed;
  }
  const bool ridge = (out.peak - std::max(inner, outer)) * kRidgeParts >= contrast;
  const bool rises = (out.peak - cytoplasm) * 100 >= contrast * kOverCytoplasm;
  if (ridge && rises && out.width_half >= kNarrowestNm && out.width_half <= kWidestNm) {
    out.contrast = contrast;
  }
  return out;
}

std::span<const MembraneSample> MembraneMeter::measure(std::span<const SubPoint> ring, int cytoplasm) {
  walk(ring);
  read();
  smooth();
  samples_.clear();
  for (std::size_t i = 0; i < path_.size(); ++i) {
    samples_.push_back(judge(smoothed_.data() + i * static_cast<std::size_t>(2 * half_ + 1), cytoplasm));
  }
  return samples_;
}

namespace {

// The longest stretch of samples below t on the closed boundary.
std::size_t longest_gap(std::span<const MembraneSample> samples, int t) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (std::size_t i = 0; i < 2 * samples.size() && run < samples.size(); ++i) {
    run = samples[i % samples.size()].contrast < t ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

}  // namespace

void fill_ladder(std::span<const MembraneSample> samples, MeasuredCell& out) {
  std::vector<int> contrasts;
  contrasts.reserve(samples.size());
  for (const MembraneSample& sample : samples) {
    contrasts.push_back(sample.contrast);
  }
  std::sort(contrasts.begin(), contrasts.end());
  const std::size_t n = contrasts.size();
  for (std::size_t step = 0; step < kLadderMod.size(); ++step) {
    const int t = kLadderMod[step];
    const auto stained =
        static_cast<std::size_t>(contrasts.end() - std::lower_bound(contrasts.begin(), contrasts.end(), t));
    LadderStep& to = out.ladder[step];
    to.completeness = static_cast<std::uint16_t>((stained * 1000 + n / 2) / n);
    to.longest_gap = static_cast<std::uint16_t>((longest_gap(samples, t) * 1000 + n / 2) / n);
    to.intensity = stained == 0 ? std::uint16_t{0} : static_cast<std::uint16_t>(contrasts[n - stained + stained / 2]);
  }
}

}  // namespace her2
