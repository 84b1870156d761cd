// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "her2/core/decimal.h"
#include "her2/evidence/value.h"
#include "her2/guideline/condition.h"

namespace her2 {

// `form REL 0` over real-valued facts.
struct Constraint {
  LinearForm form;
  Relation relation = Relation::less_equal;
  friend bool operator==(const Constraint&, const Constraint&) = default;
};

// Whether some real values satisfy all constraints. Exact: equations are substituted, then Fourier-Motzkin
// elimination in rational arithmetic (Dantzig, Eaves: J. Comb. Theory A 14:288, 1973). A small problem is expected:
// tens of constraints, about ten facts.
[[nodiscard]] bool feasible(const std::vector<Constraint>& constraints);

// One solution with simple numbers (whole ones where there is room), or nothing. Facts that no constraint names are
// left out.
[[nodiscard]] std::optional<std::map<FactId, Rational>> solution(const std::vector<Constraint>& constraints);

// All values that `fact` takes in solutions: an interval, or nothing when there is no solution.
struct Range {
  std::optional<Bound> low, high;  // absent: unbounded
};
[[nodiscard]] std::optional<Range> range_of(FactId fact, const std::vector<Constraint>& constraints);

}  // namespace her2
