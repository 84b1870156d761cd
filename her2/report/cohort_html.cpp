// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "her2/language/data_text.h"
#include "her2/report/cohort_document.h"
#include "her2/report/cohort_html_parts.h"
#include "her2/report/cohort_picture.h"
#include "her2/report/cohort_words.h"
#include "her2/report/html_page.h"
#include "her2/report/status_model.h"
#include "her2/report/words.h"

namespace her2 {
namespace {

constexpr const char* kStyle = R"css(
main { max-width:70rem; } header.top, footer { max-width:70rem; }
svg.wide { max-width:none; min-width:34rem; } svg.funnel { max-width:34rem; } svg.wide .tick, svg.funnel .tick { paint-order:stroke; stroke:var(--sheet); stroke-width:3px; stroke-linejoin:round; }
svg.span { width:15rem; max-width:100%; }
svg .bar.positive { fill:var(--positive); } svg .bar.negative { fill:var(--negative); }
svg .bar.unsettled { fill:var(--unsettled); } svg .bar.neutral { fill:var(--line); }
svg .flow.same { fill:var(--line); fill-opacity:.45; } svg .flow.moved { fill-opacity:.55; }
svg .moved.positive { fill:var(--positive); } svg .moved.negative { fill:var(--negative); }
svg .moved.unsettled { fill:var(--unsettled); } svg .moved.neutral { fill:var(--quiet); }
svg .rule, svg .grid { stroke:var(--line); } svg .band { fill:var(--s1); } svg .reference { stroke:var(--s4); stroke-width:1.5; }
svg .interval { stroke:var(--mark); stroke-width:3; } svg .dot { fill:var(--negative); stroke:var(--halo); }
svg .dot.out, svg .signal { fill:var(--positive); } svg .strong { font-weight:600; fill:var(--ink); }
svg .limit95 { fill:none; stroke:var(--quiet); stroke-dasharray:2 3; } svg .limit998 { fill:none; stroke:var(--quiet); stroke-dasharray:6 4; }
svg .line { fill:none; stroke:var(--negative); stroke-width:1.6; } svg .line.up { stroke:var(--positive); }
details { display:inline-block; vertical-align:top; } details > summary { cursor:pointer; color:var(--link); white-space:nowrap; }
details.rows > div { max-width:24rem; max-height:14rem; overflow:auto; background:var(--soft); border:1px solid var(--line);
  border-radius:.4rem; padding:.4rem .6rem; font-size:.82rem; overflow-wrap:anywhere; }
details.more { display:block; margin:.6rem 0; } details.more > summary { font-weight:600; }
.share { display:inline-block; width:9rem; max-width:30vw; height:.75rem; background:var(--soft); border-radius:.2rem; vertical-align:middle; }
.share i { display:block; height:100%; background:var(--negative); border-radius:.2rem; }
.number { font-variant-numeric:tabular-nums; white-space:nowrap; }
.outside { color:var(--positive); font-weight:600; }
.two { display:grid; grid-template-columns:repeat(auto-fit,minmax(min(24rem,100%),1fr)); gap:1.2rem 2rem; }
nav ul { list-style:none; padding:0; display:flex; flex-wrap:wrap; gap:.2rem 1rem; margin:.4rem 0; }
)css";

class CohortPage {
 public:
  explicit CohortPage(const CohortReport& report) : report_(report) {}

