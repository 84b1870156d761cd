// SPDX-License-Identifier: Apache-2.0
#include "her2/signal/judge.h"

#include <algorithm>
#include <cmath>

#include "her2/signal/cluster.h"

namespace her2::signal {
namespace {

constexpr std::size_t kHer2 = 0, kCep17 = 1;
constexpr double kDiameter = 2.355;    // sigmas: full width at half maximum, one signal diameter
constexpr double kMostContact = 0.45;  // of the edge at other nuclei
constexpr double kLeastEllipse = 0.75, kLeastSolidity = 0.88;
constexpr double kLeastSharpness = 0.4;  // of the case's clearer nuclei
constexpr double kMostElongation = 2.3;
constexpr double kLeastArea = 0.42;   // of the case's median
constexpr double kGroundSpreads = 5;  // of the case's nuclei that a nucleus's own light may lie above their median
constexpr double kBlurred = 2.0;      // times the usual width: out of focus

std::uint16_t to_u16(double v) { return static_cast<std::uint16_t>(std::clamp(std::floor(v + 0.5), 0.0, 65535.0)); }

// 50 at the threshold, 79 at 1.4 times it, 94 at twice.
std::uint8_t confidence_of(float response, float threshold) {
  const double r = static_cast<double>(response) / static_cast<double>(threshold);
  const double r4 = r * r * r * r;
  return static_cast<std::uint8_t>(std::clamp(std::floor(100 * r4 / (1 + r4) + 0.5), 1.0, 99.0));
}

// The field being judged, one channel.
struct Channel {
  const FieldReading& field;
  const ChannelLevels& levels;
  std::size_t index;

  [[nodiscard]] const std::vector<Spot>& spots() const { return field.spots[index]; }
  [[nodiscard]] double sigma_px() const {
    return levels.single.count > 0 ? levels.single.sigma_px : field.sigma_px[index];
  }
};

class FieldJudge {
 public:
  FieldJudge(const FieldReading& field, const CaseLevels& levels) : field_(field), levels_(levels) {
    for (std::size_t c = 0; c < kIshChannels; ++c) {
      group(c);
    }
  }

  JudgedField run() {
    JudgedField out;
    std::size_t sharp = 0;
    for (std::size_t i = 0; i < field_.nuclei.nuclei.size(); ++i) {
      out.nuclei.push_back(judge(i));
      sharp += out.nuclei.back().nucleus.verdict == NucleusVerdict::out_of_focus ? 0U : 1U;
    }
    out.focus = out.nuclei.empty()
                    ? std::uint16_t{0}
                    : to_u16(1000.0 * static_cast<double>(sharp) / static_cast<double>(out.nuclei.size()));
    for (std::size_t c = 0; c < kIshChannels; ++c) {
      add_stray(c, out.stray);
      out.channels[c] = describe(c);
    }
    out.ratio_low = ratio_at(out, kDoubt);
    out.ratio_high = ratio_at(out, 1 / kDoubt);
    return out;
  }

 private:
  [[nodiscard]] Channel channel(std::size_t c) const { return {field_, levels_.channel[c], c}; }

  // Spots of each nucleus that may be signals, without those nearer than one signal diameter to a stronger one.
  void group(std::size_t c) {
    const Channel ch = channel(c);
    auto& groups = groups_[c];
    groups.resize(field_.nuclei.nuclei.size());
    if (!ch.levels.threshold.any) {
      return;
    }
    const float least = ch.levels.threshold.value / (kDoubt * kDoubt);
    const auto& spots = ch.spots();
    for (std::size_t i = 0; i < spots.size(); ++i) {
      if (spots[i].nucleus >= 0 && spots[i].response >= least) {
        groups[static_cast<std::size_t>(spots[i].nucleus)].push_back(i);
      }
    }
    const double apart = kDiameter * field_.sigma_px[c];
    for (auto& own : groups) {
      std::stable_sort(own.begin(), own.end(),
                       [&](std::size_t a, std::size_t b) { return spots[a].response > spots[b].response; });
      std::vector<std::size_t> kept;
      for (const std::size_t i : own) {
        const bool half = std::any_of(kept.begin(), kept.end(), [&](std::size_t k) {
          const auto dx = static_cast<double>(spots[i].x - spots[k].x);
          const auto dy = static_cast<double>(spots[i].y - spots[k].y);
          return dx * dx + dy * dy < apart * apart;
        });
        if (!half) {
          kept.push_back(i);
        }
      }
      own = std::move(kept);
    }
  }

