// SPDX-License-Identifier: Apache-2.0
#include "her2/report/cohort_html_parts.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "her2/report/cohort_picture.h"
#include "her2/report/cohort_words.h"
#include "her2/report/html_page.h"

namespace her2 {

std::string rows_html(const RowCount& count) {
  if (count.rows == 0) {
    return "<span class=\"number\">0</span>";
  }
  std::string ids;
  for (const std::string& id : count.ids) {
    ids += (ids.empty() ? "" : ", ") + html_text(id);
  }
  const std::string rest =
      count.rows > count.ids.size()
          ? fmt::format("<p class=\"quiet\">{}</p>",
                        html_say("cohort.the_first_rows", {{"shown", count.ids.size()}, {"rows", count.rows}}))
          : "";
  return fmt::format("<details class=\"rows\"><summary class=\"number\">{}</summary><div>{}{}</div></details>",
                     count.rows, ids, rest);
}

std::string interval_text(std::uint64_t events, std::uint64_t cases) {
  const ShareInterval one = wilson(events, cases);
  return html_say("cohort.interval", {{"low", number_in(100 * one.low, 1)}, {"high", number_in(100 * one.high, 1)}});
}

namespace {

class SeriesPage {
 public:
  explicit SeriesPage(const CohortReport& report) : report_(report) {}

  std::string run() {
    for (const CohortGrouping& grouping : report_.groupings) {
      by_column(grouping);
    }
    charts();
    return std::move(body_);
  }

 private:
  template <class... Values>
  void add(fmt::format_string<Values...> format, Values&&... values) {
    body_ += fmt::format(format, std::forward<Values>(values)...);
  }
  void open(const std::string& title, const std::string& id) {
    add("<section class=\"sheet\" id=\"{}\">\n<h2>{}</h2>\n", id, html_text(title));
  }
  void close() { body_ += "</section>\n"; }

  void by_column(const CohortGrouping& grouping) {
    const auto number = static_cast<std::size_t>(&grouping - report_.groupings.data()) + 1;
    open(say("cohort.by_column", {{"column", grouping.column}}), fmt::format("by-{}", number));
    if (grouping.left_out > 0) {
      add("<p class=\"quiet\">{}</p>\n",
          html_say("cohort.rows_left_out", {{"rows", grouping.left_out}, {"values", kMostGroups}}));
    }
    for (std::size_t rate = 0; rate < report_.rates.size(); ++rate) {
      const auto filled = std::count_if(grouping.groups.begin(), grouping.groups.end(),
                                        [&](const auto& group) { return group.rates[rate].cases > 0; });
      if (filled > 1 && report_.totals[rate].events.rows > 0) {
        funnel(grouping, rate);
      }
    }
    close();
  }

  void funnel(const CohortGrouping& grouping, std::size_t rate) {
    const CohortRate& what = report_.rates[rate];
    const double own = report_.totals[rate].share();
    const double centre = what.reference.value_or(own);
    const std::string title = rate_title(what), around = percent_text(centre);
    add("<details class=\"more\"{}><summary>{}</summary>\n<p class=\"quiet\">{}</p>\n", rate < 3 ? " open" : "",
        html_text(title),
        what.reference ? html_say("cohort.around_published", {{"centre", around}})
                       : html_say("cohort.around_own", {{"centre", around}}));
    const std::string name = say("cohort.rate_by_column", {{"rate", title}, {"column", grouping.column}});
    add("<div class=\"two\"><div>{}</div><div class=\"scroll\" tabindex=\"0\" role=\"region\" "
        "aria-label=\"{}\"><table><thead>"
        "<tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th>"
        "<th scope=\"col\"><span class=\"number\">{}</span></th></tr></thead><tbody>\n",
        funnel_svg(grouping, rate, centre, name), html_text(name), html_text(grouping.column), html_say("cohort.rows"),
        html_say("cohort.share"), html_say("cohort.limit_998"));
    for (const CohortGroup& group : grouping.groups) {
      const RateCount& count = group.rates[rate];
      if (count.cases == 0) {
        continue;
      }
      const CountLimits limits = binomial_limits(count.cases, centre, kFunnelTail998);
      const bool high = count.events.rows > limits.high, low = count.events.rows < limits.low;
      add("<tr><th scope=\"row\">{}</th><td>{}</td><td class=\"number\">{}<br><span "
          "class=\"quiet\">{}</span></td><td>{}</td></tr>\n",
          html_text(group_name(group)),
          html_say("cohort.of_cases", {{"rows", rows_html(count.events)}, {"cases", count.cases}}),
          percent_text(count.share()), interval_text(count.events.rows, count.cases),
          high || low ? fmt::format("<span class=\"outside\">{}</span>",
                                    high ? html_say("cohort.above") : html_say("cohort.below"))
                      : html_say("cohort.inside"));
    }
    body_ += "</tbody></table></div></div></details>\n";
  }

