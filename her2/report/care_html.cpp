// SPDX-License-Identifier: Apache-2.0
#include "her2/report/care_html.h"
#include "her2/report/guideline_words.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "her2/language/data_text.h"
#include "her2/language/say.h"
#include "her2/report/care_html_prognosis.h"
#include "her2/report/care_picture.h"
#include "her2/report/care_words.h"
#include "her2/report/html_page.h"
#include "her2/report/words.h"

namespace her2 {
namespace {

constexpr std::size_t kMostNext = 8;

constexpr const char* kStyle = R"css(
.filters { border:1px solid var(--line); border-radius:.5rem; padding:.5rem .8rem; margin:.4rem 0 1rem; }
.pick { position:absolute; opacity:0; width:1px; height:1px; }
.picks { display:flex; flex-wrap:wrap; gap:.35rem; margin:.35rem 0; }
.picks label { border:1px solid var(--line); border-radius:1rem; padding:.15rem .75rem; background:var(--soft);
  cursor:pointer; font-size:.9rem; }
.pick:focus-visible + .seen { outline:2px solid var(--link); }
.o { border:1px solid var(--line); border-left:.35rem solid var(--line); border-radius:.5rem; margin:.5rem 0;
  background:var(--sheet); }
.o.s-met { border-left-color:var(--negative); } .o.s-open { border-left-color:var(--unsettled); }
.o.s-no { border-left-color:var(--neutral); } .o.ni.s-met { border-left-color:var(--positive); }
.o summary { padding:.5rem .8rem; cursor:pointer; list-style-position:outside; margin-left:1.2rem; }
.o summary strong { font-weight:650; }
.o .in { padding:0 1rem .7rem 1.2rem; }
.badge { display:inline-block; min-width:4.6rem; text-align:center; border-radius:.3rem; padding:0 .45rem;
  font-size:.82rem; font-weight:650; margin-right:.5rem; }
.b-met { background:var(--negative-ground); color:var(--negative); }
.b-open { background:var(--unsettled-ground); color:var(--unsettled); }
.b-no { background:var(--neutral-ground); color:var(--neutral); }
.ni .b-met { background:var(--positive-ground); color:var(--positive); }
.why { display:block; color:var(--quiet); font-size:.9rem; margin-top:.15rem; }
.crit { list-style:none; padding:0; } .crit li { display:grid; grid-template-columns:4.6rem 1fr; gap:.5rem; }
.crit .t { font-weight:650; font-size:.85rem; } .crit .t-no { color:var(--positive); }
.crit .t-met { color:var(--negative); } .crit .t-open { color:var(--unsettled); }
.o h3 { font-size:.95rem; margin:.7rem 0 .2rem; }
@media (min-width:40.01rem), print { .changes { table-layout:fixed; } .changes th:first-child { width:30%; } }
.changes ul { margin:0; } .changes li { margin:.1rem 0; }
.count { font-variant-numeric:tabular-nums; }
@media print { .filters { display:none; } .o { break-inside:avoid; } .o.s-no { display:none; } }
)css";

const char* state_class(Truth truth) { return truth == Truth::met ? "met" : truth == Truth::open ? "open" : "no"; }

class Page {
 public:
  explicit Page(const CareReport& report) : report_(report), dictionary_(report.rules->dictionary()) {}

  std::string run() {
    body_ = fmt::format("<a class=\"skip\" href=\"#main\">{}</a>\n", html_say("care.skip_to_the_result"));
    add("<header class=\"top\"><p>{}</p><p>{}</p></header>\n<main id=\"main\">\n", html_say("care.her2_care_report"),
        html_text(report_.status.software));
    card();
    look_at();
    her2_negative();
    body_ += prognosis_html(report_);
    next();
    options();
    changes();
    facts();
    sources();
    body_ += "</main>\n";
    add("<footer><p>{}</p></footer>\n", html_text(care_use()));
    return html_page(say("care.page_title", {{"subtype", subtype_words(report_)}, {"case_id", report_.status.case_id}}),
                     body_, std::string(kStyle) + kCareColours + filter_rules());
  }

 private:
  template <class... Args>
  void add(fmt::format_string<Args...> format, Args&&... args) {
    body_ += fmt::format(format, std::forward<Args>(args)...);
  }
  void open_section(std::string_view title) { add("<section class=\"sheet\">\n<h2>{}</h2>\n", html_text(title)); }
  void close_section() { body_ += "</section>\n"; }
  void list(const std::vector<std::string>& lines, std::string_view style = {}) {
    body_ += style.empty() ? "<ul>\n" : fmt::format("<ul class=\"{}\">\n", style);
    for (const auto& line : lines) {
      add("<li>{}</li>\n", html_text(line));
    }
    body_ += "</ul>\n";
  }

