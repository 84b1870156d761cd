// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "her2/report/cohort_document.h"
#include "her2/report/cohort_html_parts.h"
#include "her2/report/cohort_picture.h"
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
    body_ = "<a class=\"skip\" href=\"#main\">To the report</a>\n<header class=\"top\"><p>Cohort report</p>";
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
    return html_page(fmt::format("Cohort report: {}", report_.table), body_, kStyle);
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

  static std::string words_of(const std::string& fact, const std::string& value) {
    if (value == "not recorded" || value == "refused") {
      return value;
    }
    const auto several = std::count(value.begin(), value.end(), '|') + 1;
    if (several > 4) {
      return fmt::format("{} values possible", several);
    }
    std::string out;
    for (std::size_t begin = 0; begin <= value.size();) {
      const auto end = std::min(value.find('|', begin), value.size());
      const std::string one = value.substr(begin, end - begin);
      out += (out.empty() ? "" : " or ") + (one == "missing" ? "none" : value_words(fact, one));
      begin = end + 1;
    }
    return out;
  }

  void card() {
    body_ += "<section class=\"card neutral\" aria-labelledby=\"what\">\n<h1 id=\"what\">";
    const auto slash = report_.table.rfind('/');
    add("{}</h1>\n<p class=\"detail\">{} rows, HER2 status under {}</p>\n<p>{}</p>\n",
        html_text(slash == std::string::npos ? report_.table : report_.table.substr(slash + 1)), report_.rows,
        edition_names(), html_text(report_.map));
    body_ += "<dl class=\"answers\">\n";
    const auto tile = [&](const std::string& label, const std::string& value) {
      add("<div><dt>{}</dt><dd>{}</dd></div>\n", html_text(label), value);
    };
    for (std::size_t i = 0; i < report_.rates.size(); ++i) {
      const RateCount& count = report_.totals[i];
      if (report_.rates[i].id == "her2-positive" && count.cases > 0) {
        const std::uint64_t negative = count.cases - count.events.rows;
        tile("HER2-negative share", fmt::format("{} <span class=\"quiet\">({})</span>", percent_text(1 - count.share()),
                                                interval_text(negative, count.cases)));
      }
    }
    for (const CohortShift& shift : report_.shifts) {
      tile(fmt::format("changed, {} to {}", report_.editions[shift.from].edition,
                       report_.editions[shift.from + 1].edition),
           fmt::format("{}", shift.changed));
    }
    tile("rows refused", fmt::format("{}", report_.rows_refused));
    tile("values refused", fmt::format("{}", report_.cells_refused));
    add("</dl>\n<p class=\"quiet\">{}</p>\n", html_text(research_use()));
    body_ +=
        "<nav aria-label=\"Sections\"><ul><li><a href=\"#editions\">Editions</a></li><li><a "
        "href=\"#rates\">Rates</a></li>"
        "<li><a href=\"#distributions\">Distributions</a></li><li><a href=\"#notices\">To look at</a></li>";
    for (std::size_t i = 0; i < report_.groupings.size(); ++i) {
      add("<li><a href=\"#by-{}\">By {}</a></li>", i + 1, html_text(report_.groupings[i].column));
    }
    add("{}<li><a href=\"#columns\">Columns</a></li><li><a href=\"#reading\">How to read it</a></li></ul></nav>\n",
        report_.charts.empty() ? "" : "<li><a href=\"#charts\">Over time</a></li>");
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
    open("Status by edition", "editions");
    if (report_.editions.size() > 1) {
      add("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"HER2 status by edition\">{}</div>\n",
          flow_svg(report_));
    }
    std::vector<std::string> values;
    for (const CohortDistribution& status : report_.statuses) {
      for (const auto& [value, count] : status.values) {
        if (std::find(values.begin(), values.end(), value) == values.end()) {
          values.push_back(value);
        }
      }
    }
    body_ +=
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Rows by HER2 "
        "status\"><table>\n<caption>Rows by HER2 status.</caption>\n<thead><tr><th "
        "scope=\"col\">Status</th>";
    for (const CohortEdition& edition : report_.editions) {
      add("<th scope=\"col\">{}</th>", html_text(edition.edition));
    }
    body_ += "</tr></thead>\n<tbody>\n";
    for (const std::string& value : values) {
      add("<tr><th scope=\"row\">{}</th>", html_text(words_of("her2_status", value)));
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
      add("<h3>{} to {}</h3>\n<p>No row changes its status.</p>\n", from, to);
      return;
    }
    add("<h3>{} to {}: {} rows change</h3>\n<table class=\"cards\"><thead><tr><th scope=\"col\">{}</th><th "
        "scope=\"col\">{}</th>"
        "<th scope=\"col\">Rows</th></tr></thead>\n<tbody>\n",
        from, to, shift.changed, from, to);
    for (const auto& [values, count] : shift.flows) {
      if (values.first != values.second) {
        add("<tr><th scope=\"row\">{}</th><td data-head=\"{}\">{}</td><td data-head=\"Rows\">{}</td></tr>\n",
            html_text(words_of("her2_status", values.first)), to, html_text(words_of("her2_status", values.second)),
            rows_html(count));
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
    return above || below ? fmt::format("<span class=\"outside\">{}</span>", above ? "above" : "below")
                          : "within reach";
  }

  void rates() {
    open("Rates", "rates");
    add("<p class=\"quiet\">Under {}. The band is the span of published values, the tick their reference, the bar this "
        "table's 95 % "
        "interval (Wilson). Published values belong to their own populations: a table of selected cases may rightly "
        "lie elsewhere.</p>\n",
        html_text(report_.editions.back().title));
    body_ +=
        "<table class=\"cards\">\n<thead><tr><th scope=\"col\">Rate</th><th scope=\"col\">Rows</th><th "
        "scope=\"col\">Share</th>"
        "<th scope=\"col\">Published</th><th scope=\"col\">Against it</th></tr></thead>\n<tbody>\n";
    std::vector<std::string> empty;
    for (std::size_t i = 0; i < report_.rates.size(); ++i) {
      const CohortRate& rate = report_.rates[i];
      const RateCount& count = report_.totals[i];
      if (count.cases == 0) {
        empty.push_back(html_text(rate.title));
        continue;
      }
      const std::string open =
          count.open > 0 ? fmt::format("<br><span class=\"quiet\">{} rows open, left out</span>", count.open) : "";
      add("<tr><th scope=\"row\">{}<br><span class=\"quiet\">{}</span></th><td data-head=\"Rows\">{} of {}{}</td>"
          "<td data-head=\"Share\" class=\"value\">{}<br><span class=\"quiet\">{}</span></td><td "
          "data-head=\"Published\">{}{}</td>"
          "<td data-head=\"Against it\">{}</td></tr>\n",
          html_text(rate.title), html_text(rate.words), rows_html(count.events), count.cases, open,
          percent_text(count.share()), interval_text(count.events.rows, count.cases), span_svg(rate, count),
          rate.published ? fmt::format("<span class=\"quiet\">{:g} to {:g} %</span>", 100 * rate.published->first,
                                       100 * rate.published->second)
                         : std::string(),
          compared(rate, count));
    }
    body_ += "</tbody></table>\n";
    if (!empty.empty()) {
      add("<p class=\"quiet\">No case of: {}.</p>\n", fmt::format("{}", fmt::join(empty, "; ")));
    }
    body_ += "<details class=\"more\"><summary>Where the published values come from</summary>\n<ul>\n";
    for (const CohortRate& rate : report_.rates) {
      const std::string watch = rate.watch
                                    ? fmt::format(" Watched between {:g} and {:g} % ({}).", 100 * rate.watch->first,
                                                  100 * rate.watch->second, html_text(rate.watch_note))
                                    : "";
      add("<li><strong>{}</strong>: {}.{}</li>\n", html_text(rate.title), html_text(rate.source), watch);
    }
    body_ += "</ul></details>\n";
    close();
  }

  void distributions() {
    open("Distributions", "distributions");
    add("<p class=\"quiet\">Under {}.</p>\n<div class=\"two\">\n", html_text(report_.editions.back().title));
    for (const CohortDistribution& one : report_.distributions) {
      std::uint64_t all = 0;
      for (const auto& [value, count] : one.values) {
        all += value == "not recorded" || value == "refused" ? 0 : count.rows;
      }
      add("<div><h3>{}</h3>\n<table><thead><tr><th scope=\"col\">Value</th><th scope=\"col\">Rows</th><th "
          "scope=\"col\">Share</th>"
          "</tr></thead><tbody>\n",
          html_text(one.title));
      for (const auto& [value, count] : one.values) {
        const bool counts = value != "not recorded" && value != "refused";
        const double share = all == 0 ? 0 : static_cast<double>(count.rows) / static_cast<double>(all);
        add("<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td></tr>\n", html_text(words_of(one.id, value)),
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
    add("<table class=\"cards\"><thead><tr><th scope=\"col\">{}</th><th scope=\"col\">Rows</th></tr></thead><tbody>\n",
        head);
    for (const auto& [value, count] : one.values) {
      const auto words = report_.notice_words.find(value);
      add("<tr><th scope=\"row\">{}</th><td data-head=\"Rows\">{}</td></tr>\n",
          html_text(words == report_.notice_words.end() ? value : words->second), rows_html(count));
    }
    body_ += "</tbody></table>\n";
  }

  void notices() {
    open("To look at", "notices");
    for (std::size_t i = 0; i < report_.rates.size(); ++i) {
      const std::string& id = report_.rates[i].id;
      if ((id == "amplified-of-0-1" || id == "unamplified-of-3") && report_.totals[i].events.rows > 0) {
        add("<div>{}: {} {}</div>\n", html_text(report_.rates[i].title), rows_html(report_.totals[i].events),
            "rows in which the two tests disagree.");
      }
    }
    if (report_.discordances.values.empty()) {
      body_ += "<p>No row carries a notice.</p>\n";
    } else {
      list("Notice of the guideline, or of what is recorded", report_.discordances);
    }
    body_ += "<h3>Refused</h3>\n";
    if (report_.refusals.values.empty()) {
      body_ += "<p>Nothing was refused.</p>\n";
    } else {
      list("Reason", report_.refusals);
    }
    close();
  }

  void columns() {
    open("Columns", "columns");
    body_ +=
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Columns\"><table><thead><tr><th "
        "scope=\"col\">Fact</th><th scope=\"col\">Column</th><th "
        "scope=\"col\">Stated</th>"
        "<th scope=\"col\">Unknown</th><th scope=\"col\">Missing</th><th "
        "scope=\"col\">Refused</th></tr></thead><tbody>\n";
    for (const auto& column : report_.columns) {
      const double all = static_cast<double>(
          std::max<std::uint64_t>(1, column.known + column.unknown + column.missing + column.refused));
      add("<tr><th scope=\"row\">{}</th><td>{}</td><td class=\"number\">{} <span class=\"quiet\">({})</span></td><td "
          "class=\"number\">{}</td>"
          "<td class=\"number\">{}</td><td class=\"number\">{}</td></tr>\n",
          html_text(column.label), html_text(column.column), column.known,
          percent_text(static_cast<double>(column.known) / all), column.unknown, column.missing, column.refused);
    }
    body_ += "</tbody></table></div>\n";
    if (!report_.absent_columns.empty()) {
      add("<p>Not in the table: {}.</p>\n", html_text(fmt::format("{}", fmt::join(report_.absent_columns, ", "))));
    }
    if (!report_.unused_columns.empty()) {
      add("<details class=\"more\"><summary>{} columns are not used</summary><p class=\"quiet\">{}</p></details>\n",
          report_.unused_columns.size(), html_text(fmt::format("{}", fmt::join(report_.unused_columns, ", "))));
    }
    close();
  }

  void how_to_read() {
    open("How to read it", "reading");
    add("<ul>\n<li>A number opens the ids of the first {} rows behind it, in the order of the table; <code>her2 "
        "status</code> with the same map "
        "writes every row.</li>\n"
        "<li>A row whose facts leave several values possible is shown as such. In rates it is left out, and how many "
        "are so is said.</li>\n"
        "<li>Of a group, 99.8 % limits are crossed by chance by 2 of 1,000 groups that do not differ, 95 % limits by 1 "
        "of 20. "
        "A group outside differs in its cases or in its test; which of the two the table does not say.</li>\n</ul>\n",
        kMostRowsShown);
    close();
  }

  const CohortReport& report_;
  std::string body_;
};

}  // namespace

std::string cohort_html(const CohortReport& report) { return CohortPage(report).run(); }

}  // namespace her2
