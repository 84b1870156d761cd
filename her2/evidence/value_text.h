// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "her2/evidence/value.h"

namespace her2 {

// The two halves of parse_value; call parse_value instead. `text` is trimmed and not empty.

// Index of the value with this spelling, letters in either case.
[[nodiscard]] std::optional<unsigned> find_choice(const FactType& type, std::string_view text);

// Mask of the values that a case can record.
[[nodiscard]] std::uint64_t recordable(const FactType& type);

Result<Value> parse_choice(const FactType& type, std::string_view text);
Result<Value> parse_number(const FactType& type, std::string_view text);

}  // namespace her2
