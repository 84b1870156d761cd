// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace her2 {

// Text that Markdown (CommonMark with tables) shows as it is: printable() with every sign that could mean something
// escaped.
std::string markdown_text(std::string_view text);

// The same as a code span.
std::string markdown_code(std::string_view text);

// "| a | b |\n|---|---|\n..."; the cells are Markdown already.
std::string markdown_table(const std::vector<std::string>& head, const std::vector<std::vector<std::string>>& rows);

}  // namespace her2
