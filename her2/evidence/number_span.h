// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "her2/evidence/value.h"

namespace her2 {

// An interval of numbers; an absent end is not bounded. Inside of reconcile.cpp.
struct NumberSpan {
  std::optional<Bound> low, high;
};

[[nodiscard]] NumberSpan point_span(const Rational& at);
// What the value says, exactly; nullopt when it is no number.
[[nodiscard]] std::optional<NumberSpan> exact_span(const Value* value);
// What a written number may stand for: one unit of its last digit to either side, at most 0.1 (people write "5" for
// 5.0), so that rounding and cutting off are both allowed. Bounds are taken as they stand.
[[nodiscard]] std::optional<NumberSpan> written_span(const Value* value);
// Products of two numbers that are 0 or more (what lies below 0 is left out).
[[nodiscard]] NumberSpan product(const NumberSpan& a, const NumberSpan& b);
[[nodiscard]] bool overlap(const NumberSpan& a, const NumberSpan& b);

}  // namespace her2
