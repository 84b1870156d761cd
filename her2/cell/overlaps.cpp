// SPDX-License-Identifier: Apache-2.0
#include "her2/cell/overlaps.h"

#include <algorithm>
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

int overlap(const Nucleus& a, const Nucleus& b) {
  const Nucleus& small = a.area <= b.area ? a : b;
  const Nucleus& large = a.area <= b.area ? b : a;
  SubPoint low = large.ring[0];
  SubPoint high = low;
  for (const SubPoint p : large.ring) {
    low = {std::min(low.x, p.x), std::min(low.y, p.y)};
    high = {std::max(high.x, p.x), std::max(high.y, p.y)};
  }
  int inside = 0;
  int all = 0;
  for (std::size_t i = 0; i < kNucleusPoints; i += 4) {
    for (const int part : {16, 32, 45, 58}) {  // of 64: radii in the middle of four rings of equal area
      const SubPoint p{small.seed.x + (small.ring[i].x - small.seed.x) * part / 64,
                       small.seed.y + (small.ring[i].y - small.seed.y) * part / 64};
      const bool near = p.x >= low.x && p.x <= high.x && p.y >= low.y && p.y <= high.y;
      inside += near && contains(std::span(large.ring), p) ? 1 : 0;
      ++all;
    }
  }
  return inside * 1000 / all;
}

void settle_overlaps(std::vector<Nucleus>& nuclei, int most, int near, int rounds) {
  std::sort(nuclei.begin(), nuclei.end(), [](const Nucleus& a, const Nucleus& b) {
    return a.seed.y != b.seed.y ? a.seed.y < b.seed.y : a.seed.x < b.seed.x;
  });
  std::vector<std::vector<std::size_t>> beats(nuclei.size());
  std::vector<int> beaten_by(nuclei.size(), 0);
  for (std::size_t i = 0; i < nuclei.size(); ++i) {
    for (std::size_t j = i + 1; j < nuclei.size() && nuclei[j].seed.y - nuclei[i].seed.y < near; ++j) {
      if (std::abs(nuclei[j].seed.x - nuclei[i].seed.x) < near && overlap(nuclei[i], nuclei[j]) > most) {
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
