// SPDX-License-Identifier: Apache-2.0
#include "her2/report/care_document.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "her2/language/say.h"
#include "her2/report/care_picture.h"
#include "her2/report/care_words.h"
#include "her2/report/words.h"

namespace her2 {
namespace {

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
  return fmt::format("{}", fmt::join(parts, between));
}

constexpr std::size_t kMostNext = 8, kMostChanges = 10;

class Writer {
 public:
  Writer(const CareReport& report, bool all) : report_(report), all_(all) {}

  Document run() {
    out_.title = say("care.case", {{"subtype", subtype_words(report_)}, {"case_id", report_.status.case_id}});
    out_.subtitle = fmt::format("{}. {}", scheme_words(report_.status), care_use());
    assumed();
    contradictions();
    receptors();
    met();
    not_indicated();
    prognosis();
    open();
    next();
    changes();
    not_met();
    sources();
    return std::move(out_);
  }

 private:
  void assumed() {
    for (const auto& [fact, value] : report_.answer.assumed) {
      out_.warning(say("care.what_if_is_assumed_not_recorded", {{"fact", fact}, {"value", value}}));
    }
    for (const auto& note : report_.answer.notes) {
      out_.quiet(note);
    }
  }

  void contradictions() {
    const CareFacts& facts = report_.answer.facts;
    if (facts.contradictions.empty() && facts.notices.empty()) {
      return;
    }
    out_.section(2, say("care.look_at"));
    for (const auto& contradiction : facts.contradictions) {
      out_.warning(contradiction.says);
    }
    if (!facts.contradicted.empty()) {
      out_.quiet(say("care.facts_that_contradict_each_other_are"));
    }
    out_.list(facts.notices);
    if (facts.notices.empty()) {
      out_.blocks.pop_back();
    }
  }

  void receptors() {
    out_.section(2, say("care.receptors_and_subtype"));
    std::vector<std::string> lines;
    if (report_.specimen < report_.status.specimens.size()) {
      for (const Answer* answer : answers_given(report_.status.specimens[report_.specimen])) {
        lines.push_back(fmt::format("{}: {}", answer->label, answer_words(*answer)));
      }
    }
    out_.list(std::move(lines));
  }

  static std::string head(const OptionAnswer& answer) {
    return fmt::format("{} ({})", answer.option->name, answer.option->setting);
  }

  std::vector<std::string> details(const OptionAnswer& answer) {
    const Option& option = *answer.option;
    std::vector<std::string> out;
    if (!option.trials.empty()) {
      out.push_back(say("care.trial", {{"trial", trial_words(option)}}));
    }
    const auto entry = trial_entry_words(report_, answer);
    const bool whole =
        std::all_of(answer.trial_entry.begin(), answer.trial_entry.end(), [](Truth t) { return t == Truth::met; });
    if (!entry.empty()) {
      out.push_back(whole ? say("care.the_trials_further_entry_criteria_are")
                          : say("care.the_trial_also_asked", {{"list", joined(entry, "; ")}}));
    }
    for (const auto& result : option.results) {
      out.push_back(say("care.result", {{"result", result}}));
    }
    for (const auto& label : option.labels) {
      out.push_back(say("care.label", {{"label", label_words(label)}}));
    }
    if (!option.regimen.empty()) {
      out.push_back(say("care.as_given", {{"regimen", option.regimen}}));
    }
    for (const auto& remark : remark_words(answer)) {
      out.push_back(remark);
    }
    for (const Criterion& criterion : option.criteria) {
      if (criterion.unconfirmed) {
        out.push_back(say("care.unconfirmed_limit_head", {{"criterion", criterion_words(report_, criterion)}}));
      }
    }
    if (option.unconfirmed) {
      out.emplace_back(say("care.unconfirmed_as_a_whole_see_its_labels"));
    }
    out.push_back(say("care.sources_and_id", {{"sources", joined(option.cite, ", ")}, {"option", option.id}}));
    return out;
  }

  void records(const OptionGroup& group) {
    DocumentBlock block;
    block.kind = DocumentBlock::Kind::records;
    block.head = {say("care.option"), say("care.for"), say("care.detail")};
    for (const OptionAnswer* answer : group.answers) {
      DocumentBlock::Cell what{answer->option->indication + "."};
      DocumentBlock::Cell why;
      for (const auto& line : details(*answer)) {
        why.push_back(line);
      }
      block.rows.push_back({{head(*answer)}, what, why});
    }
    out_.blocks.push_back(std::move(block));
  }

  void met() {
    out_.section(2, say("care.the_recorded_facts_meet_the_criteria_head", {{"count", count_of(report_, Truth::met)}}));
    bool any = false;
    for (OptionGroup group : options_in(report_, Truth::met)) {
      std::erase_if(group.answers,
                    [](const OptionAnswer* a) { return a->option->sense == OptionSense::not_indicated; });
      if (group.answers.empty()) {
        continue;
      }
      any = true;
      out_.section(3, group.file->title);
      records(group);
    }
    if (!any) {
      out_.paragraph(say("care.none"));
    }
  }

  void not_indicated() {
    const auto lines = her2_negative_words(report_);
    if (!lines.empty()) {
      out_.section(2, say("care.her2_targeted_drugs_not_indicated"));
      out_.list(lines);
    }
  }

  void open() {
    out_.section(2, say("care.cannot_be_said_without_more_facts", {{"count", count_of(report_, Truth::open)}}));
    for (const OptionGroup& group : options_in(report_, Truth::open)) {
      out_.section(3, group.file->title);
      std::vector<std::string> lines;
      for (const OptionAnswer* answer : group.answers) {
        lines.push_back(
            say("care.needed", {{"head", head(*answer)}, {"list", joined(needed_words(report_, *answer), "; ")}}));
      }
      out_.list(std::move(lines));
    }
  }

