// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>

#include "fuzz/dictionary.h"
#include "her2/core/embedded.h"
#include "her2/message/code_book.h"

namespace her2::fuzz {

inline const CodeBook& codes() {
  static const CodeBook book = [] {
    auto read = CodeBook::parse(embedded_file("codes/markers.toml").value_or(""), dictionary(), "markers.toml");
    require(read.has_value());
    return std::move(*read);
  }();
  return book;
}

}  // namespace her2::fuzz
