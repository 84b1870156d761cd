// SPDX-License-Identifier: Apache-2.0
#include "her2/guideline/point.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <optional>

#include "her2/guideline/decide.h"
#include "her2/guideline/point_plan.h"

namespace her2 {
namespace {

__extension__ using Int128 = __int128;

constexpr std::size_t kMostKnown = 200'000;  // outcomes kept; bounds the memory

enum Bit : std::uint8_t { bit_no = 0, bit_yes = 1, bit_open = 2 };

bool related(Int128 left, Int128 right, Relation relation) {
  switch (relation) {
    case Relation::less: return left < right;
    case Relation::less_equal: return left <= right;
    case Relation::equal: return left == right;
  }
  return false;
}

}  // namespace

PointFacts::PointFacts(const Dictionary& dictionary)
    : dictionary_(&dictionary), choice_(dictionary.size()), number_(dictionary.size()), present_(dictionary.size()) {}

void PointFacts::clear() {
  for (const FactId fact : touched_) {
    choice_[fact] = 0;
    present_[fact] = 0;
  }
  touched_.clear();
}

void PointFacts::set_choice(FactId fact, unsigned index) {
  choice_[fact] = static_cast<std::uint8_t>(index + 1);
  touched_.push_back(fact);
}

bool PointFacts::set_number(FactId fact, const Decimal& number) {
  if (number.scale > kPointDigits) {
    return false;
  }
  static constexpr std::int64_t kPower[] = {1'000'000, 100'000, 10'000, 1'000, 100, 10, 1};
  const Int128 millionths = static_cast<Int128>(number.mantissa) * kPower[number.scale];
  if (millionths >= kMostMillionths || millionths <= -kMostMillionths) {
    return false;
  }
  number_[fact] = static_cast<std::int64_t>(millionths);
  present_[fact] = 1;
  touched_.push_back(fact);
  return true;
}

struct PointDecider::Compiled : PointPlan {
  explicit Compiled(const Plan& source) : PointPlan(source) {}

  // The outcome of every test: in `key` what decides everything that follows. False: the case is not plain.
  bool evaluate(const PointFacts& facts, std::string& key) const {
    if (!exact_enough || bound_twice(facts)) {
      return false;
    }
    key.clear();
    for (const FactId fact : numbers) {
      key.push_back(static_cast<char>(present(facts, fact) ? bit_yes : bit_no));
    }
    for (const auto& test : linear) {
      key.push_back(static_cast<char>(test_linear(facts, test)));
    }
    for (const auto& test : quotient) {
      key.push_back(static_cast<char>(test_quotient(facts, test)));
    }
    for (const FactId fact : choices) {
      key.push_back(static_cast<char>(facts.choice_[fact]));
    }
    return true;
  }

  // Whether the quotients and numbers given may contradict each other. Each links two numbers, or a number with what
  // is known; no contradiction is possible where no link closes a circle and no 0 is involved.
  bool bound_twice(const PointFacts& facts) const {
    std::array<std::uint8_t, kMostLinked> root;  // a forest over known = 0 and the numbers that quotients name
    const auto root_of = [&](std::uint8_t at) {
      while (root[at] != at) {
        at = root[at];
      }
      return at;
    };
    const auto link = [&](std::uint8_t a, std::uint8_t b) {
      a = root_of(a);
      b = root_of(b);
      root[a] = b;
      return a != b;
    };
    bool any = false;
    for (const Link& given : links) {
      if (facts.present_[given.quotient] == 0) {
        continue;
      }
      if (!any) {
        std::iota(root.begin(), root.end(), std::uint8_t{0});
        any = true;
      }
      if (!given.free || !link(given.above, given.below) || zero_involved(facts, given.quotient)) {
        return true;
      }
    }
    return any && std::any_of(links.begin(), links.end(), [&](const Link& given) {
             const FactType& type = dictionary[given.quotient];
             return (given.first_above && facts.present_[type.numerator] != 0 && !link(given.above, 0)) ||
                    (given.first_below && facts.present_[type.denominator] != 0 && !link(given.below, 0));
           });
  }

  // A quotient of 0 says that its numerator is 0: it may be named elsewhere; or a part of it is given as 0.
  bool zero_involved(const PointFacts& facts, FactId given) const {
    const FactType& type = dictionary[given];
    const auto zero = [&](FactId fact) { return facts.present_[fact] != 0 && facts.number_[fact] <= 0; };
    if (zero(type.numerator) || zero(type.denominator)) {
      return true;
    }
    const auto& others = quotients_of[type.numerator];
    return facts.number_[given] <= 0 &&
           (facts.present_[type.numerator] != 0 || std::any_of(others.begin(), others.end(), [&](FactId other) {
              return other != given && facts.present_[other] != 0;
            }));
  }

  // A number has a value when it is given, or when a quotient of it is.
  bool present(const PointFacts& facts, FactId number) const {
    return facts.present_[number] != 0 || std::any_of(quotients_of[number].begin(), quotients_of[number].end(),
                                                      [&](FactId q) { return facts.present_[q] != 0; });
  }

  Bit test_linear(const PointFacts& facts, const LinearTest& test) const {
    Int128 sum = test.constant;
    for (const auto& [fact, coefficient] : test.terms) {
      if (facts.present_[fact] == 0) {
        return missing_in_linear(facts, test);
      }
      sum += static_cast<Int128>(facts.number_[fact]) * coefficient;
    }
    return related(sum, 0, test.relation) ? bit_yes : bit_no;
  }

  Bit missing_in_linear(const PointFacts& facts, const LinearTest& test) const {
    for (const auto& [fact, coefficient] : test.terms) {
      if (!present(facts, fact)) {
        return bit_no;
      }
    }
    // A denominator of a given quotient is above 0, whatever its value.
    if (test.terms.size() == 1 && test.constant == 0) {
      const auto [fact, coefficient] = test.terms.front();
      const bool positive = std::any_of(quotients.begin(), quotients.end(), [&, id = fact](FactId q) {
        return facts.present_[q] != 0 && dictionary[q].denominator == id;
      });
      if (positive) {
        return test.relation != Relation::equal && coefficient < 0 ? bit_yes : bit_no;
      }
    }
    return bit_open;
  }

  // Numerator and denominator of a quotient up to a common factor, both in the same unit; nothing when they do not
  // follow from what is given.
  std::optional<std::pair<std::int64_t, std::int64_t>> parts_of(const PointFacts& facts, FactId fact) const {
    const FactType& type = dictionary[fact];
    if (facts.present_[type.numerator] != 0 && facts.present_[type.denominator] != 0) {
      return std::pair{facts.number_[type.numerator], facts.number_[type.denominator]};
    }
    if (facts.present_[fact] != 0) {
      return std::pair{facts.number_[fact], kPointScale};
    }
    // (a/k) / (b/k), or (c/b) / (c/a).
    for (const FactId x : quotients) {
      for (const FactId y : quotients) {
        if (x == y || facts.present_[x] == 0 || facts.present_[y] == 0) {
          continue;
        }
        const FactType& top = dictionary[x];
        const FactType& bottom = dictionary[y];
        const bool same_below = top.numerator == type.numerator && bottom.numerator == type.denominator &&
                                top.denominator == bottom.denominator;
        const bool same_above = top.denominator == type.denominator && bottom.denominator == type.numerator &&
                                top.numerator == bottom.numerator;
        if ((same_below || same_above) && facts.number_[y] > 0) {
          return std::pair{facts.number_[x], facts.number_[y]};
        }
      }
    }
    return std::nullopt;
  }

  Bit test_quotient(const PointFacts& facts, const QuotientTest& test) const {
    const FactType& type = dictionary[test.fact];
    if (!present(facts, type.numerator) || !present(facts, type.denominator)) {
      return bit_no;
    }
    const auto parts = parts_of(facts, test.fact);
    if (!parts) {
      return bit_open;
    }
    if (parts->second <= 0) {
      return bit_no;
    }
    const bool holds = related(static_cast<Int128>(parts->first) * test.below,
                               static_cast<Int128>(parts->second) * test.above, test.relation);
    return holds != test.negated ? bit_yes : bit_no;
  }
};

namespace {

// Reads the outcome of all tests back from a key and walks the plan with it.
class KeyWalk {
 public:
  template <class Compiled>
  static std::optional<PointOutcome> run(const Compiled& compiled, const std::string& key) {
    KeyWalk walk(compiled.dictionary.size());
    std::size_t at = 0;
    for (const FactId fact : compiled.numbers) {
      walk.present_[fact] = key[at++] == bit_yes;
    }
    walk.linear_ = at;
    walk.quotient_ = at + compiled.linear.size();
    at = walk.quotient_ + compiled.quotient.size();
    for (const FactId fact : compiled.choices) {
      walk.out_.facts[fact] = static_cast<std::uint8_t>(key[at++]);
    }
    walk.key_ = &key;
    walk.dictionary_ = &compiled.dictionary;
    for (std::size_t i = 0; i < compiled.steps.size() && walk.out_.broken_step < 0; ++i) {
      walk.step(compiled.steps[i], *compiled.plan.steps[i].table, i);
    }
    for (std::size_t i = 0; i < compiled.flags.size() && walk.out_.broken_step < 0; ++i) {
      if (walk.met(compiled.flags[i])) {
        walk.out_.flags.push_back(i);
      }
    }
    if (walk.open_) {
      return std::nullopt;
    }
    return std::move(walk.out_);
  }

 private:
  explicit KeyWalk(std::size_t facts) : present_(facts) { out_.facts.resize(facts); }

  template <class Step>
  void step(const Step& step, const Table& table, std::size_t index) {
    if (step.enter && !met(*step.enter)) {
      out_.rows.push_back(kNotEntered);
      return;
    }
    const auto missing = std::count_if(step.required.begin(), step.required.end(), [&](FactId f) { return !has(f); });
    if (missing > 0) {
      open_ = open_ || missing < static_cast<std::ptrdiff_t>(step.required.size());
      out_.rows.push_back(kNotEntered);
      return;
    }
    for (const auto& law : step.space) {
      if (!met(law)) {
        out_.broken_step = static_cast<int>(index);
        return;
      }
    }
    for (std::size_t row = 0; row < step.rows.size(); ++row) {
      if (met(step.rows[row])) {
        out_.rows.push_back(static_cast<int>(row));
        conclude(table.rows[row], index);
        return;
      }
    }
    open_ = true;  // no row: the table is not complete
    out_.rows.push_back(kNotEntered);
  }

  void conclude(const Row& row, std::size_t index) {
    for (const auto& [fact, value] : row.then) {
      if (out_.facts[fact] == 0) {
        out_.facts[fact] = static_cast<std::uint8_t>(value + 1);
      } else if (out_.facts[fact] != value + 1) {
        out_.disagreements.emplace_back(index, fact);
      }
    }
  }

  [[nodiscard]] bool has(FactId fact) const {
    return (*dictionary_)[fact].kind == FactKind::choice ? out_.facts[fact] != 0 : present_[fact];
  }

  bool bit(std::size_t at) {
    open_ = open_ || (*key_)[at] == bit_open;
    return (*key_)[at] == bit_yes;
  }

  bool met(const Compact& condition) {
    switch (condition.op) {
      case Condition::Op::all:
        return std::all_of(condition.parts.begin(), condition.parts.end(), [&](const auto& p) { return met(p); });
      case Condition::Op::any:
        return std::any_of(condition.parts.begin(), condition.parts.end(), [&](const auto& p) { return met(p); });
      case Condition::Op::choice: {
        const std::uint8_t value = out_.facts[condition.fact];
        return (condition.mask & (value == 0 ? kMissingBit : std::uint64_t{1} << (value - 1U))) != 0;
      }
      case Condition::Op::presence: return present_[condition.fact] == (condition.mask == kPresentBit);
      case Condition::Op::linear: return bit(linear_ + condition.test);
      case Condition::Op::quotient: return bit(quotient_ + condition.test);
    }
    return false;
  }

  PointOutcome out_;
  std::vector<bool> present_;
  const Dictionary* dictionary_ = nullptr;
  const std::string* key_ = nullptr;
  std::size_t linear_ = 0, quotient_ = 0;
  bool open_ = false;
};

}  // namespace

PointDecider::PointDecider(const Plan& plan) : compiled_(std::make_unique<Compiled>(plan)) {}
PointDecider::~PointDecider() = default;

const PointOutcome* PointDecider::decide(const PointFacts& facts) {
  if (!compiled_->evaluate(facts, key_)) {
    return nullptr;
  }
  const auto found = known_.find(key_);
  if (found != known_.end()) {
    return found->second.get();
  }
  auto outcome = KeyWalk::run(*compiled_, key_);
  if (known_.size() >= kMostKnown) {
    known_.clear();  // ids start again: see PointOutcome::id
    ++generation_;
  }
  auto& kept = known_[key_];
  if (outcome) {
    outcome->id = static_cast<std::uint32_t>(known_.size() - 1);
    kept = std::make_unique<PointOutcome>(std::move(*outcome));
  }
  return kept.get();
}

}  // namespace her2
