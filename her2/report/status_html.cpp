// SPDX-License-Identifier: Apache-2.0
#include "her2/report/status_html.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "her2/language/say.h"
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
    body_ = fmt::format("<a class=\"skip\" href=\"#main\">{}</a>\n", html_say("status.skip_to_the_result"));
    add("<header class=\"top\"><p>{}</p><p>{}</p></header>\n<main id=\"main\">\n", html_say("status.her2_report"),
        html_text(status_.software));
    card(head);
    for (std::size_t i = 0; i < status_.specimens.size(); ++i) {
      specimen(status_.specimens[i], i + 1);
    }
    body_ += more;
    sources();
    body_ += "</main>\n";
    provenance();
    const std::string title = say("status.page_title", {{"status", head.status}, {"case_id", status_.case_id}});
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
    add("<p>{}</p>\n",
        html_say("status.case_and_scheme", {{"id", fmt::format("<strong>{}</strong>", html_text(status_.case_id))},
                                            {"scheme", html_text(scheme_words(status_))}}));
    const std::string policy = policy_words(status_);
    if (!policy.empty()) {
      add("<p>{}</p>\n", html_text(policy));
    }
    if (!several_ && !status_.specimens.empty()) {
      const SpecimenStatus& only = status_.specimens[0];
      const std::string words = specimen_words(only);
      add("<p>{}</p>\n", words.empty() ? html_say("status.specimen_head", {{"id", html_text(only.id)}})
                                       : html_say("status.specimen_head_with_words",
                                                  {{"id", html_text(only.id)}, {"words", html_text(words)}}));
      refusal(only);
      answers(only);
    }
    add("<p class=\"quiet\">{}</p>\n</section>\n", html_text(research_use()));
    if (several_) {
      overview();
    }
  }

  void overview() {
    add("<section class=\"sheet\">\n<h2>{}</h2>\n<table class=\"cards\">\n<thead><tr><th scope=\"col\">{}</th><th "
        "scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead>\n<tbody>\n",
        html_say("status.specimens"), html_say("status.specimen"), html_say("status.what"), html_say("status.result"),
        html_say("status.under_the_policy"));
    for (std::size_t i = 0; i < status_.specimens.size(); ++i) {
      const SpecimenStatus& s = status_.specimens[i];
      const Headline head = headline(s);
      const bool counts = &s == counting_specimen(status_);
      add("<tr{}><th scope=\"row\"><a href=\"#specimen-{}\">{}</a></th><td>{}</td><td>{}{}{}</td><td>{}</td></tr>\n",
          counts ? " class=\"counts\"" : "", i + 1, html_text(s.id), html_text(specimen_words(s)),
          html_text(head.status), head.detail.empty() ? "" : ", ", html_text(head.detail),
          counts ? html_say("status.counts") : "");
    }
    body_ += "</tbody></table>\n";
    close_section();
  }

  void specimen(const SpecimenStatus& s, std::size_t number) {
    if (several_) {
      const Headline head = headline(s);
      add("<section class=\"card {}\" id=\"specimen-{}\">\n<h2>{}</h2>\n", tone_class(head.tone), number,
          html_say("status.specimen_and_status", {{"id", html_text(s.id)}, {"status", html_text(head.status)}}));
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
    asked(say("status.required_next"), s.actions);
    pictures(s, number);
    ladder(s);
    changes(s);
    asked(say("status.for_the_report"), s.comments);
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
          answer.recorded ? fmt::format(" <span class=\"quiet\">{}</span>", html_say("status.as_recorded")) : "");
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
    open_section(say("status.look_at"));
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
        out += fmt::format("{}<li>{}</li>\n", i == 0 ? "\n<ul class=\"quiet\">\n" : "",
                           html_say("status.if_reading", {{"reading", html_text(value.assumes[i])}}));
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
      items += fmt::format("<li>{}</li>\n", html_say("status.reading_looked_at", {{"reading", html_text(reading)}}));
    }
    if (!items.empty()) {
      open_section(say("status.not_settled"));
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
    open_section(say("status.the_tests_at_a_glance"));
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
      add("<figure>\n{}<figcaption>{}</figcaption>\n{}</figure>\n", ihc_svg(s.ihc, id),
          html_say("status.invasive_tumour_cells_by_membrane"), ihc_legend(s.ihc, id));
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
    open_section(say("status.why_from_the_facts_to_the_status"));
    add("<ol class=\"ladder\">\n<li data-step=\"0\"><p class=\"concludes\">{}</p><ul class=\"chips\">\n",
        html_say("status.facts"));
    for (const UsedFact& fact : s.facts) {
      add("<li>{} <strong>{}</strong></li>\n", html_text(fact.label), html_text(used_value_words(fact)));
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
          row->unconfirmed ? fmt::format(" <strong>{}</strong>", html_say("status.rests")) : "", html_text(row->id()));
    }
    body_ += "</ol>\n";
    close_section();
  }

  void changes(const SpecimenStatus& s) {
    if (s.changes.empty() || s.answers.empty()) {
      return;
    }
    const std::string answer = html_text(s.answers[0].label);
    open_section(say("status.what_would_change_it"));
    add("<table class=\"cards\">\n<caption>{}</caption>\n<thead><tr><th scope=\"col\">{}</th><th "
        "scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead>\n<tbody>\n",
        html_say("status.the_smallest_change_of_one_fact_all"), html_say("status.fact"), html_say("status.changed"),
        answer, html_say("status.by_head"));
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
    open_section(say("status.facts_used"));
    if (!s.facts.empty()) {
      add("<table class=\"cards\">\n<thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th "
          "scope=\"col\">{}</th></tr></thead>\n<tbody>\n",
          html_say("status.fact"), html_say("status.value"), html_say("status.from"));
      const Origins from = origins(s);
      for (std::size_t i = 0; i < s.facts.size(); ++i) {
        const UsedFact& fact = s.facts[i];
        add("<tr><th scope=\"row\">{}</th><td class=\"value\">{}</td><td class=\"quiet\">{}</td></tr>\n",
            html_text(fact.label), html_text(used_value_words(fact)), html_text(from.each[i]));
      }
      body_ += "</tbody></table>\n";
      if (!from.shared.empty()) {
        add("<p class=\"quiet\">{}</p>\n", html_say("status.recorded_in", {{"shared", html_text(from.shared)}}));
      }
    }
    for (const std::string& note : s.notes) {
      add("<p>{}</p>\n", html_say("status.note_text", {{"note", html_text(note)}}));
    }
    close_section();
  }

  void sources() {
    if (!citation_ids_.empty()) {
      add("<section class=\"sheet\">\n<h2>{}</h2>\n<dl class=\"sources\">\n", html_say("status.sources"));
      for (const auto& [citation, number] : citation_ids_) {
        add("<dt id=\"source-{}\">{}</dt><dd>{}</dd>\n", number, html_text(citation.first), html_text(citation.second));
      }
      body_ += "</dl>\n";
      close_section();
    }
    if (!status_.unconfirmed.empty()) {
      add("<section class=\"sheet\">\n<h2>{}</h2>\n", html_say("status.not_confirmed_in_the_guidelines_used"));
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
    add("<footer>\n<h2>{}</h2>\n<p>{}</p>\n<ul>\n", html_say("status.decided_by"),
        html_say("status.scheme", {{"scheme", html_text(status_.scheme)}, {"software", html_text(status_.software)}}));
    for (const auto& [id, hash] : status_.guidelines) {
      add("<li>{} <span class=\"mono\">SHA-256 {}</span></li>\n", html_text(id), html_text(hash));
    }
    for (const std::string& change : status_.changed_parameters) {
      add("<li><strong>{}</strong> {}</li>\n", html_say("status.changed_by_the_user"), html_text(change));
    }
    add("</ul>\n<p>{}</p>\n</footer>\n", html_text(research_use()));
  }

  const CaseStatus& status_;
  bool several_;
  std::map<std::pair<std::string, std::string>, int> citation_ids_;
  std::string body_;
};

}  // namespace

std::string status_html(const CaseStatus& status, std::string_view more) { return StatusPage(status).all(more); }

}  // namespace her2
