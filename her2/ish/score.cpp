// SPDX-License-Identifier: Apache-2.0
#include "her2/ish/score.h"

#include <algorithm>
#include <set>

namespace her2 {
namespace {

std::uint64_t signals_in(const IshNucleus& nucleus) {
  std::uint64_t out = 0;
  for (const SignalCount& count : nucleus.counts) {
    out += count_of(count, true, ClusterReading::mean);
  }
  return out;
}

CountedWay counted_way(const NucleusTable& table, const CountingWay& way) {
  CountedWay out;
  out.way = way;
  const auto nuclei = counted(table, way);
  out.sums = sums_of(nuclei);
  out.group = ish_group(out.sums.her2, out.sums.cep17, out.sums.nuclei);
  out.moments = log_moments(nuclei);
  return out;
}

// The intervals of all ways that have them; a mean may have one where the ratio has none.
void set_intervals(IshScore& out) {
  std::vector<LogEstimate> her2;
  std::vector<LogEstimate> cep17;
  std::vector<LogEstimate> ratio;
  for (const CountedWay& way : out.ways) {
    if (way.moments) {
      her2.push_back(way.moments->her2);
      cep17.push_back(way.moments->cep17);
      ratio.push_back(way.moments->ratio);
      continue;
    }
    if (const auto mean = log_mean(way.sums.nuclei, way.sums.her2, way.sums.her2_her2)) {
      her2.push_back(*mean);
    }
    if (const auto mean = log_mean(way.sums.nuclei, way.sums.cep17, way.sums.cep17_cep17)) {
      cep17.push_back(*mean);
    }
  }
  out.her2 = interval_of(her2);
  out.cep17 = interval_of(cep17);
  out.ratio = interval_of(ratio);
}

}  // namespace

IshTally tally_of(const NucleusTable& table) {
  IshTally out;
  std::set<std::uint32_t> areas;
  for (const IshNucleus& nucleus : table.nuclei) {
    ++out.found;
    ++out.nuclei.at(static_cast<std::size_t>(nucleus.verdict));
    out.edited += nucleus.editor.empty() ? 0U : 1U;
    const std::uint64_t signals = signals_in(nucleus);
    for (const SignalCount& count : nucleus.counts) {
      out.clear += count_of(count, false, ClusterReading::mean);
    }
    if (nucleus.verdict == NucleusVerdict::accepted) {
      areas.insert(nucleus.area_of_tumour);
      out.without_cep17 += count_of(nucleus.counts[1], false, ClusterReading::mean) == 0 ? 1U : 0U;
      out.at_least += nucleus.counts[0].cluster.at_least ? 1U : 0U;
      out.scorable += signals;
    } else if (nucleus.verdict == NucleusVerdict::weak_signals) {
      out.unscorable += signals;
      out.scorable += signals;
    }
  }
  for (const IshSignal& signal : table.stray_signals()) {
    out.cytoplasmic += signal.state == SignalState::cytoplasmic ? 1U : 0U;
    ++out.clear;
  }
  out.areas = areas.size();
  out.areas_known = !table.areas.empty() &&
                    std::none_of(table.areas.begin(), table.areas.end(), [](const auto& a) { return a.empty(); });
  return out;
}

IshScore score_ish(const NucleusTable& table, double level) {
  IshScore out;
  out.level = level;
  out.tally = tally_of(table);
  out.nuclei = counted(table);
  out.count = counted_way(table, {});
  for (const CountingWay& way : counting_ways(table)) {
    out.ways.push_back(counted_way(table, way));
  }
  set_intervals(out);
  std::vector<LogMoments> moments;
  std::vector<MeansBelief> beliefs;
  for (const CountedWay& way : out.ways) {
    if (way.moments) {
      moments.push_back(*way.moments);
      beliefs.push_back(belief_of(*way.moments));
    }
  }
  if (moments.size() == out.ways.size()) {
    out.groups = group_shares(beliefs);
    out.further = further_nuclei(moments, level);
    out.ratio_bootstrap = bootstrap_t_ratio(out.nuclei, out.count.sums.her2 * 1'000'003 + out.count.sums.cep17);
  }
  out.second = second_population(table, out.nuclei);
  return out;
}

double truncated_share(const IshTally& tally) {
  const auto lost = static_cast<double>(tally.of(NucleusVerdict::too_few_signals));
  const double all = lost + static_cast<double>(tally.counted());
  return all > 0 ? lost / all : 0;
}

}  // namespace her2