  void prognosis() {
    out_.section(2, say("care.stage_and_prognosis"));
    std::vector<std::string> lines;
    const auto add = [&](const CareResult& r) {
      std::vector<std::string> parts = r.groups.empty() ? std::vector<std::string>{} : std::vector{group_words(r)};
      for (const CareNumber& number : r.numbers) {
        parts.push_back(fmt::format("{} {}", number.label, number_text(number)));
      }
      lines.push_back(fmt::format("{}: {}{}{}", r.title, fmt::join(parts, ", "),
                                  parts.empty() || r.says.empty() ? "" : ". ", r.says));
    };
    for (const auto* list : {&report_.prognosis.stages, &report_.prognosis.scores}) {
      std::for_each(list->begin(), list->end(), add);
    }
    add(report_.prognosis.predict.result);
    if (worth_drawing(report_.prognosis.predict)) {
      for (const BenefitRow& row : benefit_rows(report_.prognosis.predict)) {
        if (row.colour != 0) {
          const bool one = row.high[1] - row.low[1] < 0.05;
          lines.push_back(
              one ? say("care.at_10_years_adds_points", {{"label", row.label}, {"low", number_in(row.low[1], 1)}})
                  : say("care.at_10_years_adds_to_points", {{"label", row.label},
                                                            {"low", number_in(row.low[1], 1)},
                                                            {"high", number_in(row.high[1], 1)}}));
        }
      }
    }
    add(report_.prognosis.registry);
    out_.list(std::move(lines));
    if (const PredictAnswer& predict = report_.prognosis.predict; worth_drawing(predict)) {
      out_.figure(survival_svg(predict, "alive"), say("care.areas_alive_after_surgery_and_what"));
      out_.figure(icon_array_svg(predict, "icons"),
                  say("care.a_hundred_people_like_this_after_ten", {{"list", joined(icon_words(predict), ", ")}}));
    }
  }

  void next() {
    if (report_.answer.next.empty()) {
      return;
    }
    out_.section(2, say("care.what_would_settle_most"));
    std::vector<std::string> lines;
    for (const NextFact& fact : report_.answer.next) {
      if (lines.size() == kMostNext) {
        break;
      }
      lines.push_back(say("care.asked_for_by", {{"fact", report_.rules->dictionary()[fact.fact].label},
                                                {"options", fact.options},
                                                {"may_close", fact.may_close}}));
    }
    out_.list(std::move(lines));
  }

  static std::string names(const std::vector<const Option*>& options) {
    std::vector<std::string> out;
    for (const Option* option : options) {
      out.push_back(fmt::format("{} ({})", option->name, option->setting));
    }
    return fmt::format("{}", fmt::join(out, "; "));
  }

  void changes() {
    if (report_.changes.empty()) {
      return;
    }
    out_.section(2, say("care.what_would_change_it"));
    out_.quiet(say("care.one_recorded_fact_different_all_others"));
    DocumentBlock block;
    block.kind = DocumentBlock::Kind::records;
    block.head = {say("care.fact"), say("care.changes")};
    for (const CareChange& change : report_.changes) {
      if (!all_ && block.rows.size() == kMostChanges) {
        break;
      }
      const FactType& type = report_.rules->dictionary()[change.fact];
      DocumentBlock::Cell lines = answer_change_words(report_, change);
      if (!change.gained.empty()) {
        lines.push_back(say("care.then_met", {{"names", names(change.gained)}}));
      }
      if (!change.lost.empty()) {
        lines.push_back(say("care.no_longer_met_are", {{"names", names(change.lost)}}));
      }
      if (!change.opened.empty()) {
        lines.push_back(say("care.then_open", {{"names", names(change.opened)}}));
      }
      if (change.survival_points) {
        lines.push_back(say("care.10_year_survival_points",
                            {{"survival_points", number_in(fmt::format("{:+.1f}", *change.survival_points))}}));
      }
      block.rows.push_back(
          {{fmt::format("{}: {} → {}", type.label, change.from, with_unit(change.to, type.unit))}, lines});
    }
    out_.blocks.push_back(std::move(block));
    if (!all_ && report_.changes.size() > kMostChanges) {
      out_.quiet(say("care.more_with_details", {{"more", report_.changes.size() - kMostChanges}}));
    }
  }

  void not_met() {
    out_.section(2, say("care.not_met_head", {{"count", count_of(report_, Truth::not_met)}}));
    if (!all_) {
      out_.quiet(say("care.each_with_its_failed_criteria_details"));
      return;
    }
    for (const OptionGroup& group : options_in(report_, Truth::not_met)) {
      out_.section(3, group.file->title);
      std::vector<std::string> lines;
      for (const OptionAnswer* answer : group.answers) {
        lines.push_back(say("care.not_met_because",
                            {{"head", head(*answer)}, {"list", joined(failed_words(report_, *answer), "; ")}}));
      }
      out_.list(std::move(lines));
    }
  }

  void sources() {
    if (!all_) {
      return;
    }
    out_.section(2, say("care.sources_head"));
    std::vector<std::string> lines;
    for (const auto& [key, citation] : care_citations(report_)) {
      lines.push_back(fmt::format("{}: {}", key, citation));
    }
    out_.list(std::move(lines));
  }

  const CareReport& report_;
  bool all_;
  Document out_;
};

}  // namespace

Document care_document(const CareReport& report, bool all) { return Writer(report, all).run(); }

}  // namespace her2
