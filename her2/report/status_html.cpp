// SPDX-License-Identifier: Apache-2.0
#include "her2/report/status_html.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "her2/report/html_page.h"
#include "her2/report/picture.h"
#include "her2/report/words.h"

namespace her2 {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

const char* tone_class(Tone tone) {
  switch (tone) {
    case Tone::positive: return "positive";
    case Tone::negative: return "negative";
    case Tone::unsettled: return "unsettled";
    case Tone::neutral: break;
  }
  return "neutral";
}

// Writes one case. Headings below a specimen are one level deeper when there are several.
class StatusPage {
 public:
  explicit StatusPage(const CaseStatus& status) : status_(status), several_(status.specimens.size() > 1) {
    int number = 0;
    for (const auto& citation : all_citations(status)) {
      citation_ids_[citation] = ++number;
    }
  }

  std::string all(std::string_view more) {
    const Headline head = headline(status_);
    body_ = "<a class=\"skip\" href=\"#main\">Skip to the result</a>\n";
    add("<header class=\"top\"><p>HER2 report</p><p>{}</p></header>\n<main id=\"main\">\n",
        html_text(status_.software));
    card(head);
    for (std::size_t i = 0; i < status_.specimens.size(); ++i) {
      specimen(status_.specimens[i], i + 1);
    }
    body_ += more;
    sources();
    body_ += "</main>\n";
    provenance();
    const std::string title = fmt::format("{} - case {}", head.status, status_.case_id);
    return html_page(title, body_);
  }

 private:
  template <class... Args>
  void add(fmt::format_string<Args...> format, Args&&... args) {
    body_ += fmt::format(format, std::forward<Args>(args)...);
  }

  void open_section(std::string_view title) {
    const int level = several_ ? 3 : 2;
    add("<section class=\"sheet\">\n<h{0}>{1}</h{0}>\n", level, html_text(title));
  }
  void close_section() { body_ += "</section>\n"; }

  std::string cited(const Pairs& citations) const {
    std::vector<std::string> links;
    for (const auto& citation : citations) {
      links.push_back(
          fmt::format("<a href=\"#source-{}\">{}</a>", citation_ids_.at(citation), html_text(citation.first)));
    }
    return fmt::format("{}", fmt::join(links, ", "));
  }

  void card(const Headline& head) {
    add("<section class=\"card {}\" aria-labelledby=\"status\">\n<h1 id=\"status\">{}</h1>\n", tone_class(head.tone),
        html_text(head.status));
    if (!head.detail.empty()) {
      add("<p class=\"detail\">{}</p>\n", html_text(head.detail));
    }
    add("<p>Case <strong>{}</strong>, {}</p>\n", html_text(status_.case_id), html_text(scheme_words(status_)));
    const std::string policy = policy_words(status_);
    if (!policy.empty()) {
      add("<p>{}</p>\n", html_text(policy));
    }
    if (!several_ && !status_.specimens.empty()) {
      const SpecimenStatus& only = status_.specimens[0];
      const std::string words = specimen_words(only);
      add("<p>Specimen {}{}{}</p>\n", html_text(only.id), words.empty() ? "" : ": ", html_text(words));
      refusal(only);
      answers(only);
    }
    add("<p class=\"quiet\">{}</p>\n</section>\n", html_text(kResearchUse));
    if (several_) {
      overview();
    }
  }

  void overview() {
    body_ +=
        "<section class=\"sheet\">\n<h2>Specimens</h2>\n<table class=\"cards\">\n<thead><tr>"
        "<th scope=\"col\">Specimen</th><th scope=\"col\">What</th><th scope=\"col\">Result</th>"
        "<th scope=\"col\">Under the policy</th></tr></thead>\n<tbody>\n";
    for (std::size_t i = 0; i < status_.specimens.size(); ++i) {
      const SpecimenStatus& s = status_.specimens[i];
      const Headline head = headline(s);
      const bool counts = &s == counting_specimen(status_);
      add("<tr{}><th scope=\"row\"><a href=\"#specimen-{}\">{}</a></th><td>{}</td><td>{}{}{}</td><td>{}</td></tr>\n",
          counts ? " class=\"counts\"" : "", i + 1, html_text(s.id), html_text(specimen_words(s)),
          html_text(head.status), head.detail.empty() ? "" : ", ", html_text(head.detail), counts ? "counts" : "");
    }
    body_ += "</tbody></table>\n";
    close_section();
  }

  void specimen(const SpecimenStatus& s, std::size_t number) {
    if (several_) {
      const Headline head = headline(s);
      add("<section class=\"card {}\" id=\"specimen-{}\">\n<h2>Specimen {}: {}</h2>\n", tone_class(head.tone), number,
          html_text(s.id), html_text(head.status));
      if (!head.detail.empty()) {
        add("<p class=\"detail\">{}</p>\n", html_text(head.detail));
      }
      add("<p>{}</p>\n", html_text(specimen_words(s)));
      refusal(s);
      answers(s);
      close_section();
    }
    unsettled(s);
    notices(s);
    asked("Required next", s.actions);
    pictures(s, number);
    ladder(s);
    changes(s);
    asked("For the report", s.comments);
    facts(s);
  }

