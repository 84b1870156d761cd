// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "her2/evidence/case.h"
#include "her2/evidence/reconcile.h"
#include "her2/guideline/decide.h"

namespace her2 {

// A specimen's facts, read in every consistent way and decided in each.
struct Decided {
  std::vector<Discrepancy> discrepancies;
  std::vector<Reading> readings;  // those that leave some possible case
  std::vector<Outcome> outcomes;  // one a reading
  Outcome merged;                 // all their leaves
  std::string refusal;            // not empty: no reading leaves a possible case, and why
};

Decided decide_facts(const Plan& plan, const FactValues& facts);

// For each answer of the plan's scheme: value index -> number of replicates of the ensemble that give it; kOpenValue
// counts replicates that stay open or cannot be.
inline constexpr int kOpenValue = -1;
struct Shares {
  std::uint64_t replicates = 0;
  std::map<FactId, std::map<int, std::uint64_t>> counts;
  std::map<FactId, std::map<int, std::string>> rows;  // a row that gave the value
};
Shares ensemble_shares(const Plan& plan, const FactValues& facts, const std::vector<Ensemble>& ensembles);

// "breast-her2-2018 dual_probe/group-4".
std::string row_id(const Plan& plan, std::size_t step, int row);

// The last step that gives the fact in some leaf with an entered row; -1: none.
int deciding_step(const Plan& plan, const Outcome& outcome, FactId fact);

}  // namespace her2
