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
  struct Asked {
    std::vector<Outcome> by_reading;
    Outcome merged;  // all their leaves
  };

  std::vector<Discrepancy> discrepancies;
  std::vector<Reading> readings;      // those that leave some possible case
  std::map<FactId, Asked> outcomes;   // one a fact that was asked for
  std::string refusal;                // not empty: no reading leaves a possible case, and why
  std::vector<FactId> refusal_facts;  // what the refusal is about

  // Mask of the values that an asked fact may have.
  [[nodiscard]] std::uint64_t possible(FactId fact) const { return outcomes.at(fact).merged.possible(fact); }
  // Whether the readings lead to different values of an asked fact.
  [[nodiscard]] bool is_conflict(FactId fact) const;
  // Flags that are raised in every reading, as indices into plan.flags.
  [[nodiscard]] std::vector<std::size_t> flags(const Plan& plan) const;
};

// The first answer of the plan's scheme is always asked for.
Decided decide_facts(const Plan& plan, const FactValues& facts, const std::vector<FactId>& asked);

// For each answer of the plan's scheme: value index -> number of replicates of the ensemble that give it; kOpenValue
// counts replicates that stay open or cannot be.
// Several ensembles of a specimen hold different facts and vary independently: every combination of their replicates
// counts, or, where those are more than 100,000, each replicate once with those of the others in turn.
inline constexpr int kOpenValue = -1;
struct Shares {
  std::uint64_t replicates = 0;
  std::map<FactId, std::map<int, std::uint64_t>> counts;
  std::map<FactId, std::map<int, std::string>> rows;  // a row that gave the value
};
Shares ensemble_shares(const Plan& plan, const FactValues& facts, const std::vector<Ensemble>& ensembles);

// The facts with what the ensembles alone tell: for each of their facts that is not recorded the interval from the
// smallest to the largest value.
FactValues with_ensemble_ranges(const Dictionary& dictionary, FactValues facts, const std::vector<Ensemble>& ensembles);

// The sentence about facts that break a law (`space`) of a step's table, and the facts that the law is about.
std::string broken_law(const Plan& plan, std::size_t step, const std::string& law);
std::vector<FactId> facts_of_law(const Plan& plan, std::size_t step, const std::string& law);

// "breast-her2-2018 dual_probe/group-4".
std::string row_id(const Plan& plan, std::size_t step, int row);

// The last step that gives the fact in some leaf with an entered row; -1: none.
int deciding_step(const Plan& plan, const Outcome& outcome, FactId fact);

}  // namespace her2