  void card() {
    const Headline head = headline(report_.status);
    add("<section class=\"card neutral\" aria-labelledby=\"subtype\">\n<h1 id=\"subtype\">{}</h1>\n",
        html_text(subtype_words(report_)));
    add("<p>{}</p>\n<dl class=\"answers\">\n",
        html_say("care.case_head", {{"id", fmt::format("<strong>{}</strong>", html_text(report_.status.case_id))},
                                    {"scheme", html_text(scheme_words(report_.status))}}));
    if (report_.specimen < report_.status.specimens.size()) {
      for (const Answer* answer : answers_given(report_.status.specimens[report_.specimen])) {
        add("<div><dt>{}</dt><dd>{}</dd></div>\n", html_text(answer->label), html_text(answer_words(*answer)));
      }
    }
    for (const auto name : {"anatomic_stage", "clinical_stage"}) {
      const auto fact = dictionary_.find(name);
      if (fact && report_.answer.facts.known.contains(*fact)) {
        add("<div><dt>{}</dt><dd>{}</dd></div>\n", html_text(fact_label(dictionary_[*fact])),
            html_text(value_text(dictionary_[*fact], report_.answer.facts.known.at(*fact))));
      }
    }
    body_ += "</dl>\n";
    add("<p class=\"count\">{}</p>\n",
        html_say("care.options_with_their_criteria_met_open",
                 {{"met", fmt::format("<strong>{}</strong>", count_of(report_, Truth::met))},
                  {"open", fmt::format("<strong>{}</strong>", count_of(report_, Truth::open))},
                  {"not_met", fmt::format("<strong>{}</strong>", count_of(report_, Truth::not_met))}}));
    add("<p class=\"quiet\">{}</p>\n</section>\n", html_text(care_use()));
  }

  void look_at() {
    std::vector<std::string> lines;
    for (const auto& [fact, value] : report_.answer.assumed) {
      lines.push_back(say("care.what_if_is_assumed_not_recorded", {{"fact", fact}, {"value", value}}));
    }
    for (const auto& contradiction : report_.answer.facts.contradictions) {
      lines.push_back(contradiction.says);
    }
    if (!report_.answer.facts.contradicted.empty()) {
      lines.emplace_back(say("care.facts_that_contradict_each_other_are"));
    }
    const auto& notices = report_.answer.facts.notices;
    lines.insert(lines.end(), notices.begin(), notices.end());
    lines.insert(lines.end(), report_.answer.notes.begin(), report_.answer.notes.end());
    if (!lines.empty()) {
      open_section(say("care.look_at"));
      list(lines, "notices");
      close_section();
    }
  }

  void her2_negative() {
    const auto lines = her2_negative_words(report_);
    if (!lines.empty()) {
      open_section(say("care.her2_targeted_drugs_not_indicated"));
      list(lines);
      close_section();
    }
  }

  void next() {
    const auto& all = report_.answer.next;
    if (all.empty()) {
      return;
    }
    open_section(say("care.what_would_settle_most"));
    add("<table class=\"cards\">\n<thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th "
        "scope=\"col\">{}</th></tr></thead>\n<tbody>\n",
        html_say("care.fact_not_recorded"), html_say("care.open_options_that_ask_for_it"),
        html_say("care.of_them_it_alone_may_close"));
    for (std::size_t i = 0; i < std::min(all.size(), kMostNext); ++i) {
      add("<tr><th scope=\"row\">{}</th><td data-head=\"{}\">{}</td><td data-head=\"{}\">{}</td></tr>\n",
          html_text(fact_label(dictionary_[all[i].fact])), html_say("care.open_options"), all[i].options,
          html_say("care.may_close"), all[i].may_close);
    }
    body_ += "</tbody></table>\n";
    close_section();
  }

  // One radio button a state and a kind; the rules below hide what is not picked. Without a choice all is shown.
  [[nodiscard]] std::string filter_rules() const {
    std::string out;
    for (const auto state : {"met", "open", "no"}) {
      out += fmt::format("#s-{0}:checked ~ .list .o:not(.s-{0}) {{ display:none; }}\n", state);
    }
    for (const OptionFile& file : report_.rules->options) {
      out += fmt::format("#k-{0}:checked ~ .list .o:not(.k-{0}) {{ display:none; }}\n", file.id);
    }
    for (const auto& [id, label] : picks()) {
      out += fmt::format(
          "#{0}:checked ~ .filters label[for={0}] {{ background:var(--ink); color:var(--sheet); }}\n"
          "#{0}:focus-visible ~ .filters label[for={0}] {{ outline:3px solid var(--link); outline-offset:2px; }}\n",
          id);
    }
    return out;
  }

