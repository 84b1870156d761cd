// SPDX-License-Identifier: Apache-2.0
#include "her2/cell/overlaps.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <span>

namespace her2 {
namespace {

bool better(const Nucleus& a, const Nucleus& b) {
  if (a.score != b.score) {
    return a.score > b.score;
  }
  return a.seed.y != b.seed.y ? a.seed.y < b.seed.y : a.seed.x < b.seed.x;
}

enum class State : std::uint8_t { open, stays, goes };

}  // namespace

namespace {

constexpr int kParts = 4;
constexpr std::array<int, kParts> kPart{16, 32, 45, 58};  // of 64: radii in the middle of four rings of equal area
constexpr std::size_t kEvery = 4;                         // of the points of a contour
constexpr int kJudged = kParts * static_cast<int>(kNucleusPoints / kEvery);

struct Bounds {
  SubPoint low, high;
  [[nodiscard]] bool contains(SubPoint p) const {
    return p.x >= low.x && p.x <= high.x && p.y >= low.y && p.y <= high.y;
  }
};

Bounds bounds_of(const Nucleus& nucleus) {
  Bounds out{nucleus.ring[0], nucleus.ring[0]};
  for (const SubPoint p : nucleus.ring) {
    out.low = {std::min(out.low.x, p.x), std::min(out.low.y, p.y)};
    out.high = {std::max(out.high.x, p.x), std::max(out.high.y, p.y)};
  }
  return out;
}

// How many of the points spread over `small` lie in `large`; counts no further than `enough`, nor when so many are out
// of reach.
int shared(const Nucleus& small, const Nucleus& large, const Bounds& bounds, int enough) {
  int inside = 0;
  int left = kJudged;
  for (std::size_t i = 0; i < kNucleusPoints; i += kEvery) {
    for (const int part : kPart) {
      const SubPoint p{small.seed.x + (small.ring[i].x - small.seed.x) * part / 64,
                       small.seed.y + (small.ring[i].y - small.seed.y) * part / 64};
      inside += bounds.contains(p) && contains(std::span(large.ring), p) ? 1 : 0;
      --left;
      if (inside >= enough || inside + left < enough) {
        return inside;
      }
    }
  }
  return inside;
}

}  // namespace

int overlap(const Nucleus& a, const Nucleus& b) {
  const Nucleus& small = a.area <= b.area ? a : b;
  const Nucleus& large = a.area <= b.area ? b : a;
  return shared(small, large, bounds_of(large), kJudged) * 1000 / kJudged;
}

void settle_overlaps(std::vector<Nucleus>& nuclei, int most, int near, int rounds) {
  std::sort(nuclei.begin(), nuclei.end(), [](const Nucleus& a, const Nucleus& b) {
    return a.seed.y != b.seed.y ? a.seed.y < b.seed.y : a.seed.x < b.seed.x;
  });
  std::vector<Bounds> bounds(nuclei.size());
  std::transform(nuclei.begin(), nuclei.end(), bounds.begin(), bounds_of);
  const int enough = (kJudged * (most + 1) + 999) / 1000;
  const auto overlapping = [&](std::size_t i, std::size_t j) {
    const bool first = nuclei[i].area <= nuclei[j].area;
    const std::size_t small = first ? i : j;
    const std::size_t large = first ? j : i;
    const Bounds& a = bounds[i];
    const Bounds& b = bounds[j];
    return a.low.x <= b.high.x && b.low.x <= a.high.x && a.low.y <= b.high.y && b.low.y <= a.high.y &&
           shared(nuclei[small], nuclei[large], bounds[large], enough) >= enough;
  };
  std::vector<std::vector<std::size_t>> beats(nuclei.size());
  std::vector<int> beaten_by(nuclei.size(), 0);
  for (std::size_t i = 0; i < nuclei.size(); ++i) {
    for (std::size_t j = i + 1; j < nuclei.size() && nuclei[j].seed.y - nuclei[i].seed.y < near; ++j) {
      if (std::abs(nuclei[j].seed.x - nuclei[i].seed.x) < near && overlapping(i, j)) {
        const bool first = better(nuclei[i], nuclei[j]);
        beats[first ? i : j].push_back(first ? j : i);
        ++beaten_by[first ? j : i];
      }
    }
  }
  std::vector<State> state(nuclei.size(), State::open);
  for (int round = 0; round < rounds; ++round) {
    std::vector<std::size_t> stay;
    for (std::size_t i = 0; i < nuclei.size(); ++i) {
      if (state[i] == State::open && beaten_by[i] == 0) {
        stay.push_back(i);
      }
    }
    for (const std::size_t i : stay) {
      state[i] = State::stays;
      for (const std::size_t loser : beats[i]) {
        if (state[loser] == State::open) {
          state[loser] = State::goes;
          for (const std::size_t other : beats[loser]) {
            --beaten_by[other];
          }
        }
      }
    }
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < nuclei.size(); ++i) {
    if (state[i] == State::stays) {
      nuclei[kept++] = nuclei[i];
    }
  }
  nuclei.resize(kept);
}

}  // namespace her2
