// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "her2/core/plane.h"
#include "her2/signal/case_levels.h"

// Signals that have run together, counted in two ways that were both measured to be near unbiased: the light of the
// whole over that of a mean single signal, and greedy fitting of signals whose amplitude is capped at a single one's.
// (Area and free fitting saturate.)
namespace her2::signal {

// One connected bright place in a nucleus that is too large for a single signal or a doublet.
struct Cluster {
  double integrated = 0, greedy = 0;  // signals
  bool clipped = false;               // the camera was at its end: there may be more
  std::vector<std::size_t> peaks;     // spots of the field that lie in it
};

struct ClusterSearch {
  const Plane<float>* plane = nullptr;   // of one channel
  const Plane<float>* smooth = nullptr;  // the same, smoothed
  const Plane<std::uint8_t>* clipped = nullptr;
  std::uint8_t bit = 1;
  double filter_px = 0;  // of `smooth`
  SingleSignal single;
  // In single signals' peaks: over which level a cluster hangs together, and what it reaches. Silver grains vary so
  // much that only a far denser place is a cluster.
  double level = 0.6, least_height = 1.3;
};

// Clusters of nucleus `index` of a field. `ground`: what most of the nucleus shows; `spots`: the field's in this
// channel, of which `own` lie in the nucleus and are clear.
std::vector<Cluster> find_clusters(const ClusterSearch& search, const FieldNuclei& nuclei, std::int32_t index,
                                   float ground, const std::vector<Spot>& spots, const std::vector<std::size_t>& own);

// Standard deviation of one estimate of `count` signals: measured 0.6 at 2, 1.1 at 6 and 2 at 20 with singles that vary
// by 0.3; the part beyond that variation is the estimate's own.
double cluster_spread(double count, double variation);

}  // namespace her2::signal
