// SPDX-License-Identifier: Apache-2.0
#include "her2/report/difference_document.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "her2/guideline/verify.h"
#include "her2/language/data_text.h"
#include "her2/language/say.h"
#include "her2/report/markdown.h"
#include "her2/report/readable_condition.h"
#include "her2/report/words.h"

namespace her2 {
namespace {

using Json = nlohmann::ordered_json;

std::string value_name(const FactType& type, int value) {
  return value == kNoValue ? say("difference.not_given")
                           : value_name(type, type.values[static_cast<std::size_t>(value)]);
}

// "equivocal, undefined or missing".
std::string mask_words(const FactType& type, std::uint64_t mask) {
  std::vector<std::string> names;
  for (unsigned value = 0; value < type.values.size(); ++value) {
    if ((mask >> value & 1U) != 0) {
      names.push_back(value_name(type, type.values[value]));
    }
  }
  if ((mask & kMissingBit) != 0) {
    names.push_back(say("difference.missing"));
  }
  return listed(names, "or");
}

std::string box_words(const Dictionary& dictionary, const ChoiceBox& box) {
  std::vector<std::string> parts;
  for (const auto& [fact, mask] : box) {
    parts.push_back(fmt::format("{}: {}", fact_label(dictionary[fact]), mask_words(dictionary[fact], mask)));
  }
  return parts.empty() ? say("difference.whatever_else") : fmt::format("{}", fmt::join(parts, "; "));
}

std::string where_words(const Dictionary& dictionary, const ChangedRegion& region) {
  std::vector<std::string> parts;
  for (const std::string& text : region.where) {
    parts.push_back(readable_condition(text, dictionary));
  }
  return fmt::format("{}", fmt::join(parts, "; "));
}

// An example without what is missing.
std::string example_words(const Dictionary& dictionary, const Example& example) {
  Example there, zeros;
  for (const auto& entry : example) {
    const auto number = entry.second.exact_number();
    if (!entry.second.is_missing()) {
      (number && *number == 0 ? zeros : there).push_back(entry);
    }
  }
  constexpr std::size_t kFewZeros = 2;
  if (zeros.size() <= kFewZeros) {
    there.insert(there.end(), zeros.begin(), zeros.end());
    return there.empty() ? say("difference.nothing_recorded") : text(dictionary, there);
  }
  return there.empty() ? say("difference.all_numbers_0")
                       : say("difference.all_other_numbers_0", {{"example", text(dictionary, there)}});
}

std::vector<std::string> labels(const Dictionary& dictionary, const std::vector<FactId>& facts) {
  std::vector<std::string> out;
  for (const FactId fact : facts) {
    out.push_back(fact_label(dictionary[fact]));
  }
  return out;
}

struct Counts {
  std::size_t regions = 0, same = 0;
};
Counts counts_of(const PlanDifference& difference) {
  Counts out;
  for (const FactDifference& fact : difference.facts) {
    out.regions += fact.regions.size();
    out.same += fact.regions.empty() ? 1U : 0U;
  }
  return out;
}

std::string summary(const DifferenceDocument& document, const Dictionary& dictionary) {
  const Counts counts = counts_of(document.difference);
  std::vector<std::string> same;
  for (const FactDifference& fact : document.difference.facts) {
    if (fact.regions.empty()) {
      same.push_back(fact_label(dictionary[fact.fact]));
    }
  }
  std::string out =
      counts.regions == 0 ? say("difference.never_disagree") : say("difference.regions", {{"regions", counts.regions}});
  if (!same.empty()) {
    out += " " + say("difference.same_everywhere", {{"facts", listed(same, "and")}});
  }
  return out;
}

std::string change_words(const FactType& type, const ChangedRegion& region) {
  return fmt::format("{} → {}", value_name(type, region.before), value_name(type, region.after));
}

std::string rows_words(const ChangedRegion& region) {
  return fmt::format(
      "{} → {}",
      region.rows_before.empty() ? say("difference.no_row") : fmt::format("{}", fmt::join(region.rows_before, ", ")),
      region.rows_after.empty() ? say("difference.no_row") : fmt::format("{}", fmt::join(region.rows_after, ", ")));
}

std::string cohort_words(const FactType& type, const CohortChange& change) {
  const auto named = [&](const std::string& value) {
    constexpr std::ptrdiff_t kMostNamed = 3;  // more possible values are only counted
    const auto several = std::count(value.begin(), value.end(), '|') + 1;
    if (several > kMostNamed) {
      return say("difference.any_of", {{"values", several}});
    }
    std::string out = value.empty() ? say("difference.not_given") : std::string();
    for (std::size_t at = 0; at < value.size();) {
      const std::size_t end = std::min(value.find('|', at), value.size());
      const std::string name = value_name(type, value.substr(at, end - at));
      out = out.empty() ? name : say("difference.either", {{"list", out}, {"last", name}});
      at = end + 1;
    }
    return out;
  };
  return fmt::format("{} → {}", named(change.before), named(change.after));
}

void write_cohort(TextPage& page, const CohortChanges& cohort, const Dictionary& dictionary) {
  page.heading(say("difference.what_it_changes", {{"table", cohort.table.substr(cohort.table.rfind('/') + 1)}}));
  page.paragraph(say("difference.rows_change", {{"changed", cohort.changed}, {"rows", cohort.rows}}), 2);
  std::vector<std::vector<std::string>> rows;
  for (const CohortChange& change : cohort.changes) {
    const FactType& type = dictionary[change.fact];
    rows.push_back({fmt::format("{}", change.rows), fact_label(type), cohort_words(type, change),
                    fmt::format("{}", fmt::join(change.ids, ", "))});
  }
  if (!rows.empty()) {
    page.table({say("difference.rows_column"), say("difference.fact_column"), say("difference.change_column"),
                say("difference.example_column")},
               rows);
  }
}

}  // namespace

std::string difference_text(const DifferenceDocument& document, const Dictionary& dictionary, const TextStyle& style) {
  TextPage page(style);
  page.banner(fmt::format("{} → {}", document.before, document.after), Ink::strong,
              say("difference.difference_of_editions"));
  if (!document.where.empty()) {
    page.paragraph(say("difference.only_where", {{"condition", readable_condition(document.where, dictionary)}}), 0,
                   Ink::quiet);
  }
  page.paragraph(summary(document, dictionary), 0);
  for (const FactDifference& fact : document.difference.facts) {
    if (fact.regions.empty()) {
      continue;
    }
    const FactType& type = dictionary[fact.fact];
    page.heading(fact_label(type));
    std::size_t number = 0;
    for (const ChangedRegion& region : fact.regions) {
      page.item(fmt::format("{:>2}", ++number), change_words(type, region), 1, Ink::quiet, Ink::strong);
      const std::string where = where_words(dictionary, region);
      if (!where.empty()) {
        page.paragraph(say("difference.where", {{"condition", where}}), 4);
      }
      for (const ChoiceBox& box : region.choices) {
        page.item(&box == region.choices.data() ? say("difference.if") : say("difference.or"),
                  box_words(dictionary, box), 4);
      }
      page.paragraph(say("difference.for_example", {{"example", example_words(dictionary, region.example)}}), 4,
                     Ink::quiet);
      page.paragraph(rows_words(region), 4, Ink::quiet);
    }
  }
  const auto only = [&](const std::string& name, const std::vector<FactId>& facts) {
    if (!facts.empty()) {
      page.blank();
      page.paragraph(
          say("difference.given_by_only", {{"guideline", name}, {"facts", listed(labels(dictionary, facts), "and")}}),
          0);
    }
  };
  only(document.before, document.difference.only_before);
  only(document.after, document.difference.only_after);
  if (document.cohort != nullptr) {
    write_cohort(page, *document.cohort, dictionary);
  }
  page.blank();
  page.paragraph(research_use(), 0, Ink::strong);
  return page.take();
}

std::string difference_markdown(const DifferenceDocument& document, const Dictionary& dictionary) {
  std::string out = fmt::format("# {} → {}\n\n", document.before, document.after);
  if (!document.where.empty()) {
    out += markdown_say("difference.only_where", {{"condition", fmt::format("`{}`", document.where)}}) + "\n\n";
  }
  out += summary(document, dictionary) + "\n";
  for (const FactDifference& fact : document.difference.facts) {
    if (fact.regions.empty()) {
      continue;
    }
    const FactType& type = dictionary[fact.fact];
    out += fmt::format("\n## {}\n\n", markdown_text(fact_label(type)));
    std::size_t number = 0;
    for (const ChangedRegion& region : fact.regions) {
      const std::string where = where_words(dictionary, region);
      const std::string change = fmt::format("**{}**", change_words(type, region));
      out += fmt::format("{}. {}\n", ++number,
                         where.empty() ? change
                                       : markdown_say("difference.change_where",
                                                      {{"change", change}, {"condition", markdown_text(where)}}));
      for (const ChoiceBox& box : region.choices) {
        out += fmt::format("    - {} {}\n", &box == region.choices.data() ? say("difference.if") : say("difference.or"),
                           markdown_text(box_words(dictionary, box)));
      }
      const std::string example = fmt::format("`{}`", example_words(dictionary, region.example));
      out += fmt::format("    - {}\n    - {}\n", markdown_say("difference.for_example", {{"example", example}}),
                         markdown_say("difference.rows", {{"rows", markdown_text(rows_words(region))}}));
    }
  }
  const auto only = [&](const std::string& name, const std::vector<FactId>& facts) {
    if (!facts.empty()) {
      out += fmt::format("\n{}\n", markdown_say("difference.given_by_only",
                                                {{"guideline", name},
                                                 {"facts", markdown_text(listed(labels(dictionary, facts), "and"))}}));
    }
  };
  only(document.before, document.difference.only_before);
  only(document.after, document.difference.only_after);
  if (document.cohort != nullptr) {
    const CohortChanges& cohort = *document.cohort;
    out += fmt::format("\n## {}\n\n{}\n",
                       markdown_say("difference.what_it_changes", {{"table", markdown_text(cohort.table)}}),
                       markdown_say("difference.rows_change", {{"changed", cohort.changed}, {"rows", cohort.rows}}));
    out += cohort.changes.empty()
               ? ""
               : fmt::format("\n| {} | {} | {} | {} |\n|---|---|---|---|\n", markdown_say("difference.rows_column"),
                             markdown_say("difference.fact_column"), markdown_say("difference.change_column"),
                             markdown_say("difference.example_column"));
    for (const CohortChange& change : cohort.changes) {
      const FactType& type = dictionary[change.fact];
      out += fmt::format("| {} | {} | {} | {} |\n", change.rows, markdown_text(fact_label(type)),
                         markdown_text(cohort_words(type, change)),
                         markdown_text(fmt::format("{}", fmt::join(change.ids, ", "))));
    }
  }
  const std::string untranslated = untranslated_words();
  out += untranslated.empty() ? "" : fmt::format("\n{}\n", markdown_text(untranslated));
  return out + fmt::format("\n{}\n", research_use());
}

std::string difference_json(const DifferenceDocument& document, const Dictionary& dictionary) {
  const auto value = [](const FactType& type, int index) {
    return index == kNoValue ? Json(nullptr) : Json(type.values[static_cast<std::size_t>(index)]);
  };
  const auto names = [&](const std::vector<FactId>& facts) {
    Json out = Json::array();
    for (const FactId fact : facts) {
      out.push_back(dictionary[fact].name);
    }
    return out;
  };
  Json facts = Json::array();
  for (const FactDifference& fact : document.difference.facts) {
    const FactType& type = dictionary[fact.fact];
    Json regions = Json::array();
    for (const ChangedRegion& region : fact.regions) {
      Json boxes = Json::array(), example = Json::object();
      for (const ChoiceBox& box : region.choices) {
        Json one = Json::object();
        for (const auto& [id, mask] : box) {
          Json values = Json::array();
          for (unsigned i = 0; i < dictionary[id].values.size(); ++i) {
            if ((mask >> i & 1U) != 0) {
              values.push_back(dictionary[id].values[i]);
            }
          }
          if ((mask & kMissingBit) != 0) {
            values.push_back(nullptr);
          }
          one[dictionary[id].name] = values;
        }
        boxes.push_back(one);
      }
      for (const auto& [id, fact_value] : region.example) {
        if (!fact_value.is_missing()) {
          example[dictionary[id].name] = value_text(dictionary[id], fact_value);
        }
      }
      regions.push_back({{"before", value(type, region.before)},
                         {"after", value(type, region.after)},
                         {"where", region.where},
                         {"choices", boxes},
                         {"example", example},
                         {"rows_before", region.rows_before},
                         {"rows_after", region.rows_after}});
    }
    facts.push_back({{"fact", type.name},
                     {"inputs", names(fact.inputs)},
                     {"kinds_of_cases", fact.compared},
                     {"undecided", fact.undecided},
                     {"regions", regions}});
  }
  Json out = {{"before", document.before},
              {"after", document.after},
              {"where", document.where.empty() ? Json(nullptr) : Json(document.where)},
              {"facts", facts},
              {"only_before", names(document.difference.only_before)},
              {"only_after", names(document.difference.only_after)}};
  if (document.cohort != nullptr) {
    Json changes = Json::array();
    for (const CohortChange& change : document.cohort->changes) {
      changes.push_back({{"fact", dictionary[change.fact].name},
                         {"before", change.before},
                         {"after", change.after},
                         {"rule_before", change.rule_before},
                         {"rule_after", change.rule_after},
                         {"rows", change.rows},
                         {"ids", change.ids}});
    }
    out["cohort"] = {{"table", document.cohort->table},
                     {"rows", document.cohort->rows},
                     {"changed", document.cohort->changed},
                     {"changes", changes}};
  }
  out["research_use"] = research_use();
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace her2
