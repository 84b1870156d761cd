// SPDX-License-Identifier: Apache-2.0
#include "her2/report/ish_html.h"

#include <algorithm>

#include <fmt/format.h>

#include "her2/report/html_page.h"
#include "her2/report/ihc_picture.h"
#include "her2/report/ihc_sections.h"
#include "her2/report/ish_picture.h"
#include "her2/report/words.h"

namespace her2 {
namespace {

constexpr const char* kStyle = R"css(
svg.bar { margin:.2rem 0 .3rem; }
.next { font-weight:600; font-size:1.08rem; margin:.5rem 0; } .next + ul { margin-top:.4rem; }
.sheetpicture img { width:100%; } td.status { font-weight:650; }
.three { display:grid; grid-template-columns:repeat(auto-fit,minmax(min(21rem,100%),1fr)); gap:1.2rem; align-items:start; }
)css";

const Answer* status_of(const CaseStatus& status) {
  return status.specimens.empty() || status.specimens[0].answers.empty() ? nullptr : &status.specimens[0].answers[0];
}

const char* sign_of(Severity severity) {
  return severity == Severity::ok ? "✓ fine" : severity == Severity::warning ? "! look" : "✕ refused";
}

class IshPage {
 public:
  explicit IshPage(const IshReport& report) : r_(report) {}

  std::string all() {
    const IshHeadline head = ish_headline(r_);
    body_ = "<a class=\"skip\" href=\"#main\">Skip to the result</a>\n";
    add("<header class=\"top\"><p>HER2 ISH report</p><p>{}</p></header>\n<main id=\"main\" class=\"wide\">\n",
        html_text(r_.software));
    card(head);
    pictures();
    editions();
    readers();
    areas();
    second_population();
    contact_sheets();
    quality();
    left_out();
    edits();
    uncertainty();
    provenance();
    add("</main>\n<footer>\n<p>{}</p>\n</footer>\n", html_text(kResearchUse));
    return html_page(fmt::format("{} - {}", head.group, r_.table.name), body_, ihc_style() + kIshColours + kStyle);
  }

 private:
  template <class... Args>
  void add(fmt::format_string<Args...> format, Args&&... args) {
    body_ += fmt::format(format, std::forward<Args>(args)...);
  }
  void open(std::string_view title) { add("<section class=\"sheet\">\n<h2>{}</h2>\n", html_text(title)); }
  void close() { body_ += "</section>\n"; }

  void tile(std::string_view label, std::string_view value, std::string_view more = {}) {
    add("<div><dt>{}</dt><dd>{}{}{}{}</dd></div>\n", html_text(label), html_text(value),
        more.empty() ? "" : " <span class=\"more\">", html_text(more), more.empty() ? "" : "</span>");
  }

  static std::string range(const Interval& i) {
    return i.high > 0 ? fmt::format("{:.2f} to {:.2f}", i.low, i.high) : std::string();
  }

  void card(const IshHeadline& head) {
    const char* tone = r_.refused()    ? "unsettled"
                       : head.positive ? "positive"
                       : head.negative ? "negative"
                                       : "unsettled";
    const CountSums& s = r_.score.count.sums;
    add("<section class=\"card {}\" aria-labelledby=\"group\">\n<h1 id=\"group\">{}</h1>\n<p class=\"detail\">{}</p>\n",
        tone, html_text(head.group), html_text(head.status));
    add("<p>Case <strong>{}</strong>{}{}</p>\n", html_text(r_.table.name), r_.ihc.empty() ? "" : ", IHC ",
        html_text(r_.ihc));
    body_ += "<dl class=\"answers\">\n";
    tile("HER2/CEP17 ratio",
         s.cep17 == 0 ? "none" : fmt::format("{:.2f}", static_cast<double>(s.her2) / static_cast<double>(s.cep17)),
         s.cep17 == 0 ? "" : range(r_.score.ratio));
    tile("HER2 per nucleus", fmt::format("{}{:.2f}", r_.score.tally.at_least > 0 ? "≥ " : "", s.her2_mean()),
         range(r_.score.her2));
    tile("CEP17 per nucleus", fmt::format("{:.2f}", s.cep17_mean()), range(r_.score.cep17));
    tile("Nuclei counted", with_commas(s.nuclei),
         r_.score.tally.found > s.nuclei ? fmt::format("of {}", with_commas(r_.score.tally.found)) : "");
    body_ += "</dl>\n";
    next_steps();
    const bool any = std::any_of(r_.verdicts.begin(), r_.verdicts.end(),
                                 [](const IhcVerdict& v) { return v.severity != Severity::ok; });
    if (any) {
      body_ += "<ul class=\"notices\">\n";
      for (const IhcVerdict& v : r_.verdicts) {
        if (v.severity != Severity::ok) {
          add("<li><strong>{}</strong> {}</li>\n", html_text(v.label), html_text(v.reason));
        }
      }
      body_ += "</ul>\n";
    }
    add("<p class=\"quiet\">{}</p>\n</section>\n", html_text(kResearchUse));
  }

