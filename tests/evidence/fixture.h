// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include "her2/evidence/dictionary.h"

namespace her2::test {

// A small dictionary with one fact of every kind, so that tests do not depend on guidelines/facts.toml.
inline const Dictionary& small_dictionary() {
  static const Dictionary dictionary = [] {
    auto parsed = Dictionary::parse(R"(
[facts.score]
values = ["0", "0+", "1+", "2+", "3+", "undefined"]
ordered = true
computed_only = ["undefined"]
label = "score"
[facts.status]
values = ["negative", "low-positive", "positive"]
label = "status"
[facts.intensity]
values = ["none", "weak", "strong"]
ordered = true
label = "intensity"
[facts.ratio]
quotient = ["total", "other_total"]
label = "ratio"
[facts.copies]
quotient = ["total", "cells"]
label = "copies per cell"
[facts.cells]
unit = "cells"
above = "0"
integer = true
label = "cells counted"
[facts.total]
unit = "signals"
min = 0
integer = true
label = "signals"
[facts.other_total]
unit = "signals"
min = 0
integer = true
label = "other signals"
[facts.percent]
unit = "%"
min = "0"
max = "100"
label = "share of cells"
)",
                                    "small.toml");
    if (!parsed) {
      ADD_FAILURE() << parsed.error().text();
    }
    return *parsed;
  }();
  return dictionary;
}

inline const FactType& type_of(std::string_view name) {
  const auto& dictionary = small_dictionary();
  return dictionary[*dictionary.find(name)];
}

}  // namespace her2::test
