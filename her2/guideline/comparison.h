// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "her2/guideline/condition.h"

namespace her2 {

// A sum as it stands in a comparison: linear, or a quotient alone.
struct Side {
  LinearForm form;
  bool is_quotient = false;
  FactId quotient = 0;
};

enum class Comparison : std::uint8_t { eq, ne, lt, le, gt, ge };

// "left OP right" as a condition. Fails, without a place, when a quotient stands beside anything but a number of 0 or
// more, or when no fact is compared.
Result<Condition> compared(const Side& left, Comparison op, const Side& right);

// Mask of the values of an ordered choice that stand in relation OP to all values of `mask` (a value, or a group of
// neighbours; not empty); for == and != of any choice those that are, or are not, in the mask.
std::uint64_t compared_values(const FactType& type, Comparison op, std::uint64_t mask);

}  // namespace her2
