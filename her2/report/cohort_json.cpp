// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "her2/language/say.h"
#include "her2/report/cohort_document.h"
#include "her2/report/status_model.h"

namespace her2 {
namespace {

using Json = nlohmann::ordered_json;

Json rows_tree(const RowCount& count) { return {{"rows", count.rows}, {"first", count.ids}}; }

Json distribution_tree(const CohortDistribution& one) {
  Json values = Json::array();
  for (const auto& [value, count] : one.values) {
    Json line = rows_tree(count);
    line["value"] = value;
    values.push_back(std::move(line));
  }
  return {{"id", one.id}, {"title", one.title}, {"values", values}};
}

Json interval_tree(const ShareInterval& one) { return {one.low, one.high}; }

Json rate_tree(const RateCount& count) {
  Json out = {{"events", rows_tree(count.events)}, {"cases", count.cases}, {"open", count.open}};
  out["share"] = count.cases == 0 ? Json(nullptr) : Json(count.share());
  out["interval_95"] = count.cases == 0 ? Json(nullptr) : interval_tree(wilson(count.events.rows, count.cases));
  return out;
}

Json span_tree(const std::optional<std::pair<double, double>>& span) {
  return span ? Json{span->first, span->second} : Json(nullptr);
}

Json groups_tree(const CohortReport& report, const std::vector<CohortGroup>& groups, bool limits) {
  Json out = Json::array();
  for (const CohortGroup& group : groups) {
    Json rates = Json::object();
    for (std::size_t i = 0; i < group.rates.size(); ++i) {
      const RateCount& count = group.rates[i];
      if (count.cases == 0) {
        continue;
      }
      Json one = rate_tree(count);
      if (limits) {
        const double centre = report.rates[i].reference.value_or(report.totals[i].share());
        const CountLimits wide = binomial_limits(count.cases, centre, kFunnelTail998);
        one["funnel"] = {{"centre", centre},
                         {"events_99_8", {wide.low, wide.high}},
                         {"outside", count.events.rows < wide.low || count.events.rows > wide.high}};
      }
      rates[report.rates[i].id] = std::move(one);
    }
    out.push_back({{"name", group.name}, {"rows", group.rows}, {"rates", rates}});
  }
  return out;
}

Json design_tree(const CusumDesign& design) {
  return {{"p0", design.p0},
          {"p1", design.p1},
          {"per_event", design.per_event},
          {"limit", design.limit},
          {"run_in_control", design.run_in_control},
          {"run_shifted", design.run_shifted}};
}

Json chart_tree(const CohortReport& report, const CohortChart& chart) {
  Json points = Json::array();
  for (const auto& point : chart.points) {
    points.push_back({{"period", report.periods[point.period].name},
                      {"events", point.events},
                      {"cases", point.cases},
                      {"events_three_sigma", {point.limits.low, point.limits.high}},
                      {"outside", point.outside},
                      {"cusum_up", point.up},
                      {"cusum_down", point.down},
                      {"signals_up", point.signals_up},
                      {"signals_down", point.signals_down}});
  }
  return {{"rate", report.rates[chart.rate].id}, {"complement", chart.complement},  {"centre", chart.centre},
          {"up", design_tree(chart.up)},         {"down", design_tree(chart.down)}, {"points", points}};
}

}  // namespace

std::string cohort_json(const CohortReport& report) {
  const Speaking english(english_messages());  // for programs: the same in every language
  Json editions = Json::array(), shifts = Json::array(), distributions = Json::array(), rates = Json::array(),
       groupings = Json::array(), charts = Json::array(), columns = Json::array();
  for (std::size_t i = 0; i < report.editions.size(); ++i) {
    Json one = {{"scheme", report.editions[i].scheme},
                {"edition", report.editions[i].edition},
                {"title", report.editions[i].title}};
    one["status"] = distribution_tree(report.statuses[i])["values"];
    editions.push_back(std::move(one));
  }
  for (const CohortShift& shift : report.shifts) {
    Json flows = Json::array();
    for (const auto& [values, count] : shift.flows) {
      Json one = rows_tree(count);
      one["before"] = values.first;
      one["after"] = values.second;
      flows.push_back(std::move(one));
    }
    shifts.push_back({{"before", report.editions[shift.from].edition},
                      {"after", report.editions[shift.from + 1].edition},
                      {"changed", shift.changed},
                      {"flows", flows}});
  }
  for (const CohortDistribution& one : report.distributions) {
    distributions.push_back(distribution_tree(one));
  }
  for (std::size_t i = 0; i < report.rates.size(); ++i) {
    const CohortRate& rate = report.rates[i];
    Json one = {{"id", rate.id}, {"title", rate.title}, {"of", rate.words}};
    one["reference"] = rate.reference ? Json(*rate.reference) : Json(nullptr);
    one["published"] = span_tree(rate.published);
    one["watch"] = span_tree(rate.watch);
    one["source"] = rate.source;
    one["total"] = rate_tree(report.totals[i]);
    rates.push_back(std::move(one));
  }
  for (const CohortGrouping& grouping : report.groupings) {
    groupings.push_back({{"column", grouping.column},
                         {"rows_left_out", grouping.left_out},
                         {"groups", groups_tree(report, grouping.groups, true)}});
  }
  for (const CohortChart& chart : report.charts) {
    charts.push_back(chart_tree(report, chart));
  }
  for (const auto& column : report.columns) {
    columns.push_back({{"fact", column.fact},
                       {"column", column.column},
                       {"known", column.known},
                       {"unknown", column.unknown},
                       {"missing", column.missing},
                       {"refused", column.refused}});
  }
  const Json out = {{"schema", "her2-cohort/1"},
                    {"table", report.table},
                    {"map", report.map},
                    {"rows", report.rows},
                    {"rows_refused", report.rows_refused},
                    {"values_refused", report.cells_refused},
                    {"rows_shown", kMostRowsShown},
                    {"editions", editions},
                    {"shifts", shifts},
                    {"distributions", distributions},
                    {"rates", rates},
                    {"groupings", groupings},
                    {"period", report.period.empty() ? Json(nullptr) : Json(report.period)},
                    {"rows_undated", report.undated},
                    {"periods", groups_tree(report, report.periods, false)},
                    {"charts", charts},
                    {"notices", distribution_tree(report.discordances)["values"]},
                    {"refusals", distribution_tree(report.refusals)["values"]},
                    {"columns", columns},
                    {"columns_absent", report.absent_columns},
                    {"columns_unused", report.unused_columns},
                    {"software", report.software},
                    {"research_use", kResearchUse}};
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace her2