  void charts() {
    if (report_.charts.empty()) {
      return;
    }
    open(say("cohort.over_time"), "charts");
    add("<p>{} {}</p>\n",
        report_.period == "month"     ? html_say("cohort.by_month")
        : report_.period == "quarter" ? html_say("cohort.by_quarter")
                                      : html_say("cohort.by_year"),
        report_.undated > 0 ? html_say("cohort.rows_undated", {{"rows", report_.undated}}) : "");
    add("<p class=\"quiet\">{}</p>\n", html_say("cohort.charts_words"));
    for (const CohortChart& chart : report_.charts) {
      one_chart(chart);
    }
    close();
  }

  void one_chart(const CohortChart& chart) {
    std::vector<std::string> outside, signals;
    for (const auto& point : chart.points) {
      const std::string period = html_text(report_.periods[point.period].name);
      if (point.outside) {
        outside.push_back(period);
      }
      if (point.signals_up || point.signals_down) {
        signals.push_back(point.signals_up ? html_say("cohort.signal_higher", {{"period", period}})
                                           : html_say("cohort.signal_lower", {{"period", period}}));
      }
    }
    const std::string title = html_text(rate_title(report_.rates[chart.rate]));
    add("<details class=\"more\"{}><summary>{}{}</summary>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
        "aria-label=\"{}\">{}</div>\n",
        chart.rate < 1 || !outside.empty() || !signals.empty() ? " open" : "",
        chart.complement ? html_say("cohort.chart_of_others", {{"rate", title}})
                         : html_say("cohort.chart_of", {{"rate", title}}),
        outside.empty() && signals.empty()
            ? ""
            : fmt::format(" <span class=\"outside\">{}</span>",
                          html_say("cohort.signals", {{"signals", outside.size() + signals.size()}})),
        title, chart_svg(report_, chart));
    const auto listed = [](const std::vector<std::string>& names) {
      return names.empty() ? html_say("cohort.none") : fmt::format("{}", fmt::join(names, ", "));
    };
    add("<p>{}</p>\n",
        html_say("cohort.outside_and_signals", {{"outside", listed(outside)}, {"signals", listed(signals)}}));
    add("<p class=\"quiet\">{}</p>\n",
        html_say("cohort.chart_design", {{"centre", percent_text(chart.centre)},
                                         {"up", percent_text(chart.up.p1)},
                                         {"down", percent_text(chart.down.p1)},
                                         {"odds", number_in(fmt::format("{:g}", kCusumOdds))},
                                         {"up_false", number_in(chart.up.run_in_control, 0)},
                                         {"down_false", number_in(chart.down.run_in_control, 0)},
                                         {"up_true", number_in(chart.up.run_shifted, 0)},
                                         {"down_true", number_in(chart.down.run_shifted, 0)}}));
    const std::string numbers = html_say("cohort.numbers_by_period");
    add("<details class=\"more\"><summary>{}</summary><div class=\"scroll\" tabindex=\"0\" role=\"region\" "
        "aria-label=\"{}\"><table><thead><tr>",
        numbers, numbers);
    for (const std::string& head : {html_say("cohort.period"), html_say("cohort.rows"), html_say("cohort.share"),
                                    html_say("cohort.limits"), html_say("cohort.cusum_up_down")}) {
      add("<th scope=\"col\">{}</th>", head);
    }
    body_ += "</tr></thead><tbody>\n";
    for (const auto& point : chart.points) {
      const RateCount& count = report_.periods[point.period].rates[chart.rate];
      const auto cases = static_cast<double>(point.cases);
      add("<tr><th scope=\"row\">{}</th><td>{}</td><td class=\"number\">{}</td><td class=\"number\">{}{}</td>"
          "<td class=\"number\">{}</td></tr>\n",
          html_text(report_.periods[point.period].name),
          html_say("cohort.of_cases", {{"rows", rows_html(count.events)}, {"cases", point.cases}}),
          percent_text(static_cast<double>(point.events) / cases),
          html_say("cohort.limits_from_to", {{"low", percent_text(static_cast<double>(point.limits.low) / cases)},
                                             {"high", percent_text(static_cast<double>(point.limits.high) / cases)}}),
          point.outside ? fmt::format(" <span class=\"outside\">{}</span>", html_say("cohort.outside")) : "",
          html_say("cohort.cusums", {{"up", point.up},
                                     {"up_limit", chart.up.limit},
                                     {"down", point.down},
                                     {"down_limit", chart.down.limit}}));
    }
    body_ += "</tbody></table></div></details></details>\n";
  }

  const CohortReport& report_;
  std::string body_;
};

}  // namespace

std::string cohort_series_html(const CohortReport& report) { return SeriesPage(report).run(); }

}  // namespace her2
