// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "her2/guideline/linear.h"

namespace her2 {

// feasible() in 64-bit integers; nothing when the problem is too large for them. The tests compare the two.
[[nodiscard]] std::optional<bool> feasible_in_integers(const std::vector<Constraint>& constraints);

// feasible() in rational numbers of any size: the twin that is always right.
[[nodiscard]] bool feasible_in_rationals(const std::vector<Constraint>& constraints);

}  // namespace her2
