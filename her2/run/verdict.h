// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "her2/guideline/point.h"
#include "her2/run/decided.h"

namespace her2 {

// What a plan says of one row of a table, without the row's own id and line. The same for all rows that say the same.
enum class RowState : std::uint8_t {
  decided,   // the plan's first answer has one value
  open,      // several values are possible
  conflict,  // the row contradicts itself and its readings lead to different values
  refused,   // something in the row could not be read, and the answer depends on it; or the facts cannot be
  none,      // nothing about the first answer is recorded
};
inline constexpr int kRowStates = 5;
[[nodiscard]] std::string_view name_of(RowState state);

struct Verdict {
  RowState state = RowState::none;
  std::vector<std::string> answers;    // one a reported answer: "negative", "negative|positive|missing", ""
  std::string rule;                    // row that gives the first answer: "breast-her2-2018 status/group-5"
  std::string notices;                 // ids joined by ";"
  std::vector<FactId> conflict_facts;  // conflict or refused: the facts it is about
  std::string reason;                  // conflict or refused: one sentence
  std::string tail;                    // as it is written behind a row's own fields
  std::uint64_t count = 0;             // rows that got it
};

// Parts of a verdict, as they are written.
void add_notice(std::string& notices, std::string_view id);
std::string joined_values(const FactType& type, std::uint64_t mask);
// The rows of a step that give the one value of an answer, ascending; empty when the step may not be entered.
std::string rule_of(const Plan& plan, std::size_t step, const std::vector<int>& rows);

// Answers of the plan's scheme that facts of a table can lead to, in the scheme's order.
std::vector<FactId> reachable_answers(const Plan& plan, const std::vector<FactId>& recorded);

Verdict verdict_of(const Plan& plan, const PointOutcome& outcome, const std::vector<FactId>& answers);
Verdict verdict_of(const Plan& plan, const Decided& decided, const std::vector<FactId>& answers);

}  // namespace her2
