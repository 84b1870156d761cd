// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "her2/guideline/difference.h"
#include "her2/guideline/difference_space.h"

namespace her2 {

// Decides every kind of case of the space by both plans and puts together where they differ. Inside of difference.cpp.
FactDifference compare(const Plan& before, const Plan& after, FactId fact, DifferenceSpace space,
                       const Condition* where);

}  // namespace her2
