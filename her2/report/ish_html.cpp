// SPDX-License-Identifier: Apache-2.0
#include "her2/report/ish_html.h"

#include <algorithm>

#include <fmt/format.h>

#include "her2/language/retold.h"
#include "her2/language/say.h"
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

std::string sign_of(Severity severity) {
  return severity == Severity::ok        ? say("ish.fine")
         : severity == Severity::warning ? say("ish.look")
                                         : say("ish.refused");
}

class IshPage {
 public:
  explicit IshPage(const IshReport& report) : r_(report) {}

  std::string all() {
    const IshHeadline head = ish_headline(r_);
    body_ = fmt::format("<a class=\"skip\" href=\"#main\">{}</a>\n", html_say("ish.skip_to_the_result"));
    add("<header class=\"top\"><p>{}</p><p>{}</p></header>\n<main id=\"main\" class=\"wide\">\n",
        html_say("ish.her2_ish_report"), html_text(r_.software));
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
    add("</main>\n<footer>\n<p>{}</p>\n</footer>\n", html_text(research_use()));
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
    return i.high > 0 ? say("ish.to", {{"low", number_in(i.low, 2)}, {"high", number_in(i.high, 2)}}) : std::string();
  }

  void card(const IshHeadline& head) {
    const char* tone = r_.refused()    ? "unsettled"
                       : head.positive ? "positive"
                       : head.negative ? "negative"
                                       : "unsettled";
    const CountSums& s = r_.score.count.sums;
    add("<section class=\"card {}\" aria-labelledby=\"group\">\n<h1 id=\"group\">{}</h1>\n<p class=\"detail\">{}</p>\n",
        tone, html_text(head.group), html_text(head.status));
    const std::string name = fmt::format("<strong>{}</strong>", html_text(r_.table.name));
    add("<p>{}</p>\n", r_.ihc.empty() ? html_say("ish.case_named", {{"name", name}})
                                      : html_say("ish.case_with_ihc", {{"name", name}, {"ihc", html_text(r_.ihc)}}));
    body_ += "<dl class=\"answers\">\n";
    tile(say("ish.her2_cep17_ratio"),
         s.cep17 == 0 ? say("ish.none") : number_in(static_cast<double>(s.her2) / static_cast<double>(s.cep17), 2),
         s.cep17 == 0 ? "" : range(r_.score.ratio));
    tile(say("ish.her2_per_nucleus"), (r_.score.tally.at_least > 0 ? "≥ " : "") + number_in(s.her2_mean(), 2),
         range(r_.score.her2));
    tile(say("ish.cep17_per_nucleus"), number_in(s.cep17_mean(), 2), range(r_.score.cep17));
    tile(say("ish.nuclei_counted"), with_commas(s.nuclei),
         r_.score.tally.found > s.nuclei ? say("ish.of", {{"found", grouped(r_.score.tally.found)}}) : "");
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
    add("<p class=\"quiet\">{}</p>\n</section>\n", html_text(research_use()));
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
    open(say("ish.the_counts"));
    if (r_.score.groups) {
      add("<p><strong>{}</strong> {}</p>\n{}", html_say("ish.probability_of_each_group_head"),
          html_text(groups_words(r_.score)), ish_group_bar(r_.score, "groups"));
    }
    body_ += "<div class=\"three\">\n";
    if (const std::string map = ish_map_svg(r_, "map"); !map.empty()) {
      const std::string shapes = r_.score.groups ? r_.score.ways.size() > 1
                                                       ? say("ish.the_shapes_hold_95_of_what_the_true")
                                                       : say("ish.the_shape_holds_95_of_what_the")
                                                 : "";
      add("<figure>{}<figcaption>{} {}</figcaption></figure>\n", map, html_say("ish.map_words"), html_text(shapes));
    }
    add("<figure>{}<figcaption>{}</figcaption></figure>\n", ish_scatter_svg(r_, "scatter"),
        html_text(ish_scatter_words(r_)));
    for (const IshChannel channel : {IshChannel::her2, IshChannel::cep17}) {
      add("<figure>{}<figcaption>{}</figcaption></figure>\n",
          ish_histogram_svg(r_, channel, fmt::format("histogram-{}", static_cast<int>(channel))),
          html_say("ish.how_many_nuclei_have_how_many_signals", {{"name", name_of(channel)}}));
    }
    body_ += "</div>\n";
    close();
  }

