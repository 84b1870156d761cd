// SPDX-License-Identifier: Apache-2.0
#include "her2/tissue/cores.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <map>
#include <utility>

#include "her2/tissue/core_array.h"
#include "her2/tissue/tissue_piece.h"
#include "her2/tissue/touching_cores.h"

namespace her2 {
namespace {

constexpr double kLeastOfUsual = 0.25;  // area of a core, of the usual one
constexpr double kMostOfUsual = 1.4;    // a larger piece may be cores that touch
constexpr double kOffGrid = 0.4;        // of the distance: farther from its place a piece belongs to no core

// Andrew's monotone chain.
std::vector<SubPoint> convex_hull(std::vector<SubPoint> points) {
  std::sort(points.begin(), points.end(), [](SubPoint a, SubPoint b) { return a.x != b.x ? a.x < b.x : a.y < b.y; });
  points.erase(std::unique(points.begin(), points.end()), points.end());
  std::vector<SubPoint> hull(2 * points.size());
  std::size_t n = 0;
  const auto add = [&](SubPoint p, std::size_t least) {
    const auto turns_right = [&] {
      const SubPoint a = hull[n - 2];
      const SubPoint b = hull[n - 1];
      return std::int64_t{b.x - a.x} * (p.y - a.y) - std::int64_t{b.y - a.y} * (p.x - a.x) <= 0;
    };
    while (n >= least && turns_right()) {
      --n;
    }
    hull[n++] = p;
  };
  for (const SubPoint p : points) {
    add(p, 2);
  }
  const std::size_t lower = n + 1;
  for (std::size_t i = points.size() - 1; i-- > 0;) {
    add(points[i], lower);
  }
  hull.resize(n > 1 ? n - 1 : n);
  return hull;
}

// The size above which half of all tissue is: large pieces decide, crumbs do not.
std::int64_t half_above(const std::vector<TissuePiece>& pieces) {
  std::vector<std::int64_t> sizes;
  std::int64_t all = 0;
  for (const TissuePiece& piece : pieces) {
    sizes.push_back(piece.pixels);
    all += piece.pixels;
  }
  std::sort(sizes.begin(), sizes.end(), std::greater<>());
  std::int64_t sum = 0;
  for (const std::int64_t size : sizes) {
    sum += size;
    if (2 * sum >= all) {
      return size;
    }
  }
  return 0;
}

// What the map's pieces are: cores by themselves, pieces that may be several, and crumbs. Numbers count from 0.
struct Sorted {
  std::vector<std::size_t> alone, large, crumbs;
  std::int64_t least = 0;  // pixels of a core
};

Sorted sorted_by_size(const std::vector<TissuePiece>& pieces) {
  Sorted out;
  const auto floor_of = [](std::int64_t size) {
    return static_cast<std::int64_t>(kLeastOfUsual * static_cast<double>(size));
  };
  const std::int64_t half = half_above(pieces);
  std::vector<std::int64_t> cores;
  for (const TissuePiece& piece : pieces) {
    if (piece.pixels >= floor_of(half)) {
      cores.push_back(piece.pixels);
    }
  }
  // Of the cores the smaller ones: where half of them touch, the middle one is a pair.
  std::sort(cores.begin(), cores.end());
  const std::int64_t usual = cores[cores.size() / 3];
  out.least = floor_of(usual);
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const std::int64_t size = pieces[i].pixels;
    const bool large = static_cast<double>(size) > kMostOfUsual * static_cast<double>(usual);
    (size < floor_of(half) ? out.crumbs : large ? out.large : out.alone).push_back(i);
  }
  if (out.alone.size() < 3) {  // too few to tell the array from
    out.alone.insert(out.alone.end(), out.large.begin(), out.large.end());
    std::sort(out.alone.begin(), out.alone.end());
    out.large.clear();
  }
  return out;
}

// The cores by place, each of one or more pieces.
class CoreGrid {
 public:
  explicit CoreGrid(const Plane<std::uint8_t>& ground) : pieces_(tissue_pieces(ground, label_)) {
    if (pieces_.empty()) {
      return;
    }
    const Sorted sorted = sorted_by_size(pieces_);
    std::vector<const TissuePiece*> alone;
    for (const std::size_t i : sorted.alone) {
      alone.push_back(&pieces_[i]);
    }
    array_ = array_of(alone);
    const auto places = places_of(alone, array_);
    std::vector<std::pair<std::pair<int, int>, const TissuePiece*>> known;
    for (std::size_t i = 0; i < alone.size(); ++i) {
      cores_[places[i]].push_back(*alone[i]);
      known.emplace_back(places[i], alone[i]);
    }
    for (const std::size_t i : sorted.large) {
      auto parts = cut_touching(pieces_[i], static_cast<std::int32_t>(i) + 1, label_, array_, known, sorted.least);
      if (parts.empty()) {
        cores_[place_beside(pieces_[i], known)].push_back(pieces_[i]);
      }
      for (auto& [place, part] : parts) {
        cores_[place].push_back(std::move(part));
      }
    }
    for (const std::size_t i : sorted.crumbs) {
      add_crumb(pieces_[i], known.size() > 1);
    }
  }

