// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <vector>

#include "her2/phantom/ish_phantom.h"
#include "her2/signal/judge.h"

// A phantom case, measured and held against its truth.
namespace her2::testing {

struct PhantomScore {
  // Of nuclei that were found, lie apart and were looked at in full: signals that a reader could tell apart.
  std::array<int, kIshChannels> right{}, missed{}, invented{};
  int nuclei = 0;                                     // accepted, with truth
  std::array<double, kIshChannels> counted{}, seen{}, countable{};  // sums over them
  int found = 0, there = 0;                           // whole nuclei of the truth
  struct Cluster {
    double integrated = 0, greedy = 0, truth = 0;
  };
  std::vector<Cluster> clusters;

  [[nodiscard]] double f1(std::size_t c) const {
    return 2.0 * right[c] / std::max(1, 2 * right[c] + missed[c] + invented[c]);
  }
  [[nodiscard]] double mean_error(std::size_t c) const { return counted[c] / countable[c] - 1; }
  [[nodiscard]] double ratio() const { return counted[0] / counted[1]; }
  [[nodiscard]] double true_ratio() const { return seen[0] / seen[1]; }
};

PhantomScore score_phantom(const IshPhantomSpec& spec);

}  // namespace her2::testing
