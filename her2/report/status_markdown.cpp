// SPDX-License-Identifier: Apache-2.0
#include "her2/report/status_markdown.h"

#include <fmt/format.h>

#include "her2/language/say.h"
#include "her2/report/markdown.h"
#include "her2/report/words.h"

namespace her2 {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;
using Cells = std::vector<std::vector<std::string>>;

std::string in_bold(const Answer& answer) {
  const std::string words = fmt::format("**{}**", markdown_text(answer_words(answer)));
  return answer.recorded ? markdown_say("status.answer_as_recorded", {{"answer", words}}) : words;
}

std::string with_detail(const Headline& head) {
  return head.detail.empty() ? head.status : fmt::format("{}, {}", head.status, head.detail);
}

class Writer {
 public:
  explicit Writer(const CaseStatus& status) : status_(status), several_(status.specimens.size() > 1) {}

  std::string all() {
    add("# {}\n\n", markdown_text(with_detail(headline(status_))));
    add("{}\n\n", markdown_say("status.case_and_scheme", {{"id", markdown_text(status_.case_id)},
                                                          {"scheme", markdown_text(scheme_words(status_))}}));
    const std::string policy = policy_words(status_);
    if (!policy.empty()) {
      add("{}\n\n", markdown_text(policy));
    }
    add("*{}*\n\n", markdown_text(research_use()));
    if (several_) {
      overview();
    }
    for (const SpecimenStatus& s : status_.specimens) {
      specimen(s);
    }
    sources();
    return std::move(out_);
  }

 private:
  template <class... Args>
  void add(fmt::format_string<Args...> format, Args&&... args) {
    out_ += fmt::format(format, std::forward<Args>(args)...);
  }

  void heading(std::string_view title) { add("{} {}\n\n", several_ ? "###" : "##", title); }

  void overview() {
    Cells rows;
    for (const SpecimenStatus& s : status_.specimens) {
      rows.push_back({markdown_text(s.id), markdown_text(specimen_words(s)), markdown_text(with_detail(headline(s))),
                      &s == counting_specimen(status_) ? markdown_say("status.counts") : ""});
    }
    out_ += markdown_table({markdown_say("status.specimen"), markdown_say("status.what"), markdown_say("status.result"),
                            markdown_say("status.under_the_policy")},
                           rows) +
            '\n';
  }

  void specimen(const SpecimenStatus& s) {
    const std::string words = markdown_text(specimen_words(s));
    if (several_) {
      add("## {}\n\n", markdown_say("status.specimen_head_with_words",
                                    {{"id", markdown_text(s.id)}, {"words", markdown_text(with_detail(headline(s)))}}));
      add("{}\n\n", words);
    } else {
      add("{}\n\n", words.empty() ? markdown_say("status.specimen_head", {{"id", markdown_text(s.id)}})
                                  : markdown_say("status.specimen_head_with_words",
                                                 {{"id", markdown_text(s.id)}, {"words", words}}));
    }
    if (!s.refusal.empty()) {
      add("**{}**\n\n", markdown_text(s.refusal));
    }
    answers(s);
    unsettled(s);
    notices(s);
    asked(markdown_say("status.required_next"), s.actions);
    rows(s);
    changes(s);
    asked(markdown_say("status.for_the_report"), s.comments);
    facts(s);
  }

  void answers(const SpecimenStatus& s) {
    if (s.answers.empty()) {
      return;
    }
    Cells cells;
    for (const Answer* answer : answers_given(s)) {
      cells.push_back({markdown_text(answer->label), in_bold(*answer)});
    }
    out_ += markdown_table({markdown_say("status.answer"), markdown_say("status.value")}, cells) + '\n';
    if (s.replicates > 0) {
      add("{}\n\n", markdown_text(ensemble_words(s)));
    }
    const std::string rest = unanswered_words(s);
    if (!rest.empty()) {
      add("{}\n\n", markdown_text(rest));
    }
  }

  void unsettled(const SpecimenStatus& s) {
    std::string items;
    for (const Answer& answer : s.answers) {
      if (!is_unsettled(s, answer)) {
        continue;
      }
      items += fmt::format("- {}\n", markdown_text(unsettled_words(answer)));
      if (&answer != s.answers.data()) {
        continue;
      }
      for (const PossibleValue& value : answer.values) {
        items += fmt::format("  - {}\n", markdown_text(case_words(answer.fact, value)));
        for (const std::string& reading : value.assumes) {
          items += fmt::format("    - {}\n", markdown_say("status.if_reading", {{"reading", markdown_text(reading)}}));
        }
      }
    }
    for (const std::string& reading : other_readings(s)) {
      items += fmt::format("- {}\n", markdown_say("status.reading_looked_at", {{"reading", markdown_text(reading)}}));
    }
    if (!items.empty()) {
      heading(markdown_say("status.not_settled"));
      out_ += items + '\n';
    }
  }

