// SPDX-License-Identifier: Apache-2.0
#include "her2/guideline/point_classes.h"

#include <algorithm>

#include "her2/guideline/point.h"
#include "her2/guideline/point_plan.h"

namespace her2 {
namespace {

__extension__ using Int128 = __int128;

}  // namespace

NumberCells::NumberCells(const Plan& plan) : dictionary_(plan.dictionary()), alone_(plan.dictionary().size()) {
  const PointPlan tests(plan);
  for (FactId fact = 0; fact < dictionary_.size(); ++fact) {
    alone_[fact] = tests.exact_enough && dictionary_[fact].kind == FactKind::number && tests.quotients_of[fact].empty();
  }
  for (const LinearTest& test : tests.linear) {
    for (const auto& [fact, coefficient] : test.terms) {
      alone_[fact] = alone_[fact] && test.terms.size() == 1;
    }
    if (test.terms.size() == 1) {
      const auto [fact, coefficient] = test.terms.front();
      constants_[fact].push_back(Rational(-test.constant) / (Rational(coefficient) * kPointScale));
    }
  }
  for (auto& [fact, constants] : constants_) {
    std::sort(constants.begin(), constants.end());
    constants.erase(std::unique(constants.begin(), constants.end()), constants.end());
  }
}

const std::vector<Rational>& NumberCells::constants_of(FactId number) const {
  static const std::vector<Rational> kNone;
  const auto found = constants_.find(number);
  return found == constants_.end() ? kNone : found->second;
}

NumberCells::Place NumberCells::place_of(const std::vector<Rational>& constants, const Rational& at) {
  const auto next = std::lower_bound(constants.begin(), constants.end(), at);
  const auto below = static_cast<std::uint32_t>(next - constants.begin());
  const bool on_constant = next != constants.end() && *next == at;
  return {2 * below + (on_constant ? 1U : 0U), on_constant};
}

NumberCells::Cells NumberCells::all_cells(FactId number) const {
  const auto& constants = constants_of(number);
  const FactType& type = dictionary_[number];
  Cells out{0, static_cast<std::uint32_t>(2 * constants.size())};
  if (type.min) {
    const Place place = place_of(constants, *type.min);
    out.first = place.cell + (place.on_constant && type.min_open ? 1U : 0U);
  }
  if (type.max) {
    out.last = place_of(constants, *type.max).cell;
  }
  return out;
}

NumberCells::Cells NumberCells::cells(FactId number, const Value& value) const {
  const auto& constants = constants_of(number);
  Cells out = all_cells(number);
  if (value.low) {
    const Place place = place_of(constants, value.low->at);
    out.first = std::max(out.first, place.cell + (place.on_constant && value.low->open ? 1U : 0U));
  }
  if (value.high) {
    const Place place = place_of(constants, value.high->at);
    out.last = std::min(out.last, place.cell - (place.on_constant && value.high->open ? 1U : 0U));
  }
  return out;
}

std::optional<Decimal> NumberCells::example(FactId number, std::uint32_t cell) const {
  const auto& constants = constants_of(number);
  const std::size_t below = cell / 2;
  Rational at = 0;
  if (cell % 2 != 0) {
    at = constants[below];
  } else if (!constants.empty()) {
    const Rational low = below == 0 ? constants.front() - 2 : constants[below - 1];
    const Rational high = below == constants.size() ? constants.back() + 2 : constants[below];
    at = (low + high) / 2;
  }
  const Rational millionths = at * kPointScale;
  if (!is_integer(millionths) || abs(millionths) >= kMostMillionths) {
    return std::nullopt;
  }
  return Decimal{static_cast<std::int64_t>(numerator(millionths)), kPointDigits};
}

ExactTests::ExactTests(const Plan& plan, const std::vector<std::vector<FactId>>& numbers) {
  const PointPlan source(plan);
  std::map<FactId, std::uint32_t> places;
  for (std::uint32_t i = 0; i < numbers.size(); ++i) {
    for (const FactId fact : numbers[i]) {
      places[fact] = i;
    }
  }
  for (const LinearTest& linear : source.linear) {
    Test test;
    test.constant = linear.constant;
    test.relation = linear.relation;
    add(test, linear.terms, places);
  }
  for (const QuotientTest& quotient : source.quotient) {
    const FactType& type = source.dictionary[quotient.fact];
    const auto below = places.find(type.denominator);
    Test test;
    test.relation = quotient.relation;
    test.negated = quotient.negated;
    test.above_zero = below == places.end() ? -1 : static_cast<std::int64_t>(below->second);
    add(test, {{type.numerator, quotient.below}, {type.denominator, -quotient.above}}, places);
  }
  usable_ = source.exact_enough && tests_.size() <= kMostTests && numbers.size() <= kMostNumbers;
}

// A test that reads a number which is always missing is never met, and left out.
void ExactTests::add(Test test, const std::vector<std::pair<FactId, std::int64_t>>& terms,
                     const std::map<FactId, std::uint32_t>& places) {
  const bool all_there =
      std::all_of(terms.begin(), terms.end(), [&](const auto& t) { return places.contains(t.first); });
  if (!all_there || terms.empty()) {
    return;
  }
  test.first = static_cast<std::uint32_t>(terms_.size());
  for (const auto& [fact, coefficient] : terms) {
    const std::uint32_t place = places.at(fact);
    terms_.push_back({place, coefficient});
    test.needs |= std::uint64_t{1} << place % kMostNumbers;
  }
  test.last = static_cast<std::uint32_t>(terms_.size());
  tests_.push_back(test);
}

std::optional<std::int64_t> ExactTests::millionths(const Decimal& number) {
  static constexpr std::array<std::int64_t, kPointDigits + 1> kPower{1'000'000, 100'000, 10'000, 1'000, 100, 10, 1};
  if (number.scale > kPointDigits) {
    return std::nullopt;
  }
  const Int128 out = static_cast<Int128>(number.mantissa) * kPower[number.scale];
  if (out >= kMostMillionths || out <= -kMostMillionths) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(out);
}

ExactTests::Met ExactTests::met(const std::int64_t* millionths, std::uint64_t given) const {
  Met out{};
  for (std::size_t i = 0; i < tests_.size(); ++i) {
    const Test& test = tests_[i];
    if ((test.needs & ~given) != 0 || (test.above_zero >= 0 && millionths[test.above_zero] <= 0)) {
      continue;
    }
    Int128 sum = test.constant;
    for (std::uint32_t term = test.first; term < test.last; ++term) {
      sum += static_cast<Int128>(millionths[terms_[term].number]) * terms_[term].coefficient;
    }
    const bool holds = test.relation == Relation::less         ? sum < 0
                       : test.relation == Relation::less_equal ? sum <= 0
                                                               : sum == 0;
    out[i / 64] |= std::uint64_t{holds != test.negated} << i % 64;
  }
  return out;
}

}  // namespace her2
