// SPDX-License-Identifier: Apache-2.0
#include "her2/guideline/point.h"

#include <algorithm>
#include <optional>

#include "her2/guideline/decide.h"

namespace her2 {
namespace {

__extension__ using Int128 = __int128;
using boost::multiprecision::cpp_int;

constexpr int kDigits = 6;
constexpr std::int64_t kScale = 1'000'000;
constexpr std::int64_t kMostMillionths = 1'000'000'000 * kScale;
constexpr std::int64_t kMostCoefficient = 1'000'000'000;

constexpr std::size_t kMostKnown = 200'000;  // outcomes kept; bounds the memory

enum Bit : std::uint8_t { kNo = 0, kYes = 1, kOpen = 2 };

// sum coefficient * number + constant REL 0, all in integers (the constant in millionths).
struct LinearTest {
  std::vector<std::pair<FactId, std::int64_t>> terms;
  std::int64_t constant = 0;
  Relation relation = Relation::less;
  friend bool operator==(const LinearTest&, const LinearTest&) = default;
};

// numerator * below REL above * denominator, or its opposite when negated.
struct QuotientTest {
  FactId fact = 0;
  std::int64_t above = 0, below = 1;
  Relation relation = Relation::less;
  bool negated = false;
  friend bool operator==(const QuotientTest&, const QuotientTest&) = default;
};

bool related(Int128 left, Int128 right, Relation relation) {
  switch (relation) {
    case Relation::less: return left < right;
    case Relation::less_equal: return left <= right;
    case Relation::equal: return left == right;
  }
  return false;
}

std::optional<std::int64_t> small(const Rational& value) {
  if (!is_integer(value) || abs(value) > kMostCoefficient) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(numerator(value));
}

// A condition whose numeric tests are numbers of tests.
struct Compact {
  Condition::Op op = Condition::Op::all;
  std::vector<Compact> parts;
  FactId fact = 0;
  std::uint64_t mask = 0;
  std::size_t test = 0;
};

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
  if (number.scale > kDigits) {
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

struct PointDecider::Compiled {
  explicit Compiled(const Plan& source) : plan(source), dictionary(source.dictionary()), quotients_of(source.dictionary().size()) {
    for (FactId fact = 0; fact < dictionary.size(); ++fact) {
      if (const FactType& type = dictionary[fact]; type.kind == FactKind::quotient) {
        quotients.push_back(fact);
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

  struct Step {
    std::optional<Compact> enter;
    std::vector<Compact> space;
    std::vector<Compact> rows;
    std::vector<FactId> required;
  };

  // The outcome of every test: in `key` what decides everything that follows.
  bool evaluate(const PointFacts& facts, std::string& key) const {
    key.clear();
    for (const FactId fact : numbers) {
      key.push_back(static_cast<char>(present(facts, fact) ? kYes : kNo));
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
    return exact_enough;
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
    return related(sum, 0, test.relation) ? kYes : kNo;
  }

  Bit missing_in_linear(const PointFacts& facts, const LinearTest& test) const {
    for (const auto& [fact, coefficient] : test.terms) {
      if (!present(facts, fact)) {
        return kNo;
      }
    }
    // A denominator of a given quotient is above 0, whatever its value.
    if (test.terms.size() == 1 && test.constant == 0) {
      const auto [fact, coefficient] = test.terms.front();
      const bool positive = std::any_of(quotients.begin(), quotients.end(), [&, id = fact](FactId q) {
        return facts.present_[q] != 0 && dictionary[q].denominator == id;
      });
      if (positive) {
        return test.relation != Relation::equal && coefficient < 0 ? kYes : kNo;
      }
    }
    return kOpen;
  }

  // Numerator and denominator of a quotient up to a common factor, both in the same unit; nothing when they do not
  // follow from what is given.
  std::optional<std::pair<std::int64_t, std::int64_t>> parts_of(const PointFacts& facts, FactId fact) const {
    const FactType& type = dictionary[fact];
    if (facts.present_[type.numerator] != 0 && facts.present_[type.denominator] != 0) {
      return std::pair{facts.number_[type.numerator], facts.number_[type.denominator]};
    }
    if (facts.present_[fact] != 0) {
      return std::pair{facts.number_[fact], kScale};
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
      return kNo;
    }
    const auto parts = parts_of(facts, test.fact);
    if (!parts) {
      return kOpen;
    }
    if (parts->second <= 0) {
      return kNo;
    }
    const bool holds = related(static_cast<Int128>(parts->first) * test.below,
                               static_cast<Int128>(parts->second) * test.above, test.relation);
    return holds != test.negated ? kYes : kNo;
  }

  const Plan& plan;
  const Dictionary& dictionary;
  std::vector<FactId> quotients;
  std::vector<std::vector<FactId>> quotients_of;  // for each number: the quotients that name it
  std::vector<FactId> numbers, choices;  // facts that the key holds
  std::vector<LinearTest> linear;
  std::vector<QuotientTest> quotient;
  std::vector<Step> steps;
  std::vector<Compact> flags;
  bool exact_enough = true;  // every coefficient of the plan fits

 private:
  void note_input(FactId fact) {
    auto& list = dictionary[fact].kind == FactKind::choice ? choices : numbers;
    if (std::find(list.begin(), list.end(), fact) == list.end()) {
      list.push_back(fact);
    }
  }

  Compact compact(const Condition& condition) {
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
      case Condition::Op::linear:
        out.test = linear_test(condition);
        break;
      case Condition::Op::quotient:
        out.test = quotient_test(condition);
        break;
      case Condition::Op::choice:
      case Condition::Op::presence:
        break;
    }
    return out;
  }

  std::size_t linear_test(const Condition& condition) {
    cpp_int common = 1;
    const auto widen = [&](const Rational& value) { common = lcm(common, denominator(value)); };
    for (const auto& [fact, coefficient] : condition.form.terms) {
      widen(coefficient);
    }
    const Rational scaled_constant = condition.form.constant * kScale;
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

  std::size_t quotient_test(const Condition& condition) {
    QuotientTest test;
    test.fact = condition.fact;
    test.relation = condition.relation;
    test.above = fit(small(Rational(numerator(condition.form.constant))));
    test.below = fit(small(Rational(denominator(condition.form.constant))));
    test.negated = condition.negated;
    return place_of(quotient, test);
  }

  template <class Test>
  static std::size_t place_of(std::vector<Test>& tests, const Test& test) {
    const auto found = std::find(tests.begin(), tests.end(), test);
    if (found != tests.end()) {
      return static_cast<std::size_t>(found - tests.begin());
    }
    tests.push_back(test);
    return tests.size() - 1;
  }

  std::int64_t fit(std::optional<std::int64_t> value) {
    exact_enough = exact_enough && value.has_value();
    return value.value_or(0);
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
      walk.present_[fact] = key[at++] == kYes;
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
    open_ = open_ || (*key_)[at] == kOpen;
    return (*key_)[at] == kYes;
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
      case Condition::Op::presence:
        return present_[condition.fact] == (condition.mask == kPresentBit);
      case Condition::Op::linear:
        return bit(linear_ + condition.test);
      case Condition::Op::quotient:
        return bit(quotient_ + condition.test);
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
