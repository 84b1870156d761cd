// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "her2/ish/nucleus_table.h"

// From the nucleus table to whole counts: which nuclei are counted, and what a nucleus's signals add up to when some of
// them may be read in two ways.
namespace her2 {

// One counted nucleus, in whole signals.
struct NucleusCount {
  std::uint32_t her2 = 0, cep17 = 0;
  std::uint32_t area = 0;  // area of tumour
  bool operator==(const NucleusCount&) const = default;
};

enum class ClusterReading : std::uint8_t { mean, integrated, greedy };

// One way to count: whether doubtful signals are signals, and which estimate a cluster takes. The default is what is
// reported as "the count": clear signals, and clusters at the mean of both estimates.
struct CountingWay {
  std::array<bool, kIshChannels> doubtful{false, false};
  ClusterReading clusters = ClusterReading::mean;
  bool operator==(const CountingWay&) const = default;
};

// Spots outside clusters plus the cluster estimate, rounded half up to whole signals.
std::uint32_t count_of(const SignalCount& count, bool doubtful, ClusterReading clusters);

// The accepted nuclei counted in one way, in the order of the table.
std::vector<NucleusCount> counted(const NucleusTable& table, const CountingWay& way = {});
std::vector<std::size_t> accepted(const NucleusTable& table);  // their indices

// The ways that give different counts in this table: with and without the doubtful signals of each channel, each with
// both cluster estimates. One (the default) where nothing is doubtful and no nucleus has a cluster; at most eight.
std::vector<CountingWay> counting_ways(const NucleusTable& table);

// Integer sums over nuclei: all that means, ratio and intervals of independent nuclei need.
struct CountSums {
  std::uint64_t nuclei = 0, her2 = 0, cep17 = 0;
  std::uint64_t her2_her2 = 0, cep17_cep17 = 0, her2_cep17 = 0;  // sums of products

  void add(const NucleusCount& nucleus);
  [[nodiscard]] double her2_mean() const {
    return nuclei > 0 ? static_cast<double>(her2) / static_cast<double>(nuclei) : 0;
  }
  [[nodiscard]] double cep17_mean() const {
    return nuclei > 0 ? static_cast<double>(cep17) / static_cast<double>(nuclei) : 0;
  }
};
CountSums sums_of(std::span<const NucleusCount> nuclei);

}  // namespace her2
