// SPDX-License-Identifier: Apache-2.0
// her2 agree: two or more readers, methods or runs over the same cases.
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common.h"
#include "her2/core/embedded.h"
#include "her2/report/agreement_document.h"
#include "her2/run/agreement.h"
#include "language_options.h"

namespace her2::app {
namespace {

struct Arguments {
  std::vector<std::string> inputs, rules, wanted;
  std::string id = "id", column = "ihc_score", fact, method, format = "text", out;
  bool numbers = false, ratio = false;
  int events = -1;
  CatalogOptions catalog;
  LanguageOptions language;
};

Result<std::vector<AgreementRule>> rules_called(const std::vector<std::string>& ids) {
  auto all = parse_agreement_rules(embedded_file("qa/rules.toml").value_or(""), "qa/rules.toml");
  if (!all) {
    return all;
  }
  std::vector<AgreementRule> out;
  for (const std::string& id : ids) {
    const auto found = std::find_if(all->begin(), all->end(), [&](const auto& rule) { return rule.id == id; });
    if (found == all->end()) {
      std::vector<std::string> known;
      for (const auto& rule : *all) {
        known.push_back(rule.id);
      }
      return fail(fmt::format("--rule {}: there is no such rule; known are {}", id, fmt::join(known, ", ")));
    }
    out.push_back(*found);
  }
  return out;
}

// "95,5": a share and half of its interval, in per cent.
Result<std::vector<std::pair<double, double>>> wanted_intervals(const std::vector<std::string>& texts) {
  std::vector<std::pair<double, double>> out;
  for (const std::string& text : texts) {
    const auto comma = text.find(',');
    const auto share = parse_rational(text.substr(0, comma));
    const auto half = comma == std::string::npos ? std::nullopt : parse_rational(text.substr(comma + 1));
    if (!share || !half || *share < 0 || *share > 100 || *half <= 0) {
      return fail(fmt::format("--need {}: expected SHARE,HALF in per cent, such as 95,5", text));
    }
    out.emplace_back(static_cast<double>(*share) / 100, static_cast<double>(*half) / 100);
  }
  return out;
}

Result<std::vector<Rater>> raters_of(const Arguments& arguments) {
  std::vector<Rater> out;
  for (const std::string& input : arguments.inputs) {
    const auto colon = input.rfind(':');
    const bool named = colon != std::string::npos && colon > 0 && input.find('/', colon) == std::string::npos;
    auto rater = read_rater(named ? input.substr(0, colon) : input, arguments.id,
                            named ? input.substr(colon + 1) : arguments.column);
    if (!rater) {
      return tl::unexpected(rater.error());
    }
    rater->name = named ? input.substr(colon + 1) : input;
    if (std::any_of(out.begin(), out.end(), [&](const Rater& other) { return other.name == rater->name; })) {
      rater->name = input;
    }
    out.push_back(std::move(*rater));
  }
  return out;
}

Result<AgreementReport> report_of(const Arguments& arguments) {
  const auto catalog = arguments.catalog.load();
  if (!catalog) {
    return tl::unexpected(catalog.error());
  }
  AgreementOptions options;
  options.what = arguments.fact.empty() ? arguments.column : arguments.fact;
  options.numbers = arguments.numbers || arguments.ratio;
  options.ratio = arguments.ratio;
  options.method = arguments.method;
  options.events = arguments.events;
  auto rules = rules_called(arguments.rules);
  auto wanted = wanted_intervals(arguments.wanted);
  auto raters = raters_of(arguments);
  if (!rules || !wanted || !raters) {
    return tl::unexpected(!rules ? rules.error() : !wanted ? wanted.error() : raters.error());
  }
  options.rules = std::move(*rules);
  options.wanted = std::move(*wanted);
  return agreement_report(catalog->dictionary, *raters, options);
}

int run(const Arguments& arguments) {
  if (arguments.inputs.size() < 2) {
    return complain({{}, {}, "give two raters or more, each as a TABLE or TABLE:COLUMN"});
  }
  if ((arguments.numbers || arguments.ratio) && (!arguments.rules.empty() || !arguments.method.empty())) {
    return complain({{}, {}, "--rule and --method are for categories, not for numbers"});
  }
  const auto report = report_of(arguments);
  if (!report) {
    return complain(report.error());
  }
  TextStyle style;
  style.colour = arguments.out.empty() && wants_colour(1);
  style.width = terminal_width();
  const auto written =
      write_text(arguments.out, arguments.format == "json" ? agreement_json(*report) : agreement_text(*report, style));
  if (!written) {
    return complain(written.error());
  }
  const bool failed = std::any_of(report->rules.begin(), report->rules.end(), [](const auto& r) { return !r.passed; });
  return failed ? kRefused : kDone;
}

}  // namespace

void add_agree(CLI::App& app, int& code) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("agree", "How far readers, methods or runs agree over the same cases");
  command->add_option("inputs", arguments->inputs,
                      "Raters, each a TABLE or TABLE:COLUMN (CSV, TSV); the first is the reference");
  command->add_option("--id", arguments->id, "Column that names the case (default: id)");
  command->add_option("-c,--column", arguments->column, "Column that is compared (default: ihc_score)");
  command->add_option("--fact", arguments->fact, "Fact whose values these are, for their order (default: the column)");
  command->add_option("--method", arguments->method, "This rater against the majority of all others, the panel");
  command->add_flag("--numbers", arguments->numbers, "Limits of agreement of numbers: counts, H-scores");
  command->add_flag("--ratio", arguments->ratio, "The same as factors, for ratios");
  command->add_option("--rule", arguments->rules, "Judge by a rule: validation-2013-approved, proficiency, ...");
  command->add_option("--events", arguments->events, "Proficiency events in the year");
  command->add_option("--need", arguments->wanted, "How many cases an interval needs: 95,5 is 95 % within 5 points")
      ->type_name("SHARE,HALF");
  command->add_option("-f,--format", arguments->format, "text or json")->check(CLI::IsMember({"text", "json"}));
  command->add_option("-o,--out", arguments->out, "File to write (default: standard output)");
  arguments->catalog.add_to(*command);
  arguments->language.add_to(*command);
  command->footer(
      "\nExamples:\n"
      "  her2 agree reader1.csv reader2.csv                          one table a reader, column ihc_score\n"
      "  her2 agree all.csv:anna all.csv:ben all.csv:tool --fact ihc_score --method tool\n"
      "  her2 agree old.tsv new.tsv --column her2_status --rule validation-2007\n"
      "  her2 agree first.csv second.csv --column ratio --ratio\n"
      "\nExit codes: 0 done; 1 a rule failed; 2 bad input.");
  command->callback([arguments, &code] {
    code = in_language(arguments->language, arguments->format, [&] { return run(*arguments); });
  });
}

}  // namespace her2::app