  // A dot where the other channel is at the camera's end, and far over the nucleus, cannot be told from it: a black dot
  // in a red one, or what a cluster leaves of itself in the other channel.
  [[nodiscard]] bool hidden(std::size_t c, const Spot& spot) const {
    const std::size_t other = 1 - c;
    const SingleSignal& single = levels_.channel[other].single;
    if (single.count == 0) {
      return false;
    }
    const int x = static_cast<int>(spot.x);
    const int y = static_cast<int>(spot.y);
    const bool clipped = (field_.clipped.at(x, y) & (1U << other)) != 0;
    const double over = static_cast<double>(field_.smooth[other].at(x, y)) -
                        static_cast<double>(field_.ground[static_cast<std::size_t>(spot.nucleus)][other]);
    return clipped && over > 0.7 * single.peak;
  }

  [[nodiscard]] SubPoint place(float x, float y) const {
    const auto sub = [&](float v) {
      return static_cast<std::int32_t>(std::floor(static_cast<double>(v) * field_.k * kSubpixels + 0.5));
    };
    return {sub(x), sub(y)};
  }

  void count(std::size_t c, std::size_t nucleus, JudgedNucleus& out) const {
    const Channel ch = channel(c);
    const auto& spots = ch.spots();
    const float threshold = ch.levels.threshold.value;
    std::vector<std::size_t> clear;
    for (const std::size_t i : groups_[c][nucleus]) {
      if (spots[i].response >= threshold) {
        clear.push_back(i);
      }
    }
    SignalCount& counts = out.nucleus.counts[c];
    std::vector<std::size_t> clustered;
    if (ch.levels.single.count > 0) {
      add_clusters(ch, nucleus, clear, counts.cluster, clustered);
    }
    const double noise = std::max(1e-3, static_cast<double>(field_.noise[nucleus][c]));
    for (const std::size_t i : groups_[c][nucleus]) {
      const Spot& spot = spots[i];
      if (spot.response < threshold / kDoubt) {
        continue;
      }
      IshSignal signal;
      signal.channel = static_cast<IshChannel>(c);
      signal.in_cluster = std::find(clustered.begin(), clustered.end(), i) != clustered.end();
      signal.confidence = confidence_of(spot.response, threshold);
      const bool blurred = ch.levels.single.count > 0 && !signal.in_cluster &&
                           static_cast<double>(spot.sigma) > kBlurred * ch.levels.single.sigma_px &&
                           static_cast<double>(spot.response) < 2 * static_cast<double>(threshold);
      const bool doubtful = spot.response < threshold || blurred || hidden(c, spot);
      signal.state = doubtful ? SignalState::doubtful : SignalState::clear;
      if (doubtful) {
        signal.confidence = std::min<std::uint8_t>(signal.confidence, 49);
      }
      signal.snr = to_u16(10 * static_cast<double>(spot.peak) / noise);
      signal.amplitude = static_cast<std::int32_t>(std::floor(static_cast<double>(spot.peak) * 16 + 0.5));
      signal.at = place(spot.x, spot.y);
      out.signals.push_back(signal);
      if (!signal.in_cluster) {
        ++(doubtful ? counts.doubtful : counts.clear);
      }
    }
  }

  void add_clusters(const Channel& ch, std::size_t nucleus, const std::vector<std::size_t>& clear, ClusterCount& out,
                    std::vector<std::size_t>& clustered) const {
    const ClusterSearch search{&field_.plane[ch.index],
                               &field_.smooth[ch.index],
                               &field_.clipped,
                               static_cast<std::uint8_t>(1U << ch.index),
                               field_.filter_px[ch.index],
                               ch.levels.single};
    double integrated = 0;
    double greedy = 0;
    for (const Cluster& cluster : find_clusters(search, field_.nuclei, static_cast<std::int32_t>(nucleus),
                                                field_.ground[nucleus][ch.index], ch.spots(), clear)) {
      integrated += cluster.integrated;
      greedy += cluster.greedy;
      out.at_least = out.at_least || cluster.clipped;
      clustered.insert(clustered.end(), cluster.peaks.begin(), cluster.peaks.end());
    }
    out.integrated = to_u16(100 * integrated);
    out.greedy = to_u16(100 * greedy);
    out.spread = out.any() ? to_u16(100 * cluster_spread((integrated + greedy) / 2, ch.levels.single.variation))
                           : std::uint16_t{0};
  }

  JudgedNucleus judge(std::size_t i) const {
    const SeenNucleus& seen = field_.nuclei.nuclei[i];
    JudgedNucleus out;
    out.nucleus.centroid = {seen.centroid.x * field_.k, seen.centroid.y * field_.k};
    out.nucleus.size = static_cast<std::uint32_t>(std::floor(seen.area_um2 * 100 + 0.5));
    for (const SubPoint p : seen.contour) {
      out.contour.push_back({p.x * field_.k, p.y * field_.k});
    }
    for (std::size_t c = 0; c < kIshChannels; ++c) {
      if (levels_.channel[c].threshold.any) {
        count(c, i, out);
      }
    }
    out.nucleus.verdict = look_verdict(seen, levels_);
    if (out.nucleus.verdict == NucleusVerdict::accepted) {
      out.nucleus.verdict = signal_verdict(i, out.nucleus);
    }
    out.nucleus.confidence = static_cast<std::uint8_t>(std::clamp(50 + 100 * (seen.ellipse - 0.6), 50.0, 95.0));
    return out;
  }