  [[nodiscard]] std::vector<std::pair<std::string, std::string>> picks() const {
    std::vector<std::pair<std::string, std::string>> out{
        {"s-all", say("care.all_states")},
        {"s-met", say("care.met_count", {{"count", count_of(report_, Truth::met)}})},
        {"s-open", say("care.open_count", {{"count", count_of(report_, Truth::open)}})},
        {"s-no", say("care.not_met_count", {{"count", count_of(report_, Truth::not_met)}})},
        {"k-all", say("care.every_kind")}};
    for (const OptionFile& file : report_.rules->options) {
      out.emplace_back("k-" + file.id, option_file_title(file));
    }
    return out;
  }

  void options() {
    open_section(say("care.options_and_their_criteria"));
    const auto all = picks();
    for (const auto& [id, label] : all) {
      const bool first = id == "s-all" || id == "k-all";
      add("<input class=\"pick\" type=\"radio\" name=\"{}\" id=\"{}\" aria-label=\"{}\"{}>\n",
          id.starts_with("s-") ? "state" : "kind", id, html_say("care.show", {{"what", html_text(label)}}),
          first ? " checked" : "");
    }
    body_ += "<div class=\"filters\">\n";
    for (const auto group : {"s-", "k-"}) {
      add("<div class=\"picks\" role=\"group\" aria-label=\"{}\">\n",
          group[0] == 's' ? html_say("care.by_state") : html_say("care.by_kind"));
      for (const auto& [id, label] : all) {
        if (id.starts_with(group)) {
          add("<label for=\"{}\">{}</label>\n", id, html_text(label));
        }
      }
      body_ += "</div>\n";
    }
    body_ += "</div>\n<div class=\"list\">\n";
    for (const Truth state : {Truth::met, Truth::open, Truth::not_met}) {
      for (const OptionGroup& group : options_in(report_, state)) {
        for (const OptionAnswer* answer : group.answers) {
          option(*group.file, *answer);
        }
      }
    }
    body_ += "</div>\n";
    close_section();
  }

  void option(const OptionFile& file, const OptionAnswer& answer) {
    const Option& option = *answer.option;
    const char* state = state_class(answer.state);
    const bool negative = option.sense == OptionSense::not_indicated;
    add("<details class=\"o s-{} k-{}{}\">\n<summary><span class=\"badge b-{}\">{}</span><strong>{}</strong> "
        "<span class=\"quiet\">{}; {}</span>",
        state, file.id, negative ? " ni" : "", state,
        html_text(negative && answer.state == Truth::met ? say("care.not_indicated_word") : truth_word(answer.state)),
        html_text(option_name(option)), html_text(option_intended_for(option)), html_text(option_setting(option)));
    const auto reasons = answer.state == Truth::open      ? needed_words(report_, answer)
                         : answer.state == Truth::not_met ? failed_words(report_, answer)
                                                          : std::vector<std::string>{};
    if (!reasons.empty()) {
      const std::string why = html_text(fmt::format("{}", fmt::join(reasons, "; ")));
      add("<span class=\"why\">{}</span>", answer.state == Truth::open
                                               ? html_say("care.needed_is", {{"facts", why}})
                                               : html_say("care.not_met_is", {{"criteria", why}}));
    }
    add("</summary>\n<div class=\"in\">\n<p>{}. <em>{}.</em></p>\n", html_text(option_indication(option)),
        html_text(state_words(answer)));
    criteria(say("care.criteria"), option.criteria, answer.criteria);
    criteria(say("care.what_the_trial_asked_beyond_that"), option.trial_entry, answer.trial_entry);
    evidence(option);
    const auto remarks = remark_words(answer);
    if (!remarks.empty()) {
      add("<h3>{}</h3>\n", html_say("care.to_know"));
      list(remarks);
    }
    std::vector<std::string> links;
    for (const auto& key : option.cite) {
      links.push_back(fmt::format("<a href=\"#source-{}\">{}</a>", html_text(key), html_text(key)));
    }
    add("<p class=\"quiet\">{}</p>\n</div>\n</details>\n",
        html_say("care.sources_of_option",
                 {{"sources", fmt::format("{}", fmt::join(links, ", "))},
                  {"option", fmt::format("<span class=\"mono\">{}</span>", html_text(option.id))}}));
  }

  void criteria(std::string_view title, const std::vector<Criterion>& list, const std::vector<Truth>& truths) {
    if (list.empty()) {
      return;
    }
    add("<h3>{}</h3>\n<ul class=\"crit\">\n", html_text(title));
    for (std::size_t i = 0; i < list.size(); ++i) {
      const std::string known = known_words(report_, list[i]);
      add("<li><span class=\"t t-{}\">{}</span><span>{}{}{}</span></li>\n", state_class(truths[i]),
          html_text(truth_word(truths[i])), html_text(criterion_words(report_, list[i])),
          known.empty() ? "" : fmt::format(" <span class=\"quiet\">({})</span>", html_text(known)),
          list[i].unconfirmed ? fmt::format(" <strong class=\"quiet\">{}</strong>", html_say("care.unconfirmed_limit"))
                              : "");
    }
    body_ += "</ul>\n";
  }