  void next_steps() {
    if (const std::string further = further_words(r_.score); !further.empty()) {
      add("<p class=\"next\">{}</p>\n", html_text(further));
    }
    if (const std::string surer = status_surer_words(r_); !surer.empty()) {
      add("<p>{}</p>\n", html_text(surer));
    }
    const auto actions = ish_actions(r_);
    if (!actions.empty()) {
      body_ += "<ul>\n";
      for (const auto& [action, row] : actions) {
        add("<li>{} <span class=\"quiet mono\">{}</span></li>\n", html_text(action), html_text(row));
      }
      body_ += "</ul>\n";
    }
  }

  void pictures() {
    open("The counts");
    if (r_.score.groups) {
      add("<p><strong>Probability of each group:</strong> {}</p>\n{}", html_text(groups_words(r_.score)),
          ish_group_bar(r_.score, "groups"));
    }
    body_ += "<div class=\"three\">\n";
    if (const std::string map = ish_map_svg(r_, "map"); !map.empty()) {
      add("<figure>{}<figcaption>The case on the map of ratio and HER2 copies. {}</figcaption></figure>\n", map,
          r_.score.groups
              ? r_.score.ways.size() > 1
                    ? "The shapes hold 95 % of what the true means may be, one for each way to read doubtful "
                      "signals and clusters."
                    : "The shape holds 95 % of what the true means may be."
              : "");
    }
    add("<figure>{}<figcaption>{}</figcaption></figure>\n", ish_scatter_svg(r_, "scatter"),
        html_text(ish_scatter_words(r_)));
    for (const IshChannel channel : {IshChannel::her2, IshChannel::cep17}) {
      add("<figure>{}<figcaption>How many nuclei have how many {} signals.</figcaption></figure>\n",
          ish_histogram_svg(r_, channel, fmt::format("histogram-{}", static_cast<int>(channel))), name_of(channel));
    }
    body_ += "</div>\n";
    close();
  }

  void editions() {
    open("HER2 status under each edition");
    add("<table class=\"cards\">\n<thead><tr><th scope=\"col\">Edition</th><th scope=\"col\">By these counts{}</th>"
        "<th scope=\"col\">How likely</th><th scope=\"col\">Rule</th></tr></thead>\n<tbody>\n",
        r_.ihc.empty() ? "" : " and IHC");
    for (std::size_t i = 0; i < r_.editions.size(); ++i) {
      const CaseStatus& edition = r_.editions[i].counted;
      const Answer* answer = status_of(edition);
      add("<tr{}><th scope=\"row\">{}</th><td class=\"status\" data-head=\"By these counts\">{}</td><td "
          "data-head=\"How "
          "likely\">{}</td><td class=\"quiet mono\">{}</td></tr>\n",
          i == r_.primary ? " class=\"counts\"" : "",
          html_text(edition.edition.empty() ? edition.scheme : edition.edition),
          answer == nullptr ? "no answer" : html_text(answer_words(*answer)), html_text(likely_words(r_.editions[i])),
          answer == nullptr || answer->rows.empty() ? "" : html_text(answer->rows.back().id()));
    }
    body_ += "</tbody></table>\n";
    if (r_.ihc.empty()) {
      body_ += "<p class=\"quiet\">No IHC of this tissue was given; groups 2 to 4 need it.</p>\n";
    }
    close();
  }

  void readers() {
    if (!r_.second) {
      return;
    }
    open("Two readers");
    add("<p>{}</p>\n", html_text(readers_words(r_)));
    body_ +=
        "<table class=\"cards\">\n<thead><tr><th scope=\"col\">Reader</th><th scope=\"col\">Nuclei</th><th "
        "scope=\"col\">Ratio</th><th scope=\"col\">HER2</th><th scope=\"col\">CEP17</th><th "
        "scope=\"col\">Group</th></tr>"
        "</thead>\n<tbody>\n";
    reader_row(r_.reader.empty() ? "first" : r_.reader, r_.score);
    reader_row(r_.second->name.empty() ? "second" : r_.second->name, r_.second->score);
    body_ += "</tbody></table>\n";
    add("<p class=\"quiet\">{}</p>\n",
        r_.second->is_recount
            ? "The second count is taken as the recount by an additional observer that groups 2 to 4 need with IHC 2+."
            : "No recount is called for; the first reader's count is the case's.");
    close();
  }

