// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "her2/report/cohort_model.h"

namespace her2 {

// The counts of a report while a table is read. One thread at a time.

// What a row counts in: rows that the plans tell nothing apart of share one.
struct RowKind {
  std::vector<std::string> statuses;  // by edition
  std::vector<std::string> values;    // by distribution
  std::vector<std::string> discordances;
  std::string refusal;                            // not empty: the last edition refuses it
  std::vector<std::uint8_t> events, cases, open;  // by rate: 0 or 1
  std::vector<RowCount*> counts;                  // resolved by the tally
  bool resolved = false;
};

class CohortTally {
 public:
  CohortTally(std::size_t editions, std::size_t distributions, std::size_t rates, std::size_t groupings);

  void add(RowKind& kind, std::string_view id, const std::vector<std::string>& groups, const std::string& period);
  void refuse(const std::string& reason, std::string_view id);  // a row, or a value of one

  using Counts = std::map<std::string, RowCount>;
  std::vector<Counts> statuses, values;                                        // by edition; by distribution
  std::vector<std::map<std::pair<std::string, std::string>, RowCount>> flows;  // by pair of editions
  Counts discordances, refusals;
  std::vector<RateCount> totals;
  struct Groups {
    std::unordered_map<std::string, CohortGroup> groups;
    std::uint64_t left_out = 0;
  };
  std::vector<Groups> groups;
  Groups periods;
  std::uint64_t undated = 0;

 private:
  void resolve(RowKind& kind);
  void add_to(Groups& to, const std::string& name, const RowKind& kind, std::string_view id, std::size_t most) const;
};

}  // namespace her2
