// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace her2 {

// Fields of one row, byte by byte: for the line of names, and the plain twin that tests compare RowSplitter with.
// `row` has no line break at its end. With `quotes`, text behind a closing quote sets *text_after_quote.
[[nodiscard]] std::vector<std::string> split_line(std::string_view row, char delimiter, bool quotes,
                                                  bool* text_after_quote = nullptr);

}  // namespace her2
