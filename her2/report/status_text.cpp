// SPDX-License-Identifier: Apache-2.0
#include "her2/report/status_text.h"

#include <algorithm>

#include <fmt/format.h>

#include "her2/language/say.h"
#include "her2/report/picture.h"
#include "her2/report/plain_text.h"
#include "her2/report/text_page.h"
#include "her2/report/words.h"

namespace her2 {
namespace {

std::string with_detail(const Headline& head) {
  return head.detail.empty() ? head.status : fmt::format("{} · {}", head.status, head.detail);
}

void write_answers(ReportPage& page, const SpecimenStatus& specimen) {
  std::size_t label_width = 0;
  for (const Answer* answer : answers_given(specimen)) {
    label_width = std::max(label_width, display_width(printable(answer->label)));
  }
  label_width = std::min(label_width, page.columns() / 2);
  for (const Answer* given : answers_given(specimen)) {
    const Answer& answer = *given;
    const std::string words = recorded_words(answer);
    page.field(answer.label, words, label_width,
               answer.fact == "her2_status" ? ink_of(answer_tone(answer)) : Ink::normal);
  }
  if (specimen.replicates > 0) {
    page.paragraph(ensemble_words(specimen), 2, Ink::quiet);
  }
  const std::string rest = unanswered_words(specimen);
  if (!rest.empty()) {
    page.paragraph(rest, 2, Ink::quiet);
  }
}

// Open answers and contradictions: what would settle them.
void write_unsettled(ReportPage& page, const SpecimenStatus& specimen) {
  bool first = true;
  const auto heading = [&] {
    if (first) {
      page.heading(say("status.not_settled"));
    }
    first = false;
  };
  for (const Answer& answer : specimen.answers) {
    if (!is_unsettled(specimen, answer)) {
      continue;
    }
    heading();
    page.item("?", unsettled_words(answer), 2, Ink::warning);
    if (&answer != specimen.answers.data()) {
      continue;
    }
    for (const PossibleValue& value : answer.values) {
      page.item("•", case_words(answer.fact, value), 4);
      for (const std::string& reading : value.assumes) {
        page.item(say("status.if"), reading, 6, Ink::quiet);
      }
    }
  }
  const auto readings = other_readings(specimen);
  if (!readings.empty()) {
    heading();
    page.paragraph(say("status.readings_of_the_facts_that_were_looked"), 2);
    for (const std::string& reading : readings) {
      page.item("•", reading, 4);
    }
  }
}

void write_notices(ReportPage& page, const SpecimenStatus& specimen) {
  if (specimen.notices.empty()) {
    return;
  }
  page.heading(say("status.look_at"));
  for (const Notice& notice : specimen.notices) {
    const std::string keys = citation_keys(notice.citations);
    page.item("!", keys.empty() ? notice.says : fmt::format("{} [{}]", notice.says, keys), 2, Ink::warning);
  }
}

void write_asked(ReportPage& page, const std::string& title,
                 const std::vector<std::pair<std::string, std::string>>& items) {
  if (items.empty()) {
    return;
  }
  page.heading(title);
  for (const auto& [text, row] : items) {
    page.item("•", text, 2);
    if (!row.empty()) {
      page.paragraph(row, 4, Ink::quiet);
    }
  }
}

void write_rows(ReportPage& page, const SpecimenStatus& specimen) {
  const auto rows = rows_met(specimen);
  if (rows.empty()) {
    return;
  }
  page.heading(say("status.why"));
  std::size_t number = 0;
  for (const MetRow* row : rows) {
    const std::string mark = fmt::format("{:>2}", ++number);
    const std::string concludes = conclusion_words(*row);
    page.item(mark, concludes.empty() ? row->table_title : concludes, 1, Ink::quiet, Ink::strong);
    page.paragraph(condition_words(*row), 4);
    const std::string cited = fmt::format("{} [{}]", row->id(), citation_keys(row->citations));
    page.paragraph(row->unconfirmed ? say("status.rests_on_unconfirmed", {{"row", cited}}) : cited, 4, Ink::quiet);
  }
}

void write_changes(ReportPage& page, const SpecimenStatus& specimen) {
  if (specimen.changes.empty() || specimen.answers.empty()) {
    return;
  }
  page.heading(say("status.what_would_change_it"));
  const std::string guideline = shared_guideline(specimen.changes);
  std::vector<std::vector<std::string>> rows;
  for (const WhatIf& change : specimen.changes) {
    rows.push_back({change.label, fmt::format("{} → {}", change.from, with_unit(change.to, change.unit)),
                    value_words(specimen.answers[0].fact, change.gives), row_without(change.row, guideline)});
  }
  page.table(
      {say("status.if_only_column"), say("status.changed_column"), specimen.answers[0].label, say("status.by_column")},
      rows);
  if (!guideline.empty()) {
    page.paragraph(say("status.rows_of", {{"guideline", guideline}}), 2, Ink::quiet);
  }
}

void write_facts(ReportPage& page, const SpecimenStatus& specimen) {
  if (!specimen.facts.empty()) {
    page.heading(say("status.facts_used"));
    const Origins from = origins(specimen);
    std::vector<std::string> head{say("status.fact_column"), say("status.value_column")};
    if (from.any()) {
      head.emplace_back(say("status.from_column"));
    }
    std::vector<std::vector<std::string>> rows;
    for (std::size_t i = 0; i < specimen.facts.size(); ++i) {
      const UsedFact& fact = specimen.facts[i];
      rows.push_back({fact.label, used_value_words(fact)});
      if (from.any()) {
        rows.back().push_back(from.each[i]);
      }
    }
    page.table(head, rows);
    if (!from.shared.empty()) {
      page.paragraph(say("status.recorded_in", {{"shared", from.shared}}), 2, Ink::quiet);
    }
  }
  for (const std::string& note : specimen.notes) {
    page.item(say("status.note"), note, 2);
  }
}

void write_pictures(ReportPage& page, const SpecimenStatus& s) {
  const bool one_place = s.ish && s.readings.empty();  // contradictory counts have no one place on the map
  if (!page.draws() || (!one_place && s.ihc.empty())) {
    return;
  }
  page.heading(say("status.the_tests_at_a_glance"));
  if (one_place) {
    const bool groups = std::any_of(s.answers.begin(), s.answers.end(), [](const Answer& a) {
      return a.fact == "ish_group" && a.state != AnswerState::none;
    });
    page.figure(ish_svg(*s.ish, groups, "ish"), ish_words(*s.ish));
  }
  if (!s.ihc.empty()) {
    page.figure(ihc_svg(s.ihc, "ihc"), ihc_words(s.ihc));
  }
}

void write_specimen(ReportPage& page, const SpecimenStatus& specimen) {
  if (!specimen.refusal.empty()) {
    page.item("!", specimen.refusal, 2, Ink::warning);
  }
  write_answers(page, specimen);
  write_unsettled(page, specimen);
  write_notices(page, specimen);
  write_asked(page, say("status.required_next"), specimen.actions);
  write_pictures(page, specimen);
  write_rows(page, specimen);
  write_changes(page, specimen);
  write_asked(page, say("status.for_the_report"), specimen.comments);
  write_facts(page, specimen);
}

void write_specimens(ReportPage& page, const CaseStatus& status) {
  const auto several = status.specimens.size() > 1;
  if (several) {
    std::vector<std::vector<std::string>> rows;
    for (const SpecimenStatus& specimen : status.specimens) {
      rows.push_back({specimen.id, specimen_words(specimen), with_detail(headline(specimen)),
                      &specimen == counting_specimen(status) ? say("status.counts") : ""});
    }
    page.table({say("status.specimen_column"), say("status.what_column"), say("status.result_column"), ""}, rows);
  }
  for (const SpecimenStatus& specimen : status.specimens) {
    const std::string words = specimen_words(specimen);
    if (several) {
      page.divide();
      const Headline head = headline(specimen);
      page.banner(with_detail(head), ink_of(head.tone),
                  &specimen == counting_specimen(status) ? say("status.specimen_that_counts", {{"id", specimen.id}})
                                                         : say("status.specimen_id", {{"id", specimen.id}}));
      if (!words.empty()) {
        page.paragraph(words, 0, Ink::quiet);
      }
      page.blank();
    }
    write_specimen(page, specimen);
  }
}

void write_sources(ReportPage& page, const CaseStatus& status) {
  const auto citations = all_citations(status);
  if (!citations.empty()) {
    page.heading(say("status.sources"));
    std::size_t widest = 0;
    for (const auto& citation : citations) {
      widest = std::max(widest, display_width(printable(citation.first)));
    }
    for (const auto& [key, text] : citations) {
      page.field(key, text, std::min<std::size_t>(widest, 14));
    }
  }
  if (!status.unconfirmed.empty()) {
    page.heading(say("status.not_confirmed_in_the_guidelines_used"));
    for (const auto& [guideline, points] : unconfirmed_by_guideline(status)) {
      if (!guideline.empty()) {
        page.paragraph(guideline, 2, Ink::quiet);
      }
      for (const std::string& point : points) {
        page.item("•", point, 2);
      }
    }
  }
}

void write_provenance(ReportPage& page, const CaseStatus& status, bool details) {
  page.heading(say("status.decided_by"));
  for (const auto& [id, hash] : status.guidelines) {
    page.paragraph(details ? id + ", SHA-256 " + hash.substr(0, 16) : id, 2, Ink::quiet);
  }
  for (const std::string& change : status.changed_parameters) {
    page.item("!", say("status.changed_by_the_user_is", {{"change", change}}), 2, Ink::warning);
  }
  page.paragraph(say("status.scheme_and_software", {{"scheme", status.scheme}, {"software", status.software}}), 2,
                 Ink::quiet);
  if (!status.scheme_why.empty()) {
    page.paragraph(status.scheme_why, 2, Ink::quiet);
  }
  page.blank();
  page.paragraph(research_use(), 0, Ink::strong);
}

}  // namespace

void write_status(ReportPage& page, const CaseStatus& status, bool details) {
  const Headline head = headline(status);
  page.banner(with_detail(head), ink_of(head.tone), say("status.case_id", {{"case_id", status.case_id}}));
  std::string below = scheme_words(status);
  if (status.specimens.size() == 1) {
    const std::string words = specimen_words(status.specimens[0]);
    const std::string& id = status.specimens[0].id;
    below += " · ";
    below += words.empty() ? say("status.specimen_id", {{"id", id}})
                           : say("status.specimen_with_words", {{"id", id}, {"words", words}});
  }
  page.paragraph(below, 0, Ink::quiet);
  const std::string policy = policy_words(status);
  if (!policy.empty()) {
    page.paragraph(policy, 0);
  }
  page.blank();
  write_specimens(page, status);
  if (details) {
    write_sources(page, status);
  } else {
    page.blank();
    page.paragraph(say("status.sources_and_unconfirmed_points_of_the",
                       {{"sources", all_citations(status).size()}, {"points", status.unconfirmed.size()}}),
                   0, Ink::quiet);
  }
  write_provenance(page, status, details);
}

std::string status_text(const CaseStatus& status, const TextStyle& style) {
  TextPage page(style);
  write_status(page, status, style.details);
  return page.take();
}

}  // namespace her2
