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
  bool found = false;     // two are told apart, see second_population()
  double p = 1;           // of one population (mixture.h); 1 where it was not needed to say so
  double separation = 0;  // Ashman's D: difference of the means over the SD
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

// Two normal populations against one (mixture.h): p at most 2 %, separation (Ashman et al. 1994, AJ 108:2348) at least
// 3, the second with twice the signals and 3 more on average, and in at most 70 % of the nuclei: a few nuclei with
// little, as the knife leaves them, make the rest no second population. All but p is our own reading of the guideline's
// "second population with increased HER2 signals"; what it finds and misses: docs/ish.md. `nuclei`: the accepted ones
// of the table, in its order. Random numbers depend on the sums of the counts alone.
SecondPopulation second_population(const NucleusTable& table, std::span<const NucleusCount> nuclei);

}  // namespace her2
