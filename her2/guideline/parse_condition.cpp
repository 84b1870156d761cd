// SPDX-License-Identifier: Apache-2.0
// Recursive descent over the grammar of docs/guideline-files.md, section "Conditions".
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "her2/guideline/comparison.h"
#include "her2/guideline/condition_scanner.h"

namespace her2 {
namespace {

constexpr int kMaxDepth = 100;
constexpr std::size_t kMaxLength = 10'000;

class Parser : private ConditionScanner {
 public:
  Parser(std::string_view text, const Dictionary& dictionary, const ConditionNames& names)
      : ConditionScanner(text), dictionary_(dictionary), names_(names) {}

  Result<Condition> whole_condition() {
    if (text_.size() > kMaxLength) {
      return fail(fmt::format("the condition is longer than {} characters", kMaxLength));
    }
    auto condition = disjunction();
    return at_end(std::move(condition));
  }

  Result<LinearForm> whole_sum() {
    auto side = sum();
    if (side && side->is_quotient) {
      return error_here("a sum of facts and numbers, not a quotient");
    }
    return at_end(side.map([](Side& s) { return std::move(s.form); }));
  }

 private:
  template <class T>
  Result<T> at_end(Result<T> result) {
    skip_blanks();
    if (result && at_ < text_.size()) {
      return error_here("the end of the condition, or 'and' or 'or'");
    }
    return result;
  }

  Result<Condition> disjunction() { return chain(Condition::Op::any, "or", "||", &Parser::conjunction); }
  Result<Condition> conjunction() { return chain(Condition::Op::all, "and", "&&", &Parser::negation); }

  Result<Condition> chain(Condition::Op op, std::string_view word, std::string_view symbol,
                          Result<Condition> (Parser::*next)()) {
    skip_blanks();
    const std::size_t begin = at_;
    auto first = (this->*next)();
    if (!first) {
      return first;
    }
    Condition out;
    out.op = negate_ ? (op == Condition::Op::all ? Condition::Op::any : Condition::Op::all) : op;
    out.parts.push_back(std::move(*first));
    while (take_word(word) || take(symbol)) {
      auto part = (this->*next)();
      if (!part) {
        return part;
      }
      out.parts.push_back(std::move(*part));
    }
    if (out.parts.size() == 1) {
      return std::move(out.parts.front());
    }
    out.text = source_since(begin);
    return out;
  }

  Result<Condition> negation() {
    skip_blanks();
    const std::size_t begin = at_;
    if (++depth_ > kMaxDepth) {
      return error_at(at_, fmt::format("the condition is nested deeper than {} levels", kMaxDepth));
    }
    Result<Condition> out = Condition{};
    if (take_word("not") || (text_.substr(at_, 2) != "!=" && take("!"))) {
      negate_ = !negate_;  // pushed down to the tests, so that nested negations cannot multiply the condition
      out = negation();
      negate_ = !negate_;
      if (out) {
        out->text = source_since(begin);
      }
    } else if (take("(")) {
      out = disjunction();
      if (out && !take(")")) {
        out = error_here("')'");
      }
    } else {
      out = test();
      if (out) {
        if (negate_) {
          *out = complement(*out, dictionary_);
        }
        out->text = source_since(begin);
      }
    }
    --depth_;
    return out;
  }

  Result<Condition> test() {
    if (take_word("known")) {
      if (!take("(")) {
        return error_here("'(' after 'known'");
      }
      const auto fact = fact_here();
      if (!fact) {
        return tl::unexpected(fact.error());
      }
      if (!take(")")) {
        return error_here("')'");
      }
      return known(*fact, true);
    }
    const std::string_view name = peek_name();
    if (const auto fact = dictionary_.find(name)) {
      const std::size_t begin = at_;
      at_ += name.size();
      if (take_word("is")) {
        const bool is_known = take_word("known");
        if (!is_known && !take_word("missing")) {
          return error_here("'known' or 'missing' after 'is'");
        }
        return known(*fact, is_known);
      }
      if (dictionary_[*fact].kind == FactKind::choice) {
        return choice_test(*fact);
      }
      at_ = begin;
    }
    return comparison();
  }

