// SPDX-License-Identifier: Apache-2.0
#include "her2/care/care_answer.h"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "her2/evidence/text.h"
#include "her2/language/say.h"

namespace her2 {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kShortNames{{{"age", "age_years"},
                                                                                     {"size", "size_mm"},
                                                                                     {"nodes", "positive_nodes"},
                                                                                     {"er", "er_percent"},
                                                                                     {"pgr", "pgr_percent"},
                                                                                     {"ki67", "ki67_percent"},
                                                                                     {"her2", "her2_status"},
                                                                                     {"rs", "recurrence_score"},
                                                                                     {"cps", "pd_l1_cps"},
                                                                                     {"lvef", "lvef_percent"},
                                                                                     {"ecog", "performance_status"}}};

std::vector<NextFact> next_facts(const std::vector<OptionAnswer>& options) {
  std::map<FactId, NextFact> by_fact;
  for (const auto& answer : options) {
    for (const auto& needed : answer.settled_by) {
      NextFact& next = by_fact[needed.fact];
      next.fact = needed.fact;
      ++next.options;
      next.may_close += needed.may_close ? 1 : 0;
    }
  }
  std::vector<NextFact> out;
  out.reserve(by_fact.size());
  for (const auto& [fact, next] : by_fact) {
    out.push_back(next);
  }
  std::stable_sort(out.begin(), out.end(), [](const NextFact& a, const NextFact& b) {
    return a.may_close != b.may_close ? a.may_close > b.may_close : a.options > b.options;
  });
  return out;
}

}  // namespace

CareAnswer care_answer(const CareRules& rules, const FactValues& recorded) {
  CareAnswer out;
  out.facts = care_facts(rules, recorded);
  for (const auto& file : rules.options) {
    for (const auto& option : file.options) {
      out.options.push_back(answer_option(option, out.facts, rules.dictionary()));
    }
  }
  out.next = next_facts(out.options);
  // Within an option the fact that is useful for most options comes first among equals.
  std::map<FactId, std::size_t> place;
  for (std::size_t i = 0; i < out.next.size(); ++i) {
    place[out.next[i].fact] = i;
  }
  for (auto& answer : out.options) {
    std::stable_sort(answer.settled_by.begin(), answer.settled_by.end(), [&](const auto& a, const auto& b) {
      return a.may_close != b.may_close ? a.may_close : place[a.fact] < place[b.fact];
    });
  }
  return out;
}

FactValues care_facts_of(const CareRules& rules, const Case& input, std::size_t specimen,
                         std::vector<std::string>& notes) {
  FactValues out;
  for (const auto& [fact, stated] : input.specimens[specimen].facts) {
    out[fact] = stated.value;
  }
  const auto site = rules.dictionary().find("tested_site");
  const std::uint64_t where_from = site ? rules.dictionary()[*site].mask_of(input.specimens[specimen].site) : 0;
  if (where_from != 0 && !out.contains(*site)) {
    out[*site] = Value::of_choices(where_from);
  }
  std::map<FactId, std::vector<std::size_t>> elsewhere;
  for (std::size_t i = 0; i < input.specimens.size(); ++i) {
    for (const auto& [fact, stated] : input.specimens[i].facts) {
      if (i != specimen && !out.contains(fact) && !rules.of_a_specimen.contains(fact)) {
        elsewhere[fact].push_back(i);
      }
    }
  }
  for (const auto& [fact, where] : elsewhere) {
    const FactType& type = rules.dictionary()[fact];
    const Value& first = input.specimens[where.front()].facts.at(fact).value;
    const bool same = std::all_of(where.begin(), where.end(), [&, id = fact](std::size_t i) {
      return value_text(type, input.specimens[i].facts.at(id).value) == value_text(type, first);
    });
    if (same) {
      out[fact] = first;
    } else {
      notes.push_back(say("prognosis.specimens_differ", {{"fact", type.label}}));
    }
  }
  if (input.specimens.size() > 1) {
    notes.push_back(say("prognosis.receptors_of_specimen", {{"specimen", input.specimens[specimen].id}}));
  }
  return out;
}

Result<FactValues> assume(const Dictionary& dictionary, FactValues facts, std::string_view text,
                          std::vector<std::pair<std::string, std::string>>& changed) {
  while (!text.empty()) {
    const auto comma = text.find(',');
    const std::string_view part = trimmed(text.substr(0, comma));
    text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
    const auto equals = part.find('=');
    if (equals == std::string_view::npos) {
      return fail(fmt::format("--what-if {}: expected NAME=VALUE, such as grade=3", in_quotes(part)));
    }
    std::string_view name = trimmed(part.substr(0, equals));
    for (const auto& [brief, full] : kShortNames) {
      if (name == brief) {
        name = full;
      }
    }
    const auto fact = dictionary.find(name);
    if (!fact) {
      return fail(
          fmt::format("--what-if: there is no fact {}{}", in_quotes(name), did_you_mean(dictionary.similar(name))));
    }
    const auto value = parse_value(dictionary[*fact], trimmed(part.substr(equals + 1)));
    if (!value) {
      return fail(fmt::format("--what-if {}: {}", name, value.error().reason));
    }
    facts[*fact] = *value;
    changed.emplace_back(dictionary[*fact].name, value_text(dictionary[*fact], *value));
  }
  return facts;
}

}  // namespace her2
