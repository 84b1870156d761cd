// SPDX-License-Identifier: Apache-2.0
#include "her2/report/ihc_html.h"

#include <algorithm>

#include <fmt/format.h>

#include "her2/language/retold.h"
#include "her2/language/say.h"
#include "her2/report/html_page.h"
#include "her2/report/ihc_picture.h"
#include "her2/report/ihc_sections.h"
#include "her2/report/picture.h"
#include "her2/report/words.h"

namespace her2 {
namespace {

const char* tone_of(const IhcReport& report, const IhcHeadline& head) {
  if (report.refused()) {
    return "unsettled";
  }
  return head.positive ? "positive" : head.negative ? "negative" : "unsettled";
}

class IhcPage {
 public:
  explicit IhcPage(const IhcReport& report) : r_(report) {}

  std::string all() {
    const IhcHeadline head = ihc_headline(r_);
    body_ = fmt::format("<a class=\"skip\" href=\"#main\">{}</a>\n", html_say("ihc.skip_to_the_result"));
    add("<header class=\"top\"><p>{}</p><p>{}</p></header>\n<main id=\"main\" class=\"wide\">\n",
        html_say("ihc.ihc_report", {{"marker", html_text(r_.marker)}}), html_text(r_.software));
    card(head);
    overview();
    if (!r_.refused()) {
      staining();
      if (r_.microarray) {
        body_ += ihc_cores_section(r_);
      } else {
        editions();
      }
    }
    fields();
    body_ += ihc_qc_section(r_);
    body_ += ihc_tissue_section(r_);
    if (!r_.refused()) {
      changes();
      body_ += ihc_uncertainty_section(r_);
    }
    body_ += ihc_provenance_section(r_);
    body_ += ihc_sources_section(r_);
    add("</main>\n<footer>\n<p>{}</p>\n</footer>\n", html_text(research_use()));
    return html_page(fmt::format("{} - {}", head.score, r_.slide.name), body_, ihc_style());
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

  static std::string range_words(const IhcInterval& v, int digits) {
    return v.low == v.high ? ""
                           : say("ihc.range", {{"low", number_in(v.low, digits)}, {"high", number_in(v.high, digits)}});
  }

  // A number and its % stay on one line.
  static std::string unbroken(std::string text) {
    for (std::size_t at = 0; (at = text.find(" %", at)) != std::string::npos;) {
      text.replace(at, 1, "&nbsp;");
    }
    return text;
  }

  void card(const IhcHeadline& head) {
    add("<section class=\"card {}\" aria-labelledby=\"score\">\n<h1 id=\"score\">{}</h1>\n", tone_of(r_, head),
        unbroken(html_text(head.score)));
    const bool detail = r_.refused() || r_.microarray;
    add("<p class=\"detail\">{}</p>\n",
        html_text(detail ? head.detail : edition_words(r_, r_.editions[std::min(r_.primary, r_.editions.size() - 1)])));
    add("<p>{}</p>\n",
        html_say("ihc.slide_named", {{"slide", fmt::format("<strong>{}</strong>", html_text(r_.slide.name))}}));
    if (!r_.refused()) {
      tiles();
    }
    warnings();
    add("<p class=\"quiet\">{}</p>\n</section>\n", html_text(research_use()));
  }

  void tiles() {
    body_ += "<dl class=\"answers\">\n";
    if (r_.nuclear) {
      tile(say("ihc.positive_nuclei"), percent_in(r_.nuclear->percent.value, 1), range_words(r_.nuclear->percent, 1));
    }
    tile(say("ihc.h_score_head"), number_in(r_.h_score.value, 0), range_words(r_.h_score, 0));
    if (r_.nuclear && r_.nuclear->proportion) {
      tile(say("ihc.allred"), fmt::format("{}", *r_.nuclear->proportion + r_.nuclear->intensity),
           say("ihc.proportion_intensity",
               {{"proportion", *r_.nuclear->proportion}, {"intensity", r_.nuclear->intensity}}));
    }
    tile(say("ihc.tumour_cells_head"), with_commas(r_.tumour_cells));
    for (const IhcShare& share : r_.shares) {
      if (share.fact == "strong_complete") {
        tile(say("ihc.strong_and_complete"), percent_in(share.percent.value, 1), range_words(share.percent, 1));
      }
    }
    if (r_.nuclear && r_.nuclear->hot_spot) {
      tile(say("ihc.hot_spot_head"), percent_in(r_.nuclear->hot_percent, 1),
           say("ihc.um_field", {{"side_um", number_in(r_.nuclear->side_um, 0)}}));
    }
    if (r_.second.measured) {
      tile(say("ihc.second_opinion_head"),
           r_.second.score.empty() ? say("ihc.no_corrections") : retold(r_.second.score),
           r_.second.agrees ? say("ihc.agrees") : say("ihc.differs"));
    }
    body_ += "</dl>\n";
  }

  void warnings() {
    std::vector<std::pair<std::string, std::string>> all;
    for (const IhcVerdict& verdict : r_.qc) {
      if (verdict.severity == Severity::warning) {
        all.emplace_back(verdict.label, verdict.reason);
      }
    }
    if (!r_.profile.calibrated) {
      all.emplace_back(say("ihc.uncalibrated_head"),
                       say("ihc.the_profile_is_calibrated_to_no", {{"name", r_.profile.name}}));
    }
    if (r_.second.measured && !r_.second.agrees) {
      all.emplace_back(say("ihc.second_opinion_head"), r_.second.says);
    }
    if (!all.empty()) {
      body_ += "<ul class=\"notices\">\n";
      for (const auto& [label, says] : all) {
        add("<li><strong>{}</strong> {}</li>\n", html_text(label), html_text(says));
      }
      body_ += "</ul>\n";
    }
  }

  void picture(const IhcPicture& p, const char* kind) {
    add("<figure class=\"{}\"><img src=\"{}\" width=\"{}\" height=\"{}\" alt=\"{}\">"
        "<figcaption><strong>{}</strong> {}</figcaption></figure>\n",
        kind, png_url(p.png), p.width, p.height, html_text(p.title), html_text(p.title), html_text(p.caption));
  }

  [[nodiscard]] static bool is_field(const IhcPicture& p) { return p.id.starts_with("field"); }

  void overview() {
    if (std::all_of(r_.pictures.begin(), r_.pictures.end(), is_field)) {
      return;
    }
    open(say("ihc.the_slide"));
    body_ += "<div class=\"pictures\">\n";
    for (const IhcPicture& p : r_.pictures) {
      if (!is_field(p)) {
        picture(p, "whole");
      }
    }
    body_ += "</div>\n";
    body_ += class_legend();
    close();
  }

  [[nodiscard]] std::string class_legend() const {
    return fmt::format(
        "<ul class=\"chips swatches\">\n<li><i class=\"k0\"></i>{}</li><li><i class=\"k1\"></i>1+: {}</li><li><i "
        "class=\"k2\"></i>{}</li><li><i class=\"k3\"></i>{}</li><li><i class=\"kx\"></i>{}</li>\n</ul>\n",
        r_.nuclear ? html_say("ihc.negative") : html_say("ihc.unstained"),
        r_.nuclear ? html_say("ihc.weak") : html_say("ihc.faint_or_weak"), html_say("ihc.2_moderate"),
        html_say("ihc.3_strong"), html_say("ihc.no_tumour_cell"));
  }

  void staining() {
    open(r_.nuclear ? say("ihc.tumour_cells_by_nuclear_staining") : say("ihc.tumour_cells_by_membrane_staining"));
    const auto shares = cell_shares(r_);
    body_ += "<div class=\"halves\">\n<div>\n" + ihc_svg(shares, "bar");
    body_ += ihc_share_table(r_, "bar");
    add("</div>\n<figure>{}<figcaption>{}</figcaption></figure>\n</div>\n", histogram_svg(r_, "histogram"),
        html_text(histogram_words(r_)));
    close();
  }

  void editions() {
    open(r_.nuclear ? say("ihc.what_the_guideline_says") : say("ihc.the_score_under_each_edition"));
    add("<table class=\"cards editions\">\n<thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th "
        "scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead>\n<tbody>\n",
        r_.nuclear ? html_say("ihc.guideline_head") : html_say("ihc.edition_head"),
        r_.nuclear ? html_say("ihc.answer_head") : html_say("ihc.score_head"), html_say("ihc.probability"),
        html_say("ihc.the_rule_that_gives_it"));
    for (std::size_t i = 0; i < r_.editions.size(); ++i) {
      const CaseStatus& edition = r_.editions[i];
      const Answer* answer = answer_of(edition, r_.answer_fact);
      const std::string name = edition_words(r_, edition);
      add("<tr{}><th scope=\"row\">{}</th>", i == r_.primary ? " class=\"counts\"" : "", html_text(name));
      if (answer == nullptr || answer->state == AnswerState::none) {
        add("<td data-head=\"{}\">{}</td><td></td><td></td></tr>\n", html_say("ihc.score_head"),
            html_say("ihc.no_answer"));
        continue;
      }
      add("<td class=\"value{}\" data-head=\"{}\">{}</td><td data-head=\"{}\">{}<span "
          "class=\"quiet\">{}</span></td><td data-head=\"{}\">{}</td></tr>\n",
          r_.nuclear ? "" : " big", html_say("ihc.score_head"),
          html_text(value_words(answer->fact, likeliest(*answer))), html_say("ihc.probability"),
          score_bar(*answer, fmt::format("score-{}", i)), html_text(score_words(*answer)), html_say("ihc.rule_head"),
          rule(*answer));
    }
    body_ += "</tbody></table>\n";
    close();
  }

  static std::string rule(const Answer& answer) {
    if (answer.rows.empty()) {
      std::string out;
      for (const PossibleValue& value : answer.values) {
        if (!value.row.empty()) {
          out += fmt::format("<p>{}: <span class=\"mono\">{}</span></p>", html_text(value.value), html_text(value.row));
        }
      }
      return out;
    }
    const MetRow& row = answer.rows.back();
    return fmt::format("<p>{}</p><p class=\"mono quiet\">{}</p><p class=\"quiet\">{}</p>",
                       html_text(condition_words(row)), html_text(row.id()), html_text(citation_keys(row.citations)));
  }

  void fields() {
    if (std::none_of(r_.pictures.begin(), r_.pictures.end(), is_field)) {
      return;
    }
    open(say("ihc.cells_of_each_class"));
    add("<p class=\"quiet\">{}</p>\n<div class=\"pictures small\">\n",
        r_.nuclear ? html_say("ihc.the_outlines_are_those_of_nuclei")
                   : html_say("ihc.solid_outline_complete_membrane_dashed"));
    for (const IhcPicture& p : r_.pictures) {
      if (is_field(p)) {
        picture(p, "field");
      }
    }
    body_ += "</div>\n";
    close();
  }

  void changes() {
    if (r_.editions.empty() || r_.nuclear) {  // what is said there is about the first answer, the HER2 status
      return;
    }
    const CaseStatus& edition = r_.editions[std::min(r_.primary, r_.editions.size() - 1)];
    std::vector<const WhatIf*> all;
    for (const SpecimenStatus& specimen : edition.specimens) {
      for (const WhatIf& change : specimen.changes) {
        all.push_back(&change);
      }
    }
    if (all.empty()) {
      return;
    }
    open(say("ihc.what_would_change_the_call"));
    add("<table class=\"cards\">\n<thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th "
        "scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead>\n<tbody>\n",
        html_say("ihc.if_this"), html_say("ihc.were_instead_of"), html_say("ihc.this"), html_say("ihc.it_would_be"));
    for (const WhatIf* change : all) {
      add("<tr><th scope=\"row\">{}</th><td data-head=\"{}\">{}</td><td data-head=\"{}\">{}</td><td "
          "data-head=\"{}\">{} <span class=\"quiet mono\">{}</span></td></tr>\n",
          html_text(change->label), html_say("ihc.instead_of"), html_text(with_unit(change->from, change->unit)),
          html_say("ihc.then"), html_text(with_unit(change->to, change->unit)), html_say("ihc.gives"),
          html_text(change->gives), html_text(change->row));
    }
    body_ += "</tbody></table>\n";
    close();
  }

  const IhcReport& r_;
  std::string body_;
};

}  // namespace

std::string ihc_html(const IhcReport& report) { return IhcPage(report).all(); }

}  // namespace her2
