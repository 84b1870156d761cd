// SPDX-License-Identifier: Apache-2.0
#include "her2/report/ihc_html.h"

#include <algorithm>

#include <fmt/format.h>

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
    body_ = "<a class=\"skip\" href=\"#main\">Skip to the result</a>\n";
    add("<header class=\"top\"><p>{} IHC report</p><p>{}</p></header>\n<main id=\"main\" class=\"wide\">\n",
        html_text(r_.marker), html_text(r_.software));
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
    add("</main>\n<footer>\n<p>{}</p>\n</footer>\n", html_text(kResearchUse));
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
    return v.low == v.high ? "" : fmt::format("{:.{}f} to {:.{}f}", v.low, digits, v.high, digits);
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
        html_text(detail ? head.detail
                         : edition_words(r_, r_.editions[std::min(r_.primary, r_.editions.size() - 1)])));
    add("<p>Slide <strong>{}</strong></p>\n", html_text(r_.slide.name));
    if (!r_.refused()) {
      tiles();
    }
    warnings();
    add("<p class=\"quiet\">{}</p>\n</section>\n", html_text(kResearchUse));
  }

  void tiles() {
    body_ += "<dl class=\"answers\">\n";
    if (r_.nuclear) {
      tile("Positive nuclei", fmt::format("{:.1f} %", r_.nuclear->percent.value), range_words(r_.nuclear->percent, 1));
    }
    tile("H-score", fmt::format("{:.0f}", r_.h_score.value), range_words(r_.h_score, 0));
    if (r_.nuclear && r_.nuclear->proportion) {
      tile("Allred", fmt::format("{}", *r_.nuclear->proportion + r_.nuclear->intensity),
           fmt::format("proportion {}, intensity {}", *r_.nuclear->proportion, r_.nuclear->intensity));
    }
    tile("Tumour cells", with_commas(r_.tumour_cells));
    for (const IhcShare& share : r_.shares) {
      if (share.fact == "strong_complete") {
        tile("Strong and complete", fmt::format("{:.1f} %", share.percent.value), range_words(share.percent, 1));
      }
    }
    if (r_.nuclear && r_.nuclear->hot_spot) {
      tile("Hot spot", fmt::format("{:.1f} %", r_.nuclear->hot_percent),
           fmt::format("{:.0f} um field", r_.nuclear->side_um));
    }
    if (r_.second.measured) {
      tile("Second opinion", r_.second.score.empty() ? "none" : r_.second.score,
           r_.second.agrees ? "agrees" : "differs");
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
      all.emplace_back("Uncalibrated", fmt::format("The profile {} is calibrated to no laboratory; its thresholds are "
                                                   "starting values.",
                                                   r_.profile.name));
    }
    if (r_.second.measured && !r_.second.agrees) {
      all.emplace_back("Second opinion", r_.second.says);
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
    open("The slide");
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
        "class=\"k2\"></i>2+: moderate</li><li><i class=\"k3\"></i>3+: strong</li><li><i class=\"kx\"></i>no tumour "
        "cell</li>\n</ul>\n",
        r_.nuclear ? "negative" : "unstained", r_.nuclear ? "weak" : "faint or weak");
  }

  void staining() {
    open(r_.nuclear ? "Tumour cells by nuclear staining" : "Tumour cells by membrane staining");
    const auto shares = cell_shares(r_);
    body_ += "<div class=\"halves\">\n<div>\n" + ihc_svg(shares, "bar");
    body_ += ihc_share_table(r_, "bar");
    add("</div>\n<figure>{}<figcaption>{}</figcaption></figure>\n</div>\n", histogram_svg(r_, "histogram"),
        html_text(histogram_words(r_)));
    close();
  }

  void editions() {
    open(r_.nuclear ? "What the guideline says" : "The score under each edition");
    add("<table class=\"cards editions\">\n<thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th>"
        "<th scope=\"col\">Probability</th><th scope=\"col\">The rule that gives it</th></tr></thead>\n<tbody>\n",
        r_.nuclear ? "Guideline" : "Edition", r_.nuclear ? "Answer" : "Score");
    for (std::size_t i = 0; i < r_.editions.size(); ++i) {
      const CaseStatus& edition = r_.editions[i];
      const Answer* answer = answer_of(edition, r_.answer_fact);
      const std::string name = edition_words(r_, edition);
      add("<tr{}><th scope=\"row\">{}</th>", i == r_.primary ? " class=\"counts\"" : "", html_text(name));
      if (answer == nullptr || answer->state == AnswerState::none) {
        body_ += "<td data-head=\"Score\">no answer</td><td></td><td></td></tr>\n";
        continue;
      }
      add("<td class=\"value{}\" data-head=\"Score\">{}</td><td data-head=\"Probability\">{}<span "
          "class=\"quiet\">{}</span></td><td data-head=\"Rule\">{}</td></tr>\n",
          r_.nuclear ? "" : " big", html_text(value_words(answer->fact, likeliest(*answer))), score_bar(*answer, fmt::format("score-{}", i)),
          html_text(score_words(*answer)), rule(*answer));
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
    open("Cells of each class");
    add("<p class=\"quiet\">{}</p>\n<div class=\"pictures small\">\n",
        r_.nuclear ? "The outlines are those of nuclei."
                   : "Solid outline: complete membrane; dashed: incomplete or unstained.");
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
    open("What would change the call");
    body_ +=
        "<table class=\"cards\">\n<thead><tr><th scope=\"col\">If this</th><th scope=\"col\">were, instead of</th>"
        "<th scope=\"col\">this</th><th scope=\"col\">it would be</th></tr></thead>\n<tbody>\n";
    for (const WhatIf* change : all) {
      add("<tr><th scope=\"row\">{}</th><td data-head=\"Instead of\">{}</td><td data-head=\"Then\">{}</td><td "
          "data-head=\"Gives\">{} <span class=\"quiet mono\">{}</span></td></tr>\n",
          html_text(change->label), html_text(with_unit(change->from, change->unit)),
          html_text(with_unit(change->to, change->unit)), html_text(change->gives), html_text(change->row));
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
