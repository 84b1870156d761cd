// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "her2/core/error.h"
#include "her2/evidence/dictionary.h"
#include "her2/evidence/value.h"

namespace her2 {

// What a spelling stands for.
struct Meaning {
  bool refused = false;
  std::string reason;                          // why, when refused
  Value value;                                 // of the column's own fact
  std::vector<std::pair<FactId, Value>> also;  // other facts that the same text tells
};

// Spellings (trimmed, letters in lower case) and what they stand for.
using Spellings = std::map<std::string, Meaning, std::less<>>;

// Spellings for all facts and for single facts: the tables [all] and [facts.NAME] of maps/vocabulary.toml, or
// [vocabulary.all] and [vocabulary.facts.NAME] of a column map.
struct Vocabulary {
  Spellings all;  // missing, unknown and refused only
  std::map<FactId, Spellings> facts;

  // Reads maps/vocabulary.toml. Fails with file, line and key.
  static Result<Vocabulary> parse(std::string_view toml, const std::string& file, const Dictionary& dictionary);
};

}  // namespace her2
