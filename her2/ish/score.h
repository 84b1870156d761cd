// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "her2/ish/counting.h"
#include "her2/ish/further.h"
#include "her2/ish/groups.h"
#include "her2/ish/intervals.h"
#include "her2/ish/nucleus_table.h"
#include "her2/ish/population.h"

namespace her2 {

// How the nuclei that were found fared, and the shares by which guidelines reject a slide.
struct IshTally {
  std::array<std::uint64_t, kNucleusVerdicts> nuclei{};  // by NucleusVerdict
  std::uint64_t found = 0;
  std::uint64_t edited = 0;         // by a person
  std::uint64_t without_cep17 = 0;  // counted nuclei without any CEP17 signal: a person counted them
  std::uint64_t at_least = 0;       // counted nuclei whose HER2 count is a lower bound
  std::size_t areas = 0;            // of tumour, with counted nuclei
  bool areas_known = false;         // areas were named or fields tell them
  // Signals of nuclei that were rejected for weak signals, of those and of counted nuclei; signals over cytoplasm, of
  // all clear ones, in whatever nucleus or none. Only from pixels.
  std::uint64_t unscorable = 0, scorable = 0;
  std::uint64_t cytoplasmic = 0, clear = 0;

  [[nodiscard]] std::uint64_t counted() const { return nuclei[0]; }
  [[nodiscard]] std::uint64_t of(NucleusVerdict verdict) const { return nuclei.at(static_cast<std::size_t>(verdict)); }
};
IshTally tally_of(const NucleusTable& table);

// One way of counting and what comes of it.
struct CountedWay {
  CountingWay way;
  CountSums sums;
  std::optional<int> group;           // exact
  std::optional<LogMoments> moments;  // absent: no signal of one channel, or fewer than two nuclei
};

// Everything that the counts alone tell. A pure function of the table.
struct IshScore {
  IshTally tally;
  CountedWay count;  // the count that is reported: clear signals, clusters at the mean of both estimates
  std::vector<CountedWay> ways;
  Interval her2, cep17, ratio;              // 95 %, over all ways; {0, 0}: not known
  std::optional<Interval> ratio_bootstrap;  // 95 %, bootstrap-t, of `count`
  std::optional<GroupShares> groups;
  FurtherNuclei further;
  double level = 0.05;  // of a wrong group, for `further`
  SecondPopulation second;
  std::vector<NucleusCount> nuclei;  // counted ones, as in `count`
};
IshScore score_ish(const NucleusTable& table, double level = 0.05);

// Nuclei that a reader's rule leaves out because one channel shows no signal, of all that are otherwise good; and what
// leaving them out does: a ratio above 1 is drawn towards 1 (docs/ish.md). 0 where none were found.
double truncated_share(const IshTally& tally);

}  // namespace her2
