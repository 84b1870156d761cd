// SPDX-License-Identifier: Apache-2.0
#include "her2/run/verdict.h"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

namespace her2 {
namespace {

RowState state_of(const Decided& decided, FactId first) {
  if (!decided.refusal.empty()) {
    return RowState::refused;
  }
  const std::uint64_t mask = decided.possible(first);
  if (mask == kMissingBit) {
    return RowState::none;
  }
  if ((mask & (mask - 1)) == 0) {
    return RowState::decided;
  }
  if (decided.is_conflict(first)) {
    return RowState::conflict;
  }
  return RowState::open;
}

}  // namespace

void add_notice(std::string& notices, std::string_view id) {
  notices += notices.empty() ? "" : ";";
  notices += id;
}

std::string joined_values(const FactType& type, std::uint64_t mask) {
  std::string out;
  for (unsigned i = 0; i < type.values.size(); ++i) {
    if ((mask >> i & 1U) != 0) {
      out += (out.empty() ? "" : "|") + type.values[i];
    }
  }
  if ((mask & kMissingBit) != 0 && mask != kMissingBit) {
    out += "|missing";
  }
  return out;
}

std::string rule_of(const Plan& plan, std::size_t step, const std::vector<int>& rows) {
  if (rows.front() < 0) {
    return {};
  }
  std::string out = row_id(plan, step, rows.front());
  for (std::size_t i = 1; i < rows.size(); ++i) {
    out += "|" + plan.steps[step].table->rows[static_cast<std::size_t>(rows[i])].id;
  }
  return out;
}

std::string_view name_of(RowState state) {
  static constexpr std::array<std::string_view, kRowStates> kNames{"decided", "open", "conflict", "refused", "none"};
  return kNames[static_cast<std::size_t>(state)];
}

std::vector<FactId> reachable_answers(const Plan& plan, const std::vector<FactId>& recorded) {
  const Dictionary& dictionary = plan.dictionary();
  std::set<FactId> known(recorded.begin(), recorded.end());
  for (const FactId fact : recorded) {
    if (const FactType& type = dictionary[fact]; type.kind == FactKind::quotient) {
      known.insert(type.numerator);
      known.insert(type.denominator);
    }
    if (dictionary[fact].name == "pattern_intensity") {  // becomes shares of the grid
      for (const std::string_view share : {"faint_incomplete", "strong_complete"}) {
        if (const auto id = dictionary.find(share)) {
          known.insert(*id);
        }
      }
    }
  }
  for (const auto& step : plan.steps) {
    const auto& inputs = step.table->inputs;
    if (std::any_of(inputs.begin(), inputs.end(), [&](FactId input) { return known.contains(input); })) {
      known.insert(step.table->gives.begin(), step.table->gives.end());
    }
  }
  std::vector<FactId> out;
  for (const FactId answer : plan.scheme->answers) {
    if (known.contains(answer)) {
      out.push_back(answer);
    }
  }
  return out;
}

Verdict verdict_of(const Plan& plan, const PointOutcome& outcome, const std::vector<FactId>& answers) {
  Verdict out;
  const FactId first = plan.scheme->answers.front();
  if (outcome.broken_step >= 0) {
    const auto step = static_cast<std::size_t>(outcome.broken_step);
    const Table& table = *plan.steps[step].table;
    out.state = RowState::refused;
    out.reason = broken_law(plan, step, fmt::format("{}", fmt::join(table.space_text, " and ")));
    for (const auto& law : table.space) {
      const auto facts = facts_read(law, plan.dictionary());
      out.conflict_facts.insert(out.conflict_facts.end(), facts.begin(), facts.end());
    }
    out.answers.resize(answers.size());
    return out;
  }
  out.state = outcome.facts[first] == 0 ? RowState::none : RowState::decided;
  for (const FactId answer : answers) {
    const std::uint8_t value = outcome.facts[answer];
    out.answers.push_back(value == 0 ? "" : plan.dictionary()[answer].values[value - 1U]);
  }
  for (std::size_t step = plan.steps.size(); step-- > 0 && out.rule.empty();) {
    const auto& gives = plan.steps[step].table->gives;
    if (outcome.rows[step] >= 0 && std::find(gives.begin(), gives.end(), first) != gives.end()) {
      out.rule = row_id(plan, step, outcome.rows[step]);
    }
  }
  for (const std::size_t flag : outcome.flags) {
    add_notice(out.notices, plan.flags[flag].flag->id);
  }
  if (!outcome.disagreements.empty()) {
    add_notice(out.notices, "recorded-against-table");
  }
  return out;
}

Verdict verdict_of(const Plan& plan, const Decided& decided, const std::vector<FactId>& answers) {
  Verdict out;
  const FactId first = plan.scheme->answers.front();
  out.state = state_of(decided, first);
  for (const auto& discrepancy : decided.discrepancies) {
    add_notice(out.notices, discrepancy.id);
    if (discrepancy.conflict && (out.state == RowState::conflict || out.state == RowState::refused)) {
      out.conflict_facts.insert(out.conflict_facts.end(), discrepancy.facts.begin(), discrepancy.facts.end());
      out.reason += (out.reason.empty() ? "" : " ") + discrepancy.says;
    }
  }
  if (out.state == RowState::refused) {
    if (out.reason.empty()) {
      out.reason = decided.refusal;
      out.conflict_facts = decided.refusal_facts;
    }
    out.answers.resize(answers.size());
    return out;
  }
  for (const FactId answer : answers) {
    out.answers.push_back(joined_values(plan.dictionary()[answer], decided.possible(answer)));
  }
  const Outcome& merged = decided.outcomes.at(first).merged;
  const int step = deciding_step(plan, merged, first);
  if (step >= 0 && out.state == RowState::decided) {
    const auto at = static_cast<std::size_t>(step);
    out.rule = rule_of(plan, at, merged.rows(at));
  }
  for (const std::size_t flag : decided.flags(plan)) {
    add_notice(out.notices, plan.flags[flag].flag->id);
  }
  const bool disagree = std::any_of(decided.outcomes.begin(), decided.outcomes.end(), [](const auto& asked) {
    const auto& leaves = asked.second.merged.leaves;
    return std::any_of(leaves.begin(), leaves.end(), [](const Leaf& leaf) { return !leaf.disagreements.empty(); });
  });
  if (disagree) {
    add_notice(out.notices, "recorded-against-table");
  }
  return out;
}

}  // namespace her2
