// SPDX-License-Identifier: Apache-2.0
// Written from the conditions as parsed, not from what the proofs make of them (verify_atoms.h), so that the two share
// only the parser.
#include "her2/guideline/smtlib.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace her2 {
namespace {

std::string literal(const Rational& value) {
  const Rational size = abs(value);
  const std::string text = is_integer(size)
                               ? numerator(size).str() + ".0"
                               : fmt::format("(/ {}.0 {}.0)", numerator(size).str(), denominator(size).str());
  return value < 0 ? fmt::format("(- {})", text) : text;
}

class Writer {
 public:
  Writer(const Dictionary& dictionary, const Guideline& guideline, const Table& table)
      : dictionary_(dictionary), guideline_(guideline), table_(table) {}

  std::string run() {
    line("; {}, table {}: {}", guideline_.id, table_.name, table_.title);
    line("(set-logic ALL)");
    for (const FactId input : table_.inputs) {
      declare(input);
    }
    if (table_.enter) {
      line("; where the table applies: {}", one_line(table_.enter_text));
      line("(assert {})", term(*table_.enter));
    }
    for (std::size_t i = 0; i < table_.space.size(); ++i) {
      line("; what the inputs obey: {}", one_line(table_.space_text[i]));
      line("(assert {})", term(table_.space[i]));
    }
    std::vector<std::string> rows;
    for (const Row& row : table_.rows) {
      line("; {}", one_line(row.when_text));
      rows.push_back(fmt::format("|row {}|", row.id));
      line("(define-fun {} () Bool {})", rows.back(), term(row.when));
    }
    check("complete", "unsat", fmt::format("(not (or {}))", fmt::join(rows, " ")));
    std::vector<std::string> pairs{"false"};
    for (std::size_t i = 0; i < rows.size(); ++i) {
      for (std::size_t j = i + 1; j < rows.size(); ++j) {
        pairs.push_back(fmt::format("(and {} {})", rows[i], rows[j]));
      }
    }
    check("exclusive", "unsat", fmt::format("(or {})", fmt::join(pairs, " ")));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      check("reaches " + table_.rows[i].id, "sat", rows[i]);
    }
    return std::move(out_);
  }

 private:
  template <class... Parts>
  void line(fmt::format_string<Parts...> format, Parts&&... parts) {
    out_ += fmt::format(format, std::forward<Parts>(parts)...) + "\n";
  }

  static std::string one_line(std::string text) {
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text;
  }

  void check(const std::string& title, const char* status, const std::string& assertion) {
    line("(push 1)");
    line("(echo \"{} {}\")", table_.name, title);
    line("(assert {})", assertion);
    line("(set-info :status {})", status);
    line("(check-sat)");
    line("(pop 1)");
  }

  [[nodiscard]] std::string name(FactId fact) const { return '|' + dictionary_[fact].name + '|'; }
  // Whether a number has a value.
  [[nodiscard]] std::string there(FactId fact) const { return fmt::format("|{} is there|", dictionary_[fact].name); }
  [[nodiscard]] std::string value(FactId fact, unsigned index) const {
    const FactType& type = dictionary_[fact];
    return fmt::format("|{} {}|", type.name, index < type.values.size() ? type.values[index] : "is missing");
  }

  void declare(FactId fact) {
    const FactType& type = dictionary_[fact];
    if (type.kind == FactKind::choice) {
      std::vector<std::string> values;
      for (unsigned i = 0; i <= type.values.size(); ++i) {
        values.push_back('(' + value(fact, i) + ')');
      }
      line("(declare-datatypes ((|value of {0}| 0)) (({1})))", type.name, fmt::join(values, " "));
      line("(declare-const {} |value of {}|)", name(fact), type.name);
      if (table_.is_required(fact)) {
        line("(assert (distinct {} {}))", name(fact), value(fact, static_cast<unsigned>(type.values.size())));
      }
      return;
    }
    line("(declare-const {} {})", name(fact), type.integer ? "Int" : "Real");
    line("(declare-const {} Bool)", there(fact));
    if (table_.is_required(fact)) {
      line("(assert {})", there(fact));
    }
    if (type.min) {
      line("(assert ({} {} {}))", type.min_open ? ">" : ">=", real(fact), literal(*type.min));
    }
    if (type.max) {
      line("(assert (<= {} {}))", real(fact), literal(*type.max));
    }
  }

  [[nodiscard]] std::string real(FactId fact) const {
    return dictionary_[fact].integer ? fmt::format("(to_real {})", name(fact)) : name(fact);
  }

  [[nodiscard]] std::string term(const Condition& condition) const {
    switch (condition.op) {
      case Condition::Op::all:
      case Condition::Op::any: {
        const bool all = condition.op == Condition::Op::all;
        std::string out = all ? "(and true" : "(or false";
        for (const Condition& part : condition.parts) {
          out += ' ' + term(part);
        }
        return out + ')';
      }
      case Condition::Op::choice: {
        const auto values = static_cast<unsigned>(dictionary_[condition.fact].values.size());
        std::string out = "(or false";
        for (unsigned i = 0; i <= values; ++i) {
          const std::uint64_t bit = i == values ? kMissingBit : std::uint64_t{1} << i;
          if ((condition.mask & bit) != 0) {
            out += fmt::format(" (= {} {})", name(condition.fact), value(condition.fact, i));
          }
        }
        return out + ')';
      }
      case Condition::Op::presence:
        return condition.mask == kPresentBit ? there(condition.fact) : fmt::format("(not {})", there(condition.fact));
      case Condition::Op::linear: return linear(condition);
      case Condition::Op::quotient: return quotient(condition);
    }
    return "false";
  }

  [[nodiscard]] std::string linear(const Condition& condition) const {
    std::string out = "(and";
    std::string sum = "(+ " + literal(condition.form.constant);
    for (const auto& [fact, coefficient] : condition.form.terms) {
      out += ' ' + there(fact);
      sum += fmt::format(" (* {} {})", literal(coefficient), real(fact));
    }
    return fmt::format("{} ({} {}) 0.0))", out, symbol(condition.relation), sum);
  }

  [[nodiscard]] std::string quotient(const Condition& condition) const {
    const FactType& type = dictionary_[condition.fact];
    const std::string test = fmt::format("({} {} (* {} {}))", symbol(condition.relation), real(type.numerator),
                                         literal(condition.form.constant), real(type.denominator));
    return fmt::format("(and {} {} (> {} 0.0) {})", there(type.numerator), there(type.denominator),
                       real(type.denominator), condition.negated ? fmt::format("(not {})", test) : test);
  }

  static const char* symbol(Relation relation) {
    return relation == Relation::less ? "<" : relation == Relation::less_equal ? "<=" : "=";
  }

  const Dictionary& dictionary_;
  const Guideline& guideline_;
  const Table& table_;
  std::string out_;
};

}  // namespace

std::string smtlib(const Dictionary& dictionary, const Guideline& guideline, const Table& table) {
  return Writer(dictionary, guideline, table).run();
}

std::string smtlib(const Dictionary& dictionary, const Guideline& guideline) {
  std::string out;
  for (const Table& table : guideline.tables) {
    out += smtlib(dictionary, guideline, table) + "(reset)\n";
  }
  return out;
}

}  // namespace her2
