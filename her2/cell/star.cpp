// SPDX-License-Identifier: Apache-2.0
#include "her2/cell/star.h"

#include <algorithm>
#include <limits>

namespace her2 {
namespace {

constexpr double kPi = 3.141592653589793;
constexpr std::int32_t kNever = std::numeric_limits<std::int32_t>::max() / 4;

// sin(x) for |x| <= pi / 4 to 1e-12.
constexpr double small_sine(double x) {
  double term = x;
  double sum = x;
  for (int n = 1; n <= 8; ++n) {
    term *= -x * x / ((2 * n) * (2 * n + 1));
    sum += term;
  }
  return sum;
}

constexpr double small_cosine(double x) {
  double term = 1;
  double sum = 1;
  for (int n = 1; n <= 8; ++n) {
    term *= -x * x / ((2 * n - 1) * (2 * n));
    sum += term;
  }
  return sum;
}

constexpr std::int32_t fixed(double value) {
  return static_cast<std::int32_t>(value < 0 ? value * 16384 - 0.5 : value * 16384 + 0.5);
}

constexpr RayTable make_rays() {
  RayTable out;
  constexpr int kQuarter = kRays / 4;
  for (int i = 0; i < kRays; ++i) {
    const int turns = (i + kQuarter / 2) / kQuarter;  // nearest axis
    const double angle = (i - turns * kQuarter) * 2 * kPi / kRays;
    const std::int32_t c = fixed(small_cosine(angle));
    const std::int32_t s = fixed(small_sine(angle));
    const auto at = static_cast<std::size_t>(i);
    switch (turns % 4) {
      case 0:
        out.x[at] = c;
        out.y[at] = s;
        break;
      case 1:
        out.x[at] = -s;
        out.y[at] = c;
        break;
      case 2:
        out.x[at] = -c;
        out.y[at] = -s;
        break;
      default: out.x[at] = s; out.y[at] = -c;
    }
  }
  return out;
}

}  // namespace

const RayTable& ray_table() {
  static constexpr RayTable kTable = make_rays();
  return kTable;
}

void RingFinder::sweep(const Task& task, int count, int start) {
  const auto n = static_cast<std::size_t>(task.radii);
  const auto pad = static_cast<std::size_t>(task.step);
  // Costs so far, with a forbidden margin on both ends, so that every move looks at all radii alike.
  best_.assign(n + 2 * pad, kNever);
  next_.resize(n);
  move_.resize(n);
  from_.resize(n * static_cast<std::size_t>(count));
  for (std::size_t r = 0; r < n; ++r) {
    best_[pad + r] = start < 0 || static_cast<std::size_t>(start) == r ? task.costs[r] : kNever;
  }
  for (int ray = 1; ray < count; ++ray) {
    const std::int32_t* cost = task.costs.data() + static_cast<std::size_t>(ray % task.rays) * n;
    std::int8_t* from = from_.data() + static_cast<std::size_t>(ray) * n;
    std::int32_t* next = next_.data();
    std::int32_t* move = move_.data();
    std::int32_t* best = best_.data() + pad;
    std::copy(best, best + n, next);
    std::fill(move, move + n, 0);
    for (std::int32_t s = 1; s <= task.step; ++s) {
      const std::int32_t toll = s * task.bend;
      const std::int32_t* inner = best - s;
      const std::int32_t* outer = best + s;
      for (std::size_t r = 0; r < n; ++r) {
        const std::int32_t way = inner[r] + toll;
        move[r] = way < next[r] ? -s : move[r];
        next[r] = way < next[r] ? way : next[r];
      }
      for (std::size_t r = 0; r < n; ++r) {
        const std::int32_t way = outer[r] + toll;
        move[r] = way < next[r] ? s : move[r];
        next[r] = way < next[r] ? way : next[r];
      }
    }
    for (std::size_t r = 0; r < n; ++r) {
      best[r] = std::min(kNever, next[r] + cost[r]);
      from[r] = static_cast<std::int8_t>(move[r]);
    }
  }
}

void RingFinder::find(std::span<const std::int32_t> costs, int rays, int radii, int step, int bend,
                      std::span<std::int16_t> ring) {
  // Twice around without a tie between start and end: in the middle the path no longer knows where it began. Then once
  // around from there and back to the same radius.
  const Task task{costs, rays, radii, step, bend};
  const auto n = static_cast<std::size_t>(radii);
  const auto before = [&](int ray, int r) {
    return r + from_[static_cast<std::size_t>(ray) * n + static_cast<std::size_t>(r)];
  };
  sweep(task, 2 * rays, -1);
  const auto begin = best_.begin() + step;
  int r = static_cast<int>(std::min_element(begin, begin + radii) - begin);
  for (int ray = 2 * rays - 1; ray > rays; --ray) {
    r = before(ray, r);
  }
  sweep(task, rays + 1, r);
  for (int ray = rays; ray > 0; --ray) {
    r = before(ray, r);
    ring[static_cast<std::size_t>(ray - 1)] = static_cast<std::int16_t>(r);
  }
}

}  // namespace her2
