// SPDX-License-Identifier: Apache-2.0
#include "her2/tissue/cores.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <utility>

namespace her2 {
namespace {

constexpr double kLeastOfUsual = 0.25;  // area of a core, of the usual one
constexpr double kNear = 1.3;           // neighbours lie within so many of the usual distance
constexpr double kOffGrid = 0.4;        // of the distance: farther from its place a piece belongs to no core

struct Piece {
  std::int64_t pixels = 0, sum_x = 0, sum_y = 0;
  std::vector<SubPoint> edge;  // corners of its pixels at the ends of rows
  [[nodiscard]] double x() const { return static_cast<double>(sum_x) / static_cast<double>(pixels) + 0.5; }
  [[nodiscard]] double y() const { return static_cast<double>(sum_y) / static_cast<double>(pixels) + 0.5; }
};

// Connected pieces of tissue (8 neighbours), in the order of their first pixels.
std::vector<Piece> pieces_of(const Plane<std::uint8_t>& ground) {
  constexpr auto kTissue = static_cast<std::uint8_t>(Ground::tissue);
  Plane<std::uint8_t> seen(ground.width(), ground.height());
  std::vector<Piece> out;
  std::vector<std::pair<int, int>> todo;
  for (int y = 0; y < ground.height(); ++y) {
    for (int x = 0; x < ground.width(); ++x) {
      if (seen.at(x, y) != 0 || ground.at(x, y) != kTissue) {
        continue;
      }
      Piece piece;
      todo.assign(1, {x, y});
      seen.at(x, y) = 1;
      while (!todo.empty()) {
        const auto [px, py] = todo.back();
        todo.pop_back();
        ++piece.pixels;
        piece.sum_x += px;
        piece.sum_y += py;
        bool inner = true;
        for (int dy = -1; dy <= 1; ++dy) {
          for (int dx = -1; dx <= 1; ++dx) {
            const int nx = px + dx;
            const int ny = py + dy;
            if (!ground.inside(nx, ny) || ground.at(nx, ny) != kTissue) {
              inner = false;
            } else if (seen.at(nx, ny) == 0) {
              seen.at(nx, ny) = 1;
              todo.emplace_back(nx, ny);
            }
          }
        }
        for (int corner = 0; !inner && corner < 4; ++corner) {
          piece.edge.push_back({(px + corner % 2) * kSubpixels, (py + corner / 2) * kSubpixels});
        }
      }
      out.push_back(std::move(piece));
    }
  }
  return out;
}

// Andrew's monotone chain.
std::vector<SubPoint> convex_hull(std::vector<SubPoint> points) {
  std::sort(points.begin(), points.end(),
            [](SubPoint a, SubPoint b) { return a.x != b.x ? a.x < b.x : a.y < b.y; });
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

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// The array's directions and distances, in pixels of the map.
struct Array {
  double cosine = 1, sine = 0;  // of the angle from the map's x to the rows'
  double across = 1, down = 1;  // between neighbours along and between rows

  [[nodiscard]] std::pair<double, double> steps(double dx, double dy) const {
    return {(dx * cosine + dy * sine) / across, (dy * cosine - dx * sine) / down};
  }
};

double distance(const Piece& a, const Piece& b) { return std::hypot(a.x() - b.x(), a.y() - b.y()); }

Array array_of(const std::vector<const Piece*>& cores) {
  Array out;
  if (cores.size() < 2) {
    return out;
  }
  std::vector<double> nearest;
  for (const Piece* a : cores) {
    double least = -1;
    for (const Piece* b : cores) {
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
    for (const Piece* a : cores) {
      for (const Piece* b : cores) {
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
    for (const Piece* a : cores) {
      for (const Piece* b : cores) {
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

// Rows and columns: from one core to the nearest of those that have no place yet, step by step, so that small errors do
// not add up over the array.
std::vector<std::pair<int, int>> places_of(const std::vector<const Piece*>& cores, const Array& array) {
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
    const Piece& before = *cores[from[next]];
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

}  // namespace

std::string core_label(int row, int column) {
  std::string letters;
  for (int r = row; r >= 0; r = r / 26 - 1) {
    letters.insert(letters.begin(), static_cast<char>('A' + r % 26));
  }
  return letters + std::to_string(column + 1);
}

std::vector<Core> find_cores(const TissueMap& tissue) {
  std::vector<Piece> pieces = pieces_of(tissue.ground);
  if (pieces.empty()) {
    return {};
  }
  // The usual size: half of all tissue is in pieces of at least this.
  std::vector<std::int64_t> sizes;
  std::int64_t all = 0;
  for (const Piece& piece : pieces) {
    sizes.push_back(piece.pixels);
    all += piece.pixels;
  }
  std::sort(sizes.begin(), sizes.end(), std::greater<>());
  std::int64_t usual = sizes.front();
  for (std::int64_t sum = 0; const std::int64_t size : sizes) {
    usual = size;
    if (sum += size; 2 * sum >= all) {
      break;
    }
  }
  std::vector<const Piece*> cores;
  std::vector<const Piece*> crumbs;
  for (const Piece& piece : pieces) {
    (static_cast<double>(piece.pixels) >= kLeastOfUsual * static_cast<double>(usual) ? cores : crumbs)
        .push_back(&piece);
  }
  const Array array = array_of(cores);
  const auto places = places_of(cores, array);
  std::map<std::pair<int, int>, std::vector<const Piece*>> grid;
  for (std::size_t i = 0; i < cores.size(); ++i) {
    grid[places[i]].push_back(cores[i]);
  }
  for (const Piece* crumb : crumbs) {
    for (auto& [place, there] : grid) {
      const auto [u, v] = array.steps(crumb->x() - there.front()->x(), crumb->y() - there.front()->y());
      if (cores.size() > 1 && std::hypot(u, v) <= kOffGrid) {
        there.push_back(crumb);
        break;
      }
    }
  }
  int first_row = grid.begin()->first.first;
  int first_column = grid.begin()->first.second;
  for (const auto& [place, there] : grid) {
    first_column = std::min(first_column, place.second);
  }
  std::vector<Core> out;
  for (const auto& [place, there] : grid) {
    Core core;
    core.row = place.first - first_row;
    core.column = place.second - first_column;
    core.label = core_label(core.row, core.column);
    std::vector<SubPoint> points;
    for (const Piece* piece : there) {
      points.insert(points.end(), piece->edge.begin(), piece->edge.end());
      core.area_mm2 += static_cast<double>(piece->pixels) * tissue.mpp * tissue.mpp / 1e6;
    }
    core.around = convex_hull(std::move(points));
    out.push_back(std::move(core));
  }
  return out;
}

}  // namespace her2
