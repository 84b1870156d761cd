// SPDX-License-Identifier: Apache-2.0
#include "her2/report/cohort_html_parts.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "her2/report/cohort_picture.h"
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
          ? fmt::format("<p class=\"quiet\">The first {} of {} rows.</p>", count.ids.size(), count.rows)
          : "";
  return fmt::format("<details class=\"rows\"><summary class=\"number\">{}</summary><div>{}{}</div></details>",
                     count.rows, ids, rest);
}

std::string interval_text(std::uint64_t events, std::uint64_t cases) {
  const ShareInterval one = wilson(events, cases);
  return fmt::format("{:.1f} to {:.1f} %", 100 * one.low, 100 * one.high);
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
    open(fmt::format("By {}", grouping.column), fmt::format("by-{}", number));
    if (grouping.left_out > 0) {
      add("<p class=\"quiet\">{} rows are left out: the column has more than {} values, and the first are shown.</p>\n",
          grouping.left_out, kMostGroups);
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
    add("<details class=\"more\"{}><summary>{}</summary>\n<p class=\"quiet\">Around {} ({}). Limits: 95 % and 99.8 %, "
        "exact.</p>\n",
        rate < 3 ? " open" : "", html_text(what.title), percent_text(centre),
        what.reference ? "published reference" : "this table's own share");
    add("<div class=\"two\"><div>{}</div><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{} by "
        "{}\"><table><thead><tr><th "
        "scope=\"col\">{}</th><th "
        "scope=\"col\">Rows</th>"
        "<th scope=\"col\">Share</th><th scope=\"col\"><span class=\"number\">99.8 %</span></th></tr></thead><tbody>\n",
        funnel_svg(grouping, rate, centre, fmt::format("{} by {}", what.title, grouping.column)), html_text(what.title),
        html_text(grouping.column), html_text(grouping.column));
    for (const CohortGroup& group : grouping.groups) {
      const RateCount& count = group.rates[rate];
      if (count.cases == 0) {
        continue;
      }
      const CountLimits limits = binomial_limits(count.cases, centre, kFunnelTail998);
      const bool high = count.events.rows > limits.high, low = count.events.rows < limits.low;
      add("<tr><th scope=\"row\">{}</th><td>{} of {}</td><td class=\"number\">{}<br><span "
          "class=\"quiet\">{}</span></td><td>{}</td></tr>\n",
          html_text(group.name.empty() ? "not stated" : group.name), rows_html(count.events), count.cases,
          percent_text(count.share()), interval_text(count.events.rows, count.cases),
          high || low ? fmt::format("<span class=\"outside\">{}</span>", high ? "above" : "below") : "inside");
    }
    body_ += "</tbody></table></div></div></details>\n";
  }

  void charts() {
    if (report_.charts.empty()) {
      return;
    }
    open("Over time", "charts");
    add("<p>By {}. {}</p>\n", html_text(report_.period),
        report_.undated > 0 ? fmt::format("{} rows have no date that tells it and are left out.", report_.undated)
                            : "");
    body_ +=
        "<p class=\"quiet\">Above: the share of each period between its three-sigma limits (exact; about 3 periods of "
        "1,000 lie outside "
        "by chance alone). Below: the CUSUM of higher shares and of lower ones, which add up small changes; a triangle "
        "marks a signal, "
        "after which it starts again. A signal says that the share has changed, not why: look at reagents, lots, "
        "scanners, readers, "
        "and at who is tested.</p>\n";
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
        signals.push_back(fmt::format("{} ({})", period, point.signals_up ? "higher" : "lower"));
      }
    }
    add("<details class=\"more\"{}><summary>{}{}{}</summary>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
        "aria-label=\"{}\">{}</div>\n",
        chart.rate < 1 || !outside.empty() || !signals.empty() ? " open" : "", chart.complement ? "Other than: " : "",
        html_text(report_.rates[chart.rate].title),
        outside.empty() && signals.empty()
            ? ""
            : fmt::format(" <span class=\"outside\">{} signals</span>", outside.size() + signals.size()),
        html_text(report_.rates[chart.rate].title), chart_svg(report_, chart));
    add("<p>Outside the limits: {}. CUSUM signals: {}.</p>\n",
        outside.empty() ? "none" : fmt::format("{}", fmt::join(outside, ", ")),
        signals.empty() ? "none" : fmt::format("{}", fmt::join(signals, ", ")));
    add("<p class=\"quiet\">Around this table's own share, {}. The upward CUSUM looks for {}, the downward one for {} "
        "(odds {:g} times as high "
        "or as low). While nothing changes, a false signal comes on average every {:.0f} and {:.0f} cases or later; "
        "after such a change "
        "a true one takes {:.0f} and {:.0f} cases on average when every case is charted at once, and up to a period "
        "more here.</p>\n",
        percent_text(chart.centre), percent_text(chart.up.p1), percent_text(chart.down.p1), kCusumOdds,
        chart.up.run_in_control, chart.down.run_in_control, chart.up.run_shifted, chart.down.run_shifted);
    body_ +=
        "<details class=\"more\"><summary>Numbers by period</summary><div class=\"scroll\" tabindex=\"0\" "
        "role=\"region\" aria-label=\"Numbers by period\"><table><thead><tr><th "
        "scope=\"col\">Period</th>"
        "<th scope=\"col\">Rows</th><th scope=\"col\">Share</th><th scope=\"col\">Limits</th><th scope=\"col\">CUSUM "
        "up, down</th></tr></thead><tbody>\n";
    for (const auto& point : chart.points) {
      const RateCount& count = report_.periods[point.period].rates[chart.rate];
      const auto cases = static_cast<double>(point.cases);
      add("<tr><th scope=\"row\">{}</th><td>{} of {}</td><td class=\"number\">{}</td><td class=\"number\">{} to "
          "{}{}</td>"
          "<td class=\"number\">{} of {}, {} of {}</td></tr>\n",
          html_text(report_.periods[point.period].name), rows_html(count.events), point.cases,
          percent_text(static_cast<double>(point.events) / cases),
          percent_text(static_cast<double>(point.limits.low) / cases),
          percent_text(static_cast<double>(point.limits.high) / cases),
          point.outside ? " <span class=\"outside\">outside</span>" : "", point.up, chart.up.limit, point.down,
          chart.down.limit);
    }
    body_ += "</tbody></table></div></details></details>\n";
  }

  const CohortReport& report_;
  std::string body_;
};

}  // namespace

std::string cohort_series_html(const CohortReport& report) { return SeriesPage(report).run(); }

}  // namespace her2
