// SPDX-License-Identifier: Apache-2.0
// Writes DMN documents of all guidelines, and for each random and boundary cases with the rows that her2 meets:
//   dmn_cases FOLDER CASES     CASES a guideline. For tests/system/dmn_peer.py.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "her2/guideline/decide.h"
#include "her2/guideline/dmn.h"
#include "her2/guideline/point.h"
#include "tests/guideline/real_cases.h"

namespace her2::test {
namespace {

// "name=$value" for choices, "name=#number" for numbers; nothing for a case that DMN cannot state.
std::optional<std::string> inputs(const Dictionary& dictionary, const FactValues& facts, const std::set<FactId>& given,
                                  PointFacts& point) {
  std::vector<std::string> out;
  point.clear();
  for (const auto& [fact, value] : facts) {
    const FactType& type = dictionary[fact];
    const std::string name = (given.contains(fact) ? "recorded_" : "") + type.name;
    if (value.is_missing()) {
      continue;
    }
    if (type.kind == FactKind::choice) {
      const auto index = static_cast<unsigned>(__builtin_ctzll(value.choices));
      point.set_choice(fact, index);
      out.push_back(fmt::format("{}=${}", name, type.values[index]));
    } else if (type.kind == FactKind::quotient) {
      return std::nullopt;
    } else {
      const std::string text = exact_text(*value.exact_number());
      const auto number = Decimal::parse(text);
      if (!number || !point.set_number(fact, *number)) {
        return std::nullopt;
      }
      out.push_back(fmt::format("{}=#{}", name, text));
    }
  }
  return fmt::format("{}", fmt::join(out, ";"));
}

void write(const std::string& folder, const Guideline& guideline, std::size_t wanted) {
  const Catalog& catalog = real_catalog();
  const Dictionary& dictionary = catalog.dictionary;
  Scheme scheme{guideline.id, guideline.edition, guideline.tumour, guideline.title, {guideline.id}, {}, false};
  const Plan plan = *make_plan(catalog, scheme);
  std::ofstream(folder + "/" + guideline.id + ".dmn") << dmn(dictionary, guideline);
  std::set<FactId> given, read;
  for (const auto& table : guideline.tables) {
    given.insert(table.gives.begin(), table.gives.end());
    read.insert(table.inputs.begin(), table.inputs.end());
  }
  std::ofstream out(folder + "/" + guideline.id + ".tsv");
  std::vector<std::string> names;
  for (const FactId fact : read) {
    if (!given.contains(fact)) {
      names.push_back(dictionary[fact].name);
    }
  }
  for (const FactId fact : given) {
    names.push_back("recorded_" + dictionary[fact].name);
  }
  out << fmt::format("{}\n", fmt::join(names, ";"));
  CaseMaker maker(plan, 11);
  PointDecider decider(plan);
  PointFacts point(dictionary);
  std::size_t written = 0;
  for (std::size_t tried = 0; written < wanted && tried < 40 * wanted; ++tried) {
    const auto text = inputs(dictionary, maker.plain_case(), given, point);
    const PointOutcome* outcome = text ? decider.decide(point) : nullptr;
    if (outcome == nullptr || outcome->broken_step >= 0) {
      continue;  // not one case but several, or none
    }
    std::vector<std::string> rows;
    for (std::size_t step = 0; step < plan.steps.size(); ++step) {
      const Table& table = *plan.steps[step].table;
      const int row = outcome->rows[step];
      rows.push_back(fmt::format("{}={}", table.name,
                                 row == kNotEntered ? "not-entered" : table.rows[static_cast<std::size_t>(row)].id));
    }
    out << *text << '\t' << fmt::format("{}\n", fmt::join(rows, ";"));
    ++written;
  }
}

}  // namespace
}  // namespace her2::test

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: dmn_cases FOLDER CASES\n");
    return 2;
  }
  for (const auto& guideline : her2::test::real_catalog().guidelines) {
    her2::test::write(argv[1], guideline, std::strtoull(argv[2], nullptr, 10));
  }
  return 0;
}
