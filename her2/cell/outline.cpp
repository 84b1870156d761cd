// SPDX-License-Identifier: Apache-2.0
#include "her2/cell/outline.h"

#include <algorithm>
#include <cmath>

#include "her2/cell/kernels.h"
#include "her2/cell/ring_bound.h"

namespace her2 {
namespace {

constexpr double kRadialStepUm = 0.25;
constexpr double kEdgeUm = 0.75;  // an edge is the fall from this far inside to this far outside
constexpr int kStep = 3;          // radii from ray to ray

constexpr int kBend = 60;  // cost of each
constexpr std::int64_t kEnoughUm2 = 30;

int edge_of(int inside, int outside) {
  return std::clamp(inside - std::max(outside, kernels::kLeastOutside), -kernels::kMostEdge, kernels::kMostEdge);
}

SubPoint on_ray(SubPoint seed, std::size_t point, int radius) {
  const RayTable& rays = ray_table();
  const std::size_t ray = point * (kRays / kNucleusPoints);
  return {seed.x + ((rays.x[ray] * radius + 8192) >> 14), seed.y + ((rays.y[ray] * radius + 8192) >> 14)};
}

// Area and centroid of the ring, exact but for the last division.
void centre(Nucleus& out) {
  std::int64_t twice = 0;
  std::int64_t mx = 0;
  std::int64_t my = 0;
  for (std::size_t i = 0; i < kNucleusPoints; ++i) {
    const SubPoint a = out.ring[i];
    const SubPoint b = out.ring[(i + 1) % kNucleusPoints];
    const std::int64_t ax = a.x - out.seed.x;
    const std::int64_t ay = a.y - out.seed.y;
    const std::int64_t bx = b.x - out.seed.x;
    const std::int64_t by = b.y - out.seed.y;
    const std::int64_t wedge = ax * by - bx * ay;
    twice += wedge;
    mx += (ax + bx) * wedge;
    my += (ay + by) * wedge;
  }
  out.area = twice / 2;
  out.centroid = out.seed;
  if (twice > 0) {
    out.centroid.x += static_cast<std::int32_t>(mx / (3 * twice));
    out.centroid.y += static_cast<std::int32_t>(my / (3 * twice));
  }
}

}  // namespace

Outline::Outline(const Plane<std::int16_t>& signal, double pitch_um, const NucleusOptions& options)
    : signal_(signal), options_(options), pixel_um2_(pitch_um * pitch_um / (kSubpixels * kSubpixels)) {
  const double sub = kSubpixels / pitch_um;
  step_ = std::max(1, static_cast<int>(std::floor(kRadialStepUm * sub + 0.5)));
  first_ = static_cast<int>(std::floor(options.least_radius_um * sub + 0.5));
  radii_ = (static_cast<int>(std::floor(options.most_radius_um * sub + 0.5)) - first_) / step_ + 1;
  edge_ = std::max(1, static_cast<int>(kEdgeUm * sub) / step_);
  table_.make(signal.width(), kRays / kNucleusPoints, first_ - edge_ * step_, step_, across());
  const int stride = RingFinder::stride_of(radii_);
  values_.resize(table_.size());
  costs_.assign(kNucleusPoints * static_cast<std::size_t>(stride), kernels::kNeverCost);
  sums_.resize(kNucleusPoints * static_cast<std::size_t>(radii_));
  marks_.resize(static_cast<std::size_t>(radii_));
}

int Outline::reach() const { return (first_ + (radii_ + edge_) * step_) / kSubpixels + 2; }

bool Outline::fits(const Nucleus& nucleus) const {
  const double area = static_cast<double>(nucleus.area) * pixel_um2_;
  return nucleus.contrast >= options_.least_contrast && nucleus.weakest >= options_.least_weakest &&
         area >= options_.least_area_um2 && area <= options_.most_area_um2;
}

// Whether any ring can have the contrast asked for: most contours that are drawn around seeds cannot, and this is
// several times cheaper than drawing one.
bool Outline::can_fit(const kernels::OutlineTask& task) {
  constexpr int kWithout = kNucleusPoints / 4;  // rays that may have less: the contrast is the lower quartile
  if (options_.least_contrast > kernels::kMostEdge) {
    return false;
  }
  constexpr std::size_t kMostMarks = 64;
  if (marks_.size() > kMostMarks) {
    return true;
  }
  kernels::outline_edges(task, std::max(options_.least_contrast, -kernels::kMostEdge), marks_.data());
  return ring_can_pass(marks_, kWithout);
}

std::optional<Nucleus> Outline::around(SubPoint seed) {
  table_.read(signal_, seed.x / kSubpixels, seed.y / kSubpixels, values_.data());
  kernels::OutlineTask task{values_.data(), radii_, edge_, 0, RingFinder::stride_of(radii_)};
  if (!can_fit(task)) {
    return std::nullopt;
  }
  Nucleus out;
  out.seed = seed;
  task.middle = middle(task);
  kernels::outline_costs(task, costs_.data(), sums_.data());
  finder_.find_padded(costs_.data(), kNucleusPoints, radii_, kStep, kBend, ring_);
  close(out);
  return fits(out) ? std::optional(out) : std::nullopt;
}

// Midway between the seed's own signal, the mean of the innermost ring, and its surroundings: the median over the rays
// of the lowest signal on each.
int Outline::middle(const kernels::OutlineTask& task) {
  int inner = 0;
  for (std::size_t point = 0; point < kNucleusPoints; ++point) {
    inner += value(edge_, point);
  }
  kernels::outline_lowest(task, kTaken / 2, lowest_.data());
  const auto half = lowest_.begin() + kNucleusPoints / 2;
  std::nth_element(lowest_.begin(), half, lowest_.end());
  return (inner / kNucleusPoints + *half) / 2;
}

void Outline::close(Nucleus& out) {
  std::array<int, kNucleusPoints> edges{};
  int inside = 0;
  int samples = 0;
  for (std::size_t point = 0; point < kNucleusPoints; ++point) {
    const int r = ring_[point];
    out.ring[point] = on_ray(out.seed, point, first_ + r * step_);
    edges[point] = edge_of(value(r, point), value(r + 2 * edge_, point));
    inside += sums_[static_cast<std::size_t>(r) * kNucleusPoints + point];
    samples += r + 1;
  }
  std::nth_element(edges.begin(), edges.begin() + kNucleusPoints / 4, edges.end());
  out.contrast = edges[kNucleusPoints / 4];
  std::nth_element(edges.begin(), edges.begin() + kNucleusPoints / 8, edges.begin() + kNucleusPoints / 4);
  out.weakest = edges[kNucleusPoints / 8];
  out.inside = inside / samples;
  centre(out);
  const auto um2 = static_cast<std::int64_t>(static_cast<double>(out.area) * pixel_um2_);
  out.score = edges[kNucleusPoints / 4] * std::min(um2, kEnoughUm2);
}

}  // namespace her2
