// SPDX-License-Identifier: Apache-2.0
#include "care_case.h"

#include <fmt/format.h>

#include "her2/core/output_file.h"
#include "her2/message/any_case.h"

namespace her2::app {
namespace {

// Guidelines and options into `out`; the plan of the HER2 scheme that is asked for.
Result<Plan> load_rules(const CareArguments& arguments, CareCase& out) {
  auto catalog = arguments.catalog.load();
  if (!catalog) {
    return tl::unexpected(catalog.error());
  }
  out.catalog = std::move(*catalog);
  const auto files = arguments.catalog.files();
  if (!files) {
    return tl::unexpected(files.error());
  }
  auto options = load_options(*files, out.catalog.dictionary);
  if (!options) {
    return tl::unexpected(options.error());
  }
  const Scheme* scheme = arguments.edition.empty() ? out.catalog.default_scheme("breast")
                                                   : out.catalog.scheme(arguments.edition, "breast");
  if (scheme == nullptr) {
    return fail(
        fmt::format("--edition {}: there is no such edition for breast; see 'her2 guideline list'", arguments.edition));
  }
  auto rules = care_rules(out.catalog, *scheme, std::move(*options));
  if (!rules) {
    return tl::unexpected(rules.error());
  }
  out.rules = std::move(*rules);
  return make_plan(out.catalog, *scheme);
}

}  // namespace

void CareArguments::add_to(CLI::App& command) {
  command.add_option(
      "case", input,
      "Case (*.json, *.xml, FHIR too; *.hl7); - reads standard input. her2 care: or a table (CSV, TSV, also .gz)");
  command.add_option("-e,--edition", edition, "Edition of the HER2 guideline, such as 2018 (default: the latest)");
  command.add_option("--policy", policy, "Which of several specimens counts: most-recent or highest")
      ->check(CLI::IsMember({"most-recent", "highest"}));
  command.add_option("--what-if", what_if, "Facts to assume, such as grade=3,nodes=2")->type_name("NAME=VALUE,...");
  command.add_option("--tnm", tnm, "T, N and M as the report has them, such as 'pT1c pN1mi(sn) cM0'");
  catalog.add_to(command);
}

Result<std::unique_ptr<CareCase>> care_case(const CareArguments& arguments) {
  auto out = std::make_unique<CareCase>();
  const auto plan = load_rules(arguments, *out);
  if (!plan) {
    return tl::unexpected(plan.error());
  }
  const auto text = read_file(arguments.input, std::size_t{64} << 20);
  const std::string name = arguments.input == "-" ? "standard input" : arguments.input;
  if (!text) {
    return tl::unexpected(text.error());
  }
  const auto book = built_in_codes(out->catalog.dictionary);
  if (!book) {
    return tl::unexpected(book.error());
  }
  const auto input = parse_any_case(*text, out->catalog.dictionary, *book, name);
  if (!input) {
    return tl::unexpected(located(input.error(), name));
  }
  if (input->tumour != "breast") {
    return fail(fmt::format("is a tumour of kind '{}'; options are known for breast only", input->tumour), {}, name);
  }
  CareReportOptions options;
  options.policy = specimen_policy(arguments.policy).value_or(SpecimenPolicy::most_recent);
  options.what_if = arguments.what_if;
  options.tnm = arguments.tnm;
  options.prognosis = arguments.prognosis;
  options.all = arguments.all;
  auto report = care_report(out->rules, *plan, *input, options);
  if (!report) {
    return tl::unexpected(located(report.error(), name));
  }
  out->report = std::move(*report);
  return out;
}

}  // namespace her2::app
