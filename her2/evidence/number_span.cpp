// SPDX-License-Identifier: Apache-2.0
#include "her2/evidence/number_span.h"

#include <algorithm>

namespace her2 {
namespace {

bool below(const std::optional<Bound>& high, const std::optional<Bound>& low) {
  return high && low && (high->at < low->at || (high->at == low->at && (high->open || low->open)));
}

Bound not_negative(const std::optional<Bound>& low) { return low && low->at > 0 ? *low : Bound{0, false}; }

}  // namespace

NumberSpan point_span(const Rational& at) { return {Bound{at, false}, Bound{at, false}}; }

std::optional<NumberSpan> exact_span(const Value* value) {
  if (value == nullptr || value->state != Value::State::number) {
    return std::nullopt;
  }
  return NumberSpan{value->low, value->high};
}

std::optional<NumberSpan> written_span(const Value* value) {
  auto out = exact_span(value);
  if (out && value->written && value->exact_number()) {
    const Rational slack = std::min(value->written->last_digit(), Rational(1, 10));
    out->low->at -= slack;
    out->high->at += slack;
  }
  return out;
}

NumberSpan product(const NumberSpan& a, const NumberSpan& b) {
  const Bound low_a = not_negative(a.low);
  const Bound low_b = not_negative(b.low);
  const bool zero = (low_a.at == 0 && !low_a.open) || (low_b.at == 0 && !low_b.open);
  NumberSpan out{Bound{low_a.at * low_b.at, !zero && (low_a.open || low_b.open)}, std::nullopt};
  if (a.high && b.high) {
    out.high = Bound{a.high->at * b.high->at, a.high->open || b.high->open};
  }
  return out;
}

bool overlap(const NumberSpan& a, const NumberSpan& b) { return !below(a.high, b.low) && !below(b.high, a.low); }

}  // namespace her2
