// SPDX-License-Identifier: Apache-2.0
#include "her2/tissue/touching_cores.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace her2 {
namespace {

constexpr double kFarthest = 0.4;  // of the distance between places, from where a core is expected
constexpr int kMostRounds = 30;

using Place = std::pair<int, int>;
using Known = std::vector<std::pair<Place, const TissuePiece*>>;

struct Seed {
  Place place;
  double from_x = 0, from_y = 0;  // where it is expected
  double x = 0, y = 0;
  std::int64_t pixels = 0, sum_x = 0, sum_y = 0;
};

// Where the core of a place should lie, as seen from the known core that is the fewest steps away.
Seed expected(Place place, const CoreArray& array, const Known& known) {
  const TissuePiece* nearest = nullptr;
  Place from;
  int least = 0;
  for (const auto& [at, core] : known) {
    const int rows = place.first - at.first;
    const int columns = place.second - at.second;
    const int steps = rows * rows + columns * columns;
    if (nearest == nullptr || steps < least) {
      least = steps;
      nearest = core;
      from = at;
    }
  }
  const auto [dx, dy] = array.way(place.second - from.second, place.first - from.first);
  Seed out;
  out.place = place;
  out.from_x = out.x = nearest->x() + dx;
  out.from_y = out.y = nearest->y() + dy;
  return out;
}

// The places whose cores may lie over the piece: those around its box.
std::vector<Seed> seeds_over(const TissuePiece& piece, const CoreArray& array, const Known& known) {
  const auto& [place, origin] = known.front();
  int top = 0, bottom = 0, left = 0, right = 0;
  bool first = true;
  for (const int x : {piece.left, piece.right}) {
    for (const int y : {piece.top, piece.bottom}) {
      const auto [u, v] = array.steps(x - origin->x(), y - origin->y());
      const int row = place.first + static_cast<int>(std::lround(v));
      const int column = place.second + static_cast<int>(std::lround(u));
      top = first ? row : std::min(top, row);
      bottom = first ? row : std::max(bottom, row);
      left = first ? column : std::min(left, column);
      right = first ? column : std::max(right, column);
      first = false;
    }
  }
  std::vector<Seed> out;
  for (int row = top - 1; row <= bottom + 1; ++row) {
    for (int column = left - 1; column <= right + 1; ++column) {
      const Seed seed = expected({row, column}, array, known);
      if (seed.x >= piece.left && seed.x <= piece.right + 1 && seed.y >= piece.top && seed.y <= piece.bottom + 1) {
        out.push_back(seed);
      }
    }
  }
  return out;
}

class Cutting {
 public:
  Cutting(const TissuePiece& piece, std::int32_t number, const Plane<std::int32_t>& label, std::vector<Seed> seeds)
      : piece_(piece), number_(number), label_(label), seeds_(std::move(seeds)) {}

  // Until every seed left has enough pixels near its place.
  void settle(std::int64_t least, double farthest) {
    while (seeds_.size() > 1) {
      move_seeds();
      auto worst = std::min_element(seeds_.begin(), seeds_.end(),
                                    [](const Seed& a, const Seed& b) { return a.pixels < b.pixels; });
      if (worst->pixels >= least) {
        worst = std::max_element(seeds_.begin(), seeds_.end(),
                                 [](const Seed& a, const Seed& b) { return astray(a) < astray(b); });
        if (astray(*worst) <= farthest) {
          return;
        }
      }
      seeds_.erase(worst);
      for (Seed& seed : seeds_) {
        seed.x = seed.from_x;
        seed.y = seed.from_y;
      }
    }
  }

  [[nodiscard]] CorePlaces parts() const {
    CorePlaces out;
    if (seeds_.size() < 2) {
      return out;
    }
    each_pixel([&](int x, int y) {
      const std::size_t own = nearest(x, y);
      TissuePiece& part = out[seeds_[own].place];
      part.add(x, y);
      for (int k = 0; k < 9; ++k) {
        const int nx = x + k % 3 - 1;
        const int ny = y + k / 3 - 1;
        if (!label_.inside(nx, ny) || label_.at(nx, ny) != number_ || nearest(nx, ny) != own) {
          part.add_corners(x, y);
          break;
        }
      }
    });
    return out;
  }

 private:
  static double astray(const Seed& seed) { return std::hypot(seed.x - seed.from_x, seed.y - seed.from_y); }

  template <class See>
  void each_pixel(const See& see) const {
    for (int y = piece_.top; y <= piece_.bottom; ++y) {
      for (int x = piece_.left; x <= piece_.right; ++x) {
        if (label_.at(x, y) == number_) {
          see(x, y);
        }
      }
    }
  }

  [[nodiscard]] std::size_t nearest(int x, int y) const {
    std::size_t best = 0;
    double least = -1;
    for (std::size_t i = 0; i < seeds_.size(); ++i) {
      const double dx = x + 0.5 - seeds_[i].x;
      const double dy = y + 0.5 - seeds_[i].y;
      const double far = dx * dx + dy * dy;
      if (least < 0 || far < least) {
        least = far;
        best = i;
      }
    }
    return best;
  }

  void move_seeds() {
    for (int round = 0; round < kMostRounds; ++round) {
      for (Seed& seed : seeds_) {
        seed.pixels = seed.sum_x = seed.sum_y = 0;
      }
      each_pixel([&](int x, int y) {
        Seed& seed = seeds_[nearest(x, y)];
        ++seed.pixels;
        seed.sum_x += x;
        seed.sum_y += y;
      });
      double moved = 0;
      for (Seed& seed : seeds_) {
        if (seed.pixels > 0) {
          const double x = static_cast<double>(seed.sum_x) / static_cast<double>(seed.pixels) + 0.5;
          const double y = static_cast<double>(seed.sum_y) / static_cast<double>(seed.pixels) + 0.5;
          moved = std::max(moved, std::hypot(x - seed.x, y - seed.y));
          seed.x = x;
          seed.y = y;
        }
      }
      if (moved < 0.25) {
        return;
      }
    }
  }

  const TissuePiece& piece_;
  std::int32_t number_;
  const Plane<std::int32_t>& label_;
  std::vector<Seed> seeds_;
};

}  // namespace

CorePlaces cut_touching(const TissuePiece& piece, std::int32_t number, const Plane<std::int32_t>& label,
                        const CoreArray& array, const Known& known, std::int64_t least) {
  if (known.empty()) {
    return {};
  }
  Cutting cutting(piece, number, label, seeds_over(piece, array, known));
  cutting.settle(least, kFarthest * std::min(array.across, array.down));
  return cutting.parts();
}

}  // namespace her2
