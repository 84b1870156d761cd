// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "her2/guideline/difference.h"
#include "her2/report/text_page.h"

namespace her2 {

// What a change of edition does to a table of cases: rows that get another value of one fact.
struct CohortChange {
  FactId fact = 0;
  std::string before, after;            // as a table of cases prints them; "" for nothing
  std::string rule_before, rule_after;  // the row that gave the first answer; may be empty
  std::uint64_t rows = 0;
  std::vector<std::string> ids;  // the first few
};
struct CohortChanges {
  std::string table;                    // as the user named it
  std::uint64_t rows = 0, changed = 0;  // rows of the table; rows in which any compared fact changes
  std::vector<CohortChange> changes;    // most frequent first
};

struct DifferenceDocument {
  std::string before, after;  // names of what is compared
  std::string where;          // the condition that cases must meet; may be empty
  PlanDifference difference;
  const CohortChanges* cohort = nullptr;  // may be null
};

// Two editions beside each other: every region in which they disagree, with an example.
std::string difference_text(const DifferenceDocument& document, const Dictionary& dictionary, const TextStyle& style);
std::string difference_markdown(const DifferenceDocument& document, const Dictionary& dictionary);
std::string difference_json(const DifferenceDocument& document, const Dictionary& dictionary);

}  // namespace her2
