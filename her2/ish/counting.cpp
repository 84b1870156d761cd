// SPDX-License-Identifier: Apache-2.0
#include "her2/ish/counting.h"

#include <algorithm>

namespace her2 {

std::uint32_t count_of(const SignalCount& count, bool doubtful, ClusterReading clusters) {
  const std::uint32_t spots = count.clear + (doubtful ? count.doubtful : 0U);
  const std::uint32_t both = std::uint32_t{count.cluster.integrated} + count.cluster.greedy;
  switch (clusters) {
    case ClusterReading::integrated: return spots + (count.cluster.integrated + 50U) / 100;
    case ClusterReading::greedy: return spots + (count.cluster.greedy + 50U) / 100;
    case ClusterReading::mean: break;
  }
  return spots + (both + 100) / 200;
}

std::vector<std::size_t> accepted(const NucleusTable& table) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < table.nuclei.size(); ++i) {
    if (table.nuclei[i].verdict == NucleusVerdict::accepted) {
      out.push_back(i);
    }
  }
  return out;
}

std::vector<NucleusCount> counted(const NucleusTable& table, const CountingWay& way) {
  std::vector<NucleusCount> out;
  for (const IshNucleus& nucleus : table.nuclei) {
    if (nucleus.verdict == NucleusVerdict::accepted) {
      out.push_back({count_of(nucleus.counts[0], way.doubtful[0], way.clusters),
                     count_of(nucleus.counts[1], way.doubtful[1], way.clusters), nucleus.area_of_tumour});
    }
  }
  return out;
}

std::vector<CountingWay> counting_ways(const NucleusTable& table) {
  std::array<bool, kIshChannels> doubtful{};
  bool disagree = false;
  for (const IshNucleus& nucleus : table.nuclei) {
    for (std::size_t c = 0; c < kIshChannels && nucleus.verdict == NucleusVerdict::accepted; ++c) {
      const SignalCount& count = nucleus.counts[c];
      doubtful[c] = doubtful[c] || count.doubtful > 0;
      disagree = disagree ||
                 count_of(count, false, ClusterReading::integrated) != count_of(count, false, ClusterReading::greedy);
    }
  }
  std::vector<CountingWay> out;
  for (int h = 0; h <= (doubtful[0] ? 1 : 0); ++h) {
    for (int c = 0; c <= (doubtful[1] ? 1 : 0); ++c) {
      const std::array<bool, kIshChannels> with{h == 1, c == 1};
      if (disagree) {
        out.push_back({with, ClusterReading::integrated});
        out.push_back({with, ClusterReading::greedy});
      } else {
        out.push_back({with, ClusterReading::mean});
      }
    }
  }
  return out;
}

void CountSums::add(const NucleusCount& nucleus) {
  const std::uint64_t h = nucleus.her2;
  const std::uint64_t c = nucleus.cep17;
  ++nuclei;
  her2 += h;
  cep17 += c;
  her2_her2 += h * h;
  cep17_cep17 += c * c;
  her2_cep17 += h * c;
}

CountSums sums_of(std::span<const NucleusCount> nuclei) {
  CountSums out;
  for (const NucleusCount& nucleus : nuclei) {
    out.add(nucleus);
  }
  return out;
}

}  // namespace her2
