// SPDX-License-Identifier: Apache-2.0
#include "her2/guideline/difference.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "her2/guideline/difference_compare.h"

namespace her2 {
namespace {

// The values that the tables of both plans give a fact; missing where one of them may not be entered.
std::uint64_t values_given(const Plan& before, const Plan& after, FactId fact) {
  std::uint64_t out = 0;
  for (const Plan* plan : {&before, &after}) {
    for (const auto& step : plan->steps) {
      const Table& table = *step.table;
      if (std::find(table.gives.begin(), table.gives.end(), fact) == table.gives.end()) {
        continue;
      }
      for (const Row& row : table.rows) {
        for (const auto& [given, value] : row.then) {
          out |= given == fact ? std::uint64_t{1} << value : 0;
        }
      }
      out |= table.enter || table.missing_ok.size() < table.inputs.size() ? kMissingBit : 0;
    }
  }
  return out;
}

bool same_tables(const Plan& a, const Plan& b) {
  return std::equal(a.steps.begin(), a.steps.end(), b.steps.begin(), b.steps.end(),
                    [](const auto& x, const auto& y) { return x.table == y.table; });
}

std::size_t numbers_among(const Dictionary& dictionary, const std::vector<FactId>& facts) {
  return static_cast<std::size_t>(std::count_if(
      facts.begin(), facts.end(), [&](FactId fact) { return dictionary[fact].kind == FactKind::number; }));
}

// Whether a condition says anything of the facts that these plans read or give.
bool bears_on(const Condition& where, const Plan& before, const Plan& after) {
  std::set<FactId> known = read_by(before);
  known.merge(read_by(after));
  known.merge(given_by(before));
  known.merge(given_by(after));
  const auto facts = facts_read(where, before.dictionary());
  return std::any_of(facts.begin(), facts.end(), [&](FactId fact) { return known.contains(fact); });
}

Result<FactDifference> compared(const Plan& before, const Plan& after, FactId fact, const Condition* where,
                                const std::map<FactId, std::uint64_t>& possible) {
  DifferenceSpace space = difference_space(before, after, fact, where, possible);
  if (space.combinations() > kMostCombinations) {
    return fail(fmt::format("{} cannot be compared: there are more than {} kinds of cases",
                            before.dictionary()[fact].name, kMostCombinations));
  }
  return compare(before, after, fact, std::move(space), where);
}

}  // namespace

Result<PlanDifference> difference(const Plan& before, const Plan& after, const DifferenceOptions& options) {
  PlanDifference out;
  const std::set<FactId> given_before = given_by(before), given_after = given_by(after);
  std::set<FactId> cuts;
  std::map<FactId, std::uint64_t> possible;
  std::set<FactId> done;
  for (const auto& step : after.steps) {
    for (const FactId fact : step.table->gives) {
      if (!given_before.contains(fact) || !done.insert(fact).second) {
        continue;
      }
      const Plan first = steps_to(before, fact, cuts), second = steps_to(after, fact, cuts);
      bool cut = same_tables(first, second);
      if (!cut) {
        auto found = compared(first, second, fact, nullptr, possible);
        if (!found) {
          return tl::unexpected(found.error());
        }
        cut = found->regions.empty() || numbers_among(before.dictionary(), found->inputs) > kMostNumbers;
        if (options.where && bears_on(*options.where, first, second)) {
          found = compared(first, second, fact, &*options.where, possible);
        }
        if (!found) {
          return tl::unexpected(found.error());
        }
        out.facts.push_back(std::move(*found));
      }
      if (cut) {
        cuts.insert(fact);
        possible[fact] = values_given(before, after, fact);
      }
    }
  }
  std::set_difference(given_before.begin(), given_before.end(), given_after.begin(), given_after.end(),
                      std::back_inserter(out.only_before));
  std::set_difference(given_after.begin(), given_after.end(), given_before.begin(), given_before.end(),
                      std::back_inserter(out.only_after));
  return out;
}

}  // namespace her2
