// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "her2/care/care_facts.h"
#include "her2/care/option.h"

namespace her2 {

// A fact that must be known to settle an open option.
struct SettlingFact {
  FactId fact = 0;
  bool may_close = false;  // some value of it alone makes a criterion fail, whatever else turns out
  bool may_meet = false;   // some value of it alone makes all criteria met
};

// What the facts say of one option. Each vector of Truth has one entry for each criterion or remark.
struct OptionAnswer {
  const Option* option = nullptr;
  Truth state = Truth::open;             // of all criteria together
  std::vector<Truth> criteria;           // each by itself
  std::vector<Truth> trial_entry;        // likewise
  std::vector<Truth> remarks;            // met: it holds of this case; those without a condition are met
  std::vector<SettlingFact> settled_by;  // open: the smallest set of facts that settles it, most useful first
  bool contradicted = false;             // a fact that would settle it was recorded, but contradicts another
};

// Whether the criteria are met, not met or open; nothing else. For what-if searches: microseconds an option.
[[nodiscard]] Truth option_state(const Option& option, const CareFacts& facts, const Dictionary& dictionary);

// Everything. The facts of `settled_by` are those on which the outcome still depends: for each there are two possible
// cases that differ in it alone, of which one meets the criteria and one does not. Facts of an option vary freely here,
// so this set settles the option, and no smaller one does. Order: those that alone may close it first.
[[nodiscard]] OptionAnswer answer_option(const Option& option, const CareFacts& facts, const Dictionary& dictionary);

}  // namespace her2
