// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <fmt/format.h>

#include "her2/core/error.h"

namespace her2 {

inline bool is_name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
inline bool is_name_char(char c) { return is_name_start(c) || is_digit(c); }
// Values may be written as they stand in the dictionary: 2+, 0+, IIA, 1mi, need-dual.
inline bool is_value_char(char c) { return is_name_char(c) || c == '+' || c == '-' || c == '.' || c == '/'; }

// Walks over the text of a condition: blanks, symbols, words and names, and errors that say the column.
class ConditionScanner {
 public:
  explicit ConditionScanner(std::string_view text) : text_(text) {}

 protected:
  tl::unexpected<Error> error_here(const std::string& expected) {
    skip_blanks();
    const std::string found = at_ < text_.size() ? fmt::format("'{}'", text_.substr(at_, 20)) : "the end";
    return fail(fmt::format("expected {}, found {}", expected, found), fmt::format("column {}", at_ + 1));
  }

  static tl::unexpected<Error> error_at(std::size_t at, std::string reason) {
    return fail(std::move(reason), fmt::format("column {}", at + 1));
  }

  void skip_blanks() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t' || text_[at_] == '\r')) {
      ++at_;
    }
  }

  bool take(std::string_view symbol) {
    skip_blanks();
    if (text_.substr(at_, symbol.size()) != symbol) {
      return false;
    }
    at_ += symbol.size();
    return true;
  }

  bool take_word(std::string_view word) {
    skip_blanks();
    const std::size_t end = at_ + word.size();
    if (text_.substr(at_, word.size()) != word || (end < text_.size() && is_name_char(text_[end]))) {
      return false;
    }
    at_ = end;
    return true;
  }

  std::string_view peek_name() {
    skip_blanks();
    std::size_t end = at_;
    if (end < text_.size() && is_name_start(text_[end])) {
      while (end < text_.size() && is_name_char(text_[end])) {
        ++end;
      }
    }
    return text_.substr(at_, end - at_);
  }

  std::string source_since(std::size_t begin) const {
    std::string_view span = text_.substr(begin, at_ - begin);
    while (!span.empty() && (span.back() == ' ' || span.back() == '\n')) {
      span.remove_suffix(1);
    }
    return std::string(span);
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace her2
