// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>

#include "her2/evidence/value.h"
#include "her2/guideline/condition.h"

namespace her2 {

// Whether one fully known case meets a condition; facts not listed are missing.
[[nodiscard]] bool holds(const Dictionary& dictionary, const Condition& condition,
                         const std::map<FactId, Value>& facts);

}  // namespace her2
