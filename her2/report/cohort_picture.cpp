// SPDX-License-Identifier: Apache-2.0
#include "her2/report/cohort_picture.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "her2/language/say.h"
#include "her2/report/cohort_words.h"
#include "her2/report/html_page.h"

namespace her2 {
namespace {

const char* tone_of(const std::string& status) {
  if (status == "not recorded" || status == "refused") {
    return "neutral";
  }
  return status == "positive" ? "positive" : status == "negative" ? "negative" : "unsettled";
}

// A round upper end of an axis.
double axis_end(double most) {
  for (const double end : {0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8}) {
    if (most <= end) {
      return end;
    }
  }
  return 1;
}

// An id that no other picture of a report has: titles differ.
std::string id_of(const std::string& title) {
  std::string out = "picture-";
  for (const char c : title) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    out += plain ? std::string(1, c) : fmt::format("-{:x}", static_cast<unsigned char>(c));
  }
  return out;
}

std::string start(const char* kind, int width, int height, const std::string& title, const std::string& words) {
  const std::string id = id_of(title);
  return fmt::format(
      "<svg class=\"{0}\" viewBox=\"0 0 {1} {2}\" role=\"img\" aria-labelledby=\"{3} {3}-words\">"
      "<title id=\"{3}\">{4}</title><desc id=\"{3}-words\">{5}</desc>\n",
      kind, width, height, id, html_text(title), html_text(words));
}

// What a point of a chart says: markup.
std::string point_words(const std::string& name, std::uint64_t rows, std::uint64_t cases) {
  return html_say("cohort.point", {{"name", html_text(name)}, {"rows", rows}, {"cases", cases}});
}

std::string chart_title(const CohortReport& report, const CohortChart& chart) {
  const std::string rate = rate_title(report.rates[chart.rate]);
  if (chart.complement) {
    return report.period == "month"     ? say("cohort.chart_title_others_month", {{"rate", rate}})
           : report.period == "quarter" ? say("cohort.chart_title_others_quarter", {{"rate", rate}})
                                        : say("cohort.chart_title_others_year", {{"rate", rate}});
  }
  return report.period == "month"     ? say("cohort.chart_title_month", {{"rate", rate}})
         : report.period == "quarter" ? say("cohort.chart_title_quarter", {{"rate", rate}})
                                      : say("cohort.chart_title_year", {{"rate", rate}});
}

}  // namespace

std::string percent_text(double share) { return html_text(percent_in(100 * share, 1)); }

std::string span_svg(const CohortRate& rate, const RateCount& count) {
  constexpr double kWidth = 200;
  const ShareInterval interval = wilson(count.events.rows, count.cases);
  const double top = count.cases == 0 ? 0 : std::min(1.0, std::max(interval.high, count.share()));
  const double end = axis_end(std::max(rate.published ? rate.published->second * 1.15 : 0, top));
  const auto x = [&](double share) { return kWidth * std::min(share / end, 1.0); };
  std::string out = fmt::format(
      "<svg class=\"span\" viewBox=\"-2 0 240 22\" aria-hidden=\"true\">"
      "<line class=\"rule\" x1=\"0\" x2=\"{}\" y1=\"11\" y2=\"11\"/>",
      kWidth);
  if (rate.published) {
    out += fmt::format("<rect class=\"band\" x=\"{:.1f}\" y=\"3\" width=\"{:.1f}\" height=\"16\"/>",
                       x(rate.published->first), std::max(2.0, x(rate.published->second) - x(rate.published->first)));
  }
  if (rate.reference) {
    out +=
        fmt::format("<line class=\"reference\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"1\" y2=\"21\"/>", x(*rate.reference));
  }
  if (count.cases > 0) {
    out += fmt::format(
        "<line class=\"interval\" x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"11\" y2=\"11\"/>"
        "<circle class=\"point\" cx=\"{:.1f}\" cy=\"11\" r=\"4.5\"/>",
        x(interval.low), x(interval.high), x(count.share()));
  }
  return out + fmt::format("<text class=\"tick\" x=\"{}\" y=\"15\">{:.0f}</text></svg>", kWidth + 6, 100 * end);
}

