// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "her2/language/say.h"

namespace her2 {

// Text that Markdown (CommonMark with tables) shows as it is: printable() with every sign that could mean something
// escaped.
std::string markdown_text(std::string_view text);

// say() as Markdown: the sentence's own words are escaped; the values are Markdown already.
std::string markdown_say(std::string_view key, std::initializer_list<SayArg> args = {});

// The same as a code span.
std::string markdown_code(std::string_view text);

// "| a | b |\n|---|---|\n..."; the cells are Markdown already.
std::string markdown_table(const std::vector<std::string>& head, const std::vector<std::vector<std::string>>& rows);

}  // namespace her2
