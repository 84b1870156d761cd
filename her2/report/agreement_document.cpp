// SPDX-License-Identifier: Apache-2.0
#include "her2/report/agreement_document.h"

#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "her2/language/data_text.h"
#include "her2/language/say.h"
#include "her2/report/status_model.h"
#include "her2/report/text_page.h"

namespace her2 {
namespace {

using Json = nlohmann::ordered_json;

std::string share_words(const CountedShare& share) {
  if (share.trials == 0) {
    return say("agree.no_cases");
  }
  const double percent = 100 * static_cast<double>(share.successes) / static_cast<double>(share.trials);
  return say("agree.share", {{"share", percent_in(percent, 1)},
                             {"low", number_in(100 * share.interval.low, 1)},
                             {"high", number_in(100 * share.interval.high, 1)},
                             {"agreeing", share.successes},
                             {"all", share.trials}});
}

std::string coefficient_words(const Coefficient& one) {
  return one.defined ? say("agree.coefficient", {{"value", number_in(one.value, 3)},
                                                 {"low", number_in(one.low, 3)},
                                                 {"high", number_in(one.high, 3)}})
                     : say("agree.not_defined");
}

std::string indented(const std::string& label) { return "  " + label; }

void write_pair(TextPage& page, const PairAgreement& pair) {
  page.heading(say("agree.against", {{"second", pair.second}, {"first", pair.first}}));
  std::vector<std::string> head{pair.first + " \\ " + pair.second};
  head.insert(head.end(), pair.categories.begin(), pair.categories.end());
  head.push_back(say("agree.all"));
  std::vector<std::vector<std::string>> rows;
  for (std::size_t a = 0; a < pair.categories.size(); ++a) {
    std::vector<std::string> row{pair.categories[a]};
    for (std::size_t b = 0; b < pair.categories.size(); ++b) {
      row.push_back(fmt::format("{}", pair.table.at(a, b)));
    }
    row.push_back(fmt::format("{}", pair.table.first(a)));
    rows.push_back(std::move(row));
  }
  page.table(head, rows);
  page.blank();
  const std::size_t width = 24;
  page.field(say("agree.overall_agreement"), share_words(pair.overall), width, Ink::strong);
  page.field(say("agree.cohens_kappa"), coefficient_words(pair.kappa), width);
  if (pair.ordered && pair.categories.size() > 2) {
    page.field(indented(say("agree.linear_weights")), coefficient_words(pair.linear), width);
    page.field(indented(say("agree.quadratic_weights")), coefficient_words(pair.quadratic), width);
  }
  page.field(say("agree.gwets_ac1"), coefficient_words(pair.ac1), width);
  if (pair.ordered && pair.categories.size() > 2) {
    page.field(say("agree.gwets_ac2_linear"), coefficient_words(pair.ac2_linear), width);
    page.field(indented(say("agree.quadratic")), coefficient_words(pair.ac2_quadratic), width);
  }
  rows.clear();
  for (const auto& one : pair.by_category) {
    rows.push_back(
        {one.category, share_words(one.positive), share_words(one.negative), percent_in(100 * one.specific, 1)});
  }
  page.blank();
  page.table(
      {say("agree.category"), say("agree.positive_agreement"), say("agree.negative_agreement"), say("agree.specific")},
      rows);
  for (const auto& one : pair.boundaries) {
    page.blank();
    page.paragraph(say("agree.boundary", {{"name", one.name}}), 2, Ink::strong);
    page.field(indented(say("agree.overall")), share_words(one.overall), width);
    page.field(indented(say("agree.above_agrees")), share_words(one.positive), width);
    page.field(indented(say("agree.below_agrees")), share_words(one.negative), width);
    page.field(indented(say("agree.kappa")), coefficient_words(one.kappa), width);
    page.field(indented(say("agree.ac1")), coefficient_words(one.ac1), width);
  }
}

void write_numbers(TextPage& page, const NumbersAgreement& numbers) {
  page.heading(say("agree.limits_of_agreement", {{"second", numbers.second}, {"first", numbers.first}}));
  const auto& limits = numbers.limits;
  const bool ratio = numbers.scale == "ratio";
  if (limits.pairs < 2) {
    page.paragraph(say("agree.fewer_than_two_cases"), 2);
    return;
  }
  const auto shown = [&](double value) { return ratio ? std::exp(value) : value; };
  const auto words = [&](double value, double low, double high) {
    const auto digits = [&](double number) { return number_in(fmt::format("{:.4g}", shown(number))); };
    return say("agree.number", {{"value", digits(value)}, {"low", digits(low)}, {"high", digits(high)}});
  };
  page.field(say("agree.cases"), fmt::format("{}", limits.pairs), 24);
  page.field(ratio ? say("agree.mean_factor") : say("agree.mean_difference"),
             words(limits.mean, limits.mean_low, limits.mean_high), 24, Ink::strong);
  page.field(say("agree.lower_limit"), words(limits.lower, limits.lower_low, limits.lower_high), 24);
  page.field(say("agree.upper_limit"), words(limits.upper, limits.upper_low, limits.upper_high), 24);
}

void write_panel(TextPage& page, const AgreementReport& report) {
  const PanelAgreement& panel = *report.panel;
  page.heading(say("agree.the_panels_own_agreement", {{"readers", fmt::format("{}", fmt::join(panel.readers, ", "))}}));
  page.field(say("agree.cases_rated_by_all"), fmt::format("{}", panel.cases), 24);
  page.field(say("agree.all_agree"), share_words(panel.unanimous), 24, Ink::strong);
  page.field(say("agree.fleiss_kappa"), coefficient_words(panel.fleiss), 24);
  page.field(say("agree.gwets_ac1"), coefficient_words(panel.ac1), 24);
  page.field(say("agree.gwets_ac2_linear"), coefficient_words(panel.ac2_linear), 24);
  std::vector<std::vector<std::string>> rows;
  for (const auto& [reader, share] : panel.against_others) {
    rows.push_back({reader, share_words(share)});
  }
  page.blank();
  page.table({say("agree.reader"), say("agree.agrees_with_the_others")}, rows);
}

Json tree(const CountedShare& share) {
  return share.trials == 0 ? Json(nullptr)
                           : Json{{"successes", share.successes},
                                  {"trials", share.trials},
                                  {"low", share.interval.low},
                                  {"high", share.interval.high}};
}

Json tree(const Coefficient& one) {
  return one.defined ? Json{{"value", one.value}, {"se", one.se}, {"low", one.low}, {"high", one.high}} : Json(nullptr);
}

Json tree(const PairAgreement& pair) {
  Json table = Json::array(), categories = Json::array(), boundaries = Json::array();
  for (std::size_t a = 0; a < pair.categories.size(); ++a) {
    Json row = Json::array();
    for (std::size_t b = 0; b < pair.categories.size(); ++b) {
      row.push_back(pair.table.at(a, b));
    }
    table.push_back(row);
  }
  for (const auto& one : pair.by_category) {
    categories.push_back({{"category", one.category},
                          {"positive", tree(one.positive)},
                          {"negative", tree(one.negative)},
                          {"specific", one.specific}});
  }
  for (const auto& one : pair.boundaries) {
    boundaries.push_back({{"boundary", one.name},
                          {"overall", tree(one.overall)},
                          {"positive", tree(one.positive)},
                          {"negative", tree(one.negative)},
                          {"kappa", tree(one.kappa)},
                          {"ac1", tree(one.ac1)}});
  }
  return {{"reference", pair.first},
          {"compared", pair.second},
          {"categories", pair.categories},
          {"table", table},
          {"overall", tree(pair.overall)},
          {"kappa", tree(pair.kappa)},
          {"kappa_linear", pair.ordered ? tree(pair.linear) : Json(nullptr)},
          {"kappa_quadratic", pair.ordered ? tree(pair.quadratic) : Json(nullptr)},
          {"ac1", tree(pair.ac1)},
          {"ac2_linear", pair.ordered ? tree(pair.ac2_linear) : Json(nullptr)},
          {"ac2_quadratic", pair.ordered ? tree(pair.ac2_quadratic) : Json(nullptr)},
          {"by_category", categories},
          {"boundaries", boundaries}};
}

}  // namespace

std::string agreement_text(const AgreementReport& report, const TextStyle& style) {
  TextPage page(style);
  page.banner(say("agree.agreement_on", {{"what", report.what}}), Ink::strong, "");
  for (const auto& pair : report.pairs) {
    write_pair(page, pair);
  }
  for (const auto& numbers : report.numbers) {
    write_numbers(page, numbers);
  }
  if (report.panel) {
    write_panel(page, report);
  }
  if (!report.rules.empty()) {
    page.heading(say("agree.rules"));
  }
  for (const auto& rule : report.rules) {
    page.item(rule.passed ? say("agree.pass") : say("agree.fail"),
              data_text(fmt::format("rule.{}.title", rule.id), rule.title), 2, rule.passed ? Ink::normal : Ink::warning,
              Ink::strong);
    for (const auto& says : rule.failed) {
      page.item("!", says, 4, Ink::warning);
    }
    for (const auto& says : rule.met) {
      page.item("•", says, 4);
    }
    if (!rule.note.empty()) {
      page.paragraph(data_text(fmt::format("rule.{}.note", rule.id), rule.note), 4, Ink::quiet);
    }
    page.paragraph(fmt::format("{}", fmt::join(rule.cite, "; ")), 4, Ink::quiet);
  }
  if (!report.needed.empty()) {
    page.heading(say("agree.cases_needed"));
    std::vector<std::vector<std::string>> rows;
    for (const auto& one : report.needed) {
      rows.push_back({percent_in(100 * one.share, 1),
                      say("agree.points", {{"points", number_in(100 * one.half_width, 1)}}),
                      one.cases == 0 ? say("agree.more_than_10_million") : fmt::format("{}", one.cases)});
    }
    page.table({say("agree.agreement"), say("agree.interval"), say("agree.cases")}, rows);
  }
  if (!report.notes.empty()) {
    page.heading(say("agree.look_at"));
  }
  for (const auto& note : report.notes) {
    page.item("!", note, 2, Ink::warning);
  }
  page.blank();
  page.paragraph(say("agree.intervals_are"), 0, Ink::quiet);
  page.paragraph(say("agree.research_use"), 0, Ink::strong);
  return page.take();
}

std::string agreement_json(const AgreementReport& report) {
  Json pairs = Json::array(), numbers = Json::array(), rules = Json::array(), needed = Json::array();
  for (const auto& pair : report.pairs) {
    pairs.push_back(tree(pair));
  }
  for (const auto& one : report.numbers) {
    const auto& l = one.limits;
    numbers.push_back({{"reference", one.first},
                       {"compared", one.second},
                       {"scale", one.scale},
                       {"cases", l.pairs},
                       {"mean", {l.mean, l.mean_low, l.mean_high}},
                       {"sd", l.sd},
                       {"lower", {l.lower, l.lower_low, l.lower_high}},
                       {"upper", {l.upper, l.upper_low, l.upper_high}}});
  }
  for (const auto& rule : report.rules) {
    rules.push_back({{"id", rule.id},
                     {"title", rule.title},
                     {"passed", rule.passed},
                     {"failed", rule.failed},
                     {"met", rule.met},
                     {"cite", rule.cite}});
  }
  for (const auto& one : report.needed) {
    needed.push_back({{"share", one.share},
                      {"half_width", one.half_width},
                      {"cases", one.cases == 0 ? Json(nullptr) : Json(one.cases)}});
  }
  Json panel = nullptr;
  if (report.panel) {
    Json readers = Json::array();
    for (const auto& [reader, share] : report.panel->against_others) {
      readers.push_back({{"reader", reader}, {"against_others", tree(share)}});
    }
    panel = {{"cases", report.panel->cases},
             {"unanimous", tree(report.panel->unanimous)},
             {"fleiss_kappa", tree(report.panel->fleiss)},
             {"ac1", tree(report.panel->ac1)},
             {"ac2_linear", tree(report.panel->ac2_linear)},
             {"readers", readers}};
  }
  const Json out = {{"schema", "her2-agreement/1"},
                    {"what", report.what},
                    {"pairs", pairs},
                    {"numbers", numbers},
                    {"panel", panel},
                    {"method", report.method.empty() ? Json(nullptr) : Json(report.method)},
                    {"without_majority", report.without_majority},
                    {"rules", rules},
                    {"needed", needed},
                    {"notes", report.notes},
                    {"research_use", research_use()}};
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace her2