  void editions() {
    open(say("ish.her2_status_under_each_edition"));
    add("<table class=\"cards\">\n<thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th "
        "scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead>\n<tbody>\n",
        html_say("ish.edition_head"),
        r_.ihc.empty() ? html_say("ish.by_these_counts_head") : html_say("ish.by_these_counts_and_ihc"),
        html_say("ish.how_likely_head"), html_say("ish.rule"));
    for (std::size_t i = 0; i < r_.editions.size(); ++i) {
      const CaseStatus& edition = r_.editions[i].counted;
      const Answer* answer = status_of(edition);
      add("<tr{}><th scope=\"row\">{}</th><td class=\"status\" data-head=\"{}\">{}</td><td data-head=\"{}\">{}</td><td "
          "class=\"quiet mono\">{}</td></tr>\n",
          i == r_.primary ? " class=\"counts\"" : "",
          html_text(edition.edition.empty() ? edition.scheme : edition.edition), html_say("ish.by_these_counts_head"),
          answer == nullptr ? html_say("ish.no_answer") : html_text(answer_words(*answer)),
          html_say("ish.how_likely_head"), html_text(likely_words(r_.editions[i])),
          answer == nullptr || answer->rows.empty() ? "" : html_text(answer->rows.back().id()));
    }
    body_ += "</tbody></table>\n";
    if (r_.ihc.empty()) {
      add("<p class=\"quiet\">{}</p>\n", html_say("ish.no_ihc_of_this_tissue_was_given"));
    }
    close();
  }

  void readers() {
    if (!r_.second) {
      return;
    }
    open(say("ish.two_readers"));
    add("<p>{}</p>\n", html_text(readers_words(r_)));
    add("<table class=\"cards\">\n<thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th "
        "scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th "
        "scope=\"col\">{}</th></tr></thead>\n<tbody>\n",
        html_say("ish.reader"), html_say("ish.nuclei_head"), html_say("ish.ratio_head"), html_say("ish.her2"),
        html_say("ish.cep17"), html_say("ish.group_head"));
    reader_row(r_.reader.empty() ? say("ish.first") : r_.reader, r_.score);
    reader_row(r_.second->name.empty() ? say("ish.second") : r_.second->name, r_.second->score);
    body_ += "</tbody></table>\n";
    add("<p class=\"quiet\">{}</p>\n", r_.second->is_recount ? html_say("ish.the_second_count_is_taken_as_the")
                                                             : html_say("ish.no_recount_is_called_for_the_first"));
    close();
  }

  void reader_row(const std::string& name, const IshScore& score) {
    add("<tr><th scope=\"row\">{}</th><td data-head=\"{}\">{}</td><td data-head=\"{}\">{}</td><td "
        "data-head=\"{}\">{}</td><td data-head=\"{}\">{}</td><td data-head=\"{}\">{}</td></tr>\n",
        html_text(name), html_say("ish.nuclei_head"), score.count.sums.nuclei, html_say("ish.ratio_head"),
        ratio_words(score), html_say("ish.her2"), mean_words(score.count.sums.her2_mean(), score.her2),
        html_say("ish.cep17"), mean_words(score.count.sums.cep17_mean(), score.cep17), html_say("ish.group_head"),
        score.groups ? html_text(groups_words(score)) : html_say("ish.none"));
  }

