// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// Text as a terminal shows it. Everything that comes from a case or a file passes `printable` before it is shown.
namespace her2 {

// Next code point of `text` from `at`, which moves behind it. Bytes that are no UTF-8 give U+FFFD, one at a time.
char32_t next_code_point(std::string_view text, std::size_t& at);

void append_utf8(std::string& out, char32_t code_point);

// One line of valid UTF-8: control characters (escape sequences, direction marks) are replaced by U+FFFD, line ends and
// tabs by a blank.
std::string printable(std::string_view text);

// Columns that a printable text takes: 0 for combining marks, 2 for wide characters, else 1.
std::size_t display_width(std::string_view text);

// Signs that we write ourselves in ASCII (">=" for "≥"); other letters stay as they are.
std::string plain_signs(std::string_view text);

// 7-bit ASCII: our own signs as plain_signs writes them, Latin letters without their marks ("é" as "e", "ß" as "ss"),
// any other character as its number, "<U+4E2D>". `text` as printable() gives it.
std::string ascii_only(std::string_view text);

// Lines of at most `width` columns (at least 1), broken at blanks; a longer word is broken where the line ends.
std::vector<std::string> wrap(std::string_view text, std::size_t width);

// `text` and blanks up to `width` columns.
std::string padded(std::string_view text, std::size_t width);

}  // namespace her2
