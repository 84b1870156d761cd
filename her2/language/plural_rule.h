// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "her2/core/error.h"

namespace her2 {

// When a plural form is used, for whole numbers, in the notation of Unicode's CLDR (UTS 35 part 3, "Plural rules
// syntax"), so that a translator copies the rule from there: "i = 1 and v = 0", "n % 10 = 2..4 and n % 100 != 12..14".
// Whole numbers only: n and i are the number, the other operands (v, w, f, t, c, e) are 0. Samples ("@integer ...") are
// passed over.
class PluralRule {
 public:
  // Fails with what was expected where. At most 1000 characters.
  static Result<PluralRule> parse(std::string_view text);

  [[nodiscard]] bool holds_for(std::uint64_t number) const;

 private:
  struct Relation {
    bool of_number = true;     // else of an operand that is 0
    std::uint64_t modulo = 0;  // 0: none
    bool equal = true;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges;  // from, to
  };
  friend class PluralRuleReader;
  std::vector<std::vector<Relation>> either_;  // one of these, all of whose relations hold
};

}  // namespace her2