namespace {

constexpr const char* kSeveral = "several possible";

// For drawing: values that are open are one.
CohortReport lumped(const CohortReport& report) {
  const auto one = [](const std::string& value) { return value.find('|') == std::string::npos ? value : kSeveral; };
  CohortReport out;
  out.rows = report.rows;
  out.rows_refused = report.rows_refused;
  out.editions = report.editions;
  for (const CohortDistribution& status : report.statuses) {
    CohortDistribution& to = out.statuses.emplace_back();
    for (const auto& [value, count] : status.values) {
      const std::string name = one(value);
      const auto found =
          std::find_if(to.values.begin(), to.values.end(), [&](const auto& entry) { return entry.first == name; });
      if (found == to.values.end()) {
        to.values.push_back({name, {count.rows, {}}});
      } else {
        found->second.rows += count.rows;
      }
    }
  }
  for (const CohortShift& shift : report.shifts) {
    std::map<std::pair<std::string, std::string>, RowCount> flows;
    for (const auto& [values, count] : shift.flows) {
      flows[{one(values.first), one(values.second)}].rows += count.rows;
    }
    out.shifts.push_back({shift.from, {flows.begin(), flows.end()}, shift.changed});
  }
  return out;
}

}  // namespace

std::string flow_svg(const CohortReport& full) {
  const CohortReport report = lumped(full);
  constexpr double kHeight = 300, kTop = 34, kBar = 18, kGap = 10, kWidth = 860;
  const std::size_t editions = report.statuses.size();
  const double all = static_cast<double>(std::max<std::uint64_t>(1, report.rows - report.rows_refused));
  std::size_t most = 1;
  for (const auto& status : report.statuses) {
    most = std::max(most, status.values.size());
  }
  const double scale = (kHeight - kGap * static_cast<double>(most - 1)) / all;
  const double step = (kWidth - 190) / static_cast<double>(std::max<std::size_t>(1, editions - 1));
  std::string out = start("wide", static_cast<int>(kWidth), static_cast<int>(kHeight + kTop + 6),
                          say("cohort.her2_status_by_edition"), say("cohort.flow_words"));
  std::string bars;
  std::vector<std::map<std::string, double>> from(editions), to(editions);  // next free y on the right and left side
  for (std::size_t i = 0; i < editions; ++i) {
    const double x = step * static_cast<double>(i) + 2;
    double y = kTop, last_label = 0;
    bars += fmt::format("<text class=\"group\" x=\"{:.1f}\" y=\"16\">{}</text>\n", x,
                        html_text(report.editions[i].edition));
    for (const auto& [value, count] : report.statuses[i].values) {
      const double height = std::max(1.5, static_cast<double>(count.rows) * scale);
      from[i][value] = to[i][value] = y;
      const double label = std::max(y + height / 2 + 4, last_label + 13);
      last_label = label;
      const std::string shown =
          value == kSeveral ? say("cohort.several_possible") : cohort_value_words("her2_status", value);
      bars += fmt::format(
          "<rect class=\"bar {}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{}\" height=\"{:.1f}\"/>"
          "<text class=\"tick\" x=\"{:.1f}\" y=\"{:.1f}\">{} {}</text>\n",
          tone_of(value), x, y, kBar, height, x + kBar + 5, label, html_text(shown), count.rows);
      y += height + kGap;
    }
  }
  for (const CohortShift& shift : report.shifts) {
    const double x0 = step * static_cast<double>(shift.from) + 2 + kBar, x1 = x0 + step - kBar, bend = (x1 - x0) / 2;
    auto flows = shift.flows;
    std::stable_sort(flows.begin(), flows.end(), [&](const auto& a, const auto& b) {
      return std::pair(to[shift.from][a.first.first], to[shift.from + 1][a.first.second]) <
             std::pair(to[shift.from][b.first.first], to[shift.from + 1][b.first.second]);
    });
    for (const auto& [values, count] : flows) {
      const double height = std::max(1.2, static_cast<double>(count.rows) * scale);
      double& y0 = from[shift.from][values.first];
      double& y1 = to[shift.from + 1][values.second];
      out += fmt::format(
          "<path class=\"flow {} {}\" d=\"M{:.1f} {:.1f}C{:.1f} {:.1f} {:.1f} {:.1f} {:.1f} {:.1f}v{:.1f}"
          "C{:.1f} {:.1f} {:.1f} {:.1f} {:.1f} {:.1f}z\"/>\n",
          tone_of(values.second), values.first == values.second ? "same" : "moved", x0, y0, x0 + bend, y0, x1 - bend,
          y1, x1, y1, height, x1 - bend, y1 + height, x0 + bend, y0 + height, x0, y0 + height);
      y0 += static_cast<double>(count.rows) * scale;
      y1 += static_cast<double>(count.rows) * scale;
    }
  }
  return out + bars + "</svg>\n";
}

