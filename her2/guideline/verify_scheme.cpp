// SPDX-License-Identifier: Apache-2.0
// Proofs about the tables of a scheme together; those about one table alone stand in verify.cpp.
#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "her2/guideline/plan.h"
#include "her2/guideline/verify.h"

namespace her2 {
namespace {

// Values of `fact` between which the condition tells apart: those of a mask, or its complement, whichever is single.
void collect_singled_out(const Condition& condition, FactId fact, std::uint64_t all, std::uint64_t& out) {
  for (const Condition& part : condition.parts) {
    collect_singled_out(part, fact, all, out);
  }
  if (condition.op == Condition::Op::choice && condition.fact == fact) {
    const std::uint64_t inside = condition.mask & all;
    out |= (inside & (inside - 1)) == 0 ? inside : 0;
  }
}

std::uint64_t singled_out(const Table& table, FactId fact, std::uint64_t all) {
  std::uint64_t out = 0;
  for (const Row& row : table.rows) {
    collect_singled_out(row.when, fact, all, out);
  }
  return out;
}

class SchemeProof {
 public:
  SchemeProof(const Catalog& catalog, const Scheme& scheme) : catalog_(catalog), scheme_(scheme) {}

  Verification run() {
    const auto plan = make_plan(catalog_, scheme_);
    if (!plan) {
      add(Finding::Kind::circle, {}, plan.error().reason);
      return std::move(out_);
    }
    for (const auto& step : plan->steps) {
      for (const FactId fact : step.table->gives) {
        givers_[fact].push_back(step.table);
      }
    }
    for (const FactId answer : scheme_.answers) {
      if (!givers_.contains(answer)) {
        add(Finding::Kind::no_answer, {}, fmt::format("no table gives the answer {}", name(answer)));
      }
    }
    for (const auto& step : plan->steps) {
      for (const FactId input : step.table->inputs) {
        if (catalog_.dictionary[input].kind == FactKind::choice) {
          check_values(*step.table, input);
        }
      }
    }
    for (const auto& [fact, tables] : givers_) {
      for (std::size_t i = 0; i < tables.size(); ++i) {
        for (std::size_t j = i + 1; j < tables.size(); ++j) {
          check_pair(fact, *tables[i], *tables[j]);
        }
      }
    }
    return std::move(out_);
  }

 private:
  [[nodiscard]] const std::string& name(FactId fact) const { return catalog_.dictionary[fact].name; }

  static std::uint64_t given_by(const Table& table, FactId fact) {
    std::uint64_t mask = 0;
    for (const Row& row : table.rows) {
      for (const auto& [given, value] : row.then) {
        mask |= given == fact ? std::uint64_t{1} << value : 0;
      }
    }
    return mask;
  }

  void check_values(const Table& table, FactId input) {
    const FactType& type = catalog_.dictionary[input];
    std::uint64_t given = 0;
    if (const auto givers = givers_.find(input); givers != givers_.end()) {
      for (const Table* giver : givers->second) {
        given |= given_by(*giver, input);
      }
    }
    const std::uint64_t looked_for = singled_out(table, input, type.all_values());
    for (unsigned value = 0; value < type.values.size(); ++value) {
      const std::uint64_t bit = std::uint64_t{1} << value;
      if ((given & bit) != 0 && refuses(table, input, bit)) {
        add(Finding::Kind::refused, table.name,
            fmt::format("{} = {} is given by another table but breaks 'space' here", type.name, type.values[value]));
      }
      if ((looked_for & bit) != 0 && (type.computed_only & bit) != 0 && (given & bit) == 0) {
        add(Finding::Kind::dead_value, table.name,
            fmt::format("looks for {} = {}, which no table of the scheme gives and no case can record", type.name,
                        type.values[value]));
        out_.findings.back().note = true;
      }
    }
  }