  void refusal(const SpecimenStatus& s) {
    if (!s.refusal.empty()) {
      add("<p><strong>{}</strong></p>\n", html_text(s.refusal));
    }
  }

  void answers(const SpecimenStatus& s) {
    if (s.answers.empty()) {
      return;
    }
    body_ += "<dl class=\"answers\">\n";
    for (const Answer* given : answers_given(s)) {
      const Answer& answer = *given;
      if (given == s.answers.data() && !answer.recorded) {
        continue;  // the headline says it
      }
      add("<div><dt>{}</dt><dd>{}{}</dd></div>\n", html_text(answer.label), html_text(answer_words(answer)),
          answer.recorded ? " <span class=\"quiet\">(as recorded)</span>" : "");
    }
    body_ += "</dl>\n";
    if (s.replicates > 0) {
      add("<p class=\"quiet\">{}</p>\n", html_text(ensemble_words(s)));
    }
    const std::string rest = unanswered_words(s);
    if (!rest.empty()) {
      add("<p class=\"quiet\">{}</p>\n", html_text(rest));
    }
  }

  void notices(const SpecimenStatus& s) {
    if (s.notices.empty()) {
      return;
    }
    open_section("Look at");
    body_ += "<ul class=\"notices\">\n";
    for (const Notice& notice : s.notices) {
      const std::string links = cited(notice.citations);
      add("<li><strong aria-hidden=\"true\">! </strong>{}{}{}</li>\n", html_text(notice.says), links.empty() ? "" : " ",
          links.empty() ? "" : fmt::format("<span class=\"quiet\">{}</span>", links));
    }
    body_ += "</ul>\n";
    close_section();
  }

  static std::string possible_values(const Answer& answer) {
    std::string out = "\n<ul>\n";
    for (const PossibleValue& value : answer.values) {
      out += fmt::format("<li>{}", html_text(case_words(answer.fact, value)));
      for (std::size_t i = 0; i < value.assumes.size(); ++i) {
        out += fmt::format("{}<li>if {}</li>\n", i == 0 ? "\n<ul class=\"quiet\">\n" : "", html_text(value.assumes[i]));
      }
      out += value.assumes.empty() ? "</li>\n" : "</ul></li>\n";
    }
    return out + "</ul>";
  }

  void unsettled(const SpecimenStatus& s) {
    std::string items;
    for (const Answer& answer : s.answers) {
      if (!is_unsettled(s, answer)) {
        continue;
      }
      items += fmt::format("<li>{}", html_text(unsettled_words(answer)));
      if (&answer == s.answers.data()) {
        items += possible_values(answer);
      }
      items += "</li>\n";
    }
    for (const std::string& reading : other_readings(s)) {
      items += fmt::format("<li>Reading looked at: {}</li>\n", html_text(reading));
    }
    if (!items.empty()) {
      open_section("Not settled");
      add("<ul>\n{}</ul>\n", items);
      close_section();
    }
  }

  void asked(std::string_view title, const Pairs& items) {
    if (items.empty()) {
      return;
    }
    open_section(title);
    body_ += "<ul>\n";
    for (const auto& [text, row] : items) {
      add("<li>{}{}</li>\n", html_text(text),
          row.empty() ? "" : fmt::format("<br><span class=\"quiet mono\">{}</span>", html_text(row)));
    }
    body_ += "</ul>\n";
    close_section();
  }

  void pictures(const SpecimenStatus& s, std::size_t number) {
    const bool one_reading = s.readings.empty();  // contradictory counts have no one place on the map
    if (!(s.ish && one_reading) && s.ihc.empty()) {
      return;
    }
    open_section("The tests at a glance");
    body_ += "<div class=\"figures\">\n";
    if (s.ish && one_reading) {
      const bool groups = std::any_of(s.answers.begin(), s.answers.end(), [](const Answer& a) {
        return a.fact == "ish_group" && a.state != AnswerState::none;
      });
      add("<figure>\n{}<figcaption>{}</figcaption>\n</figure>\n",
          ish_svg(*s.ish, groups, fmt::format("ish-{}", number)), html_text(ish_words(*s.ish)));
    }
    if (!s.ihc.empty()) {
      const std::string id = fmt::format("ihc-{}", number);
      add("<figure>\n{}<figcaption>Invasive tumour cells by membrane staining</figcaption>\n{}</figure>\n",
          ihc_svg(s.ihc, id), ihc_legend(s.ihc, id));
    }
    body_ += "</div>\n";
    close_section();
  }

