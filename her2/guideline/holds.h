// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <optional>

#include "her2/evidence/value.h"
#include "her2/guideline/condition.h"

namespace her2 {

// One fully known case, asked fact by fact.
struct KnownCase {
  std::function<std::uint64_t(FactId)> choice;            // bit of the value; kMissingBit: missing
  std::function<std::optional<Rational>(FactId)> number;  // nothing: missing
};

// Whether the case meets a condition.
[[nodiscard]] bool holds(const Dictionary& dictionary, const Condition& condition, const KnownCase& known);
// Facts not listed are missing.
[[nodiscard]] bool holds(const Dictionary& dictionary, const Condition& condition,
                         const std::map<FactId, Value>& facts);

}  // namespace her2
