// SPDX-License-Identifier: Apache-2.0
#include "phantom_case.h"

#include <algorithm>
#include <cmath>

#include "her2/core/parallel.h"

namespace her2::testing {
namespace {

using signal::FieldReading;

FieldReading read(const IshPhantomSpec& spec, const RgbImage& rgb) {
  if (spec.look == IshLook::fish) {
    const int k = signal::signal_reduction(spec.mpp, signal::constants_of(IshAssay::fish));
    signal::FishPlanes planes;
    signal::fish_planes(rgb, {}, k, planes);
    return signal::read_fish(planes, rgb.width(), rgb.height(), spec.mpp, k);
  }
  return signal::read_dual_ish(rgb, {232, 230, 216}, signal::find_channel_shift(rgb), spec.mpp);
}

const IshTruthNucleus* truth_of(const signal::JudgedNucleus& n, const std::vector<IshTruthNucleus>& all, double mpp) {
  const IshTruthNucleus* best = nullptr;
  double nearest = 2.5 / mpp;
  for (const IshTruthNucleus& t : all) {
    const double d = std::hypot(t.x - n.nucleus.centroid.x / 32.0, t.y - n.nucleus.centroid.y / 32.0);
    if (d < nearest) {
      nearest = d;
      best = &t;
    }
  }
  return best;
}

// Truth signals of a channel that a reader could tell apart, strongest first.
std::vector<IshTruthSignal> countable(const IshTruthNucleus& truth, int channel, double apart) {
  std::vector<IshTruthSignal> all;
  for (const auto& s : truth.signals) {
    if (s.channel == channel) {
      all.push_back(s);
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.amplitude > b.amplitude; });
  std::vector<IshTruthSignal> kept;
  for (const auto& s : all) {
    if (std::none_of(kept.begin(), kept.end(),
                     [&](const auto& k) { return std::hypot(s.x - k.x, s.y - k.y) < apart; })) {
      kept.push_back(s);
    }
  }
  return kept;
}

void match(const signal::JudgedNucleus& n, const std::vector<IshTruthSignal>& truth, std::size_t c, double radius,
           PhantomScore& out) {
  std::vector<bool> used(truth.size(), false);
  for (const IshSignal& s : n.signals) {
    if (s.channel != static_cast<IshChannel>(c) || s.state != SignalState::clear) {
      continue;
    }
    double nearest = radius;
    std::size_t best = truth.size();
    for (std::size_t i = 0; i < truth.size(); ++i) {
      const double d = std::hypot(truth[i].x - s.at.x / 32.0, truth[i].y - s.at.y / 32.0);
      if (!used[i] && d <= nearest) {
        nearest = d;
        best = i;
      }
    }
    if (best < truth.size()) {
      used[best] = true;
      ++out.right[c];
    } else {
      ++out.invented[c];
    }
  }
  out.missed[c] += static_cast<int>(std::count(used.begin(), used.end(), false));
}

void score_nucleus(const IshPhantomSpec& spec, const signal::JudgedNucleus& n, const IshTruthNucleus& truth,
                   PhantomScore& out) {
  ++out.nuclei;
  for (std::size_t c = 0; c < kIshChannels; ++c) {
    const double diameter = 2.355 * (c == 0 ? spec.her2_sigma_um : spec.cep17_sigma_um) / spec.mpp;
    const auto there = countable(truth, static_cast<int>(c), diameter);
    const SignalCount& counts = n.nucleus.counts[c];
    if (!counts.cluster.any()) {
      match(n, there, c, diameter, out);
    } else if (c == 0) {
      const auto clustered = std::count_if(truth.signals.begin(), truth.signals.end(),
                                           [](const IshTruthSignal& s) { return s.in_cluster; });
      out.clusters.push_back(
          {counts.cluster.integrated / 100.0, counts.cluster.greedy / 100.0, static_cast<double>(clustered)});
    }
    out.counted[c] += counts.clear + (counts.cluster.integrated + counts.cluster.greedy) / 200.0;
    out.seen[c] += truth.seen[c];
    out.countable[c] += static_cast<double>(there.size());
  }
}

}  // namespace

PhantomScore score_phantom(const IshPhantomSpec& spec) {
  std::vector<IshPhantomField> fields(static_cast<std::size_t>(spec.fields));
  std::vector<FieldReading> readings(fields.size());
  (void)parallel_for(fields.size(), 2, [&](std::size_t i, int) -> Result<void> {
    fields[i] = *ish_phantom_field(spec, static_cast<int>(i));
    readings[i] = read(spec, fields[i].rgb);
    return {};
  });
  std::vector<const FieldReading*> all;
  for (const auto& reading : readings) {
    all.push_back(&reading);
  }
  const signal::CaseLevels levels = signal::pool_levels(all);
  PhantomScore out;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const signal::JudgedField judged = signal::judge_field(readings[i], levels);
    for (const auto& truth : fields[i].nuclei) {
      out.there += truth.border || !truth.tumour ? 0 : 1;
      out.found += !truth.border && truth.tumour &&
                           std::any_of(judged.nuclei.begin(), judged.nuclei.end(),
                                       [&](const auto& n) {
                                         return std::hypot(truth.x - n.nucleus.centroid.x / 32.0,
                                                           truth.y - n.nucleus.centroid.y / 32.0) < 2 / spec.mpp;
                                       })
                       ? 1
                       : 0;
    }
    for (const auto& nucleus : judged.nuclei) {
      const IshTruthNucleus* truth = truth_of(nucleus, fields[i].nuclei, spec.mpp);
      if (nucleus.nucleus.verdict == NucleusVerdict::accepted && truth != nullptr && truth->covered == 0) {
        score_nucleus(spec, nucleus, *truth, out);
      }
    }
  }
  return out;
}

}  // namespace her2::testing
