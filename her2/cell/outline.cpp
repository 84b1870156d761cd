// SPDX-License-Identifier: Apache-2.0
#include "her2/cell/outline.h"

#include <algorithm>

namespace her2 {
namespace {

constexpr double kRadialStepUm = 0.25;
constexpr double kEdgeUm = 0.75;  // an edge is the fall from this far inside to this far outside
constexpr int kEdgeWeight = 6;    // of an edge against one radial step of signal above the middle
constexpr int kMostEdge = 250;    // mOD; a stronger edge counts no more
constexpr int kLeft = 200;        // mOD summed below the middle: the nucleus has been left
constexpr int kStep = 2;          // radii from ray to ray
constexpr int kBend = 60;         // cost of each
constexpr std::int64_t kEnoughUm2 = 30;

int edge_of(int inside, int outside) {
  return std::clamp(inside - std::max<int>(outside, kTaken / 10), -kMostEdge, kMostEdge);
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
  step_ = std::max(1, static_cast<int>(kRadialStepUm * sub + 0.5));
  first_ = static_cast<int>(options.least_radius_um * sub + 0.5);
  radii_ = (static_cast<int>(options.most_radius_um * sub + 0.5) - first_) / step_ + 1;
  edge_ = std::max(1, static_cast<int>(kEdgeUm * sub) / step_);
}

int Outline::reach() const { return (first_ + (radii_ + edge_) * step_) / kSubpixels + 2; }

bool Outline::fits(const Nucleus& nucleus) const {
  const double area = static_cast<double>(nucleus.area) * pixel_um2_;
  return nucleus.contrast >= options_.least_contrast && area >= options_.least_area_um2 &&
         area <= options_.most_area_um2;
}

Nucleus Outline::around(SubPoint seed) {
  Nucleus out;
  out.seed = seed;
  read(seed);
  rate(middle());
  finder_.find(costs_, kNucleusPoints, radii_, kStep, kBend, ring_);
  close(out);
  return out;
}

// The polar map, with the reach of an edge more on both ends.
void Outline::read(SubPoint seed) {
  values_.resize(static_cast<std::size_t>(kNucleusPoints * across()));
  std::size_t at = 0;
  for (std::size_t point = 0; point < kNucleusPoints; ++point) {
    for (int i = 0; i < across(); ++i, ++at) {
      const SubPoint p = on_ray(seed, point, std::max(0, first_ + (i - edge_) * step_));
      values_[at] = sample(signal_, p.x, p.y);
    }
  }
}

// Midway between the seed's own signal, the mean of the innermost ring, and its surroundings: the median over the rays
// of the lowest signal on each.
int Outline::middle() {
  int inner = 0;
  for (std::size_t point = 0; point < kNucleusPoints; ++point) {
    const int* value = values_.data() + point * static_cast<std::size_t>(across());
    inner += value[edge_];
    int lowest = value[edge_];
    for (int i = edge_ + 1; i < across(); ++i) {
      lowest = value[i] > kTaken / 2 ? std::min(lowest, value[i]) : lowest;
    }
    lowest_[point] = lowest;
  }
  const auto half = lowest_.begin() + kNucleusPoints / 2;
  std::nth_element(lowest_.begin(), half, lowest_.end());
  return (inner / kNucleusPoints + *half) / 2;
}

void Outline::rate(int middle) {
  costs_.resize(static_cast<std::size_t>(kNucleusPoints * radii_));
  for (int point = 0; point < kNucleusPoints; ++point) {
    const int* value = values_.data() + static_cast<std::size_t>(point * across());
    std::int32_t* cost = costs_.data() + static_cast<std::size_t>(point * radii_);
    int gained = 0;  // signal above the middle on the way out
    int lost = 0;    // signal below it: the nucleus has been left, and what comes then is another
    for (int r = 0; r < radii_; ++r) {
      const int within = std::max(0, kLeft - lost);
      const int edge = edge_of(value[r], value[r + 2 * edge_]);
      const int above = std::clamp(value[r + edge_] - middle, -kLeft, kLeft);
      lost += std::max(0, -above);
      gained += above > 0 ? above * within / kLeft : above;
      cost[r] = -(kEdgeWeight * (edge > 0 ? edge * within / kLeft : edge) + gained);
    }
  }
}

void Outline::close(Nucleus& out) {
  std::array<int, kNucleusPoints> edges{};
  int sum = 0;
  int inside = 0;
  int samples = 0;
  for (std::size_t point = 0; point < kNucleusPoints; ++point) {
    out.ring[point] = on_ray(out.seed, point, first_ + ring_[point] * step_);
    const int* value = values_.data() + point * static_cast<std::size_t>(across());
    edges[point] = edge_of(value[ring_[point]], value[ring_[point] + 2 * edge_]);
    sum += edges[point];
    for (int r = edge_; r <= ring_[point] + edge_; ++r, ++samples) {
      inside += value[r];
    }
  }
  std::nth_element(edges.begin(), edges.begin() + kNucleusPoints / 4, edges.end());
  out.contrast = edges[kNucleusPoints / 4];
  out.inside = inside / samples;
  centre(out);
  const auto um2 = static_cast<std::int64_t>(static_cast<double>(out.area) * pixel_um2_);
  out.score = edges[kNucleusPoints / 4] * std::min(um2, kEnoughUm2);
}

}  // namespace her2
