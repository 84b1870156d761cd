// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <string>
#include <string_view>

#include "her2/core/embedded.h"
#include "her2/evidence/dictionary.h"
#include "her2/exchange/vocabulary.h"

namespace her2::fuzz {

// What must hold whatever the input is.
inline void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

inline std::string_view text_of(const unsigned char* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// The project's own facts, as built in.
inline const Dictionary& dictionary() {
  static const Dictionary read = Dictionary::parse(*embedded_file("guidelines/facts.toml"), "facts.toml").value();
  return read;
}

inline const Vocabulary& vocabulary() {
  static const Vocabulary read =
      Vocabulary::parse(*embedded_file("maps/vocabulary.toml"), "vocabulary.toml", dictionary()).value();
  return read;
}

}  // namespace her2::fuzz
