// SPDX-License-Identifier: Apache-2.0
#include "her2/guideline/comparison.h"

#include <bit>

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

std::uint64_t compared_values(const FactType& type, Comparison op, std::uint64_t mask) {
  const std::uint64_t below = (mask & (~mask + 1)) - 1;                           // lower than the lowest
  const std::uint64_t up_to = (std::bit_floor(mask) - 1) | std::bit_floor(mask);  // up to the highest
  const std::uint64_t all = type.all_values();
  switch (op) {
    case Comparison::eq: return mask;
    case Comparison::ne: return all & ~mask;
    case Comparison::lt: return below;
    case Comparison::le: return up_to;
    case Comparison::gt: return all & ~up_to;
    case Comparison::ge: return all & ~below;
  }
  return 0;
}

}  // namespace her2
