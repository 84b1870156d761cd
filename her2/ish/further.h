// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "her2/ish/groups.h"

// Is the count enough?
namespace her2 {

// Beyond about 200 nuclei bias decides, not counting: at a ratio of 1.9 an error of 5 % in either channel (recall,
// threshold, truncation) already reaches the border (docs/ish.md).
inline constexpr std::uint64_t kBiasNuclei = 200;

struct FurtherNuclei {
  enum class Verdict : std::uint8_t {
    enough,           // the chance of a wrong group is at or below the level
    count_more,       // about `further` nuclei more would bring it there
    not_by_counting,  // more than kBiasNuclei would be needed: errors that counting does not lessen decide
    not_by_doubtful,  // how doubtful signals or clusters are read decides, with however many nuclei
  } verdict = Verdict::enough;
  double wrong = 0;           // chance of a wrong group now
  std::uint64_t further = 0;  // nuclei; count_more: to count, not_by_counting: what would be needed (at most 100,000)
  double spread = 0;          // relative SD of the ratio from nucleus to nucleus
};

// The chance of a wrong group is 1 minus the share of the likeliest one. That of n more nuclei is taken at the same
// means and the same spread from nucleus to nucleus, in new areas like those counted: an expectation, not a promise.
FurtherNuclei further_nuclei(std::span<const LogMoments> ways, double level = 0.05);

}  // namespace her2
