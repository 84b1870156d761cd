// SPDX-License-Identifier: Apache-2.0
// her2 guideline diff: where two editions disagree, and what that changes.
#include "guideline_diff.h"

#include <deque>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common.h"
#include "her2/report/difference_document.h"
#include "her2/run/cohort_change.h"
#include "language_options.h"
#include "table_input.h"

namespace her2::app {
namespace {

struct Arguments {
  std::string before, after, tumour = "breast", where, cohort, map, format = "text", out;
  CatalogOptions catalog;
  LanguageOptions language;
};

// A scheme by id or edition; or one guideline alone, as a scheme of its own kept in `made`.
Result<const Scheme*> scheme_called(const Catalog& catalog, const Arguments& arguments, const std::string& name,
                                    std::deque<Scheme>& made) {
  if (const Scheme* scheme = catalog.scheme(name, arguments.tumour)) {
    return scheme;
  }
  if (const Guideline* guideline = catalog.guideline(name)) {
    Scheme alone{name, guideline->edition, guideline->tumour, guideline->title, {name}, {}, false};
    for (const auto& table : guideline->tables) {
      alone.answers.insert(alone.answers.end(), table.gives.begin(), table.gives.end());
    }
    made.push_back(std::move(alone));
    return &made.back();
  }
  std::vector<std::string> known;
  for (const auto& scheme : catalog.schemes) {
    known.push_back(scheme.tumour == arguments.tumour ? scheme.edition : scheme.id);
  }
  return fail(fmt::format("there is no edition, scheme or guideline '{}'; editions and schemes are {}", name,
                          fmt::join(known, ", ")));
}

Result<std::string> difference_of(const Arguments& arguments, const Catalog& catalog) {
  std::deque<Scheme> made;
  std::vector<Plan> plans;
  for (const std::string& name : {arguments.before, arguments.after}) {
    const auto scheme = scheme_called(catalog, arguments, name, made);
    if (!scheme) {
      return tl::unexpected(scheme.error());
    }
    auto plan = make_plan(catalog, **scheme);
    if (!plan) {
      return tl::unexpected(plan.error());
    }
    plans.push_back(std::move(*plan));
  }
  DifferenceOptions options;
  if (!arguments.where.empty()) {
    auto where = parse_condition(arguments.where, catalog.dictionary, {});
    if (!where) {
      return tl::unexpected(located(where.error(), "--where"));
    }
    options.where = std::move(*where);
  }
  auto found = difference(plans[0], plans[1], options);
  if (!found) {
    return tl::unexpected(found.error());
  }
  DifferenceDocument document{plans[0].scheme->id, plans[1].scheme->id, arguments.where, std::move(*found), nullptr};
  CohortChanges changes;
  if (!arguments.cohort.empty()) {
    const auto map = load_map(arguments.map, catalog.dictionary);
    const auto vocabulary = load_vocabulary(catalog.dictionary);
    if (!map || !vocabulary) {
      return tl::unexpected(!map ? map.error() : vocabulary.error());
    }
    auto counted = cohort_changes(arguments.cohort, *map, *vocabulary, plans[0], plans[1]);
    if (!counted) {
      return tl::unexpected(counted.error());
    }
    changes = std::move(*counted);
    document.cohort = &changes;
  }
  if (arguments.format == "json") {
    return difference_json(document, catalog.dictionary);
  }
  if (arguments.format == "md") {
    return difference_markdown(document, catalog.dictionary);
  }
  TextStyle style;
  style.colour = arguments.out.empty() && wants_colour(1);
  style.width = terminal_width();
  return difference_text(document, catalog.dictionary, style);
}

int run(const Arguments& arguments) {
  const auto catalog = arguments.catalog.load();
  if (!catalog) {
    return complain(catalog.error());
  }
  if (arguments.cohort.empty() && !arguments.map.empty()) {
    return complain({{}, {}, "--map says how to read the table of --cohort; give one"});
  }
  const auto text = difference_of(arguments, *catalog);
  if (!text) {
    return complain(text.error());
  }
  const auto written = write_text(arguments.out, *text);
  return written ? kDone : complain(written.error());
}

}  // namespace

void add_guideline_diff(CLI::App& guideline, int& code) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      guideline.add_subcommand("diff", "Every region of inputs in which two editions disagree, with an example");
  command->add_option("before", arguments->before, "Edition, scheme or guideline, such as 2013")->required();
  command->add_option("after", arguments->after, "Edition, scheme or guideline, such as 2018")->required();
  command->add_option("--tumour", arguments->tumour, "Tumour that the editions are for (default: breast)");
  command->add_option("--where", arguments->where, "Only cases that meet this condition, in the guidelines' language")
      ->type_name("CONDITION");
  command->add_option("--cohort", arguments->cohort, "And what it changes in this table of cases")->type_name("TABLE");
  command->add_option("-m,--map", arguments->map, "Column map of the table, one of those built in or a file");
  command->add_option("-f,--format", arguments->format, "text, md or json")
      ->check(CLI::IsMember({"text", "md", "json"}));
  command->add_option("-o,--out", arguments->out, "File to write (default: standard output)");
  arguments->catalog.add_to(*command);
  arguments->language.add_to(*command);
  command->footer(
      "\nExamples:\n"
      "  her2 guideline diff 2013 2018\n"
      "  her2 guideline diff 2013 2018 --where 'ihc_result == equivocal and recount_group is missing'\n"
      "  her2 guideline diff 2013 2018 --cohort cohort.tsv --map tcga-biotab\n"
      "  her2 guideline diff heracles harmonised --tumour colorectal --format md --out changes.md");
  command->callback([arguments, &code] {
    code = in_language(arguments->language, arguments->format, [&] { return run(*arguments); });
  });
}

}  // namespace her2::app
