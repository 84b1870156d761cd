// SPDX-License-Identifier: Apache-2.0
#include "her2/phantom/truth.h"

#include <algorithm>
#include <cmath>

#include "her2/phantom/optics.h"

namespace her2::phantom {
namespace {

constexpr std::int32_t kBin = 1024;  // sub-pixels
constexpr double kStepUm = 0.05;     // along stretches near an end

double distance(SubPoint a, SubPoint b) {
  const double dx = a.x - b.x, dy = a.y - b.y;
  return std::sqrt(dx * dx + dy * dy);
}

// A piece of the contour.
struct Piece {
  double length = 0;
  bool stained = false, shown = false;
};

std::int32_t bin_of(std::int32_t v) { return v >= 0 ? v / kBin : -((-v + kBin - 1) / kBin); }

}  // namespace

Ends::Ends(const PhantomSpec& spec, const std::vector<EpithelialCell>& cells) {
  for (const EpithelialCell& cell : cells) {
    const std::size_t n = cell.stretches.size();
    for (std::size_t i = 0; i < n; ++i) {
      const Stretch &before = cell.stretches[(i + n - 1) % n], &after = cell.stretches[i];
      const Stretch& stained = before.amplitude_mod > 0 ? before : after;
      if ((before.amplitude_mod > 0) == (after.amplitude_mod > 0)) {
        continue;
      }
      const SubPoint at = cell.contour[i];
      const double width = stained.width_nm / 1000.0;
      // Where (1 - u)^4 of the peak is what is shown (membrane_profile()).
      const double share = spec.shown_from_mod / std::max<double>(1, stained.seen_mod);
      const double shown = share < 1 ? membrane_reach() * width * std::sqrt(1 - std::sqrt(std::sqrt(share))) : 0;
      bins_[{bin_of(at.x), bin_of(at.y)}].push_back({at, width, shown});
    }
  }
}

void Ends::near(SubPoint from, SubPoint to, std::vector<End>& out) const {
  out.clear();
  constexpr std::int32_t kFar = 400;  // sub-pixels; no end and no stretch reaches farther
  for (std::int32_t y = bin_of(std::min(from.y, to.y) - kFar); y <= bin_of(std::max(from.y, to.y) + kFar); ++y) {
    for (std::int32_t x = bin_of(std::min(from.x, to.x) - kFar); x <= bin_of(std::max(from.x, to.x) + kFar); ++x) {
      if (const auto found = bins_.find({x, y}); found != bins_.end()) {
        for (const End& end : found->second) {
          if (std::min(distance(end.at, from), distance(end.at, to)) < kFar) {
            out.push_back(end);
          }
        }
      }
    }
  }
}

void measure(const PhantomSpec& spec, const EpithelialCell& cell, const Ends& ends, const OpticsTable& optics,
             PhantomCell& out) {
  const std::size_t n = cell.contour.size();
  const double sub_um = spec.mpp / kSubpixels;
  double total = 0, painted = 0, stained = 0, contrast = 0, amplitude = 0, width = 0, seen = 0;
  std::vector<Piece> pieces;
  std::vector<Ends::End> around;
  for (std::size_t i = 0; i < n; ++i) {
    const Stretch& s = cell.stretches[i];
    const SubPoint a = cell.contour[i], b = cell.contour[(i + 1) % n];
    const double length = distance(a, b) * sub_um;
    total += length;
    if (s.amplitude_mod > 0) {
      painted += length;
      contrast += length * s.seen_mod;
      amplitude += length * s.amplitude_mod;
      width += length * s.width_nm / 1000;
      seen += length * optics.seen_width(s.amplitude_mod, s.width_nm / 1000.0);
      pieces.push_back({length, true, s.seen_mod >= spec.shown_from_mod});
      continue;
    }
    ends.near(a, b, around);
    const int steps = around.empty() ? 1 : std::max(1, static_cast<int>(length / kStepUm));
    for (int k = 0; k < steps; ++k) {
      const double t = (k + 0.5) / steps, x = a.x + t * (b.x - a.x), y = a.y + t * (b.y - a.y);
      Piece piece{length / steps, false, false};
      for (const Ends::End& end : around) {
        const double dx = (end.at.x - x) * sub_um, dy = (end.at.y - y) * sub_um;
        const double away = dx * dx + dy * dy;
        piece.stained = piece.stained || away < end.width_um * end.width_um / 4;
        piece.shown = piece.shown || away < end.shown_um * end.shown_um;
      }
      pieces.push_back(piece);
    }
  }
  double gap = 0, run = 0, shown = 0, shown_gap = 0, shown_run = 0;
  for (std::size_t i = 0; i < 2 * pieces.size(); ++i) {  // twice around: a gap may go over the first point
    const Piece& piece = pieces[i % pieces.size()];
    run = piece.stained ? 0 : run + piece.length;
    gap = std::max(gap, run);
    shown_run = piece.shown ? 0 : shown_run + piece.length;
    shown_gap = std::max(shown_gap, shown_run);
    stained += i < pieces.size() && piece.stained ? piece.length : 0;
    shown += i < pieces.size() && piece.shown ? piece.length : 0;
  }
  out.shown_completeness = total > 0 ? shown / total : 0;
  out.shown_gap = total > 0 ? std::min(shown_gap / total, 1.0) : 0;
  out.completeness = total > 0 ? stained / total : 0;
  out.longest_gap = total > 0 ? std::min(gap / total, 1.0) : 0;
  if (painted > 0) {
    out.contrast_mod = contrast / painted;
    out.amplitude_mod = amplitude / painted;
    out.width_um = width / painted;
    out.seen_width_um = seen / painted;
  }
}

}  // namespace her2::phantom
