// SPDX-License-Identifier: Apache-2.0
#include "her2/exchange/split_line.h"

namespace her2 {

std::vector<std::string> split_line(std::string_view row, char delimiter, bool quotes, bool* text_after_quote) {
  std::vector<std::string> fields(1);
  bool at_start = true;
  bool in_quotes = false;
  bool closed = false;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const char c = row[i];
    if (in_quotes) {
      if (c != '"') {
        fields.back() += c;
      } else if (i + 1 < row.size() && row[i + 1] == '"') {
        fields.back() += c;
        ++i;
      } else {
        in_quotes = false;
        closed = true;
      }
    } else if (c == delimiter) {
      fields.emplace_back();
      at_start = true;
      closed = false;
      continue;
    } else if (quotes && at_start && c == '"') {
      in_quotes = true;
    } else if (closed) {
      if (text_after_quote != nullptr) {
        *text_after_quote = true;
      }
    } else {
      fields.back() += c;
    }
    at_start = false;
  }
  return fields;
}

}  // namespace her2