std::string funnel_svg(const CohortGrouping& grouping, std::size_t rate, double centre, const std::string& title) {
  constexpr double kLeft = 44, kRight = 12, kTop = 10, kBottom = 40, kWidth = 460, kHeight = 300;
  std::uint64_t most = 10;
  double top = centre * 1.6;
  for (const CohortGroup& group : grouping.groups) {
    most = std::max(most, group.rates[rate].cases);
    top = std::max(top, group.rates[rate].cases < 10 ? 0 : group.rates[rate].share() * 1.1);
  }
  top = axis_end(std::min(1.0, top));
  const double end = static_cast<double>(most) * 1.08;
  const auto x = [&](double cases) { return kLeft + (kWidth - kLeft - kRight) * cases / end; };
  const auto y = [&](double share) { return kTop + (kHeight - kTop - kBottom) * (1 - std::min(share, top) / top); };
  std::string out =
      start("funnel", static_cast<int>(kWidth), static_cast<int>(kHeight), title, say("cohort.funnel_words"));
  const auto limit = [&](double tail, bool low) {
    std::string path;
    for (int i = 1; i <= 60; ++i) {
      const auto cases = static_cast<std::uint64_t>(std::max(1.0, end * i / 60));
      const CountLimits limits = binomial_limits(cases, centre, tail);
      const double share = static_cast<double>(low ? limits.low : limits.high) / static_cast<double>(cases);
      path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : "L", x(static_cast<double>(cases)), y(share));
    }
    return path;
  };
  for (int i = 0; i <= 4; ++i) {
    const double share = top * i / 4;
    out += fmt::format(
        "<line class=\"grid\" x1=\"{0}\" x2=\"{1}\" y1=\"{2:.1f}\" y2=\"{2:.1f}\"/>"
        "<text class=\"tick\" x=\"{3}\" y=\"{4:.1f}\" text-anchor=\"end\">{5}</text>",
        kLeft, kWidth - kRight, y(share), kLeft - 6, y(share) + 4, number_in(fmt::format("{:g}", 100 * share)));
  }
  out += fmt::format(
      "<path class=\"limit95\" d=\"{}\"/><path class=\"limit95\" d=\"{}\"/>"
      "<path class=\"limit998\" d=\"{}\"/><path class=\"limit998\" d=\"{}\"/>"
      "<line class=\"reference\" x1=\"{}\" x2=\"{}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>\n",
      limit(kFunnelTail95, true), limit(kFunnelTail95, false), limit(kFunnelTail998, true),
      limit(kFunnelTail998, false), kLeft, kWidth - kRight, y(centre), y(centre));
  for (const CohortGroup& group : grouping.groups) {
    const RateCount& count = group.rates[rate];
    if (count.cases == 0) {
      continue;
    }
    const CountLimits limits = binomial_limits(count.cases, centre, kFunnelTail998);
    const bool outside = count.events.rows < limits.low || count.events.rows > limits.high;
    const double px = x(static_cast<double>(count.cases)), py = y(count.share());
    out += fmt::format("<g><title>{4}</title><circle class=\"dot{0}\" cx=\"{1:.1f}\" cy=\"{2:.1f}\" r=\"{3}\"/></g>",
                       outside ? " out" : "", px, py, outside ? 6 : 4.5,
                       point_words(group_name(group), count.events.rows, count.cases));
    if (outside) {
      const bool left = px > kWidth - 120;
      out += fmt::format("<text class=\"tick strong\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>",
                         left ? px - 9 : px + 9, py + 4, left ? "end" : "start", html_text(group_name(group)));
    }
  }
  const double ticks = std::pow(10.0, std::floor(std::log10(end)));
  for (double cases = 0; cases <= end; cases += end / ticks > 4 ? 2 * ticks : ticks / 2) {
    out += fmt::format("<text class=\"tick\" x=\"{:.1f}\" y=\"{}\" text-anchor=\"middle\">{:g}</text>", x(cases),
                       kHeight - kBottom + 16, cases);
  }
  return out + fmt::format(
                   "<text class=\"axis\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>"
                   "<text class=\"axis\" x=\"2\" y=\"{}\">%</text></svg>\n",
                   (kLeft + kWidth) / 2, kHeight - 6, html_say("cohort.cases"), kTop + 4);
}