  Result<FactId> fact_here() {
    const std::string_view name = peek_name();
    const auto fact = dictionary_.find(name);
    if (!fact) {
      return unknown_name(name);
    }
    at_ += name.size();
    return *fact;
  }

  tl::unexpected<Error> unknown_name(std::string_view name) {
    if (name.empty()) {
      return error_here("the name of a fact");
    }
    const auto similar = dictionary_.similar(name);
    return error_at(at_, fmt::format("there is no fact, sum or parameter called '{}'{}", name,
                                     similar.empty() ? "" : fmt::format("; did you mean '{}'?", similar.front())));
  }

  Condition known(FactId fact, bool is_known) {
    const FactType& type = dictionary_[fact];
    Condition out;
    out.fact = fact;
    if (type.kind == FactKind::choice) {
      out.op = Condition::Op::choice;
      out.mask = is_known ? type.all_values() : kMissingBit;
      return out;
    }
    if (type.kind == FactKind::number) {
      out.op = Condition::Op::presence;
      out.mask = is_known ? kPresentBit : kMissingBit;
      return out;
    }
    // A quotient has a value when both parts have and the denominator is above 0: q >= 0 or q < 0.
    Condition at_least;
    at_least.op = Condition::Op::quotient;
    at_least.fact = fact;
    at_least.relation = Relation::less;
    Condition below = at_least;
    at_least.negated = true;
    out.op = Condition::Op::any;
    out.parts = {at_least, below};
    return is_known ? out : complement(out, dictionary_);
  }

  // Mask of the value, or of the group, that stands here.
  Result<std::uint64_t> value_of(FactId fact) {
    skip_blanks();
    const std::size_t begin = at_;
    std::string_view value;
    if (take("\"")) {
      const auto end = text_.find('"', at_);
      if (end == std::string_view::npos) {
        return error_at(begin, "the quote is never closed");
      }
      value = text_.substr(at_, end - at_);
      at_ = end + 1;
    } else {
      while (at_ < text_.size() && is_value_char(text_[at_])) {
        ++at_;
      }
      value = text_.substr(begin, at_ - begin);
    }
    const FactType& type = dictionary_[fact];
    if (const std::uint64_t mask = type.mask_of(value); mask != 0) {
      return mask;
    }
    return error_at(begin, fmt::format("'{}' is not a value of {} ({})", value, type.name, type.signature()));
  }

  std::optional<Comparison> comparison_symbol() {
    static constexpr std::array<std::pair<std::string_view, Comparison>, 6> kSymbols{{{"==", Comparison::eq},
                                                                                      {"!=", Comparison::ne},
                                                                                      {"<=", Comparison::le},
                                                                                      {">=", Comparison::ge},
                                                                                      {"<", Comparison::lt},
                                                                                      {">", Comparison::gt}}};
    for (const auto& [symbol, op] : kSymbols) {
      if (take(symbol)) {
        return op;
      }
    }
    return std::nullopt;
  }

  Result<Condition> choice_test(FactId fact) {
    const FactType& type = dictionary_[fact];
    Condition out;
    out.op = Condition::Op::choice;
    out.fact = fact;
    if (take_word("in")) {
      if (!take("{")) {
        return error_here("'{' after 'in'");
      }
      do {
        const auto value = value_of(fact);
        if (!value) {
          return tl::unexpected(value.error());
        }
        out.mask |= *value;
      } while (take(","));
      if (!take("}")) {
        return error_here("',' or '}'");
      }
      return out;
    }
    const std::size_t begin = at_;
    const auto op = comparison_symbol();
    if (!op) {
      const auto yes = type.index_of("yes");
      if (!yes) {
        return error_here(fmt::format("'==', '!=' or 'in' after '{}'", type.name));
      }
      out.mask = std::uint64_t{1} << *yes;
      return out;
    }
    const auto value = value_of(fact);
    if (!value) {
      return tl::unexpected(value.error());
    }
    if (!type.ordered && *op != Comparison::eq && *op != Comparison::ne) {
      return error_at(begin, fmt::format("the values of {} have no order: use == or in", type.name));
    }
    out.mask = compared_values(type, *op, *value);
    return out;
  }

