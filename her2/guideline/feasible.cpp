// SPDX-License-Identifier: Apache-2.0
// Feasibility in machine integers: the same elimination as linear.cpp, for the question that is asked most. Any
// overflow gives up, and linear.cpp answers in exact arithmetic of any size.
#include "her2/guideline/feasible.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>

namespace her2 {
namespace {

using boost::multiprecision::cpp_int;

constexpr std::size_t kMostFacts = 24;
constexpr std::size_t kMostRows = 96;

// sum coefficient[i] * fact[i] + constant REL 0.
struct IntRow {
  std::array<std::int64_t, kMostFacts> coefficient{};
  std::int64_t constant = 0;
  Relation relation = Relation::less_equal;
};

// Gives up (overflow or too many rows) by setting `lost`.
class IntSystem {
 public:
  bool load(const std::vector<Constraint>& constraints) {
    for (const auto& constraint : constraints) {
      if (!load_one(constraint)) {
        return false;
      }
    }
    return true;
  }

  // Nothing: gave up.
  std::optional<bool> feasible() {
    while (!empty_ && !lost_ && substitute()) {
    }
    for (std::size_t left = facts_.size(); left > 0 && !empty_ && !lost_; --left) {
      eliminate(cheapest());
    }
    return lost_ ? std::nullopt : std::optional<bool>(!empty_);
  }

 private:
  bool load_one(const Constraint& constraint) {
    cpp_int common = denominator(constraint.form.constant);
    for (const auto& term : constraint.form.terms) {
      common = lcm(common, denominator(term.second));
    }
    IntRow row;
    row.relation = constraint.relation;
    if (!whole(constraint.form.constant, common, row.constant)) {
      return false;
    }
    for (const auto& [fact, value] : constraint.form.terms) {
      const auto at = column_of(fact);
      if (at >= kMostFacts || !whole(value, common, row.coefficient[at])) {
        return false;
      }
    }
    add(row);
    return !lost_;
  }

  static bool whole(const Rational& value, const cpp_int& common, std::int64_t& out) {
    const cpp_int scaled = numerator(value) * (common / denominator(value));
    if (abs(scaled) > cpp_int(INT64_MAX / 4)) {
      return false;
    }
    out = static_cast<std::int64_t>(scaled);
    return true;
  }

  std::size_t column_of(FactId fact) {
    const auto found = std::find(facts_.begin(), facts_.end(), fact);
    if (found != facts_.end()) {
      return static_cast<std::size_t>(found - facts_.begin());
    }
    facts_.push_back(fact);
    return facts_.size() - 1;
  }

  static bool holds(const IntRow& row) {
    return row.relation == Relation::less         ? row.constant < 0
           : row.relation == Relation::less_equal ? row.constant <= 0
                                                  : row.constant == 0;
  }

  // Keeps the row in lowest terms; of parallel ones the tightest.
  void add(IntRow row) {
    std::int64_t divisor = 0;
    for (const std::int64_t c : row.coefficient) {
      divisor = std::gcd(divisor, c);
    }
    if (divisor == 0) {
      empty_ = empty_ || !holds(row);
      return;
    }
    divisor = std::gcd(divisor, row.constant);
    if (divisor > 1) {
      for (std::int64_t& c : row.coefficient) {
        c /= divisor;
      }
      row.constant /= divisor;
    }
    for (IntRow& other : rows_) {
      if (other.coefficient == row.coefficient && other.relation != Relation::equal &&
          row.relation != Relation::equal) {
        if (row.constant > other.constant || (row.constant == other.constant && row.relation == Relation::less)) {
          other = row;
        }
        return;
      }
    }
    rows_.push_back(row);
    lost_ = lost_ || rows_.size() > kMostRows;
  }

  // first * a + second * b.
  IntRow combine(const IntRow& first, std::int64_t a, const IntRow& second, std::int64_t b) {
    IntRow out;
    const auto mix = [&](std::int64_t x, std::int64_t y) {
      std::int64_t left = 0;
      std::int64_t right = 0;
      std::int64_t sum = 0;
      lost_ = lost_ || __builtin_mul_overflow(x, a, &left) || __builtin_mul_overflow(y, b, &right) ||
              __builtin_add_overflow(left, right, &sum);
      return sum;
    };
    for (std::size_t i = 0; i < facts_.size(); ++i) {
      out.coefficient[i] = mix(first.coefficient[i], second.coefficient[i]);
    }
    out.constant = mix(first.constant, second.constant);
    return out;
  }

  // Uses an equation to replace a fact everywhere.
  bool substitute() {
    const auto equation =
        std::find_if(rows_.begin(), rows_.end(), [](const IntRow& r) { return r.relation == Relation::equal; });
    if (equation == rows_.end()) {
      return false;
    }
    const IntRow used = *equation;
    rows_.erase(equation);
    std::size_t column = 0;
    while (used.coefficient[column] == 0) {
      ++column;
    }
    std::vector<IntRow> rest;
    rest.swap(rows_);
    const std::int64_t pivot = used.coefficient[column];
    for (const IntRow& row : rest) {
      const std::int64_t own = row.coefficient[column];
      if (own == 0) {
        add(row);
        continue;
      }
      IntRow mixed = combine(row, pivot < 0 ? -pivot : pivot, used, pivot < 0 ? own : -own);
      mixed.relation = row.relation;
      add(mixed);
    }
    return true;
  }

  std::size_t cheapest() const {
    std::size_t best = 0;
    long best_cost = -1;
    for (std::size_t column = 0; column < facts_.size(); ++column) {
      long upper = 0;
      long lower = 0;
      for (const IntRow& row : rows_) {
        upper += row.coefficient[column] > 0 ? 1 : 0;
        lower += row.coefficient[column] < 0 ? 1 : 0;
      }
      const long cost = upper + lower == 0 ? -1 : upper * lower;
      if (cost >= 0 && (best_cost < 0 || cost < best_cost)) {
        best = column;
        best_cost = cost;
      }
    }
    return best;
  }

  void eliminate(std::size_t column) {
    std::vector<IntRow> all;
    all.swap(rows_);
    for (const IntRow& row : all) {
      if (row.coefficient[column] == 0) {
        rows_.push_back(row);
      }
    }
    for (const IntRow& high : all) {
      if (high.coefficient[column] <= 0) {
        continue;
      }
      for (const IntRow& low : all) {
        if (low.coefficient[column] >= 0 || empty_ || lost_) {
          continue;
        }
        IntRow joined = combine(high, -low.coefficient[column], low, high.coefficient[column]);
        joined.relation =
            high.relation == Relation::less || low.relation == Relation::less ? Relation::less : Relation::less_equal;
        add(joined);
      }
    }
  }

  std::vector<FactId> facts_;
  std::vector<IntRow> rows_;
  bool empty_ = false;
  bool lost_ = false;
};

}  // namespace

std::optional<bool> feasible_in_integers(const std::vector<Constraint>& constraints) {
  IntSystem system;
  return system.load(constraints) ? system.feasible() : std::nullopt;
}

}  // namespace her2