  void reader_row(const std::string& name, const IshScore& score) {
    add("<tr><th scope=\"row\">{}</th><td data-head=\"Nuclei\">{}</td><td data-head=\"Ratio\">{}</td><td "
        "data-head=\"HER2\">{}</td><td data-head=\"CEP17\">{}</td><td data-head=\"Group\">{}</td></tr>\n",
        html_text(name), score.count.sums.nuclei, ratio_words(score),
        mean_words(score.count.sums.her2_mean(), score.her2), mean_words(score.count.sums.cep17_mean(), score.cep17),
        score.groups ? html_text(groups_words(score)) : std::string("none"));
  }

  void areas() {
    if (r_.areas.size() < 2) {
      return;
    }
    open("Areas of tumour");
    body_ +=
        "<table class=\"cards\">\n<thead><tr><th scope=\"col\">Area</th><th scope=\"col\" class=\"num\">Nuclei</th><th "
        "scope=\"col\" class=\"num\">HER2 per nucleus</th><th scope=\"col\" class=\"num\">CEP17 per nucleus</th><th "
        "scope=\"col\" class=\"num\">Ratio</th><th scope=\"col\" class=\"num\">Group</th></tr></thead>\n<tbody>\n";
    for (const IshArea& area : r_.areas) {
      const CountSums& s = area.sums;
      add("<tr><th scope=\"row\">{}</th><td class=\"num\" data-head=\"Nuclei\">{}</td><td class=\"num\" "
          "data-head=\"HER2\">{:.2f}</td><td class=\"num\" data-head=\"CEP17\">{:.2f}</td><td class=\"num\" "
          "data-head=\"Ratio\">{}</td><td class=\"num\" data-head=\"Group\">{}</td></tr>\n",
          html_text(area.name), s.nuclei, s.her2_mean(), s.cep17_mean(),
          s.cep17 == 0 ? "none" : fmt::format("{:.2f}", s.her2_mean() / s.cep17_mean()),
          area.group ? std::to_string(*area.group) : "none");
    }
    body_ += "</tbody></table>\n";
    close();
  }

  void second_population() {
    open("Second population");
    add("<p>{}</p>\n", html_text(second_population_words(r_.score)));
    close();
  }

  void contact_sheets() {
    if (r_.pictures.empty()) {
      return;
    }
    open("The nuclei that were counted");
    for (const IhcPicture& p : r_.pictures) {
      add("<figure class=\"sheetpicture\"><img src=\"{}\" width=\"{}\" height=\"{}\" alt=\"{}\"><figcaption>{}"
          "</figcaption></figure>\n",
          png_url(p.png), p.width, p.height, html_text(p.title), html_text(p.caption));
    }
    close();
  }

  void quality() {
    open("Quality");
    body_ +=
        "<table class=\"cards\">\n<thead><tr><th scope=\"col\">What</th><th scope=\"col\">Verdict</th><th "
        "scope=\"col\">Why</th></tr></thead>\n<tbody>\n";
    for (const IhcVerdict& v : r_.verdicts) {
      add("<tr><th scope=\"row\">{}</th><td class=\"verdict {}\">{}</td><td>{}</td></tr>\n", html_text(v.label),
          name_of(v.severity), sign_of(v.severity), html_text(v.reason));
    }
    body_ += "</tbody></table>\n";
    close();
  }

  void left_out() {
    const IshTally& tally = r_.score.tally;
    if (tally.found == tally.counted()) {
      return;
    }
    open("Nuclei that were left out");
    body_ += "<dl class=\"facts\">\n";
    for (std::size_t v = 0; v < kNucleusVerdicts; ++v) {
      if (tally.nuclei.at(v) > 0) {
        const double share = static_cast<double>(tally.nuclei.at(v)) / static_cast<double>(tally.found);
        add("<dt>{}</dt><dd>{} ({})</dd>\n", html_text(words(static_cast<NucleusVerdict>(v))),
            with_commas(tally.nuclei.at(v)), share_words(share));
      }
    }
    body_ += "</dl>\n";
    close();
  }

