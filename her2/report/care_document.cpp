// SPDX-License-Identifier: Apache-2.0
#include "her2/report/care_document.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "her2/report/care_picture.h"
#include "her2/report/care_words.h"
#include "her2/report/words.h"

namespace her2 {
namespace {

constexpr std::size_t kMostNext = 8, kMostChanges = 10;

class Writer {
 public:
  Writer(const CareReport& report, bool all) : report_(report), all_(all) {}

  Document run() {
    out_.title = fmt::format("{}: case {}", subtype_words(report_), report_.status.case_id);
    out_.subtitle = fmt::format("{}. {}", scheme_words(report_.status), kCareUse);
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
      out_.warning(fmt::format("What if: {} = {} is assumed, not recorded.", fact, value));
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
    out_.section(2, "Look at");
    for (const auto& contradiction : facts.contradictions) {
      out_.warning(contradiction.says);
    }
    if (!facts.contradicted.empty()) {
      out_.quiet("Facts that contradict each other are taken as not known; what does not depend on them is answered.");
    }
    out_.list(facts.notices);
    if (facts.notices.empty()) {
      out_.blocks.pop_back();
    }
  }

  void receptors() {
    out_.section(2, "Receptors and subtype");
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
      out.push_back(fmt::format("Trial: {}", trial_words(option)));
    }
    const auto entry = trial_entry_words(report_, answer);
    const bool whole =
        std::all_of(answer.trial_entry.begin(), answer.trial_entry.end(), [](Truth t) { return t == Truth::met; });
    if (!entry.empty()) {
      out.push_back(whole ? "The trial's further entry criteria are met too."
                          : fmt::format("The trial also asked, {}.", fmt::join(entry, "; ")));
    }
    for (const auto& result : option.results) {
      out.push_back("Result: " + result);
    }
    for (const auto& label : option.labels) {
      out.push_back("Label: " + label_words(label));
    }
    if (!option.regimen.empty()) {
      out.push_back("As given: " + option.regimen);
    }
    for (const auto& remark : remark_words(answer)) {
      out.push_back(remark);
    }
    for (const Criterion& criterion : option.criteria) {
      if (criterion.unconfirmed) {
        out.push_back(fmt::format("Unconfirmed limit: {}", criterion_words(report_, criterion)));
      }
    }
    if (option.unconfirmed) {
      out.emplace_back("Unconfirmed as a whole: see its labels.");
    }
    out.push_back(fmt::format("Sources: {} [{}]", fmt::join(option.cite, ", "), option.id));
    return out;
  }

  void records(const OptionGroup& group) {
    DocumentBlock block;
    block.kind = DocumentBlock::Kind::records;
    block.head = {"Option", "For", "Detail"};
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
    out_.section(2, fmt::format("The recorded facts meet the criteria of ({})", count_of(report_, Truth::met)));
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
      out_.paragraph("None.");
    }
  }

  void not_indicated() {
    const auto lines = her2_negative_words(report_);
    if (!lines.empty()) {
      out_.section(2, "HER2-targeted drugs: not indicated");
      out_.list(lines);
    }
  }

  void open() {
    out_.section(2, fmt::format("Cannot be said without more facts ({})", count_of(report_, Truth::open)));
    for (const OptionGroup& group : options_in(report_, Truth::open)) {
      out_.section(3, group.file->title);
      std::vector<std::string> lines;
      for (const OptionAnswer* answer : group.answers) {
        lines.push_back(fmt::format("{}. Needed: {}.", head(*answer), fmt::join(needed_words(report_, *answer), "; ")));
      }
      out_.list(std::move(lines));
    }
  }

  void prognosis() {
    out_.section(2, "Stage and prognosis");
    std::vector<std::string> lines;
    const auto add = [&](const CareResult& r) {
      std::vector<std::string> parts =
          r.groups.empty() ? std::vector<std::string>{} : std::vector{fmt::format("{}", fmt::join(r.groups, " or "))};
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
          lines.push_back(fmt::format("At 10 years {} adds {:.1f}{} points.", row.label, row.low[1],
                                      one ? "" : fmt::format(" to {:.1f}", row.high[1])));
        }
      }
    }
    add(report_.prognosis.registry);
    out_.list(std::move(lines));
    if (const PredictAnswer& predict = report_.prognosis.predict; worth_drawing(predict)) {
      out_.figure(
          survival_svg(predict, "alive"),
          "Areas: alive after surgery, and what each treatment adds. Dashed: who does not die of another cause. "
          "What lies between is death from breast cancer. The middle of each interval is drawn.");
      out_.figure(icon_array_svg(predict, "icons"),
                  fmt::format("A hundred people like this after ten years: {}.", fmt::join(icon_words(predict), ", ")));
    }
  }

  void next() {
    if (report_.answer.next.empty()) {
      return;
    }
    out_.section(2, "What would settle most");
    std::vector<std::string> lines;
    for (const NextFact& fact : report_.answer.next) {
      if (lines.size() == kMostNext) {
        break;
      }
      lines.push_back(fmt::format("{}: asked for by {} open {}; alone it may close {}.",
                                  report_.rules->dictionary()[fact.fact].label, fact.options,
                                  fact.options == 1 ? "option" : "options", fact.may_close));
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
    out_.section(2, "What would change it");
    out_.quiet("One recorded fact different, all others kept.");
    DocumentBlock block;
    block.kind = DocumentBlock::Kind::records;
    block.head = {"Fact", "Changes"};
    for (const CareChange& change : report_.changes) {
      if (!all_ && block.rows.size() == kMostChanges) {
        break;
      }
      const FactType& type = report_.rules->dictionary()[change.fact];
      DocumentBlock::Cell lines = answer_change_words(report_, change);
      if (!change.gained.empty()) {
        lines.push_back("then met: " + names(change.gained));
      }
      if (!change.lost.empty()) {
        lines.push_back("no longer met: " + names(change.lost));
      }
      if (!change.opened.empty()) {
        lines.push_back("then open: " + names(change.opened));
      }
      if (change.survival_points) {
        lines.push_back(fmt::format("10-year survival {:+.1f} points", *change.survival_points));
      }
      block.rows.push_back(
          {{fmt::format("{}: {} → {}", type.label, change.from, with_unit(change.to, type.unit))}, lines});
    }
    out_.blocks.push_back(std::move(block));
    if (!all_ && report_.changes.size() > kMostChanges) {
      out_.quiet(fmt::format("{} more with --details.", report_.changes.size() - kMostChanges));
    }
  }

  void not_met() {
    out_.section(2, fmt::format("Not met ({})", count_of(report_, Truth::not_met)));
    if (!all_) {
      out_.quiet("Each with its failed criteria: --details, or --format html or json.");
      return;
    }
    for (const OptionGroup& group : options_in(report_, Truth::not_met)) {
      out_.section(3, group.file->title);
      std::vector<std::string> lines;
      for (const OptionAnswer* answer : group.answers) {
        lines.push_back(
            fmt::format("{}. Not met: {}.", head(*answer), fmt::join(failed_words(report_, *answer), "; ")));
      }
      out_.list(std::move(lines));
    }
  }

  void sources() {
    if (!all_) {
      return;
    }
    out_.section(2, "Sources");
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
