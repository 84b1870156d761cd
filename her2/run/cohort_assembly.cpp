// SPDX-License-Identifier: Apache-2.0
#include "her2/run/cohort_assembly.h"

#include <algorithm>

#include <fmt/format.h>

#include "her2/guideline/holds.h"
#include "her2/report/guideline_words.h"

namespace her2 {
namespace {

const std::vector<std::string> kShown{"ihc_score",     "ish_group",        "ish_finding",
                                      "her2_spectrum", "receptor_subtype", "surrogate_subtype"};
constexpr const char* kNothing = "not recorded";
constexpr const char* kRefused = "refused";

// Values in the dictionary's order, then several possible ones, then nothing.
std::vector<std::pair<std::string, RowCount>> ordered(CohortTally::Counts counts, const FactType& type) {
  std::vector<std::pair<std::string, RowCount>> out;
  const auto take = [&](const std::string& value) {
    const auto found = counts.find(value);
    if (found != counts.end()) {
      out.emplace_back(value, std::move(found->second));
      counts.erase(found);
    }
  };
  for (const std::string& value : type.values) {
    take(value);
  }
  std::vector<std::string> open;
  for (const auto& [value, count] : counts) {
    if (value != kNothing && value != kRefused) {
      open.push_back(value);
    }
  }
  for (const std::string& value : open) {
    take(value);
  }
  take(kNothing);
  take(kRefused);
  return out;
}

std::vector<std::pair<std::string, RowCount>> most_frequent_first(const CohortTally::Counts& counts) {
  std::vector<std::pair<std::string, RowCount>> out(counts.begin(), counts.end());
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.second.rows > b.second.rows; });
  return out;
}

std::vector<CohortGroup> by_name(CohortTally::Groups&& groups) {
  std::vector<CohortGroup> out;
  for (auto& [name, group] : groups.groups) {
    out.push_back(std::move(group));
  }
  std::sort(out.begin(), out.end(), [](const CohortGroup& a, const CohortGroup& b) { return a.name < b.name; });
  return out;
}

}  // namespace

CohortFacts::CohortFacts(const CohortReportOptions& options)
    : options_(options), dictionary_(options.plans.front()->dictionary()) {
  for (const Plan* plan : options.plans) {
    asked.push_back({plan->scheme->answers.front()});
  }
  for (const std::string& name : kShown) {
    if (const auto fact = dictionary_.find(name)) {
      shown.push_back(*fact);
    }
  }
  auto& last = asked.back();
  const auto add = [&](FactId fact) {
    if (std::find(last.begin(), last.end(), fact) == last.end()) {
      last.push_back(fact);
    }
  };
  std::for_each(shown.begin(), shown.end(), add);
  for (const RateRule& rule : options.rates) {
    std::for_each(rule.facts.begin(), rule.facts.end(), add);
  }
}

std::string CohortFacts::value_of(const Verdict& verdict, FactId fact) const {
  const auto& facts = asked.back();
  const auto at = static_cast<std::size_t>(std::find(facts.begin(), facts.end(), fact) - facts.begin());
  return at < verdict.answers.size() ? verdict.answers[at] : "";
}

RowKind CohortFacts::kind_of(const std::vector<const Verdict*>& verdicts) const {
  RowKind out;
  const auto named = [](const Verdict& verdict, const std::string& value) {
    return verdict.state == RowState::refused ? kRefused : value.empty() ? kNothing : value;
  };
  for (const Verdict* verdict : verdicts) {
    out.statuses.push_back(named(*verdict, verdict->answers.empty() ? "" : verdict->answers.front()));
  }
  const Verdict& last = *verdicts.back();
  for (const FactId fact : shown) {
    out.values.push_back(named(last, value_of(last, fact)));
  }
  if (last.state == RowState::refused || last.state == RowState::conflict) {
    out.refusal = last.reason.empty() ? "the facts contradict each other" : last.reason;
  }
  std::string_view notices = last.notices;
  while (!notices.empty()) {
    const auto end = std::min(notices.find(';'), notices.size());
    out.discordances.emplace_back(notices.substr(0, end));
    notices.remove_prefix(std::min(end + 1, notices.size()));
  }
  judge(last, out);
  return out;
}

void CohortFacts::judge(const Verdict& verdict, RowKind& out) const {
  for (const RateRule& rule : options_.rates) {
    bool open = false;
    const auto value = [&](FactId fact) -> std::uint64_t {
      const std::string text = value_of(verdict, fact);
      const auto index = dictionary_[fact].index_of(text);
      open = open || (!text.empty() && !index);
      return index ? std::uint64_t{1} << *index : kMissingBit;
    };
    const KnownCase known{value, [](FactId) { return std::optional<Rational>(); }};
    const bool among = verdict.state != RowState::refused && holds(dictionary_, rule.among, known);
    const bool when = among && holds(dictionary_, rule.when, known);
    out.cases.push_back(among && !open ? 1 : 0);
    out.events.push_back(when && !open ? 1 : 0);
    out.open.push_back(open && verdict.state != RowState::refused ? 1 : 0);
  }
}

