// SPDX-License-Identifier: Apache-2.0
#include "her2/cell/boundary.h"

#include <algorithm>
#include <cmath>

namespace her2 {
namespace {

constexpr double kStepUm = 0.25;        // between radii
constexpr double kMostUm = 15;          // from the centroid
constexpr double kBeyondUm = 7;         // from the nucleus
constexpr double kUsualUm = 3;          // from the nucleus, where nothing else says more
constexpr double kGlassUm = 2;          // of glass on a ray: there the tissue ends
constexpr double kCleftUm = 0.75;       // of what is pale on a ray: beyond such a cleft lies another cell's membrane
constexpr double kPastMidwayUm = 0.25;  // ... unless it is nearer to this nucleus, or no farther than that from midway
constexpr double kShoulderUm = 1.25;    // a ridge is judged against its surroundings this far away
constexpr int kBend = 25;               // mOD per step from ray to ray
constexpr int kStep = 3;                // steps from ray to ray
constexpr int kSlack = 2;               // steps inwards from the nucleus's edge, and out onto glass

}  // namespace

void label_glass(const Plane<std::int16_t>& sum, int glass, Plane<std::int32_t>& labels) {
  labels.reshape(sum.width(), sum.height());
  kernels::glass_row(sum.row(0), sum.pixels().size(), glass, labels.row(0));
}

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
        row[x] = row[x] <= 0 ? label : row[x];
      }
    });
  }
}

BoundaryFinder::BoundaryFinder(const Plane<std::int16_t>& dab, const Plane<std::int32_t>& labels, double pitch_um)
    : dab_(dab), labels_(labels) {
  step_ = std::max(1, static_cast<int>(std::floor(kStepUm / pitch_um * kSubpixels + 0.5)));
  const double steps = kSubpixels / pitch_um / step_;
  radii_ = static_cast<int>(kMostUm * steps);
  shoulder_ = static_cast<int>(std::floor(kShoulderUm * steps + 0.5));
  table_.make(dab.width(), 1, -2 * shoulder_ * step_, step_, radii_ + 4 * shoulder_);
  places_.make(labels.width(), 1, 0, step_, radii_);
  values_.resize(table_.size());
}

int BoundaryFinder::reach() const { return (radii_ + 2 * shoulder_) * step_ / kSubpixels + 2; }

BoundaryFinder::Limits BoundaryFinder::limits(std::size_t ray) const {
  constexpr int kBeyond = static_cast<int>(kBeyondUm / kStepUm);
  constexpr int kUsual = static_cast<int>(kUsualUm / kStepUm);
  const int own = ends_.own[ray];
  const int end = ends_.end[ray];
  Limits out;
  out.glass = ends_.glass[ray] != 0;
  out.least = std::max(1, own - kSlack);
  const int last = std::min(radii_ - 1, own + kBeyond);
  out.most = end < 0 ? last : std::clamp(end + (out.glass ? kSlack : 0), out.least, last);
  const int usual = own + kUsual;
  out.expected = end < 0 ? usual : out.glass ? std::min(usual, end) : std::min((own + end) / 2, usual + usual / 4);
  if (const int pale = ends_.pale[ray]; pale >= 0 && !out.glass) {
    constexpr int kPast = static_cast<int>(kPastMidwayUm / kStepUm);
    const int midway = end < 0 ? usual : (own + end) / 2;
    out.most = std::clamp(std::max(pale + kSlack, midway + kPast), out.least, out.most);
  }
  out.expected = std::clamp(out.expected, out.least, out.most);
  return out;
}

// Costs of radii `from` to `to`: a ridge pulls, one that lies further in already repels, and so does the way from the
// expected place.
void BoundaryFinder::rate(int x, int y, int from, int to) {
  const int radii = to - from + 1;
  const int stride = RingFinder::stride_of(radii);
  table_.read(dab_, x, y, to + 4 * shoulder_ + 1, values_.data());
  costs_.assign(kRays * static_cast<std::size_t>(stride), kernels::kNeverCost);
  kernels::boundary_costs({values_.data(), from, radii, shoulder_, stride}, windows_, costs_.data());
}

Boundary BoundaryFinder::around(const Nucleus& nucleus, std::int32_t label) {
  Boundary out;
  const int x = nucleus.centroid.x >> 5;
  const int y = nucleus.centroid.y >> 5;
  constexpr int kBeyond = static_cast<int>(kBeyondUm / kStepUm);
  constexpr int kGlass = static_cast<int>(kGlassUm / kStepUm);
  constexpr int kCleft = static_cast<int>(kCleftUm / kStepUm);
  kernels::ray_ends({&labels_.at(x, y), places_.nearest(), label, radii_, kBeyond, kGlass, kCleft}, ends_);
  int from = radii_;
  int to = 0;
  for (std::size_t ray = 0; ray < kRays; ++ray) {
    const Limits limit = limits(ray);
    windows_.least[ray] = limit.least;
    windows_.most[ray] = limit.most;
    windows_.expected[ray] = limit.expected;
    from = std::min(from, limit.least);
    to = std::max(to, limit.most);
    out.at_glass |= static_cast<std::uint64_t>(limit.glass ? 1 : 0) << ray;
  }
  rate(x, y, from, to);
  finder_.find_padded(costs_.data(), kRays, to - from + 1, kStep, kBend, found_);
  const RayTable& rays = ray_table();
  for (std::size_t ray = 0; ray < kRays; ++ray) {
    const int radius = (from + found_[ray]) * step_;
    out.ring[ray] = {x * kSubpixels + kSubpixels / 2 + ((rays.x[ray] * radius + 8192) >> 14),
                     y * kSubpixels + kSubpixels / 2 + ((rays.y[ray] * radius + 8192) >> 14)};
  }
  return out;
}

}  // namespace her2
