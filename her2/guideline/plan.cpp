// SPDX-License-Identifier: Apache-2.0
#include "her2/guideline/plan.h"

#include <algorithm>

#include <fmt/format.h>

namespace her2 {
namespace {

bool feeds(const Table& from, const Table& to) {
  return std::any_of(from.gives.begin(), from.gives.end(),
                     [&](FactId fact) { return std::binary_search(to.inputs.begin(), to.inputs.end(), fact); });
}

}  // namespace

Result<Plan> make_plan(const Catalog& catalog, const Scheme& scheme) {
  Plan plan;
  plan.catalog = &catalog;
  plan.scheme = &scheme;
  std::vector<Plan::Step> waiting;
  for (const auto& id : scheme.guidelines) {
    const Guideline* guideline = catalog.guideline(id);
    for (const auto& table : guideline->tables) {
      waiting.push_back({guideline, &table});
    }
    for (const auto& flag : guideline->flags) {
      plan.flags.push_back({guideline, &flag});
    }
  }
  while (!waiting.empty()) {
    // The first table, in the order of the files, that nothing still waiting feeds.
    const auto ready = std::find_if(waiting.begin(), waiting.end(), [&](const Plan::Step& step) {
      return std::none_of(waiting.begin(), waiting.end(), [&](const Plan::Step& other) {
        return other.table != step.table && feeds(*other.table, *step.table);
      });
    });
    if (ready == waiting.end()) {
      return fail(fmt::format("the tables '{}' and others of scheme '{}' feed each other in a circle",
                              waiting.front().table->name, scheme.id));
    }
    plan.steps.push_back(*ready);
    waiting.erase(ready);
  }
  return plan;
}

}  // namespace her2