  std::string run() {
    add("<a class=\"skip\" href=\"#main\">{}</a>\n<header class=\"top\"><p>{}</p>",
        html_say("cohort.skip_to_the_report"), html_say("cohort.cohort_report"));
    add("<p>{}</p></header>\n<main id=\"main\">\n", html_text(report_.software));
    card();
    editions();
    rates();
    distributions();
    notices();
    body_ += cohort_series_html(report_);
    columns();
    how_to_read();
    add("</main>\n<footer><p>{}</p></footer>\n", html_text(research_use()));
    return html_page(say("cohort.page_title", {{"table", report_.table}}), body_, kStyle);
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

  [[nodiscard]] std::string last_edition() const { return html_text(edition_title(report_.editions.back())); }

  void card() {
    body_ += "<section class=\"card neutral\" aria-labelledby=\"what\">\n<h1 id=\"what\">";
    const auto slash = report_.table.rfind('/');
    add("{}</h1>\n<p class=\"detail\">{}</p>\n<p>{}</p>\n",
        html_text(slash == std::string::npos ? report_.table : report_.table.substr(slash + 1)),
        html_say("cohort.rows_under_editions", {{"rows", report_.rows}, {"editions", edition_names()}}),
        html_text(report_.map));
    body_ += "<dl class=\"answers\">\n";
    const auto tile = [&](const std::string& label, const std::string& value) {
      add("<div><dt>{}</dt><dd>{}</dd></div>\n", html_text(label), value);
    };
    for (std::size_t i = 0; i < report_.rates.size(); ++i) {
      const RateCount& count = report_.totals[i];
      if (report_.rates[i].id == "her2-positive" && count.cases > 0) {
        const std::uint64_t negative = count.cases - count.events.rows;
        tile(say("cohort.her2_negative_share"),
             fmt::format("{} <span class=\"quiet\">({})</span>", percent_text(1 - count.share()),
                         interval_text(negative, count.cases)));
      }
    }
    for (const CohortShift& shift : report_.shifts) {
      tile(say("cohort.changed_from_to",
               {{"from", report_.editions[shift.from].edition}, {"to", report_.editions[shift.from + 1].edition}}),
           fmt::format("{}", shift.changed));
    }
    tile(say("cohort.rows_refused"), fmt::format("{}", report_.rows_refused));
    tile(say("cohort.values_refused"), fmt::format("{}", report_.cells_refused));
    add("</dl>\n<p class=\"quiet\">{}</p>\n", html_text(research_use()));
    add("<nav aria-label=\"{}\"><ul>", html_say("cohort.nav"));
    const auto link = [&](const std::string& anchor, const std::string& words) {
      add("<li><a href=\"#{}\">{}</a></li>", anchor, words);
    };
    link("editions", html_say("cohort.nav_editions"));
    link("rates", html_say("cohort.nav_rates"));
    link("distributions", html_say("cohort.nav_distributions"));
    link("notices", html_say("cohort.nav_notices"));
    for (std::size_t i = 0; i < report_.groupings.size(); ++i) {
      link(fmt::format("by-{}", i + 1),
           html_say("cohort.nav_by", {{"column", html_text(report_.groupings[i].column)}}));
    }
    if (!report_.charts.empty()) {
      link("charts", html_say("cohort.nav_over_time"));
    }
    link("columns", html_say("cohort.nav_columns"));
    link("reading", html_say("cohort.nav_reading"));
    body_ += "</ul></nav>\n";
    close();
  }

  [[nodiscard]] std::string edition_names() const {
    std::vector<std::string> names;
    for (const CohortEdition& edition : report_.editions) {
      names.push_back(html_text(edition.edition));
    }
    return fmt::format("{}", fmt::join(names, ", "));
  }

  void editions() {
    open(say("cohort.status_by_edition"), "editions");
    if (report_.editions.size() > 1) {
      add("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\">{}</div>\n",
          html_say("cohort.her2_status_by_edition"), flow_svg(report_));
    }
    std::vector<std::string> values;
    for (const CohortDistribution& status : report_.statuses) {
      for (const auto& [value, count] : status.values) {
        if (std::find(values.begin(), values.end(), value) == values.end()) {
          values.push_back(value);
        }
      }
    }
    add("<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
        "aria-label=\"{}\"><table>\n<caption>{}</caption>\n<thead><tr>"
        "<th scope=\"col\">{}</th>",
        html_say("cohort.rows_by_her2_status"), html_say("cohort.rows_by_her2_status_caption"),
        html_say("cohort.status"));
    for (const CohortEdition& edition : report_.editions) {
      add("<th scope=\"col\">{}</th>", html_text(edition.edition));
    }
    body_ += "</tr></thead>\n<tbody>\n";
    for (const std::string& value : values) {
      add("<tr><th scope=\"row\">{}</th>", html_text(cohort_value_words("her2_status", value)));
      for (const CohortDistribution& status : report_.statuses) {
        const auto found = std::find_if(status.values.begin(), status.values.end(),
                                        [&](const auto& one) { return one.first == value; });
        add("<td>{}</td>", found == status.values.end() ? "<span class=\"number\">0</span>" : rows_html(found->second));
      }
      body_ += "</tr>\n";
    }
    body_ += "</tbody></table></div>\n";
    for (const CohortShift& shift : report_.shifts) {
      changes(shift);
    }
    close();
  }

  void changes(const CohortShift& shift) {
    const std::string from = html_text(report_.editions[shift.from].edition),
                      to = html_text(report_.editions[shift.from + 1].edition);
    if (shift.changed == 0) {
      add("<h3>{}</h3>\n<p>{}</p>\n", html_say("cohort.from_to", {{"from", from}, {"to", to}}),
          html_say("cohort.no_row_changes"));
      return;
    }
    const std::string rows = html_say("cohort.rows");
    add("<h3>{}</h3>\n<table class=\"cards\"><thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th>"
        "<th scope=\"col\">{}</th></tr></thead>\n<tbody>\n",
        html_say("cohort.from_to_rows_change", {{"from", from}, {"to", to}, {"rows", shift.changed}}), from, to, rows);
    for (const auto& [values, count] : shift.flows) {
      if (values.first != values.second) {
        add("<tr><th scope=\"row\">{}</th><td data-head=\"{}\">{}</td><td data-head=\"{}\">{}</td></tr>\n",
            html_text(cohort_value_words("her2_status", values.first)), to,
            html_text(cohort_value_words("her2_status", values.second)), rows, rows_html(count));
      }
    }
    body_ += "</tbody></table>\n";
  }

  static std::string compared(const CohortRate& rate, const RateCount& count) {
    if (!rate.published) {
      return "";
    }
    const ShareInterval one = wilson(count.events.rows, count.cases);
    const bool above = one.low > rate.published->second, below = one.high < rate.published->first;
    return above || below ? fmt::format("<span class=\"outside\">{}</span>",
                                        above ? html_say("cohort.above") : html_say("cohort.below"))
                          : html_say("cohort.within_reach");
  }

  void rates() {
    open(say("cohort.rates"), "rates");
    const std::string rows = html_say("cohort.rows"), share = html_say("cohort.share"),
                      published = html_say("cohort.published"), against = html_say("cohort.against_it");
    add("<p class=\"quiet\">{}</p>\n", html_say("cohort.rates_words", {{"edition", last_edition()}}));
    add("<table class=\"cards\">\n<thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th "
        "scope=\"col\">{}</th>"
        "<th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead>\n<tbody>\n",
        html_say("cohort.rate"), rows, share, published, against);
    std::vector<std::string> empty;
    for (std::size_t i = 0; i < report_.rates.size(); ++i) {
      const CohortRate& rate = report_.rates[i];
      const RateCount& count = report_.totals[i];
      if (count.cases == 0) {
        empty.push_back(html_text(rate_title(rate)));
        continue;
      }
      const std::string open = count.open > 0 ? fmt::format("<br><span class=\"quiet\">{}</span>",
                                                            html_say("cohort.rows_open", {{"rows", count.open}}))
                                              : "";
      const auto span = [&](double percent) { return number_in(fmt::format("{:g}", percent)); };
      add("<tr><th scope=\"row\">{}<br><span class=\"quiet\">{}</span></th><td data-head=\"{}\">{}{}</td>"
          "<td data-head=\"{}\" class=\"value\">{}<br><span class=\"quiet\">{}</span></td><td "
          "data-head=\"{}\">{}{}</td>"
          "<td data-head=\"{}\">{}</td></tr>\n",
          html_text(rate_title(rate)), html_text(data_text(fmt::format("rate.{}.words", rate.id), rate.words)), rows,
          html_say("cohort.of_cases", {{"rows", rows_html(count.events)}, {"cases", count.cases}}), open, share,
          percent_text(count.share()), interval_text(count.events.rows, count.cases), published, span_svg(rate, count),
          rate.published ? fmt::format("<span class=\"quiet\">{}</span>",
                                       html_say("cohort.interval", {{"low", span(100 * rate.published->first)},
                                                                    {"high", span(100 * rate.published->second)}}))
                         : std::string(),
          against, compared(rate, count));
    }
    body_ += "</tbody></table>\n";
    if (!empty.empty()) {
      add("<p class=\"quiet\">{}</p>\n",
          html_say("cohort.no_case_of", {{"list", fmt::format("{}", fmt::join(empty, "; "))}}));
    }
    sources();
    close();
  }

  void sources() {
    add("<details class=\"more\"><summary>{}</summary>\n<ul>\n", html_say("cohort.where_published_values_come_from"));
    for (const CohortRate& rate : report_.rates) {
      const auto limit = [&](double percent) { return number_in(fmt::format("{:g}", 100 * percent)); };
      const std::string note = data_text(fmt::format("rate.{}.watch_note", rate.id), rate.watch_note);
      const std::string watch = rate.watch
                                    ? " " + html_say("cohort.watched_between", {{"low", limit(rate.watch->first)},
                                                                                {"high", limit(rate.watch->second)},
                                                                                {"note", html_text(note)}})
                                    : "";
      add("<li><strong>{}</strong>: {}.{}</li>\n", html_text(rate_title(rate)), html_text(rate.source), watch);
    }
    body_ += "</ul></details>\n";
  }

  void distributions() {
    open(say("cohort.distributions"), "distributions");
    add("<p class=\"quiet\">{}</p>\n<div class=\"two\">\n",
        html_say("cohort.under_edition", {{"edition", last_edition()}}));
    for (const CohortDistribution& one : report_.distributions) {
      std::uint64_t all = 0;
      for (const auto& [value, count] : one.values) {
        all += is_no_value(value) ? 0 : count.rows;
      }
      add("<div><h3>{}</h3>\n<table><thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th "
          "scope=\"col\">{}</th>"
          "</tr></thead><tbody>\n",
          html_text(data_text(fmt::format("fact.{}.label", one.id), one.title)), html_say("cohort.value"),
          html_say("cohort.rows"), html_say("cohort.share"));
      for (const auto& [value, count] : one.values) {
        const bool counts = !is_no_value(value);
        const double share = all == 0 ? 0 : static_cast<double>(count.rows) / static_cast<double>(all);
        add("<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td></tr>\n", html_text(cohort_value_words(one.id, value)),
            rows_html(count),
            counts ? fmt::format("<span class=\"share\" aria-hidden=\"true\"><i style=\"width:{:.1f}%\"></i></span> "
                                 "<span class=\"number\">{}</span>",
                                 100 * share, percent_text(share))
                   : "");
      }
      body_ += "</tbody></table></div>\n";
    }
    body_ += "</div>\n";
    close();
  }

  void list(const std::string& head, const CohortDistribution& one) {
    const std::string rows = html_say("cohort.rows");
    add("<table class=\"cards\"><thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead><tbody>\n",
        head, rows);
    for (const auto& [value, count] : one.values) {
      const auto words = report_.notice_words.find(value);
      add("<tr><th scope=\"row\">{}</th><td data-head=\"{}\">{}</td></tr>\n",
          html_text(words == report_.notice_words.end() ? refusal_words(value) : words->second), rows,
          rows_html(count));
    }
    body_ += "</tbody></table>\n";
  }

  void notices() {
    open(say("cohort.to_look_at"), "notices");
    for (std::size_t i = 0; i < report_.rates.size(); ++i) {
      const std::string& id = report_.rates[i].id;
      if ((id == "amplified-of-0-1" || id == "unamplified-of-3") && report_.totals[i].events.rows > 0) {
        add("<div>{}</div>\n",
            html_say("cohort.the_two_tests_disagree", {{"title", html_text(rate_title(report_.rates[i]))},
                                                       {"rows", rows_html(report_.totals[i].events)}}));
      }
    }
    if (report_.discordances.values.empty()) {
      add("<p>{}</p>\n", html_say("cohort.no_row_carries_a_notice"));
    } else {
      list(html_say("cohort.notice"), report_.discordances);
    }
    add("<h3>{}</h3>\n", html_say("cohort.refused"));
    if (report_.refusals.values.empty()) {
      add("<p>{}</p>\n", html_say("cohort.nothing_was_refused"));
    } else {
      list(html_say("cohort.reason"), report_.refusals);
    }
    close();
  }

  void columns() {
    open(say("cohort.columns"), "columns");
    add("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"><table><thead><tr>",
        html_say("cohort.columns"));
    for (const std::string& head :
         {html_say("cohort.fact"), html_say("cohort.column"), html_say("cohort.stated"), html_say("cohort.unknown"),
          html_say("cohort.missing"), html_say("cohort.refused")}) {
      add("<th scope=\"col\">{}</th>", head);
    }
    body_ += "</tr></thead><tbody>\n";
    for (const auto& column : report_.columns) {
      const double all = static_cast<double>(
          std::max<std::uint64_t>(1, column.known + column.unknown + column.missing + column.refused));
      add("<tr><th scope=\"row\">{}</th><td>{}</td><td class=\"number\">{} <span class=\"quiet\">({})</span></td><td "
          "class=\"number\">{}</td>"
          "<td class=\"number\">{}</td><td class=\"number\">{}</td></tr>\n",
          html_text(data_text(fmt::format("fact.{}.label", column.fact), column.label)), html_text(column.column),
          column.known, percent_text(static_cast<double>(column.known) / all), column.unknown, column.missing,
          column.refused);
    }
    body_ += "</tbody></table></div>\n";
    if (!report_.absent_columns.empty()) {
      const std::string names = html_text(fmt::format("{}", fmt::join(report_.absent_columns, ", ")));
      add("<p>{}</p>\n", html_say("cohort.not_in_the_table", {{"list", names}}));
    }
    if (!report_.unused_columns.empty()) {
      add("<details class=\"more\"><summary>{}</summary><p class=\"quiet\">{}</p></details>\n",
          html_say("cohort.columns_not_used", {{"columns", report_.unused_columns.size()}}),
          html_text(fmt::format("{}", fmt::join(report_.unused_columns, ", "))));
    }
    close();
  }

  void how_to_read() {
    open(say("cohort.how_to_read_it"), "reading");
    add("<ul>\n<li>{}</li>\n<li>{}</li>\n<li>{}</li>\n</ul>\n",
        html_say("cohort.read_rows", {{"rows", kMostRowsShown}, {"command", "<code>her2 status</code>"}}),
        html_say("cohort.read_open"), html_say("cohort.read_limits"));
    close();
  }

  const CohortReport& report_;
  std::string body_;
};

}  // namespace

std::string cohort_html(const CohortReport& report) { return CohortPage(report).run(); }

}  // namespace her2
