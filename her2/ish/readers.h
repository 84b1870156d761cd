// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "her2/ish/counting.h"
#include "her2/ish/nucleus_table.h"
#include "her2/stats/quantile.h"

// Two people's counts of one specimen.
namespace her2 {

// Differences of one channel where both counted the same nuclei: Bland and Altman, Lancet 1986;327:307-310.
struct PairedDifference {
  double mean = 0;          // second minus first, signals per nucleus
  Interval limits;          // of agreement: mean -+ 1.96 standard deviations
  std::uint64_t equal = 0;  // nuclei with the same count
};

struct ReaderComparison {
  bool paired = false;      // the same nuclei, by name
  std::uint64_t pairs = 0;  // nuclei that both counted
  PairedDifference her2, cep17;

  // Second over first, with 95 % limits: t on the difference of the logarithms, of paired nuclei or (Welch) of two
  // samples. Absent where a ratio is.
  std::optional<double> ratio_factor;
  Interval ratio_limits;
  bool ratio_differs = false;  // the limits leave out 1
  std::optional<int> first_group, second_group;
  bool groups_differ = false;  // one has a group that the other has not
};

// The accepted nuclei of both. Paired when both name their nuclei, no name stands twice, and at least half of the
// smaller table's are in both; then ratio_factor is that of the nuclei in both.
ReaderComparison compare_readers(const NucleusTable& first, const NucleusTable& second);

}  // namespace her2
