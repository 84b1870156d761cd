// SPDX-License-Identifier: Apache-2.0
#include "care_case.h"

#include <cmath>

#include <fmt/format.h>

#include "her2/core/output_file.h"
#include "her2/exchange/case_json.h"
#include "her2/run/case_status.h"

namespace her2::app {
namespace {

Result<std::size_t> counting_specimen(const CaseStatus& status, const std::string& policy) {
  if (status.specimens.size() == 1) {
    return 0U;
  }
  if (status.counts < 0) {
    return fail(
        fmt::format("has {} specimens and --policy {} does not say which one counts; try most-recent or highest",
                    status.specimens.size(), policy));
  }
  return static_cast<std::size_t>(status.counts);
}

// The case with the facts of --what-if in the specimen that counts, so that its status follows from them too.
Case with_assumed(const Dictionary& dictionary, Case input, std::size_t specimen, const FactValues& facts,
                  const std::vector<std::pair<std::string, std::string>>& assumed) {
  for (const auto& [name, value] : assumed) {
    const auto fact = dictionary.find(name);
    if (fact) {
      input.specimens[specimen].facts[*fact] = Fact{*fact, facts.at(*fact), {"--what-if", {}, value, {}, {}}, {}};
    }
  }
  return input;
}

// Recorded facts, and the receptors as concluded where they are not recorded.
FactValues with_conclusions(const Dictionary& dictionary, FactValues facts, const CareFacts& told) {
  for (const auto name : {"her2_status", "er_status", "pgr_status", "receptor_subtype"}) {
    const auto fact = dictionary.find(name);
    const auto known = fact ? told.known.find(*fact) : told.known.end();
    if (known != told.known.end() && !facts.contains(*fact)) {
      facts[*fact] = known->second;
    }
  }
  return facts;
}

double middle(const PredictSpread& spread, PredictArm arm, std::size_t year) {
  return (spread.low.alive_in(arm)[year - 1] + spread.high.alive_in(arm)[year - 1]) / 2;
}

// With the treatments that are recorded.
std::optional<double> alive_at_ten_years(const Dictionary& dictionary, const CareFacts& facts, PredictModel model) {
  const PredictAnswer answer =
      predict_answer(dictionary, facts.known, model, PredictOutcome::death, PredictWith::recorded);
  return answer.has_curves ? std::optional(middle(answer.curves, PredictArm::extended, 10)) : std::nullopt;
}

}  // namespace

void CareArguments::add_to(CLI::App& command) {
  command.add_option("case", input, "Case file (*.json); - reads standard input. her2 care: or a table (CSV, TSV, also .gz)");
  command.add_option("-e,--edition", edition, "Edition of the HER2 guideline, such as 2018 (default: the latest)");
  command.add_option("--policy", policy, "Which of several specimens counts: most-recent or highest")
      ->check(CLI::IsMember({"most-recent", "highest"}));
  command.add_option("--what-if", what_if, "Facts to assume, such as grade=3,nodes=2")->type_name("NAME=VALUE,...");
  catalog.add_to(command);
}

Result<std::unique_ptr<CareCase>> care_case(const CareArguments& arguments) {
  auto out = std::make_unique<CareCase>();
  auto catalog = arguments.catalog.load();
  if (!catalog) {
    return tl::unexpected(catalog.error());
  }
  out->catalog = std::move(*catalog);
  const auto files = arguments.catalog.files();
  if (!files) {
    return tl::unexpected(files.error());
  }
  auto options = load_options(*files, out->catalog.dictionary);
  if (!options) {
    return tl::unexpected(options.error());
  }
  const Dictionary& dictionary = out->catalog.dictionary;
  const auto text = read_file(arguments.input, std::size_t{64} << 20);
  const std::string name = arguments.input == "-" ? "standard input" : arguments.input;
  if (!text) {
    return tl::unexpected(text.error());
  }
  auto input = parse_case(*text, dictionary, name);
  if (!input) {
    return tl::unexpected(located(input.error(), name));
  }
  if (input->tumour != "breast") {
    return fail(fmt::format("is a tumour of kind '{}'; options are known for breast only", input->tumour), {}, name);
  }
  const Scheme* scheme = arguments.edition.empty() ? out->catalog.default_scheme("breast")
                                                   : out->catalog.scheme(arguments.edition, "breast");
  if (scheme == nullptr) {
    return fail(
        fmt::format("--edition {}: there is no such edition for breast; see 'her2 guideline list'", arguments.edition));
  }
  auto rules = care_rules(out->catalog, *scheme, std::move(*options));
  if (!rules) {
    return tl::unexpected(rules.error());
  }
  out->rules = std::move(*rules);
  const auto plan = make_plan(out->catalog, *scheme);
  if (!plan) {
    return tl::unexpected(plan.error());
  }
  const StatusOptions how{specimen_policy(arguments.policy).value_or(SpecimenPolicy::most_recent), arguments.changes};
  const CaseStatus first = case_status(*plan, *input, {how.policy, false});
  const auto specimen = counting_specimen(first, arguments.policy);
  if (!specimen) {
    return tl::unexpected(located(specimen.error(), name));
  }
  std::vector<std::string> notes;
  std::vector<std::pair<std::string, std::string>> assumed;
  const auto facts =
      assume(dictionary, care_facts_of(out->rules, *input, *specimen, notes), arguments.what_if, assumed);
  if (!facts) {
    return tl::unexpected(facts.error());
  }
  CareReport& report = out->report;
  report.rules = &out->rules;
  report.specimen = *specimen;
  report.status = case_status(*plan, with_assumed(dictionary, *input, *specimen, *facts, assumed), how);
  report.answer = care_answer(out->rules, *facts);
  report.answer.assumed = std::move(assumed);
  report.answer.notes = std::move(notes);
  const PrognosisOptions& model = arguments.prognosis;
  if (!arguments.changes) {
    return out;  // a patient's page needs no more
  }
  report.prognosis = prognosis(dictionary, with_conclusions(dictionary, *facts, report.answer.facts), model);
  const TenYears alive = [&](const CareFacts& then) { return alive_at_ten_years(dictionary, then, model.model); };
  report.changes = care_changes(out->rules, *facts, report.answer, alive);
  return out;
}

PatientFigures patient_figures(const CareCase& care) {
  const PredictAnswer answer = predict_answer(care.catalog.dictionary, care.report.answer.facts.known,
                                              PredictModel::v3_2, PredictOutcome::death, PredictWith::recorded);
  if (!answer.has_curves) {
    return {};
  }
  const auto at = [&](const auto& low, const auto& high, std::size_t year) {
    const auto arm = static_cast<std::size_t>(PredictArm::extended);
    const auto from = std::lround(low[arm][year - 1]), to = std::lround(high[arm][year - 1]);
    return from == to ? fmt::format("{}", from) : fmt::format("{} to {}", from, to);
  };
  const auto& low = answer.curves.low;
  const auto& high = answer.curves.high;
  return {{"alive_5", at(low.alive, high.alive, 5)},
          {"alive_10", at(low.alive, high.alive, 10)},
          {"breast_10", at(low.breast, high.breast, 10)},
          {"other_10", at(low.other, high.other, 10)}};
}

}  // namespace her2::app
