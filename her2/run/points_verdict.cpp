// SPDX-License-Identifier: Apache-2.0
#include "her2/run/points_verdict.h"

#include <algorithm>

namespace her2 {

PointsVerdict::PointsVerdict(const Plan& plan, const std::vector<FactId>& answers)
    : plan_(plan), answers_(answers), first_(plan.scheme->answers.front()) {
  for (std::size_t step = 0; step < plan.steps.size(); ++step) {
    const auto& gives = plan.steps[step].table->gives;
    if (std::find(gives.begin(), gives.end(), first_) != gives.end()) {
      giving_.push_back(step);
    }
  }
  clear();
}

void PointsVerdict::clear() {
  added_ = 0;
  first_values_ = 0;
  values_.assign(answers_.size(), 0);
  rows_.assign(giving_.size(), {});
  flags_.clear();
}

bool PointsVerdict::add(const PointOutcome& outcome) {
  if (outcome.broken_step >= 0 || !outcome.disagreements.empty()) {
    return false;
  }
  first_values_ |= bit_of(outcome.facts[first_]);
  for (std::size_t i = 0; i < answers_.size(); ++i) {
    values_[i] |= bit_of(outcome.facts[answers_[i]]);
  }
  for (std::size_t i = 0; i < giving_.size(); ++i) {
    rows_[i].insert(outcome.rows[giving_[i]]);
  }
  if (added_++ == 0) {
    flags_ = outcome.flags;
  } else {
    std::erase_if(flags_, [&](std::size_t flag) {
      return std::find(outcome.flags.begin(), outcome.flags.end(), flag) == outcome.flags.end();
    });
  }
  return true;
}

Verdict PointsVerdict::verdict() const {
  Verdict out;
  const bool one = (first_values_ & (first_values_ - 1)) == 0;
  out.state = !one ? RowState::open : first_values_ == kMissingBit ? RowState::none : RowState::decided;
  for (std::size_t i = 0; i < answers_.size(); ++i) {
    out.answers.push_back(joined_values(plan_.dictionary()[answers_[i]], values_[i]));
  }
  for (std::size_t i = giving_.size(); i-- > 0 && out.state == RowState::decided;) {
    if (*rows_[i].rbegin() >= 0) {  // the last table that gives the answer
      out.rule = rule_of(plan_, giving_[i], {rows_[i].begin(), rows_[i].end()});
      break;
    }
  }
  for (const std::size_t flag : flags_) {
    add_notice(out.notices, plan_.flags[flag].flag->id);
  }
  return out;
}

}  // namespace her2