  // Whether the value may enter the table but never within its space.
  bool refuses(const Table& table, FactId input, std::uint64_t value) const {
    if (table.space.empty()) {
      return false;
    }
    Condition is;
    is.op = Condition::Op::choice;
    is.fact = input;
    is.mask = value;
    InputSpace space{table.inputs, table.missing_ok, {&is}};
    if (table.enter) {
      space.assumed.push_back(&*table.enter);
    }
    const auto anything = [&] {
      bool found = false;
      for_each_cell(catalog_.dictionary, space, {}, [&](const Cell&) {
        found = true;
        return false;
      });
      return found;
    };
    if (!anything()) {
      return false;  // the table does not apply to this value
    }
    for (const Condition& law : table.space) {
      space.assumed.push_back(&law);
    }
    return !anything();
  }

  // Two tables that give one fact must not both apply to a case and differ.
  void check_pair(FactId fact, const Table& a, const Table& b) {
    InputSpace space{a.inputs, {}, {}};
    space.inputs.insert(space.inputs.end(), b.inputs.begin(), b.inputs.end());
    std::sort(space.inputs.begin(), space.inputs.end());
    space.inputs.erase(std::unique(space.inputs.begin(), space.inputs.end()), space.inputs.end());
    std::vector<Condition> differing;
    for (const Table* table : {&a, &b}) {
      if (table->enter) {
        space.assumed.push_back(&*table->enter);
      }
      for (const Condition& law : table->space) {
        space.assumed.push_back(&law);
      }
    }
    for (const FactId input : space.inputs) {
      const bool required = (reads(a, input) && a.is_required(input)) || (reads(b, input) && b.is_required(input));
      if (!required) {
        space.missing_ok.push_back(input);
      }
    }
    const Condition other = differ(fact, a, b);
    space.assumed.push_back(&other);
    for_each_cell(catalog_.dictionary, space, {}, [&](const Cell& cell) {
      bool uncertain = false;
      const auto example = cell.example(uncertain);
      if (!example) {
        return true;
      }
      add(Finding::Kind::given_twice, a.name,
          fmt::format("tables {} and {} give {} differently", a.name, b.name, name(fact)));
      out_.findings.back().example = *example;
      out_.findings.back().example_text = text(catalog_.dictionary, *example);
      out_.findings.back().note = true;
      return false;
    });
  }

  static bool reads(const Table& table, FactId input) {
    return std::binary_search(table.inputs.begin(), table.inputs.end(), input);
  }

  // Met where a row of `a` and a row of `b` are met that give the fact different values.
  static Condition differ(FactId fact, const Table& a, const Table& b) {
    Condition out;
    out.op = Condition::Op::any;
    const std::uint64_t values = given_by(a, fact);
    for (unsigned value = 0; value < 60; ++value) {
      if ((values >> value & 1) == 0) {
        continue;
      }
      Condition both;
      both.parts = {rows_giving(a, fact, value, true), rows_giving(b, fact, value, false)};
      out.parts.push_back(std::move(both));
    }
    return out;
  }

  // Met where a row is met that gives the fact this value (or, with `same` false, another one).
  static Condition rows_giving(const Table& table, FactId fact, unsigned value, bool same) {
    Condition out;
    out.op = Condition::Op::any;
    for (const Row& row : table.rows) {
      for (const auto& [given, index] : row.then) {
        if (given == fact && (index == value) == same) {
          out.parts.push_back(row.when);
        }
      }
    }
    return out;
  }

  void add(Finding::Kind kind, std::string table, std::string what) {
    Finding finding;
    finding.kind = kind;
    finding.guideline = "scheme " + scheme_.id;
    finding.table = std::move(table);
    finding.what = std::move(what);
    out_.findings.push_back(std::move(finding));
  }

  const Catalog& catalog_;
  const Scheme& scheme_;
  Verification out_;
  std::map<FactId, std::vector<const Table*>> givers_;
};

}  // namespace

Verification verify(const Catalog& catalog, const Scheme& scheme) { return SchemeProof(catalog, scheme).run(); }

}  // namespace her2
