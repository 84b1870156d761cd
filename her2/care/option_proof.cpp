// SPDX-License-Identifier: Apache-2.0
#include "her2/care/option_proof.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace her2 {
namespace {

void presence_tests(const Condition& condition, const Dictionary& dictionary, std::set<FactId>& out) {
  for (const auto& part : condition.parts) {
    presence_tests(part, dictionary, out);
  }
  const bool choice = condition.op == Condition::Op::choice &&
                      (condition.mask == kMissingBit || condition.mask == dictionary[condition.fact].all_values());
  if ((choice || condition.op == Condition::Op::presence) && !condition.text.empty()) {  // none: made by a negation
    out.insert(condition.fact);
  }
}

Table table_of(const Option& option, const Dictionary& dictionary) {
  Table table;
  table.name = option.id;
  table.title = option.name;
  table.inputs = option.facts(dictionary);
  const auto asked = facts_asked_for(option, dictionary);
  table.missing_ok.assign(asked.begin(), asked.end());
  const auto gives = dictionary.find("option_criteria");
  if (gives) {
    table.gives.push_back(*gives);
  }
  const auto add = [&](std::string id, const std::vector<std::string>& parts, unsigned value) {
    Row row;
    row.id = std::move(id);
    row.when_text = fmt::format("{}", fmt::join(parts, " and "));
    if (auto parsed = parse_condition(row.when_text, dictionary, {})) {
      row.when = std::move(*parsed);
    }
    if (gives) {
      row.then.emplace_back(*gives, value);
    }
    row.cite = option.cite;
    row.unconfirmed = option.unconfirmed;
    table.rows.push_back(std::move(row));
  };
  const std::size_t count = option.criteria.size();
  const auto with_failing = [&](std::size_t failing) {
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < count; ++i) {
      parts.push_back(fmt::format("{}({})", i == failing ? "not " : "", option.criteria[i].when_text));
    }
    return parts;
  };
  add("met", with_failing(count), 0);
  std::vector<std::string> rest{fmt::format("not ({})", table.rows.front().when_text)};
  for (std::size_t i = 0; i < count; ++i) {
    add(fmt::format("only-{}-fails", i + 1), with_failing(i), 1);
    rest.push_back(fmt::format("not ({})", table.rows.back().when_text));
  }
  if (count > 1) {
    add("other", rest, 2);
  }
  return table;
}

// Any case of the option's facts.
Worlds all_cases(const Option& option, const Dictionary& dictionary, const std::vector<FactId>& more) {
  Worlds worlds(dictionary);
  for (const FactId fact : option.facts(dictionary)) {
    worlds.set_present(fact);
  }
  for (const FactId fact : more) {
    worlds.set_present(fact);
  }
  for (const FactId fact : facts_asked_for(option, dictionary)) {
    worlds.set(fact, Value::unknown());
  }
  return worlds;
}

class Parts {
 public:
  Parts(const OptionFile& file, const Dictionary& dictionary) : file_(file), dictionary_(dictionary) {}

  Verification run() {
    for (const Option& option : file_.options) {
      for (std::size_t i = 0; i < option.criteria.size(); ++i) {
        alternatives(option, option.criteria[i].when, others(option, i));
      }
      for (const auto& entry : option.trial_entry) {
        can_be(option, entry.when, fmt::format("the trial's entry '{}'", entry.when_text));
      }
      for (const auto& remark : option.remarks) {
        if (remark.when) {
          can_vary(option, *remark.when, remark.says);
        }
      }
    }
    return std::move(out_);
  }

 private:
  static std::vector<const Condition*> others(const Option& option, std::size_t but) {
    std::vector<const Condition*> out;
    for (std::size_t i = 0; i < option.criteria.size(); ++i) {
      if (i != but) {
        out.push_back(&option.criteria[i].when);
      }
    }
    return out;
  }

  // Each part of an "or" must be the only one met in some case that meets the rest.
  void alternatives(const Option& option, const Condition& condition, const std::vector<const Condition*>& rest) {
    if (condition.op == Condition::Op::all) {
      for (const auto& part : condition.parts) {
        std::vector<const Condition*> with = rest;
        for (const auto& sibling : condition.parts) {
          if (&sibling != &part) {
            with.push_back(&sibling);
          }
        }
        alternatives(option, part, with);
      }
      return;
    }
    if (condition.op != Condition::Op::any) {
      return;
    }
    for (const auto& part : condition.parts) {
      if (part.text.empty()) {
        continue;  // made by a negation, not written by a person
      }
      std::vector<Condition> opposite;
      for (const auto& sibling : condition.parts) {
        if (&sibling != &part) {
          opposite.push_back(complement(sibling, dictionary_));
        }
      }
      std::vector<const Condition*> all = rest;
      all.push_back(&part);
      for (const auto& one : opposite) {
        all.push_back(&one);
      }
      if (!possible(all_cases(option, dictionary_, {}), all)) {
        wrong(option, fmt::format("no case meets the criteria through '{}' alone: that part is dead", part.text));
      }
      std::vector<const Condition*> inner = rest;
      for (const auto& one : opposite) {
        inner.push_back(&one);
      }
      alternatives(option, part, inner);
    }
  }

  void can_be(const Option& option, const Condition& condition, const std::string& what) {
    std::vector<const Condition*> all = others(option, option.criteria.size());
    all.push_back(&condition);
    const auto more = facts_read(condition, dictionary_);
    const Worlds worlds = all_cases(option, dictionary_, more);
    if (!possible(worlds, all)) {
      wrong(option, fmt::format("{} holds in no case that meets the criteria", what));
      return;
    }
    all.pop_back();
    const Condition opposite = complement(condition, dictionary_);
    all.push_back(&opposite);
    if (!possible(worlds, all)) {
      wrong(option, fmt::format("{} holds in every case that meets the criteria: it says nothing", what));
    }
  }

  // A remark may speak of cases that do not meet the criteria ("may be considered"); but it must tell cases apart.
  void can_vary(const Option& option, const Condition& condition, const std::string& says) {
    const Worlds worlds = all_cases(option, dictionary_, facts_read(condition, dictionary_));
    if (truth(worlds, condition) != Truth::open) {
      wrong(option, fmt::format("the condition of the remark '{}' is always or never met", says));
    }
  }

  void wrong(const Option& option, std::string what, bool note = false) {
    Finding finding;
    finding.kind = Finding::Kind::unreachable;
    finding.note = note;
    finding.guideline = "options-" + file_.id;
    finding.table = option.id;
    finding.what = std::move(what);
    out_.findings.push_back(std::move(finding));
  }

  const OptionFile& file_;
  const Dictionary& dictionary_;
  Verification out_;
};

}  // namespace

std::vector<FactId> facts_asked_for(const Option& option, const Dictionary& dictionary) {
  std::set<FactId> out;
  for (const auto& criterion : option.criteria) {
    presence_tests(criterion.when, dictionary, out);
  }
  return {out.begin(), out.end()};
}

Guideline option_tables(const OptionFile& file, const Dictionary& dictionary) {
  Guideline out;
  out.id = "options-" + file.id;
  out.title = file.title;
  out.body = "her2";
  out.edition = "2026";
  out.tumour = "breast";
  out.sources = file.sources;
  out.hash = file.hash;
  for (const Option& option : file.options) {
    out.tables.push_back(table_of(option, dictionary));
  }
  return out;
}

Verification verify_option_parts(const OptionFile& file, const Dictionary& dictionary) {
  return Parts(file, dictionary).run();
}

}  // namespace her2
