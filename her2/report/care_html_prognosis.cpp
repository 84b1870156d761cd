// SPDX-License-Identifier: Apache-2.0
#include "her2/report/care_html_prognosis.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "her2/language/say.h"
#include "her2/report/care_picture.h"
#include "her2/report/care_words.h"
#include "her2/report/html_page.h"

namespace her2 {
namespace {

class Sections {
 public:
  explicit Sections(const CareReport& report) : report_(report), dictionary_(report.rules->dictionary()) {}

  std::string run() {
    results(say("care.stage"), report_.prognosis.stages);
    survival();
    return std::move(body_);
  }

 private:
  template <class... Args>
  void add(fmt::format_string<Args...> format, Args&&... args) {
    body_ += fmt::format(format, std::forward<Args>(args)...);
  }
  void open_section(std::string_view title) { add("<section class=\"sheet\">\n<h2>{}</h2>\n", html_text(title)); }
  void close_section() { body_ += "</section>\n"; }

  // One result of a model: its number or groups, its range, what it used.
  void result(const CareResult& r) {
    std::vector<std::string> numbers;
    for (const CareNumber& number : r.numbers) {
      numbers.push_back(fmt::format("{} {}", number.label, number_text(number)));
    }
    const std::string found =
        r.state == CareState::refused ? say("care.not_given") : fmt::format("{}", fmt::join(numbers, "; "));
    add("<tr><th scope=\"row\">{}</th><td data-head=\"{}\">{}{}{}</td><td class=\"quiet\" data-head=\"{}\">",
        html_text(r.title), html_say("care.result_head"), html_text(group_words(r)),
        r.groups.empty() || found.empty() ? "" : "<br>", html_text(found), html_say("care.says"));
    trace(r);
    body_ += "</td></tr>\n";
  }

  // Where a result comes from: what it says, for whom it is, what it used and lacks, its sources.
  void trace(const CareResult& r) {
    const auto line = [&](std::string_view head, const std::vector<std::string>& parts) {
      if (!parts.empty()) {
        add("{}: {}.<br>", html_text(head), html_text(fmt::format("{}", fmt::join(parts, "; "))));
      }
    };
    if (!r.says.empty()) {
      add("{}<br>", html_text(r.says));
    }
    std::vector<std::string> used;
    for (const CareInput& input : r.inputs) {
      used.push_back(fmt::format("{} {}", input.label, input.value));
    }
    std::vector<std::string> unknown;
    for (const auto& name : r.unknown) {
      const auto fact = dictionary_.find(name);
      unknown.push_back(fact ? dictionary_[*fact].label : name);
    }
    line(say("care.for"), r.valid.empty() ? std::vector<std::string>{} : std::vector{r.valid});
    line(say("care.from"), used);
    line(say("care.taken_as_given"), r.assumes);
    line(say("care.would_narrow_it"), unknown);
    line(say("care.unconfirmed_head"), r.unconfirmed);
    line(say("care.source"), r.sources);
  }
  void results(std::string_view title, const std::vector<CareResult>& list) {
    if (list.empty()) {
      return;
    }
    open_section(title);
    add("<table class=\"cards\">\n<thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th "
        "scope=\"col\">{}</th></tr></thead>\n<tbody>\n",
        html_say("care.what"), html_say("care.result_head"), html_say("care.meaning_and_range"));
    for (const CareResult& r : list) {
      result(r);
    }
    body_ += "</tbody></table>\n";
    close_section();
  }

  static std::string points(const BenefitRow& row, std::size_t at) {
    const bool surgery = row.colour == 0;
    const std::string low = (surgery || row.low[at] < 0 ? "" : "+") + number_in(row.low[at], 1);
    return row.high[at] - row.low[at] < 0.05
               ? low
               : html_say("care.range", {{"low", low}, {"high", number_in(row.high[at], 1)}});
  }

  void survival() {
    const PredictAnswer& predict = report_.prognosis.predict;
    if (worth_drawing(predict)) {
      open_section(say("care.chance_of_being_alive"));
      add("<p>{}.</p>\n<div class=\"figures\">\n", html_text(predict.result.title));
      add("<figure>\n{}<figcaption>{}</figcaption>\n</figure>\n<figure>\n{}<figcaption>{}</figcaption>\n</figure>\n</"
          "div>\n",
          survival_svg(predict, "alive"), html_say("care.areas_alive_after_surgery_and_what"),
          icon_array_svg(predict, "icons"),
          html_say("care.a_hundred_people_like_this_after_ten_head",
                   {{"people", html_text(fmt::format("{}", fmt::join(icon_words(predict), ", ")))}}));
      add("<table>\n<caption>{}</caption>\n<thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th "
          "scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead>\n<tbody>\n",
          html_say("care.percent_alive_and_points_added_by_each"), html_say("care.treatment"), html_say("care.5_years"),
          html_say("care.10_years"), html_say("care.15_years"));
      for (const BenefitRow& row : benefit_rows(predict)) {
        add("<tr><th scope=\"row\"><svg class=\"key\" viewBox=\"0 0 10 10\" aria-hidden=\"true\"><rect class=\"arm{}\" "
            "width=\"10\" height=\"10\"/></svg>{}</th><td>{}</td><td>{}</td><td>{}</td></tr>\n",
            row.colour, html_text(row.label), points(row, 0), points(row, 1), points(row, 2));
      }
      body_ += "</tbody></table>\n<p class=\"quiet\">";
      trace(predict.result);
      body_ += "</p>\n";
      close_section();
    }
    std::vector<CareResult> all = report_.prognosis.scores;
    if (!worth_drawing(predict)) {
      all.insert(all.begin(), predict.result);
    }
    all.push_back(report_.prognosis.registry);
    results(say("care.prognostic_scores_and_the_registrys"), all);
  }

  const CareReport& report_;
  const Dictionary& dictionary_;
  std::string body_;
};

}  // namespace

std::string prognosis_html(const CareReport& report) { return Sections(report).run(); }

}  // namespace her2