  [[nodiscard]] const std::map<std::pair<int, int>, std::vector<TissuePiece>>& cores() const { return cores_; }

 private:
  // The place of a piece, counted from the nearest core.
  [[nodiscard]] std::pair<int, int> place_beside(
      const TissuePiece& piece, const std::vector<std::pair<std::pair<int, int>, const TissuePiece*>>& known) const {
    const auto far = [&](const auto& core) {
      return std::hypot(core.second->x() - piece.x(), core.second->y() - piece.y());
    };
    const auto& [place, core] =
        *std::min_element(known.begin(), known.end(), [&](const auto& a, const auto& b) { return far(a) < far(b); });
    const auto [u, v] = array_.steps(piece.x() - core->x(), piece.y() - core->y());
    return {place.first + static_cast<int>(std::lround(v)), place.second + static_cast<int>(std::lround(u))};
  }

  void add_crumb(const TissuePiece& crumb, bool is_array) {
    for (auto& [place, there] : cores_) {
      const auto [u, v] = array_.steps(crumb.x() - there.front().x(), crumb.y() - there.front().y());
      if (is_array && std::hypot(u, v) <= kOffGrid) {
        there.push_back(crumb);
        return;
      }
    }
  }

  Plane<std::int32_t> label_;
  std::vector<TissuePiece> pieces_;
  CoreArray array_;
  std::map<std::pair<int, int>, std::vector<TissuePiece>> cores_;
};

}  // namespace

std::string core_label(int row, int column) {
  std::string letters;
  for (int r = row; r >= 0; r = r / 26 - 1) {
    letters.insert(letters.begin(), static_cast<char>('A' + r % 26));
  }
  return letters + std::to_string(column + 1);
}

std::vector<Core> find_cores(const TissueMap& tissue) {
  const CoreGrid grid(tissue.ground);
  std::vector<Core> out;
  if (grid.cores().empty()) {
    return out;
  }
  const int first_row = grid.cores().begin()->first.first;
  int first_column = grid.cores().begin()->first.second;
  for (const auto& [place, there] : grid.cores()) {
    first_column = std::min(first_column, place.second);
  }
  for (const auto& [place, there] : grid.cores()) {
    Core core;
    core.row = place.first - first_row;
    core.column = place.second - first_column;
    core.label = core_label(core.row, core.column);
    std::vector<SubPoint> points;
    for (const TissuePiece& piece : there) {
      points.insert(points.end(), piece.edge.begin(), piece.edge.end());
      core.area_mm2 += static_cast<double>(piece.pixels) * tissue.mpp * tissue.mpp / 1e6;
    }
    core.around = convex_hull(std::move(points));
    out.push_back(std::move(core));
  }
  return out;
}

}  // namespace her2
