// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "her2/report/ish_model.h"

namespace her2 {

// Everything that a person should look at before believing the count, worst first: what makes it worthless (refused),
// and what may mislead (warning). What is fine is said where guidelines ask for it.
std::vector<IhcVerdict> ish_verdicts(const NucleusTable& table, const IshScore& score);

}  // namespace her2
