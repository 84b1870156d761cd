// SPDX-License-Identifier: Apache-2.0
#include "her2/ihc/noise_floor.h"

#include <algorithm>
#include <cstddef>
#include <unordered_map>

#include <boost/multiprecision/cpp_int.hpp>

namespace her2 {
namespace {

// Points in squares as wide as the distance that is asked for.
class Neighbours {
 public:
  explicit Neighbours(std::int64_t distance) : distance_(distance) {}

  void add(SubPoint p) { squares_[key(column(p.x), column(p.y))].push_back(p); }

  [[nodiscard]] bool any_within(SubPoint p) const {
    for (std::int64_t dy = -1; dy <= 1; ++dy) {
      for (std::int64_t dx = -1; dx <= 1; ++dx) {
        const auto found = squares_.find(key(column(p.x) + dx, column(p.y) + dy));
        if (found != squares_.end() &&
            std::any_of(found->second.begin(), found->second.end(), [&](SubPoint q) { return near(p, q); })) {
          return true;
        }
      }
    }
    return false;
  }

 private:
  [[nodiscard]] std::int64_t column(std::int64_t at) const { return (at >= 0 ? at : at - distance_ + 1) / distance_; }
  static std::uint64_t key(std::int64_t x, std::int64_t y) {
    return static_cast<std::uint64_t>(x) << 32U ^ (static_cast<std::uint64_t>(y) & 0xFFFFFFFFU);
  }
  [[nodiscard]] bool near(SubPoint p, SubPoint q) const {
    const std::int64_t dx = std::int64_t{p.x} - q.x;
    const std::int64_t dy = std::int64_t{p.y} - q.y;
    return dx * dx + dy * dy <= distance_ * distance_;
  }

  std::int64_t distance_;
  std::unordered_map<std::uint64_t, std::vector<SubPoint>> squares_;
};

bool is_faint(MembraneClass c) { return c == MembraneClass::faint_incomplete || c == MembraneClass::faint_complete; }

}  // namespace

std::vector<bool> cannot_be_stained(const CellTable& table, const ScoredCells& scored) {
  std::vector<bool> out(table.cells.size(), false);
  if (!(table.mpp > 0)) {
    return out;
  }
  Neighbours tumour(std::max<std::int64_t>(1, static_cast<std::int64_t>(kFarFromTumourUm / table.mpp * kSubpixels)));
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (!scored.removed[i] && scored.kind[i] == CellKind::tumour) {
      tumour.add(table.cells[i].centroid);
    }
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    const bool other = scored.kind[i] == CellKind::lymphocyte || scored.kind[i] == CellKind::stromal;
    out[i] = !scored.removed[i] && other && !tumour.any_within(table.cells[i].centroid);
  }
  return out;
}

NoiseFloor noise_floor(const CellTable& table, const ScoredCells& scored) {
  const std::vector<bool> reference = cannot_be_stained(table, scored);
  NoiseFloor out;
  for (std::size_t i = 0; i < reference.size(); ++i) {
    if (reference[i]) {
      const MembraneClass c = scored.membrane[i];
      out.faint += is_faint(c) ? 1U : 0U;
      out.cells += is_faint(c) || c == MembraneClass::unstained ? 1U : 0U;
    }
  }
  return out;
}

MembraneStaining staining(const ClassCounts& counts, const NoiseFloor& floor) {
  if (counts.tumour == 0) {
    return MembraneStaining::unknown;
  }
  const std::int64_t n1 = counts.tumour;
  const std::int64_t k1 = n1 - counts.cells[static_cast<std::size_t>(MembraneClass::unstained)];
  const std::int64_t n0 = floor.cells;
  const std::int64_t k0 = floor.faint;
  if (k1 == 0) {
    return MembraneStaining::absent;
  }
  // (p1 - p0)^2 > z^2 p (1 - p) (1 / n1 + 1 / n0), with p pooled, times the squares of all counts.
  using Whole = boost::multiprecision::cpp_int;
  const std::int64_t difference = k1 * n0 - k0 * n1;
  const Whole left = Whole(difference) * difference * (n1 + n0) * 10000;
  const Whole right = Whole(38416) * (k1 + k0) * (n1 + n0 - k1 - k0) * n1 * n0;
  if (difference > 0 && left > right) {
    return MembraneStaining::present;
  }
  return floor.cells >= kLeastFloorCells ? MembraneStaining::absent : MembraneStaining::unknown;
}

}  // namespace her2
