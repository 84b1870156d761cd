// SPDX-License-Identifier: Apache-2.0
#include "her2/run/cohort_tally.h"

namespace her2 {
namespace {

constexpr std::size_t kMostReasons = 200;
constexpr std::size_t kMostPeriods = 2'400;  // two centuries of months

void count(RowCount& to, std::string_view id) {
  if (to.rows++ < kMostRowsShown) {
    to.ids.emplace_back(id);
  }
}

void count(std::vector<RateCount>& rates, const RowKind& kind, std::string_view id) {
  for (std::size_t i = 0; i < rates.size(); ++i) {
    rates[i].cases += kind.cases[i];
    rates[i].open += kind.open[i];
    if (kind.events[i] != 0) {
      count(rates[i].events, id);
    }
  }
}

}  // namespace

CohortTally::CohortTally(std::size_t editions, std::size_t distributions, std::size_t rates, std::size_t groupings)
    : statuses(editions), values(distributions), flows(editions - 1), totals(rates), groups(groupings) {}

void CohortTally::resolve(RowKind& kind) {
  for (std::size_t i = 0; i < statuses.size(); ++i) {
    kind.counts.push_back(&statuses[i][kind.statuses[i]]);
    if (i > 0) {
      kind.counts.push_back(&flows[i - 1][{kind.statuses[i - 1], kind.statuses[i]}]);
    }
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    kind.counts.push_back(&values[i][kind.values[i]]);
  }
  for (const std::string& discordance : kind.discordances) {
    kind.counts.push_back(&discordances[discordance]);
  }
  kind.resolved = true;
}

void CohortTally::add(RowKind& kind, std::string_view id, const std::vector<std::string>& of_columns,
                      const std::string& period) {
  if (!kind.resolved) {
    resolve(kind);
  }
  for (RowCount* one : kind.counts) {
    count(*one, id);
  }
  if (!kind.refusal.empty()) {
    refuse(kind.refusal, id);
  }
  count(totals, kind, id);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    add_to(groups[i], of_columns[i], kind, id, kMostGroups);
  }
  if (period.empty()) {
    ++undated;
  } else {
    add_to(periods, period, kind, id, kMostPeriods);
  }
}

void CohortTally::add_to(Groups& to, const std::string& name, const RowKind& kind, std::string_view id,
                         std::size_t most) const {
  auto found = to.groups.find(name);
  if (found == to.groups.end()) {
    if (to.groups.size() >= most) {
      ++to.left_out;
      return;
    }
    found = to.groups.try_emplace(name).first;
    found->second.name = name;
    found->second.rates.resize(totals.size());
  }
  ++found->second.rows;
  count(found->second.rates, kind, id);
}

void CohortTally::refuse(const std::string& reason, std::string_view id) {
  const bool known = refusals.size() < kMostReasons || refusals.contains(reason);
  count(refusals[known ? reason : "further reasons"], id);
}

}  // namespace her2
