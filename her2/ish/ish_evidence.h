// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "her2/core/error.h"
#include "her2/evidence/case.h"
#include "her2/ish/score.h"

// From counted nuclei to the facts that a guideline's tables take.
namespace her2 {

inline constexpr std::size_t kIshReplicates = 2000;

// Adds to a specimen: probe, cells, her2_total and cep17_total (a lower bound where a nucleus's count is one), the
// areas where they are known, from pixels also the shares of unscorable and of cytoplasmic signals (exact quotients),
// and of a second population that was found its share and, when it is amplified and the rest is not, amplified_percent.
// With two or more nuclei and signals of both channels also an ensemble of the three counts (replicates_of(), all ways
// of counting alike), unless HER2 is a lower bound. Fails when the dictionary lacks one of these facts, when the
// specimen has one of them already, or when no nucleus was counted.
Result<void> add_ish_facts(const NucleusTable& table, const IshScore& score, const Dictionary& dictionary,
                           Specimen& specimen);

// The same counts as the blinded recount of an additional observer: recount_cells, recount_her2_total,
// recount_cep17_total, and whether it was blinded and in the area with IHC 2+ where that is known.
struct Recount {
  std::optional<bool> blinded, in_ihc_2_area;
};
Result<void> add_recount_facts(const NucleusTable& table, const CountSums& sums, const Recount& recount,
                               const Dictionary& dictionary, Specimen& specimen);

}  // namespace her2
