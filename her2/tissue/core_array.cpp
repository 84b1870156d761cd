// SPDX-License-Identifier: Apache-2.0
#include "her2/tissue/core_array.h"

#include <algorithm>
#include <cmath>

namespace her2 {
namespace {

constexpr double kNear = 1.3;  // neighbours lie within so many of the usual distance

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

double distance(const TissuePiece& a, const TissuePiece& b) { return std::hypot(a.x() - b.x(), a.y() - b.y()); }

}  // namespace

CoreArray array_of(const std::vector<const TissuePiece*>& cores) {
  CoreArray out;
  if (cores.size() < 2) {
    return out;
  }
  std::vector<double> nearest;
  for (const TissuePiece* a : cores) {
    double least = -1;
    for (const TissuePiece* b : cores) {
      if (a != b && (least < 0 || distance(*a, *b) < least)) {
        least = distance(*a, *b);
      }
    }
    nearest.push_back(least);
  }
  const double usual = median(nearest);
  // Directions of neighbours, four times the angle: rows and columns point the same way.
  double c4 = 0;
  double s4 = 0;
  const auto each_near = [&](const auto& see) {
    for (const TissuePiece* a : cores) {
      for (const TissuePiece* b : cores) {
        if (a != b && distance(*a, *b) <= kNear * usual) {
          see(b->x() - a->x(), b->y() - a->y());
        }
      }
    }
  };
  each_near([&](double dx, double dy) {
    const double angle = 4 * std::atan2(dy, dx);
    c4 += std::cos(angle);
    s4 += std::sin(angle);
  });
  const double angle = std::atan2(s4, c4) / 4;
  out.cosine = std::cos(angle);
  out.sine = std::sin(angle);
  std::vector<double> across;
  std::vector<double> down;
  const auto sort_in = [&](double reach) {
    for (const TissuePiece* a : cores) {
      for (const TissuePiece* b : cores) {
        const auto [u, v] = out.steps(b->x() - a->x(), b->y() - a->y());
        if (a != b && std::hypot(u, v) <= reach) {
          if (std::abs(u) > 3 * std::abs(v)) {
            across.push_back(std::abs(u));
          } else if (std::abs(v) > 3 * std::abs(u)) {
            down.push_back(std::abs(v));
          }
        }
      }
    }
  };
  sort_in(kNear * usual);
  const double first_across = across.empty() ? usual : median(across);
  const double first_down = down.empty() ? usual : median(down);
  // Rows may be farther apart than columns, or the other way round.
  if (across.empty() || down.empty()) {
    auto& missing = across.empty() ? across : down;
    auto& there = across.empty() ? down : across;
    there.clear();
    sort_in(2.2 * usual);
    const double least = missing.empty() ? usual : *std::min_element(missing.begin(), missing.end());
    out.across = across.empty() ? usual : &missing == &across ? least : first_across;
    out.down = down.empty() ? usual : &missing == &down ? least : first_down;
    return out;
  }
  out.across = first_across;
  out.down = first_down;
  return out;
}

std::vector<std::pair<int, int>> places_of(const std::vector<const TissuePiece*>& cores, const CoreArray& array) {
  std::vector<std::pair<int, int>> place(cores.size(), {0, 0});
  std::vector<std::size_t> from(cores.size(), 0);
  std::vector<bool> done(cores.size(), false);
  done[0] = true;
  for (std::size_t n = 1; n < cores.size(); ++n) {
    std::size_t next = 0;
    double least = -1;
    for (std::size_t i = 0; i < cores.size(); ++i) {
      if (!done[i]) {
        const double d = distance(*cores[i], *cores[from[i]]);
        if (least < 0 || d < least) {
          least = d;
          next = i;
        }
      }
    }
    const TissuePiece& before = *cores[from[next]];
    const auto [u, v] = array.steps(cores[next]->x() - before.x(), cores[next]->y() - before.y());
    place[next] = {place[from[next]].first + static_cast<int>(std::lround(v)),
                   place[from[next]].second + static_cast<int>(std::lround(u))};
    done[next] = true;
    for (std::size_t i = 0; i < cores.size(); ++i) {
      if (!done[i] && distance(*cores[i], *cores[next]) < distance(*cores[i], *cores[from[i]])) {
        from[i] = next;
      }
    }
  }
  return place;
}

}  // namespace her2