  void areas() {
    if (r_.areas.size() < 2) {
      return;
    }
    open(say("ish.areas_of_tumour"));
    add("<table class=\"cards\">\n<thead><tr><th scope=\"col\">{}</th><th scope=\"col\" class=\"num\">{}</th><th "
        "scope=\"col\" class=\"num\">{}</th><th scope=\"col\" class=\"num\">{}</th><th scope=\"col\" "
        "class=\"num\">{}</th><th scope=\"col\" class=\"num\">{}</th></tr></thead>\n<tbody>\n",
        html_say("ish.area_head"), html_say("ish.nuclei_head"), html_say("ish.her2_per_nucleus"),
        html_say("ish.cep17_per_nucleus"), html_say("ish.ratio_head"), html_say("ish.group_head"));
    for (const IshArea& area : r_.areas) {
      const CountSums& s = area.sums;
      add("<tr><th scope=\"row\">{}</th><td class=\"num\" data-head=\"{}\">{}</td><td class=\"num\" "
          "data-head=\"{}\">{}</td><td class=\"num\" data-head=\"{}\">{}</td><td class=\"num\" "
          "data-head=\"{}\">{}</td><td class=\"num\" data-head=\"{}\">{}</td></tr>\n",
          html_text(area.name), html_say("ish.nuclei_head"), s.nuclei, html_say("ish.her2"),
          number_in(s.her2_mean(), 2), html_say("ish.cep17"), number_in(s.cep17_mean(), 2), html_say("ish.ratio_head"),
          s.cep17 == 0 ? html_say("ish.none") : number_in(s.her2_mean() / s.cep17_mean(), 2),
          html_say("ish.group_head"), area.group ? std::to_string(*area.group) : html_say("ish.none"));
    }
    body_ += "</tbody></table>\n";
    close();
  }

  void second_population() {
    open(say("ish.second_population"));
    add("<p>{}</p>\n", html_text(second_population_words(r_.score)));
    close();
  }

  void contact_sheets() {
    if (r_.pictures.empty()) {
      return;
    }
    open(say("ish.the_nuclei_that_were_counted"));
    for (const IhcPicture& p : r_.pictures) {
      add("<figure class=\"sheetpicture\"><img src=\"{}\" width=\"{}\" height=\"{}\" alt=\"{}\"><figcaption>{}"
          "</figcaption></figure>\n",
          png_url(p.png), p.width, p.height, html_text(p.title), html_text(p.caption));
    }
    close();
  }

