// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <set>
#include <vector>

namespace her2 {

// Some values of each of several choices: a mask for each, in one order.
using ClassBox = std::vector<std::uint64_t>;

// The same set of cases as few boxes: two that differ in one choice become one, until none do. Inside of
// difference.cpp.
[[nodiscard]] std::vector<ClassBox> merged_boxes(std::set<ClassBox> boxes);

}  // namespace her2
