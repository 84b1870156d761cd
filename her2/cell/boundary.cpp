// SPDX-License-Identifier: Apache-2.0
#include "her2/cell/boundary.h"

#include <algorithm>
#include <cstdlib>

namespace her2 {
namespace {

constexpr double kStepUm = 0.25;      // between radii
constexpr double kMostUm = 15;        // from the centroid
constexpr double kBeyondUm = 7;       // from the nucleus
constexpr double kUsualUm = 3;        // from the nucleus, where nothing else says more
constexpr double kGlassUm = 2;        // of glass on a ray: there the tissue ends
constexpr double kShoulderUm = 1.25;  // a ridge is judged against its surroundings this far away
constexpr int kMostRidge = 400;       // mOD; a stronger ridge pulls no more
constexpr int kCrossed = 60;          // mOD; a ridge above it is one that should not be crossed
constexpr int kPull = 4;              // mOD per step away from the expected place
constexpr int kBend = 25;             // mOD per step from ray to ray
constexpr int kStep = 3;              // steps from ray to ray
constexpr std::int32_t kForbidden = 1 << 20;

// Ray with the nearest direction to a point of the nucleus's ring: the ring is seen from its seed, the boundary from
// the centroid, so the radius of the nucleus on each ray is looked up in the label plane instead.
std::int32_t label_at(const Plane<std::int32_t>& labels, SubPoint p) { return labels.at(p.x >> 5, p.y >> 5); }

}  // namespace

void label_nuclei(std::span<const Nucleus> nuclei, Plane<std::int32_t>& labels) {
  RingRows rows;
  for (std::size_t n = 0; n < nuclei.size(); ++n) {
    const auto label = static_cast<std::int32_t>(n) + 1;
    rows.each(nuclei[n].ring, [&](std::int32_t y, std::int32_t first, std::int32_t end) {
      if (y < 0 || y >= labels.height()) {
        return;
      }
      std::int32_t* row = labels.row(y);
      for (std::int32_t x = std::max(0, first); x < std::min(labels.width(), end); ++x) {
        row[x] = row[x] == 0 ? label : row[x];
      }
    });
  }
}

BoundaryFinder::BoundaryFinder(const Plane<std::int16_t>& dab, const Plane<std::int16_t>& sum,
                               const Plane<std::int32_t>& labels, double pitch_um, int glass)
    : dab_(dab), sum_(sum), labels_(labels), glass_(glass) {
  step_ = std::max(1, static_cast<int>(kStepUm / pitch_um * kSubpixels + 0.5));
  const double steps = kSubpixels / pitch_um / step_;
  radii_ = static_cast<int>(kMostUm * steps);
  shoulder_ = static_cast<int>(kShoulderUm * steps + 0.5);
}

int BoundaryFinder::reach() const { return (radii_ + 2 * shoulder_) * step_ / kSubpixels + 2; }

SubPoint BoundaryFinder::point(SubPoint centre, std::size_t ray, int radius) const {
  const RayTable& rays = ray_table();
  return {centre.x + ((rays.x[ray] * radius * step_ + 8192) >> 14),
          centre.y + ((rays.y[ray] * radius * step_ + 8192) >> 14)};
}

BoundaryFinder::Limits BoundaryFinder::limits(const Nucleus& nucleus, std::int32_t label, std::size_t ray) const {
  const int beyond = static_cast<int>(kBeyondUm / kStepUm);
  const int slack = 2;  // steps
  Limits out;
  int own = 0;
  int clear = 0;
  int end = -1;
  for (int r = 1; r < radii_; ++r) {
    const SubPoint p = point(nucleus.centroid, ray, r);
    const std::int32_t at = label_at(labels_, p);
    if (at == label) {
      own = r;
      clear = 0;
    } else if (at != 0) {
      end = r;
      break;
    }
    clear = sum_.at(p.x >> 5, p.y >> 5) < glass_ ? clear + 1 : 0;
    if (clear >= static_cast<int>(kGlassUm / kStepUm)) {
      end = r + 1 - clear;
      out.glass = true;
      break;
    }
    if (r - own > beyond) {
      break;
    }
  }
  out.least = std::max(1, own - slack);
  const int last = std::min(radii_ - 1, own + beyond);
  out.most = end < 0 ? last : std::clamp(end + (out.glass ? slack : 0), out.least, last);
  const int usual = own + static_cast<int>(kUsualUm / kStepUm);
  out.expected = end < 0 ? usual : out.glass ? std::min(usual, end) : std::min((own + end) / 2, usual + usual / 4);
  out.expected = std::clamp(out.expected, out.least, out.most);
  return out;
}

// Costs of one ray: a ridge pulls, one that lies further in already repels, and so does the way from the expected
// place.
void BoundaryFinder::rate(const Limits& limits, SubPoint centre, std::size_t ray) {
  std::int32_t* cost = costs_.data() + ray * static_cast<std::size_t>(radii_);
  std::fill(cost, cost + radii_, kForbidden);
  const int from = std::max(0, limits.least - 2 * shoulder_);
  const int to = limits.most + 2 * shoulder_;
  values_.resize(static_cast<std::size_t>(to - from + 1));
  for (int r = from; r <= to; ++r) {
    const SubPoint p = point(centre, ray, r);
    values_[static_cast<std::size_t>(r - from)] = sample(dab_, p.x, p.y);
  }
  const auto value = [&](int r) { return values_[static_cast<std::size_t>(std::max(0, r - from))]; };
  int crossed = 0;
  std::array<int, 10> waiting{};  // ridges of the last 2.5 um: not crossed yet
  for (int r = limits.least; r <= limits.most; ++r) {
    const int thin = value(r) - (value(r - shoulder_) + value(r + shoulder_)) / 2;
    const int thick = value(r) - (value(r - 2 * shoulder_) + value(r + 2 * shoulder_)) / 2;
    const int ridge = (std::max(thin, thick) + thin) / 2;
    const int pull = ridge <= kMostRidge ? ridge : kMostRidge + (ridge - kMostRidge) / 4;
    cost[r] = -pull + crossed / 2 + kPull * std::abs(r - limits.expected);
    int& oldest = waiting[static_cast<std::size_t>(r) % waiting.size()];
    crossed += oldest;
    oldest = std::max(0, ridge - kCrossed);
  }
}

Boundary BoundaryFinder::around(const Nucleus& nucleus, std::int32_t label) {
  Boundary out;
  costs_.resize(static_cast<std::size_t>(kRays * radii_));
  for (std::size_t ray = 0; ray < kRays; ++ray) {
    const Limits limit = limits(nucleus, label, ray);
    rate(limit, nucleus.centroid, ray);
    out.at_glass |= static_cast<std::uint64_t>(limit.glass ? 1 : 0) << ray;
  }
  finder_.find(costs_, kRays, radii_, kStep, kBend, found_);
  for (std::size_t ray = 0; ray < kRays; ++ray) {
    out.ring[ray] = point(nucleus.centroid, ray, found_[ray]);
  }
  return out;
}

}  // namespace her2
