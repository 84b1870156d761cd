// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "her2/cell/nuclei.h"

namespace her2 {

// How much of the smaller of two nuclei lies in the other, 1/1000, judged at 32 points spread over the smaller.
int overlap(const Nucleus& a, const Nucleus& b);

// Of nuclei that overlap by more than `most` (1/1000) and whose seeds are nearer than `near` (1/32 pixel) in x and in
// y, those with the better score stay. Decided in `rounds` rounds: in each, one that no undecided better one overlaps
// stays, and sends away those that it overlaps; what is undecided at the end goes. Looks 2 * rounds * near far.
void settle_overlaps(std::vector<Nucleus>& nuclei, int most, int near, int rounds);

}  // namespace her2