CohortReport CohortFacts::assemble(CohortTally tally) const {
  CohortReport out;
  for (std::size_t i = 0; i < options_.plans.size(); ++i) {
    const Scheme& scheme = *options_.plans[i]->scheme;
    const FactType& type = dictionary_[asked[i].front()];
    out.editions.push_back({scheme.id, scheme.edition, scheme.title});
    out.statuses.push_back({scheme.id, fmt::format("{}, {}", type.label, scheme.edition), "",
                            ordered(std::move(tally.statuses[i]), type)});
  }
  for (std::size_t i = 0; i < tally.flows.size(); ++i) {
    CohortShift shift;
    shift.from = i;
    for (auto& [values, count] : tally.flows[i]) {
      shift.changed += values.first == values.second ? 0 : count.rows;
      shift.flows.emplace_back(values, std::move(count));
    }
    std::stable_sort(shift.flows.begin(), shift.flows.end(),
                     [](const auto& a, const auto& b) { return a.second.rows > b.second.rows; });
    out.shifts.push_back(std::move(shift));
  }
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const FactType& type = dictionary_[shown[i]];
    CohortDistribution one{type.name, type.label, "", ordered(std::move(tally.values[i]), type)};
    const bool any = std::any_of(one.values.begin(), one.values.end(),
                                 [](const auto& value) { return value.first != kNothing && value.first != kRefused; });
    if (any) {
      out.distributions.push_back(std::move(one));
    }
  }
  for (const RateRule& rule : options_.rates) {
    out.rates.push_back(rule.rate);
  }
  out.totals = std::move(tally.totals);
  for (std::size_t i = 0; i < options_.by.size(); ++i) {
    const std::uint64_t left_out = tally.groups[i].left_out;
    out.groupings.push_back({options_.by[i], by_name(std::move(tally.groups[i])), left_out});
  }
  out.periods = by_name(std::move(tally.periods));
  out.undated = tally.undated;
  if (!out.periods.empty()) {
    out.period = options_.period == CohortPeriod::month     ? "month"
                 : options_.period == CohortPeriod::quarter ? "quarter"
                                                            : "year";
    out.charts = cohort_charts(out.totals, out.periods);
  }
  out.refusals = {"refusals", "Refused", "", most_frequent_first(tally.refusals)};
  out.discordances = {"notices", "To look at", "", most_frequent_first(tally.discordances)};
  for (const Plan::Watch& watch : options_.plans.back()->flags) {
    out.notice_words.emplace(watch.flag->id, flag_says(*watch.guideline, *watch.flag));
  }
  return out;
}

std::vector<CohortChart> cohort_charts(const std::vector<RateCount>& totals, const std::vector<CohortGroup>& periods) {
  std::vector<CohortChart> out;
  for (std::size_t rate = 0; rate < totals.size() && periods.size() > 1; ++rate) {
    const std::uint64_t others = totals[rate].cases - totals[rate].events.rows;
    if (totals[rate].cases < kFewestChartCases || std::min(totals[rate].events.rows, others) < kFewestChartEvents) {
      continue;
    }
    CohortChart chart;
    chart.rate = rate;
    chart.complement = totals[rate].events.rows > others;
    chart.centre = chart.complement ? 1 - totals[rate].share() : totals[rate].share();
    chart.up = design_cusum(chart.centre, with_odds(chart.centre, kCusumOdds), kCusumRun);
    chart.down = design_cusum(chart.centre, with_odds(chart.centre, 1 / kCusumOdds), kCusumRun);
    std::uint64_t up = 0, down = 0;
    for (std::size_t period = 0; period < periods.size(); ++period) {
      const RateCount& count = periods[period].rates[rate];
      if (count.cases == 0) {
        continue;
      }
      CohortChart::Point point;
      point.period = period;
      point.cases = count.cases;
      point.events = chart.complement ? count.cases - count.events.rows : count.events.rows;
      point.limits = binomial_limits(point.cases, chart.centre, kThreeSigmaTail);
      point.outside = point.events < point.limits.low || point.events > point.limits.high;
      up = cusum_step(chart.up, up, point.events, point.cases);
      down = cusum_step(chart.down, down, point.events, point.cases);
      point.up = up;
      point.down = down;
      point.signals_up = up >= chart.up.limit;
      point.signals_down = down >= chart.down.limit;
      up = point.signals_up ? 0 : up;
      down = point.signals_down ? 0 : down;
      chart.points.push_back(point);
    }
    out.push_back(std::move(chart));
  }
  return out;
}

}  // namespace her2