  // Facts, then each row that was met; the row that gives the status stands out.
  void ladder(const SpecimenStatus& s) {
    const auto rows = rows_met(s);
    if (rows.empty()) {
      return;
    }
    open_section("Why: from the facts to the status");
    body_ += "<ol class=\"ladder\">\n<li data-step=\"0\"><p class=\"concludes\">Facts</p><ul class=\"chips\">\n";
    for (const UsedFact& fact : s.facts) {
      add("<li>{} <strong>{}</strong></li>\n", html_text(fact.label), html_text(with_unit(fact.value, fact.unit)));
    }
    body_ += "</ul></li>\n";
    const std::vector<MetRow>& first = s.answers[0].rows;
    const std::string gives = first.empty() ? "" : first.back().id();
    std::size_t step = 0;
    for (const MetRow* row : rows) {
      const std::string concludes = conclusion_words(*row);
      add("<li data-step=\"{}\"{}>\n<p class=\"concludes\">{}</p>\n<p>{}</p>\n", ++step,
          row->id() == gives ? " class=\"gives\"" : "", html_text(concludes.empty() ? row->table_title : concludes),
          html_text(condition_words(*row)));
      add("<p class=\"quiet\">{}, {} ({}){}</p>\n<p class=\"quiet mono\">{}</p></li>\n", html_text(row->edition),
          html_text(row->table_title), cited(row->citations),
          row->unconfirmed ? " <strong>Rests on an unconfirmed statement.</strong>" : "", html_text(row->id()));
    }
    body_ += "</ol>\n";
    close_section();
  }

  void changes(const SpecimenStatus& s) {
    if (s.changes.empty() || s.answers.empty()) {
      return;
    }
    const std::string answer = html_text(s.answers[0].label);
    open_section("What would change it");
    add("<table class=\"cards\">\n<caption>The smallest change of one fact, all others kept, that leads to another "
        "rule."
        "</caption>\n<thead><tr><th scope=\"col\">Fact</th><th scope=\"col\">Changed</th><th scope=\"col\">{}</th>"
        "<th scope=\"col\">By</th></tr></thead>\n<tbody>\n",
        answer);
    for (const WhatIf& change : s.changes) {
      add("<tr><th scope=\"row\">{}</th><td class=\"value\">{} → {}</td><td data-head=\"{}\">{}</td>"
          "<td class=\"quiet mono\">{}</td></tr>\n",
          html_text(change.label), html_text(change.from), html_text(with_unit(change.to, change.unit)), answer,
          html_text(value_words(s.answers[0].fact, change.gives)), html_text(change.row));
    }
    body_ += "</tbody></table>\n";
    close_section();
  }

  void facts(const SpecimenStatus& s) {
    if (s.facts.empty() && s.notes.empty()) {
      return;
    }
    open_section("Facts used");
    if (!s.facts.empty()) {
      body_ +=
          "<table class=\"cards\">\n<thead><tr><th scope=\"col\">Fact</th><th scope=\"col\">Value</th>"
          "<th scope=\"col\">From</th></tr></thead>\n<tbody>\n";
      const Origins from = origins(s);
      for (std::size_t i = 0; i < s.facts.size(); ++i) {
        const UsedFact& fact = s.facts[i];
        add("<tr><th scope=\"row\">{}</th><td class=\"value\">{}</td><td class=\"quiet\">{}</td></tr>\n",
            html_text(fact.label), html_text(with_unit(fact.value, fact.unit)), html_text(from.each[i]));
      }
      body_ += "</tbody></table>\n";
      if (!from.shared.empty()) {
        add("<p class=\"quiet\">Recorded in {}.</p>\n", html_text(from.shared));
      }
    }
    for (const std::string& note : s.notes) {
      add("<p>Note: {}</p>\n", html_text(note));
    }
    close_section();
  }

  void sources() {
    if (!citation_ids_.empty()) {
      body_ += "<section class=\"sheet\">\n<h2>Sources</h2>\n<dl class=\"sources\">\n";
      for (const auto& [citation, number] : citation_ids_) {
        add("<dt id=\"source-{}\">{}</dt><dd>{}</dd>\n", number, html_text(citation.first), html_text(citation.second));
      }
      body_ += "</dl>\n";
      close_section();
    }
    if (!status_.unconfirmed.empty()) {
      body_ += "<section class=\"sheet\">\n<h2>Not confirmed in the guidelines used</h2>\n";
      for (const auto& [guideline, points] : unconfirmed_by_guideline(status_)) {
        if (!guideline.empty()) {
          add("<h3>{}</h3>\n", html_text(guideline));
        }
        body_ += "<ul>\n";
        for (const std::string& point : points) {
          add("<li>{}</li>\n", html_text(point));
        }
        body_ += "</ul>\n";
      }
      close_section();
    }
  }

  void provenance() {
    add("<footer>\n<h2>Decided by</h2>\n<p>Scheme {}, {}</p>\n<ul>\n", html_text(status_.scheme),
        html_text(status_.software));
    for (const auto& [id, hash] : status_.guidelines) {
      add("<li>{} <span class=\"mono\">SHA-256 {}</span></li>\n", html_text(id), html_text(hash));
    }
    for (const std::string& change : status_.changed_parameters) {
      add("<li><strong>Changed by the user:</strong> {}</li>\n", html_text(change));
    }
    add("</ul>\n<p>{}</p>\n</footer>\n", html_text(kResearchUse));
  }

  const CaseStatus& status_;
  bool several_;
  std::map<std::pair<std::string, std::string>, int> citation_ids_;
  std::string body_;
};

}  // namespace

std::string status_html(const CaseStatus& status, std::string_view more) { return StatusPage(status).all(more); }

}  // namespace her2
