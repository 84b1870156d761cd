// SPDX-License-Identifier: Apache-2.0
#include "her2/guideline/point_plan.h"

#include <algorithm>

namespace her2 {
namespace {

using boost::multiprecision::cpp_int;

constexpr std::int64_t kMostCoefficient = 1'000'000'000;

std::optional<std::int64_t> small(const Rational& value) {
  if (!is_integer(value) || abs(value) > kMostCoefficient) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(numerator(value));
}

template <class Test>
std::size_t place_of(std::vector<Test>& tests, const Test& test) {
  const auto found = std::find(tests.begin(), tests.end(), test);
  if (found != tests.end()) {
    return static_cast<std::size_t>(found - tests.begin());
  }
  tests.push_back(test);
  return tests.size() - 1;
}

}  // namespace

PointPlan::PointPlan(const Plan& source)
    : plan(source), dictionary(source.dictionary()), quotients_of(source.dictionary().size()) {
  for (FactId fact = 0; fact < dictionary.size(); ++fact) {
    if (const FactType& type = dictionary[fact]; type.kind == FactKind::quotient) {
      quotients.push_back(fact);
      link(fact);
      quotients_of[type.numerator].push_back(fact);
      quotients_of[type.denominator].push_back(fact);
    }
  }
  for (const auto& step : plan.steps) {
    Step out;
    if (step.table->enter) {
      out.enter = compact(*step.table->enter);
    }
    for (const auto& law : step.table->space) {
      out.space.push_back(compact(law));
    }
    for (const auto& row : step.table->rows) {
      out.rows.push_back(compact(row.when));
    }
    for (const FactId input : step.table->inputs) {
      if (step.table->is_required(input)) {
        out.required.push_back(input);
      }
      note_input(input);
    }
    for (const FactId fact : step.table->gives) {
      note_input(fact);
    }
    steps.push_back(std::move(out));
  }
  for (const auto& watch : plan.flags) {
    flags.push_back(compact(watch.flag->when));
    for (const FactId fact : facts_read(watch.flag->when, dictionary)) {
      note_input(fact);
    }
  }
}

void PointPlan::link(FactId given) {
  const FactType& type = dictionary[given];
  Link out;
  out.quotient = given;
  std::size_t next = 1;
  for (const Link& other : links) {
    const FactType& named = dictionary[other.quotient];
    for (const auto& [fact, place] : {std::pair{named.numerator, other.above}, {named.denominator, other.below}}) {
      out.above = fact == type.numerator ? place : out.above;
      out.below = fact == type.denominator ? place : out.below;
      next = std::max<std::size_t>(next, place + 1U);
    }
  }
  out.first_above = out.above == 0;
  out.first_below = out.below == 0;
  exact_enough = exact_enough && next + 2 < kMostLinked;
  if (out.first_above) {
    out.above = static_cast<std::uint8_t>(next++);
  }
  if (out.first_below) {
    out.below = static_cast<std::uint8_t>(next);
  }
  const auto unbounded = [&](FactId fact) {
    const FactType& part = dictionary[fact];
    return !part.max && (!part.min || *part.min <= 0);
  };
  out.free = unbounded(type.numerator) && unbounded(type.denominator);
  links.push_back(out);
}

void PointPlan::note_input(FactId fact) {
  auto& list = dictionary[fact].kind == FactKind::choice ? choices : numbers;
  if (std::find(list.begin(), list.end(), fact) == list.end()) {
    list.push_back(fact);
  }
}

Compact PointPlan::compact(const Condition& condition) {
  Compact out;
  out.op = condition.op;
  out.fact = condition.fact;
  out.mask = condition.mask;
  switch (condition.op) {
    case Condition::Op::all:
    case Condition::Op::any:
      for (const auto& part : condition.parts) {
        out.parts.push_back(compact(part));
      }
      break;
    case Condition::Op::linear: out.test = linear_test(condition); break;
    case Condition::Op::quotient: out.test = quotient_test(condition); break;
    case Condition::Op::choice:
    case Condition::Op::presence: break;
  }
  return out;
}

std::size_t PointPlan::linear_test(const Condition& condition) {
  cpp_int common = 1;
  const auto widen = [&](const Rational& value) { common = lcm(common, denominator(value)); };
  for (const auto& [fact, coefficient] : condition.form.terms) {
    widen(coefficient);
  }
  const Rational scaled_constant = condition.form.constant * kPointScale;
  widen(scaled_constant);
  LinearTest test;
  test.relation = condition.relation;
  for (const auto& [fact, coefficient] : condition.form.terms) {
    test.terms.emplace_back(fact, fit(small(coefficient * Rational(common))));
  }
  const Rational constant = scaled_constant * Rational(common);
  exact_enough = exact_enough && abs(constant) < Rational(kMostMillionths);
  test.constant = exact_enough ? static_cast<std::int64_t>(numerator(constant)) : 0;
  return place_of(linear, test);
}

std::size_t PointPlan::quotient_test(const Condition& condition) {
  QuotientTest test;
  test.fact = condition.fact;
  test.relation = condition.relation;
  test.above = fit(small(Rational(numerator(condition.form.constant))));
  test.below = fit(small(Rational(denominator(condition.form.constant))));
  test.negated = condition.negated;
  return place_of(quotient, test);
}

std::int64_t PointPlan::fit(std::optional<std::int64_t> value) {
  exact_enough = exact_enough && value.has_value();
  return value.value_or(0);
}

}  // namespace her2
