// SPDX-License-Identifier: Apache-2.0
#include "her2/report/markdown.h"

#include <algorithm>

#include <fmt/format.h>

#include "her2/report/plain_text.h"

namespace her2 {

std::string markdown_text(std::string_view text) {
  constexpr std::string_view kAnywhere = "\\`*_[]<>|&~$#";
  constexpr std::string_view kAtStart = "-+=";
  std::string out;
  std::size_t digits = 0;  // of a number at the very start: "1." would begin a list
  bool only_digits = true;
  for (const char c : printable(text)) {
    const bool first = out.empty();
    const bool list_mark = only_digits && digits > 0 && (c == '.' || c == ')');
    if (kAnywhere.find(c) != std::string_view::npos || (first && kAtStart.find(c) != std::string_view::npos) ||
        list_mark) {
      out += '\\';
    }
    if (c >= '0' && c <= '9') {
      ++digits;
    } else {
      only_digits = false;
    }
    out += c;
  }
  return out;
}

std::string markdown_say(std::string_view key, std::initializer_list<SayArg> args) {
  return say_as(markdown_text, key, args);
}

std::string markdown_code(std::string_view text) {
  const std::string plain = printable(text);
  std::size_t longest = 0;
  for (std::size_t at = 0, run = 0; at < plain.size(); ++at) {
    run = plain[at] == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, '`');
  return longest == 0 ? fence + plain + fence : fmt::format("{0} {1} {0}", fence, plain);
}

std::string markdown_table(const std::vector<std::string>& head, const std::vector<std::vector<std::string>>& rows) {
  std::string out = fmt::format("| {} |\n|{}\n", fmt::join(head, " | "), [&] {
    std::string rule;
    for (std::size_t i = 0; i < head.size(); ++i) {
      rule += "---|";
    }
    return rule;
  }());
  for (const auto& row : rows) {
    out += fmt::format("| {} |\n", fmt::join(row, " | "));
  }
  return out;
}

}  // namespace her2
