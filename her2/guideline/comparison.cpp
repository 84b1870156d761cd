// SPDX-License-Identifier: Apache-2.0
#include "her2/guideline/comparison.h"

namespace her2 {
namespace {

Comparison mirrored(Comparison op) {
  switch (op) {
    case Comparison::lt: return Comparison::gt;
    case Comparison::le: return Comparison::ge;
    case Comparison::gt: return Comparison::lt;
    case Comparison::ge: return Comparison::le;
    default: return op;
  }
}

Condition quotient_test(FactId fact, Comparison op, const Rational& constant) {
  Condition out;
  if (op == Comparison::ne) {
    out.op = Condition::Op::any;
    out.parts = {quotient_test(fact, Comparison::lt, constant), quotient_test(fact, Comparison::gt, constant)};
    return out;
  }
  out.op = Condition::Op::quotient;
  out.fact = fact;
  out.form.constant = constant;
  out.relation = (op == Comparison::lt || op == Comparison::ge)   ? Relation::less
                 : (op == Comparison::le || op == Comparison::gt) ? Relation::less_equal
                                                                  : Relation::equal;
  out.negated = op == Comparison::ge || op == Comparison::gt;
  return out;
}

}  // namespace

Result<Condition> compared(const Side& left, Comparison op, const Side& right) {
  if (left.is_quotient || right.is_quotient) {
    const Side& number = left.is_quotient ? right : left;
    if (number.is_quotient || !number.form.terms.empty() || number.form.constant < 0) {
      return fail("a quotient is compared with a number of 0 or more, and with nothing else");
    }
    const FactId fact = left.is_quotient ? left.quotient : right.quotient;
    return quotient_test(fact, left.is_quotient ? op : mirrored(op), number.form.constant);
  }
  LinearForm difference = left.form;
  difference.add(right.form, -1);
  if (difference.terms.empty()) {
    return fail("the comparison holds no fact");
  }
  Condition out;
  out.op = Condition::Op::linear;
  if (op == Comparison::gt || op == Comparison::ge) {
    LinearForm turned;
    turned.add(difference, -1);
    difference = std::move(turned);
  }
  out.form = std::move(difference);
  switch (op) {
    case Comparison::eq: out.relation = Relation::equal; return out;
    case Comparison::lt:
    case Comparison::gt: out.relation = Relation::less; return out;
    case Comparison::le:
    case Comparison::ge: out.relation = Relation::less_equal; return out;
    case Comparison::ne: break;
  }
  Condition either;
  either.op = Condition::Op::any;
  out.relation = Relation::less;
  either.parts.push_back(out);
  LinearForm turned;
  turned.add(out.form, -1);
  out.form = std::move(turned);
  either.parts.push_back(std::move(out));
  return either;
}

std::uint64_t compared_values(const FactType& type, Comparison op, unsigned value) {
  const std::uint64_t bit = std::uint64_t{1} << value;
  const std::uint64_t below = bit - 1;
  const std::uint64_t all = type.all_values();
  switch (op) {
    case Comparison::eq: return bit;
    case Comparison::ne: return all & ~bit;
    case Comparison::lt: return below;
    case Comparison::le: return below | bit;
    case Comparison::gt: return all & ~(below | bit);
    case Comparison::ge: return all & ~below;
  }
  return 0;
}

}  // namespace her2