std::string chart_svg(const CohortReport& report, const CohortChart& chart) {
  constexpr double kLeft = 44, kRight = 10, kWidth = 860, kShares = 190, kTop = 10, kSums = 90, kBetween = 26;
  const std::size_t points = chart.points.size();
  double top = chart.centre * 1.5;
  for (const auto& point : chart.points) {
    top = std::max(top, static_cast<double>(point.events) / static_cast<double>(point.cases));
  }
  top = axis_end(std::min(1.0, top));
  const double step = (kWidth - kLeft - kRight) / static_cast<double>(std::max<std::size_t>(1, points));
  const auto x = [&](std::size_t i) { return kLeft + step * (static_cast<double>(i) + 0.5); };
  const auto y = [&](double share) { return kTop + (kShares - kTop) * (1 - std::min(share, top) / top); };
  const double base = kShares + kBetween + kSums;
  const auto sum_y = [&](std::uint64_t sum, std::uint64_t limit) {
    return base - kSums * std::min(1.15, static_cast<double>(sum) / static_cast<double>(limit)) / 1.15;
  };
  const std::string name = chart_title(report, chart);
  std::string out =
      start("wide", static_cast<int>(kWidth), static_cast<int>(base + 24), name, say("cohort.chart_words"));
  for (int i = 0; i <= 4; ++i) {
    const double share = top * i / 4;
    out += fmt::format(
        "<line class=\"grid\" x1=\"{0}\" x2=\"{1}\" y1=\"{2:.1f}\" y2=\"{2:.1f}\"/>"
        "<text class=\"tick\" x=\"{3}\" y=\"{4:.1f}\" text-anchor=\"end\">{5}</text>",
        kLeft, kWidth - kRight, y(share), kLeft - 6, y(share) + 4, number_in(fmt::format("{:g}", 100 * share)));
  }
  std::string high, low, line, up, down;
  for (std::size_t i = 0; i < points; ++i) {
    const auto& point = chart.points[i];
    const auto cases = static_cast<double>(point.cases);
    const double left = x(i) - step / 2, right = x(i) + step / 2;
    const auto stair = [&](std::string& path, double share) {
      path += fmt::format("{}{:.1f} {:.1f}H{:.1f}", path.empty() ? "M" : "L", left, y(share), right);
    };
    stair(high, static_cast<double>(point.limits.high) / cases);
    stair(low, static_cast<double>(point.limits.low) / cases);
    line += fmt::format("{}{:.1f} {:.1f}", i == 0 ? "M" : "L", x(i), y(static_cast<double>(point.events) / cases));
    up += fmt::format("{}{:.1f} {:.1f}", i == 0 ? "M" : "L", x(i), sum_y(point.up, chart.up.limit));
    down += fmt::format("{}{:.1f} {:.1f}", i == 0 ? "M" : "L", x(i), sum_y(point.down, chart.down.limit));
  }
  out += fmt::format(
      "<path class=\"limit998\" d=\"{}\"/><path class=\"limit998\" d=\"{}\"/>"
      "<line class=\"reference\" x1=\"{}\" x2=\"{}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>"
      "<path class=\"line\" d=\"{}\"/>\n"
      "<line class=\"limit998\" x1=\"{}\" x2=\"{}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>"
      "<line class=\"grid\" x1=\"{}\" x2=\"{}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>"
      "<path class=\"line up\" d=\"{}\"/><path class=\"line down\" d=\"{}\"/>"
      "<text class=\"tick\" x=\"2\" y=\"{:.1f}\">{}</text><text class=\"tick\" x=\"2\" y=\"{:.1f}\">0</text>"
      "<text class=\"axis\" x=\"2\" y=\"{:.1f}\">{}</text>\n",
      high, low, kLeft, kWidth - kRight, y(chart.centre), y(chart.centre), line, kLeft, kWidth - kRight, sum_y(1, 1),
      sum_y(1, 1), kLeft, kWidth - kRight, base, base, up, down, sum_y(1, 1) + 4, html_say("cohort.limit"), base + 4,
      kShares + 16, html_say("cohort.cusum"));
  const std::size_t every = std::max<std::size_t>(1, (points + 11) / 12);
  for (std::size_t i = 0; i < points; ++i) {
    const auto& point = chart.points[i];
    const std::string& period = report.periods[point.period].name;
    const double share = static_cast<double>(point.events) / static_cast<double>(point.cases);
    out += fmt::format("<g><title>{4}</title><circle class=\"dot{0}\" cx=\"{1:.1f}\" cy=\"{2:.1f}\" r=\"{3}\"/></g>",
                       point.outside ? " out" : "", x(i), y(share), point.outside ? 5.5 : 3,
                       point_words(period, point.events, point.cases));
    if (point.signals_up || point.signals_down) {
      out += fmt::format("<g><title>{}</title><path class=\"signal\" d=\"M{:.1f} {:.1f}l7 -12h-14z\"/></g>",
                         point.signals_up ? html_say("cohort.signals_a_higher_share", {{"period", html_text(period)}})
                                          : html_say("cohort.signals_a_lower_share", {{"period", html_text(period)}}),
                         x(i), sum_y(1, 1) - 3);
    }
    if (i % every == 0) {
      out += fmt::format("<text class=\"tick\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>", x(i),
                         base + 18, html_text(period));
    }
  }
  return out + "</svg>\n";
}

}  // namespace her2
