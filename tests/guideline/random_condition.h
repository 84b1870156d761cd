// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <fmt/format.h>

#include "tests/guideline/fixture.h"

namespace her2::test {

// A random test over the small dictionary, as text.
inline std::string random_test(Dice& dice) {
  static const std::vector<std::string> kOps{"<", "<=", ">", ">=", "==", "!="};
  const auto op = [&] { return kOps[static_cast<std::size_t>(dice.roll(0, 5))]; };
  const auto pick = [&](std::vector<std::string> from) {
    return from[static_cast<std::size_t>(dice.roll(0, static_cast<int>(from.size()) - 1))];
  };
  switch (dice.roll(0, 9)) {
    case 0: return fmt::format("colour {} {}", pick({"==", "!="}), pick({"red", "green", "blue"}));
    case 1: return fmt::format("grade {} {}", op(), pick({"low", "mid", "high"}));
    case 2: return "colour in {red, blue}";
    case 3:
      return pick({"seen", "seen is missing", "colour is known", "a is missing", "top is known", "ratio is known"});
    case 4: return fmt::format("a {} {}", op(), dice.roll(0, 4));
    case 5: return fmt::format("{}a + b {} {}", pick({"", "2 * "}), op(), dice.roll(0, 6));
    case 6: return fmt::format("ratio {} {}", op(), pick({"0", "0.5", "1", "2.0"}));
    case 7: return fmt::format("mean {} {}", op(), pick({"1", "1.5", "2"}));
    case 8: return fmt::format("{} <= b < {}", dice.roll(0, 2), dice.roll(1, 4));
    default: return fmt::format("top - bottom {} {}", op(), dice.roll(-1, 2) < 0 ? 0 : dice.roll(0, 2));
  }
}

inline std::string random_condition(Dice& dice, int depth) {
  if (depth == 0 || dice.chance(25)) {
    return (dice.chance(20) ? "not " : "") + random_test(dice);
  }
  const std::string joined =
      random_condition(dice, depth - 1) + (dice.chance(50) ? " and " : " or ") + random_condition(dice, depth - 1);
  return (dice.chance(25) ? "not (" : "(") + joined + ")";
}

// The numbers and choices that random conditions read.
inline const std::vector<FactId>& random_facts() {
  static const std::vector<FactId> facts{fact("a"),     fact("b"),      fact("top"),   fact("bottom"),
                                         fact("count"), fact("colour"), fact("grade"), fact("seen")};
  return facts;
}

// A value of the fact from a small grid that has every threshold of random_test on it and between.
inline Value random_exact(Dice& dice, FactId of, bool missing_too) {
  const FactType& type = small_dictionary()[of];
  if (missing_too && dice.chance(15)) {
    return Value::missing();
  }
  if (type.kind == FactKind::choice) {
    return Value::of_choice(static_cast<unsigned>(dice.roll(0, static_cast<int>(type.values.size()) - 1)));
  }
  if (type.integer) {
    return number(dice.roll(type.min_open ? 1 : 0, 6));
  }
  return number(dice.roll(0, 8), 2);
}

}  // namespace her2::test