  void notices(const SpecimenStatus& s) {
    if (s.notices.empty()) {
      return;
    }
    heading(markdown_say("status.look_at"));
    for (const Notice& notice : s.notices) {
      const std::string keys = citation_keys(notice.citations);
      add("- **!** {}{}\n", markdown_text(notice.says), keys.empty() ? "" : fmt::format(" ({})", markdown_text(keys)));
    }
    out_ += '\n';
  }

  void asked(std::string_view title, const Pairs& items) {
    if (items.empty()) {
      return;
    }
    heading(title);
    for (const auto& [text, row] : items) {
      add("- {}{}\n", markdown_text(text), row.empty() ? "" : " (" + markdown_code(row) + ")");
    }
    out_ += '\n';
  }

  void rows(const SpecimenStatus& s) {
    const auto met = rows_met(s);
    if (met.empty()) {
      return;
    }
    heading(markdown_say("status.why"));
    int number = 0;
    for (const MetRow* row : met) {
      const std::string concludes = conclusion_words(*row);
      add("{}. **{}**  \n   {}  \n   {}, {} ({}){}\n", ++number,
          markdown_text(concludes.empty() ? row->table_title : concludes), markdown_text(condition_words(*row)),
          markdown_code(row->id()), markdown_text(row->edition), markdown_text(citation_keys(row->citations)),
          row->unconfirmed ? "; " + markdown_say("status.rests_behind") : "");
    }
    out_ += '\n';
  }

  void changes(const SpecimenStatus& s) {
    if (s.changes.empty() || s.answers.empty()) {
      return;
    }
    heading(markdown_say("status.what_would_change_it"));
    Cells cells;
    for (const WhatIf& change : s.changes) {
      cells.push_back({markdown_text(change.label),
                       markdown_text(fmt::format("{} → {}", change.from, with_unit(change.to, change.unit))),
                       markdown_text(value_words(s.answers[0].fact, change.gives)), markdown_text(change.row)});
    }
    out_ += markdown_table({markdown_say("status.if_only"), markdown_say("status.changed"),
                            markdown_text(s.answers[0].label), markdown_say("status.by_head")},
                           cells) +
            '\n';
  }

  void facts(const SpecimenStatus& s) {
    if (!s.facts.empty()) {
      heading(markdown_say("status.facts_used"));
      const Origins from = origins(s);
      Cells cells;
      for (std::size_t i = 0; i < s.facts.size(); ++i) {
        const UsedFact& fact = s.facts[i];
        cells.push_back(
            {markdown_text(fact.label), markdown_text(used_value_words(fact)), markdown_text(from.each[i])});
      }
      out_ += markdown_table({markdown_say("status.fact"), markdown_say("status.value"), markdown_say("status.from")},
                             cells) +
              '\n';
      if (!from.shared.empty()) {
        add("{}\n\n", markdown_say("status.recorded_in", {{"shared", markdown_text(from.shared)}}));
      }
    }
    for (const std::string& note : s.notes) {
      add("{}\n\n", markdown_say("status.note_text", {{"note", markdown_text(note)}}));
    }
  }

  void sources() {
    const auto citations = all_citations(status_);
    if (!citations.empty()) {
      add("## {}\n\n", markdown_say("status.sources"));
      for (const auto& [key, text] : citations) {
        add("- **{}** {}\n", markdown_text(key), markdown_text(text));
      }
      out_ += '\n';
    }
    if (!status_.unconfirmed.empty()) {
      add("## {}\n\n", markdown_say("status.not_confirmed_in_the_guidelines_used"));
      for (const auto& [guideline, points] : unconfirmed_by_guideline(status_)) {
        if (!guideline.empty()) {
          add("- {}\n", markdown_text(guideline));
        }
        for (const std::string& point : points) {
          add("{}- {}\n", guideline.empty() ? "" : "  ", markdown_text(point));
        }
      }
      out_ += '\n';
    }
    add("## {}\n\n- {}\n", markdown_say("status.decided_by"),
        markdown_say("status.scheme_and_software",
                     {{"scheme", markdown_text(status_.scheme)}, {"software", markdown_text(status_.software)}}));
    for (const auto& [id, hash] : status_.guidelines) {
      add("- {} SHA-256 {}\n", markdown_text(id), markdown_code(hash));
    }
    for (const std::string& change : status_.changed_parameters) {
      add("- **{}** {}\n", markdown_say("status.changed_by_user_mark"), markdown_text(change));
    }
    if (const std::string untranslated = untranslated_words(); !untranslated.empty()) {
      add("\n{}\n", markdown_text(untranslated));
    }
  }

  const CaseStatus& status_;
  bool several_;
  std::string out_;
};

}  // namespace

std::string status_markdown(const CaseStatus& status) { return Writer(status).all(); }

}  // namespace her2
