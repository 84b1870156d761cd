// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "her2/ish/counting.h"
#include "her2/ish/nucleus_table.h"
#include "her2/stats/proportion.h"

// A second population of nuclei with more HER2 signals.
namespace her2 {

struct SecondPopulation {
  bool tested = false;    // at least kPopulationNuclei nuclei with at least two different counts
  bool found = false;     // two are told apart: p at most 1 % on both scales, separation at least 2, twice the signals
  double p = 1;           // of one population; the larger of both scales
  double separation = 0;  // Ashman's D, difference of the means over the SD; the smaller of both scales
  std::uint64_t members = 0;
  ShareInterval share;       // of members among counted nuclei: Clopper and Pearson, 95 %
  std::vector<bool> member;  // of each counted nucleus: as many HER2 signals as make it likelier to be one
  CountSums first, second;   // counted apart

  // Whether members lie together. By positions, where nuclei have some: how many members have a member as their nearest
  // counted nucleus; else by areas, where there are two or more: how uneven they are. Against 999 shuffles of labels.
  std::optional<double> together_p;
  enum class Pattern : std::uint8_t { unknown, together, intermingled } pattern = Pattern::unknown;  // p at most 5 %
};

inline constexpr std::uint64_t kPopulationNuclei = 20;

// Two normal populations of one variance against one, by likelihood ratio, with its distribution under one population
// simulated (parametric bootstrap, McLachlan 1987, Appl Stat 36:318-324; 199 samples). On sqrt(h) and on log(h + 1/2):
// a skewed single population looks like two on one of them, so both must say so. D: Ashman et al. 1994, AJ 108:2348.
// `nuclei`: the accepted ones of the table, in its order. Random numbers depend on the sums of the counts alone.
SecondPopulation second_population(const NucleusTable& table, std::span<const NucleusCount> nuclei);

}  // namespace her2
