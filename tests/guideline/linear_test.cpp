// SPDX-License-Identifier: Apache-2.0
#include "her2/guideline/linear.h"

#include <gtest/gtest.h>

#include "tests/guideline/fixture.h"

namespace her2 {
namespace {

using test::Dice;

Constraint constraint(std::vector<int> coefficients, Relation relation, const Rational& constant) {
  Constraint out;
  for (std::size_t i = 0; i < coefficients.size(); ++i) {
    if (coefficients[i] != 0) {
      out.form.add(static_cast<FactId>(i), coefficients[i]);
    }
  }
  out.form.constant = constant;
  out.relation = relation;
  return out;
}

bool holds(const Constraint& constraint, const std::map<FactId, Rational>& values) {
  Rational sum = constraint.form.constant;
  for (const auto& [fact, coefficient] : constraint.form.terms) {
    sum += coefficient * values.at(fact);
  }
  switch (constraint.relation) {
    case Relation::less: return sum < 0;
    case Relation::less_equal: return sum <= 0;
    case Relation::equal: return sum == 0;
  }
  return false;
}

bool all_hold(const std::vector<Constraint>& system, const std::map<FactId, Rational>& values) {
  return std::all_of(system.begin(), system.end(), [&](const Constraint& c) { return holds(c, values); });
}

TEST(Linear, EmptySystemHasASolution) {
  EXPECT_TRUE(feasible({}));
  EXPECT_TRUE(solution({})->empty());
}

TEST(Linear, StrictAndNotStrict) {
  const Constraint at_most = constraint({1}, Relation::less_equal, -2);   // x <= 2
  const Constraint at_least = constraint({-1}, Relation::less_equal, 2);  // x >= 2
  const Constraint below = constraint({1}, Relation::less, -2);
  const Constraint above = constraint({-1}, Relation::less, 2);
  const Constraint equal = constraint({3}, Relation::equal, -6);
  EXPECT_TRUE(feasible({at_most, at_least}));
  EXPECT_EQ(solution({at_most, at_least})->at(0), 2);
  EXPECT_FALSE(feasible({below, at_least}));
  EXPECT_FALSE(feasible({at_most, above}));
  EXPECT_FALSE(feasible({below, above}));
  EXPECT_TRUE(feasible({equal, at_most, at_least}));
  EXPECT_FALSE(feasible({equal, below}));
  EXPECT_FALSE(feasible({equal, constraint({1}, Relation::equal, -3)}));
}

TEST(Linear, ConstantsAloneHoldOrNot) {
  EXPECT_TRUE(feasible({constraint({}, Relation::less_equal, 0)}));
  EXPECT_FALSE(feasible({constraint({}, Relation::less, 0)}));
  EXPECT_FALSE(feasible({constraint({1, 1}, Relation::less, 0), constraint({-1, -1}, Relation::less_equal, 0)}));
}

TEST(Linear, PrefersWholeNumbers) {
  // 2.3 < x < 3.1: 3; 2.3 < x < 2.9: no whole number there.
  EXPECT_EQ(solution({constraint({-10}, Relation::less, 23), constraint({10}, Relation::less, -31)})->at(0), 3);
  const auto between = solution({constraint({-10}, Relation::less, 23), constraint({10}, Relation::less, -29)});
  EXPECT_GT(between->at(0), Rational(23, 10));
  EXPECT_LT(between->at(0), Rational(29, 10));
  EXPECT_EQ(solution({constraint({-1}, Relation::less, -5)})->at(0), 0) << "zero where it fits";
  EXPECT_EQ(solution({constraint({1}, Relation::less, 5)})->at(0), -6) << "bounded above only";
}

TEST(Linear, RangesOfAFact) {
  // 0 <= x, 0 < y, x + y <= 4
  const std::vector<Constraint> system{constraint({-1}, Relation::less_equal, 0),
                                       constraint({0, -1}, Relation::less, 0),
                                       constraint({1, 1}, Relation::less_equal, -4)};
  const auto x = range_of(0, system);
  ASSERT_TRUE(x);
  EXPECT_EQ(x->low, (Bound{0, false}));
  EXPECT_EQ(x->high, (Bound{4, true}));
  const auto y = range_of(1, system);
  EXPECT_EQ(y->low, (Bound{0, true}));
  EXPECT_EQ(y->high, (Bound{4, false}));
  const auto other = range_of(2, system);
  ASSERT_TRUE(other);
  EXPECT_FALSE(other->low || other->high);
  EXPECT_FALSE(range_of(0, {constraint({1}, Relation::less, 0), constraint({-1}, Relation::less, 0)}));
  EXPECT_FALSE(range_of(0, {constraint({0, 1}, Relation::less, 0), constraint({0, -1}, Relation::less, 0)}));
}

// Random systems over three facts with small whole coefficients, compared with every point of a grid of thirds: a
// point that satisfies the system proves it feasible; a solution must satisfy it; a range must hold every point.
TEST(Linear, AgreesWithBruteForce) {
  Dice dice(20240601);
  int solvable = 0;
  for (int round = 0; round < 500; ++round) {
    std::vector<Constraint> system;
    for (FactId fact = 0; fact < 3; ++fact) {  // a box, so that the grid covers it
      system.push_back(constraint({fact == 0, fact == 1, fact == 2}, Relation::less_equal, -2));
      system.push_back(constraint({-(fact == 0), -(fact == 1), -(fact == 2)}, Relation::less_equal, 0));
    }
    const int more = dice.roll(1, 5);
    for (int i = 0; i < more; ++i) {
      const int kind = dice.roll(0, 5);
      system.push_back(constraint({dice.roll(-3, 3), dice.roll(-3, 3), dice.roll(-3, 3)},
                                  kind == 0  ? Relation::equal
                                  : kind < 3 ? Relation::less
                                             : Relation::less_equal,
                                  dice.roll(-6, 6)));
    }
    const auto found = solution(system);
    EXPECT_EQ(found.has_value(), feasible(system)) << "round " << round;
    if (found) {
      ++solvable;
      std::map<FactId, Rational> values = *found;
      for (FactId fact = 0; fact < 3; ++fact) {
        values.try_emplace(fact, 0);
      }
      EXPECT_TRUE(all_hold(system, values)) << "round " << round;
    }
    const auto x_range = range_of(0, system);
    EXPECT_EQ(x_range.has_value(), found.has_value()) << "round " << round;
    for (int x = 0; x <= 6; ++x) {
      for (int y = 0; y <= 6; ++y) {
        for (int z = 0; z <= 6; ++z) {
          const std::map<FactId, Rational> point{{0, Rational(x, 3)}, {1, Rational(y, 3)}, {2, Rational(z, 3)}};
          if (!all_hold(system, point)) {
            continue;
          }
          ASSERT_TRUE(found) << "round " << round << ": a point was found by hand";
          const Rational& at = point.at(0);
          EXPECT_TRUE((!x_range->low || at > x_range->low->at || (at == x_range->low->at && !x_range->low->open)) &&
                      (!x_range->high || at < x_range->high->at || (at == x_range->high->at && !x_range->high->open)))
              << "round " << round;
        }
      }
    }
  }
  EXPECT_GT(solvable, 80);
  EXPECT_LT(solvable, 450);
}

// The ends of a range are reached, or all but reached when open.
TEST(Linear, RangesAreTight) {
  Dice dice(7);
  for (int round = 0; round < 400; ++round) {
    std::vector<Constraint> system;
    for (int i = dice.roll(2, 6); i > 0; --i) {
      system.push_back(constraint({dice.roll(-3, 3), dice.roll(-3, 3)},
                                  dice.chance(50) ? Relation::less : Relation::less_equal, dice.roll(-6, 6)));
    }
    const auto range = range_of(0, system);
    if (!range) {
      EXPECT_FALSE(feasible(system));
      continue;
    }
    const auto reaches = [&](const Rational& from, const Rational& to) {
      auto cut = system;
      cut.push_back(constraint({-1}, Relation::less_equal, from));
      cut.push_back(constraint({1}, Relation::less_equal, -to));
      return feasible(cut);
    };
    const Rational step(1, 1'000'000);
    if (range->low) {
      const Rational low = range->low->at;
      EXPECT_EQ(reaches(low, low), !range->low->open) << "round " << round;
      EXPECT_TRUE(reaches(low, low + step)) << "round " << round;
      EXPECT_FALSE(reaches(low - 1, low - step)) << "round " << round;
    } else {
      EXPECT_TRUE(reaches(-1'000'000, -1000)) << "round " << round;
    }
    if (range->high) {
      EXPECT_EQ(reaches(range->high->at, range->high->at), !range->high->open) << "round " << round;
      EXPECT_TRUE(reaches(range->high->at - step, range->high->at)) << "round " << round;
    }
  }
}

}  // namespace
}  // namespace her2