  void evidence(const Option& option) {
    std::vector<std::string> lines;
    if (!option.trials.empty()) {
      lines.push_back(say("care.trial", {{"trial", trial_words(option)}}));
    }
    for (const auto& result : option_results(option)) {
      lines.push_back(say("care.result", {{"result", result}}));
    }
    for (const auto& label : option.labels) {
      lines.push_back(say("care.label", {{"label", label_words(option, label)}}));
    }
    if (!option.regimen.empty()) {
      lines.push_back(say("care.as_given", {{"regimen", option_regimen(option)}}));
    }
    if (option.unconfirmed) {
      lines.emplace_back(say("care.unconfirmed_as_a_whole"));
    }
    if (!lines.empty()) {
      add("<h3>{}</h3>\n", html_say("care.evidence_head"));
      list(lines);
    }
  }

  static std::string names(std::string_view what, const std::vector<const Option*>& options) {
    std::vector<std::string> out;
    for (const Option* option : options) {
      out.push_back(fmt::format("{} ({})", option_name(*option), option_setting(*option)));
    }
    return out.empty() ? ""
                       : fmt::format("<li><strong>{}</strong>: {}</li>\n", html_text(what),
                                     html_text(fmt::format("{}", fmt::join(out, "; "))));
  }

  void changes() {
    if (report_.changes.empty()) {
      return;
    }
    open_section(say("care.what_would_change_it"));
    add("<table class=\"cards changes\">\n<caption>{}</caption>\n<thead><tr><th scope=\"col\">{}</th><th "
        "scope=\"col\">{}</th></tr></thead>\n<tbody>\n",
        html_say("care.one_recorded_fact_different_all_others"), html_say("care.fact"), html_say("care.then"));
    for (const CareChange& change : report_.changes) {
      const FactType& type = dictionary_[change.fact];
      add("<tr><th scope=\"row\">{}: {} → {}</th><td><ul>\n", html_text(fact_label(type)),
          html_text(value_name(type, change.from)), html_text(with_unit(value_name(type, change.to), type.unit)));
      for (const auto& line : answer_change_words(report_, change)) {
        add("<li>{}</li>\n", html_text(line));
      }
      body_ += names(say("care.met"), change.gained) + names(say("care.no_longer_met"), change.lost) +
               names(say("care.open"), change.opened);
      if (change.survival_points) {
        add("<li>{}</li>\n",
            html_say("care.10_year_survival_points",
                     {{"survival_points", number_in(fmt::format("{:+.1f}", *change.survival_points))}}));
      }
      body_ += "</ul></td></tr>\n";
    }
    body_ += "</tbody></table>\n";
    close_section();
  }

  void facts() {
    open_section(say("care.facts_used"));
    add("<table class=\"cards\">\n<thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th "
        "scope=\"col\">{}</th></tr></thead>\n<tbody>\n",
        html_say("care.fact"), html_say("care.value"), html_say("care.from"));
    for (const auto& [fact, value] : report_.answer.facts.known) {
      const FactType& type = dictionary_[fact];
      const auto derived = report_.answer.facts.derived.find(fact);
      add("<tr><th scope=\"row\">{}</th><td class=\"value\">{}</td><td class=\"quiet\">{}</td></tr>\n",
          html_text(fact_label(type)), html_text(with_unit(value_name(type, value_text(type, value)), type.unit)),
          derived == report_.answer.facts.derived.end()
              ? html_say("care.recorded")
              : html_say("care.follows", {{"from", html_text(derived->second)}}));
    }
    body_ += "</tbody></table>\n";
    close_section();
  }

  void sources() {
    open_section(say("care.sources_head"));
    body_ += "<dl class=\"sources\">\n";
    for (const auto& [key, citation] : care_citations(report_)) {
      add("<dt id=\"source-{}\">{}</dt><dd>{}</dd>\n", html_text(key), html_text(key), html_text(citation));
    }
    body_ += "</dl>\n<p class=\"quiet\">" + html_say("care.option_files") + " ";
    for (const OptionFile& file : report_.rules->options) {
      add("{} <span class=\"mono\">{}</span> ", html_text(file.id), html_text(file.hash.substr(0, 16)));
    }
    body_ += "</p>\n";
    close_section();
  }

  const CareReport& report_;
  const Dictionary& dictionary_;
  std::string body_;
};

}  // namespace

std::string care_html(const CareReport& report) { return Page(report).run(); }

}  // namespace her2