  Result<Condition> comparison() {
    auto left = sum();
    if (!left) {
      return tl::unexpected(left.error());
    }
    Condition out;
    do {
      const std::size_t begin = at_;
      const auto op = comparison_symbol();
      if (!op) {
        return error_here("a comparison (==, !=, <, <=, >, >=)");
      }
      auto right = sum();
      if (!right) {
        return tl::unexpected(right.error());
      }
      auto part = compared(*left, *op, *right);
      if (!part) {
        return error_at(begin, part.error().reason);
      }
      out.parts.push_back(std::move(*part));
      left = std::move(right);
      skip_blanks();
    } while (at_ < text_.size() && (text_[at_] == '<' || text_[at_] == '>') && out.parts.size() < 2);
    return out.parts.size() == 1 ? std::move(out.parts.front()) : out;
  }

  Result<Side> sum() {
    Side out;
    Rational sign = 1;
    bool first = true;
    do {
      auto part = term();
      if (!part) {
        return part;
      }
      if (part->is_quotient) {
        skip_blanks();
        const bool more = at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-');
        if (!first || more) {
          return error_at(at_, "a quotient may stand only alone on one side of a comparison");
        }
        return part;
      }
      out.form.add(part->form, sign);
      first = false;
      if (take("+")) {
        sign = 1;
      } else if (take("-")) {
        sign = -1;
      } else {
        return out;
      }
    } while (true);
  }

  Result<Side> term() {
    skip_blanks();
    Side out;
    Rational factor = 1;
    if (at_ < text_.size() && is_digit(text_[at_])) {
      std::size_t end = at_;
      while (end < text_.size() && (is_digit(text_[end]) || text_[end] == '.')) {
        ++end;
      }
      const auto number = Decimal::parse(text_.substr(at_, end - at_));
      if (!number) {
        return error_here("a number such as 4 or 2.0");
      }
      at_ = end;
      factor = number->rational();
      if (!take("*")) {
        out.form.constant = factor;
        return out;
      }
    }
    const std::string_view name = peek_name();
    if (const auto sum = names_.sums.find(name); sum != names_.sums.end()) {
      out.form.add(sum->second, factor);
    } else if (const auto parameter = names_.parameters.find(name); parameter != names_.parameters.end()) {
      out.form.constant = parameter->second * factor;
    } else if (const auto fact = dictionary_.find(name)) {
      const FactType& type = dictionary_[*fact];
      if (type.kind == FactKind::choice) {
        return error_at(at_, fmt::format("'{}' is a choice, not a number", name));
      }
      out.is_quotient = type.kind == FactKind::quotient;
      out.quotient = *fact;
      if (out.is_quotient && factor != 1) {
        return error_at(at_, "a quotient may stand only alone on one side of a comparison");
      }
      if (!out.is_quotient) {
        out.form.add(*fact, factor);
      }
    } else {
      return unknown_name(name);
    }
    at_ += name.size();
    return out;
  }

  const Dictionary& dictionary_;
  const ConditionNames& names_;
  int depth_ = 0;
  bool negate_ = false;  // an odd number of negations stands around what is being read
};

}  // namespace

Result<Condition> parse_condition(std::string_view text, const Dictionary& dictionary, const ConditionNames& names) {
  return Parser(text, dictionary, names).whole_condition();
}

Result<LinearForm> parse_sum(std::string_view text, const Dictionary& dictionary, const ConditionNames& names) {
  return Parser(text, dictionary, names).whole_sum();
}

}  // namespace her2