  void quality() {
    open(say("ish.quality"));
    add("<table class=\"cards\">\n<thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th "
        "scope=\"col\">{}</th></tr></thead>\n<tbody>\n",
        html_say("ish.what"), html_say("ish.verdict"), html_say("ish.why"));
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
    open(say("ish.nuclei_that_were_left_out"));
    body_ += "<dl class=\"facts\">\n";
    for (std::size_t v = 0; v < kNucleusVerdicts; ++v) {
      if (tally.nuclei.at(v) > 0) {
        const double share = static_cast<double>(tally.nuclei.at(v)) / static_cast<double>(tally.found);
        add("<dt>{}</dt><dd>{} ({})</dd>\n", html_text(name_in("nucleus", words(static_cast<NucleusVerdict>(v)))),
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
    open(say("ish.corrections_by_people"));
    add("<p>{}</p>\n<ul>\n",
        html_say("ish.corrections_counted",
                 {{"corrections", r_.edits.size()}, {"authors", html_text(listed(r_.edit_authors, "and"))}}));
    constexpr std::size_t kMost = 50;
    for (std::size_t i = 0; i < std::min(r_.edits.size(), kMost); ++i) {
      const IshEdit& e = r_.edits[i];
      add("<li><span class=\"mono\">{}</span> {}{}{}</li>\n", html_text(e.nucleus),
          html_text(name_in("correction", name_of(e.action))),
          e.action == IshEdit::Action::recount
              ? ": " + html_say("ish.recounted", {{"her2", e.her2}, {"cep17", e.cep17}})
              : "",
          e.time.empty() ? "" : ", " + html_text(e.time));
    }
    body_ += "</ul>\n";
    if (r_.edits.size() > kMost) {
      add("<p class=\"quiet\">{}</p>\n", html_say("ish.and_more_in_edits_json", {{"kmost", r_.edits.size() - kMost}}));
    }
    close();
  }

  void uncertainty() {
    open(say("ish.how_sure_and_of_what"));
    body_ += "<dl class=\"facts\">\n";
    const auto fact = [&](std::string_view label, const std::string& value) {
      if (!value.empty()) {
        add("<dt>{}</dt><dd>{}</dd>\n", html_text(label), html_text(value));
      }
    };
    fact(say("ish.intervals"), say("ish.95_t_on_the_logarithm_of_a"));
    if (r_.score.ratio_bootstrap) {
      fact(say("ish.ratio_by_bootstrap_t"),
           say("ish.to_take_this_one_where_a_second", {{"low", number_in(r_.score.ratio_bootstrap->low, 2)},
                                                       {"high", number_in(r_.score.ratio_bootstrap->high, 2)}}));
    }
    fact(say("ish.probabilities_hold_fixed"), retold(r_.conditional_on));
    if (r_.score.groups) {
      fact(say("ish.spread"),
           say("ish.the_ratio_of_single_nuclei_varies_by", {{"spread", percent_in(100 * r_.score.further.spread, 0)}}));
    }
    body_ += "</dl>\n";
    ways();
    close();
  }

  void ways() {
    if (r_.score.ways.size() < 2) {
      return;
    }
    add("<h3>{}</h3>\n<table class=\"cards\">\n<thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th "
        "scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead>\n<tbody>\n",
        html_say("ish.signals_read_in_other_ways"), html_say("ish.read_as"), html_say("ish.ratio_head"),
        html_say("ish.her2"), html_say("ish.cep17"), html_say("ish.group_head"));
    for (const CountedWay& way : r_.score.ways) {
      const CountSums& s = way.sums;
      add("<tr><th scope=\"row\">{}</th><td data-head=\"{}\">{}</td><td data-head=\"{}\">{}</td><td "
          "data-head=\"{}\">{}</td><td data-head=\"{}\">{}</td></tr>\n",
          html_text(way_words(way.way)), html_say("ish.ratio_head"),
          s.cep17 == 0 ? html_say("ish.none") : number_in(s.her2_mean() / s.cep17_mean(), 2), html_say("ish.her2"),
          number_in(s.her2_mean(), 2), html_say("ish.cep17"), number_in(s.cep17_mean(), 2), html_say("ish.group_head"),
          way.group ? std::to_string(*way.group) : html_say("ish.none"));
    }
    body_ += "</tbody></table>\n";
  }

  void provenance() {
    open(say("ish.where_this_comes_from"));
    body_ += "<dl class=\"facts\">\n";
    add("<dt>{}</dt><dd>{}</dd>\n", html_say("ish.counted_by"),
        r_.table.assay == IshAssay::counts
            ? r_.reader.empty() ? html_say("ish.a_person_not_stated_who") : html_text(r_.reader)
            : html_text(r_.software));
    if (!r_.table.profile_name.empty()) {
      add("<dt>{}</dt><dd>{} <span class=\"mono\">{}</span></dd>\n", html_say("ish.profile"),
          html_text(r_.table.profile_name), html_text(r_.table.profile_sha256));
    }
    if (!r_.ihc.empty()) {
      add("<dt>{}</dt><dd>{} ({})</dd>\n", html_say("ish.ihc"), html_text(r_.ihc), html_text(r_.ihc_source));
    }
    for (const IshField& f : r_.table.fields) {
      if (r_.table.assay != IshAssay::counts) {
        add("<dt>{}</dt><dd>{}</dd>\n", html_say("ish.field"),
            html_say("ish.x_px_um_px",
                     {{"name", html_text(f.name)},
                      {"width", f.width},
                      {"height", f.height},
                      {"pixel", number_in(fmt::format("{:.4g}", f.pixel_pm / 1e6))},
                      {"hash", fmt::format("<span class=\"mono quiet\">{}</span>", html_text(f.sha256))}}));
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
