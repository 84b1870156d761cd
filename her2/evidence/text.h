// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace her2 {

// Small text helpers that every reader of hand-written values needs. "Letters" are ASCII letters: names and values of
// the dictionary are ASCII, anything else is compared byte by byte.

// Without blanks (space, tab, CR, LF and the no-break space U+00A0) on both sides.
[[nodiscard]] std::string_view trimmed(std::string_view text) noexcept;

// ASCII letters in lower case.
[[nodiscard]] constexpr char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
[[nodiscard]] std::string lowered(std::string_view text);
[[nodiscard]] bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept;

// The text in double quotes for an error message: control characters and quotes escaped, cut after 60 bytes (at a
// character's end) with "..." behind.
[[nodiscard]] std::string in_quotes(std::string_view text);

// "a, b or c".
[[nodiscard]] std::string listed(std::span<const std::string> words, std::string_view last = "or");

// At most three of `known` that look like `name`, the nearest first; empty when none does.
[[nodiscard]] std::vector<std::string> similar_names(std::string_view name, std::span<const std::string> known);

// "; did you mean a or b?" for the names of similar_names, or "".
[[nodiscard]] std::string did_you_mean(std::span<const std::string> similar);

// Offset of the first byte that is not part of well-formed UTF-8, or npos.
[[nodiscard]] std::size_t find_bad_utf8(std::string_view text) noexcept;

}  // namespace her2