  void edits() {
    if (r_.edits.empty()) {
      return;
    }
    open("Corrections by people");
    add("<p>{} correction{} of {}: every number above is counted with them.</p>\n<ul>\n", r_.edits.size(),
        r_.edits.size() == 1 ? "" : "s", html_text(listed(r_.edit_authors, "and")));
    constexpr std::size_t kMost = 50;
    for (std::size_t i = 0; i < std::min(r_.edits.size(), kMost); ++i) {
      const IshEdit& e = r_.edits[i];
      add("<li><span class=\"mono\">{}</span> {}{}{}</li>\n", html_text(e.nucleus), name_of(e.action),
          e.action == IshEdit::Action::recount ? fmt::format(": {} HER2, {} CEP17", e.her2, e.cep17) : "",
          e.time.empty() ? "" : ", " + html_text(e.time));
    }
    body_ += "</ul>\n";
    if (r_.edits.size() > kMost) {
      add("<p class=\"quiet\">and {} more, in edits.json.</p>\n", r_.edits.size() - kMost);
    }
    close();
  }

  void uncertainty() {
    open("How sure, and of what");
    body_ += "<dl class=\"facts\">\n";
    const auto fact = [&](std::string_view label, const std::string& value) {
      if (!value.empty()) {
        add("<dt>{}</dt><dd>{}</dd>\n", html_text(label), html_text(value));
      }
    };
    fact("Intervals", "95 %: t on the logarithm of a mean; delta method and t on the logarithm of the ratio");
    if (r_.score.ratio_bootstrap) {
      fact("Ratio by bootstrap-t",
           fmt::format("{:.2f} to {:.2f}; take this one where a second population skews the counts",
                       r_.score.ratio_bootstrap->low, r_.score.ratio_bootstrap->high));
    }
    fact("Probabilities hold fixed", r_.conditional_on);
    if (r_.score.groups) {
      fact("Spread", fmt::format("the ratio of single nuclei varies by {:.0f} %", 100 * r_.score.further.spread));
    }
    body_ += "</dl>\n";
    ways();
    close();
  }

  void ways() {
    if (r_.score.ways.size() < 2) {
      return;
    }
    body_ +=
        "<h3>Signals read in other ways</h3>\n<table class=\"cards\">\n<thead><tr><th scope=\"col\">Read as</th><th "
        "scope=\"col\">Ratio</th><th scope=\"col\">HER2</th><th scope=\"col\">CEP17</th><th "
        "scope=\"col\">Group</th></tr>"
        "</thead>\n<tbody>\n";
    for (const CountedWay& way : r_.score.ways) {
      const CountSums& s = way.sums;
      add("<tr><th scope=\"row\">{}</th><td data-head=\"Ratio\">{}</td><td data-head=\"HER2\">{:.2f}</td><td "
          "data-head=\"CEP17\">{:.2f}</td><td data-head=\"Group\">{}</td></tr>\n",
          html_text(way_words(way.way)), s.cep17 == 0 ? "none" : fmt::format("{:.2f}", s.her2_mean() / s.cep17_mean()),
          s.her2_mean(), s.cep17_mean(), way.group ? std::to_string(*way.group) : "none");
    }
    body_ += "</tbody></table>\n";
  }

  void provenance() {
    open("Where this comes from");
    body_ += "<dl class=\"facts\">\n";
    add("<dt>Counted by</dt><dd>{}</dd>\n",
        r_.table.assay == IshAssay::counts
            ? r_.reader.empty() ? std::string("a person; not stated who") : html_text(r_.reader)
            : html_text(r_.software));
    if (!r_.table.profile_name.empty()) {
      add("<dt>Profile</dt><dd>{} <span class=\"mono\">{}</span></dd>\n", html_text(r_.table.profile_name),
          html_text(r_.table.profile_sha256));
    }
    if (!r_.ihc.empty()) {
      add("<dt>IHC</dt><dd>{} ({})</dd>\n", html_text(r_.ihc), html_text(r_.ihc_source));
    }
    for (const IshField& f : r_.table.fields) {
      if (r_.table.assay != IshAssay::counts) {
        add("<dt>Field</dt><dd>{}, {} x {} px, {:.4g} um/px <span class=\"mono quiet\">{}</span></dd>\n",
            html_text(f.name), f.width, f.height, f.pixel_pm / 1e6, html_text(f.sha256));
      }
    }
    body_ += "</dl>\n";
    close();
  }

  const IshReport& r_;
  std::string body_;
};

}  // namespace

std::string ish_html(const IshReport& report) { return IshPage(report).all(); }

}  // namespace her2