  // Nuclei whose own light is far above that of the others hide signals; without one channel there is no count.
  [[nodiscard]] NucleusVerdict signal_verdict(std::size_t i, const IshNucleus& nucleus) const {
    for (std::size_t c = 0; c < kIshChannels; ++c) {
      const double over = static_cast<double>(field_.ground[i][c]) - levels_.usual_ground[c];
      if (over > kGroundSpreads * levels_.ground_spread[c] && over > levels_.channel[c].single.peak &&
          levels_.channel[c].single.count > 0) {
        return NucleusVerdict::autofluorescence;
      }
    }
    const auto any = [](const SignalCount& count) { return count.clear > 0 || count.cluster.any(); };
    bool weak = false;
    for (const SignalCount& count : nucleus.counts) {
      if (!any(count)) {
        if (count.doubtful == 0) {
          return NucleusVerdict::too_few_signals;
        }
        weak = true;
      }
    }
    return weak ? NucleusVerdict::weak_signals : NucleusVerdict::accepted;
  }

  void add_stray(std::size_t c, std::vector<IshSignal>& out) const {
    const Channel ch = channel(c);
    if (!ch.levels.threshold.any) {
      return;
    }
    const float threshold = ch.levels.threshold.value;
    for (const Spot& spot : ch.spots()) {
      if (spot.nucleus < 0 && spot.response >= threshold) {
        IshSignal signal;
        signal.channel = static_cast<IshChannel>(c);
        const auto x = static_cast<double>(spot.x);
        const auto y = static_cast<double>(spot.y);
        signal.state = field_.nuclei.near_stain(x, y, kDiameter * ch.sigma_px()) ? SignalState::unassigned
                                                                                 : SignalState::cytoplasmic;
        signal.confidence = confidence_of(spot.response, threshold);
        signal.at = place(spot.x, spot.y);
        out.push_back(signal);
      }
    }
  }

  [[nodiscard]] FieldChannel describe(std::size_t c) const {
    FieldChannel out;
    const Channel ch = channel(c);
    out.signal_sigma = to_u16(1000 * ch.sigma_px() * field_.pixel_um);
    out.crosstalk = to_u16(1000 * field_.crosstalk[c]);
    out.threshold = static_cast<std::int32_t>(std::floor(static_cast<double>(ch.levels.threshold.value) * 16 + 0.5));
    out.plateau = ch.levels.threshold.any ? to_u16(100 * ch.levels.plateau) : std::uint16_t{0};
    out.saturated = to_u16(1e4 * field_.saturated[c]);
    return out;
  }

  // Ratio of accepted nuclei with the threshold moved by a factor, without clusters.
  [[nodiscard]] std::uint16_t ratio_at(const JudgedField& judged, float factor) const {
    std::array<std::uint64_t, kIshChannels> sums{};
    for (std::size_t i = 0; i < judged.nuclei.size(); ++i) {
      if (judged.nuclei[i].nucleus.verdict != NucleusVerdict::accepted) {
        continue;
      }
      for (std::size_t c = 0; c < kIshChannels; ++c) {
        const float least = levels_.channel[c].threshold.value / factor;
        for (const std::size_t k : groups_[c][i]) {
          sums[c] += field_.spots[c][k].response >= least ? 1U : 0U;
        }
      }
    }
    return sums[kCep17] == 0 ? std::uint16_t{0}
                             : to_u16(1000.0 * static_cast<double>(sums[kHer2]) / static_cast<double>(sums[kCep17]));
  }

  const FieldReading& field_;
  const CaseLevels& levels_;
  std::array<std::vector<std::vector<std::size_t>>, kIshChannels> groups_;
};

}  // namespace

NucleusVerdict look_verdict(const SeenNucleus& nucleus, const CaseLevels& levels) {
  if (nucleus.border) {
    return NucleusVerdict::border;
  }
  if (nucleus.contact > kMostContact) {
    return NucleusVerdict::overlap;
  }
  if (nucleus.sharpness < kLeastSharpness * levels.usual_sharpness) {
    return NucleusVerdict::out_of_focus;
  }
  if (nucleus.ellipse < kLeastEllipse || nucleus.solidity < kLeastSolidity) {
    return NucleusVerdict::damaged;
  }
  if (nucleus.elongation > kMostElongation || nucleus.area_um2 < kLeastArea * levels.usual_area_um2) {
    return NucleusVerdict::shape;
  }
  return NucleusVerdict::accepted;
}

JudgedField judge_field(const FieldReading& field, const CaseLevels& levels) { return FieldJudge(field, levels).run(); }

}  // namespace her2::signal
