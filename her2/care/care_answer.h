// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "her2/care/care_facts.h"
#include "her2/care/option_answer.h"
#include "her2/evidence/case.h"

namespace her2 {

// A fact that is not known, and what knowing it would do.
struct NextFact {
  FactId fact = 0;
  std::size_t options = 0;    // open options that need it
  std::size_t may_close = 0;  // of them, those that it alone may close
};

// What a case's facts mean for treatment: every face prints this and nothing else.
struct CareAnswer {
  CareFacts facts;
  std::vector<OptionAnswer> options;                         // all options, in the order of the files
  std::vector<NextFact> next;                                // what would settle most, first
  std::vector<std::pair<std::string, std::string>> assumed;  // --what-if: fact, value
  std::vector<std::string> notes;                            // how several specimens were joined
};

// Answers every option. Thread-safe.
CareAnswer care_answer(const CareRules& rules, const FactValues& recorded);

// The facts of one specimen, and from the others what no HER2 or receptor test says: age, size, what was given. What
// they state differently is left out and named in `notes`.
FactValues care_facts_of(const CareRules& rules, const Case& input, std::size_t specimen,
                         std::vector<std::string>& notes);

// "grade=3,nodes=2": facts by their names in the dictionary, or by the short names age, size, nodes, er, pgr, ki67,
// her2, rs, cps, lvef, ecog. Fails with the name or value that is not understood. Fills `changed` with fact and value.
Result<FactValues> assume(const Dictionary& dictionary, FactValues facts, std::string_view text,
                          std::vector<std::pair<std::string, std::string>>& changed);

}  // namespace her2
