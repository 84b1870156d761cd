// SPDX-License-Identifier: Apache-2.0
#include "her2/guideline/verify.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace her2 {
namespace {

constexpr std::size_t kMostOverlaps = 50;  // pairs of rows reported for one table

InputSpace space_of(const Table& table) {
  InputSpace space{table.inputs, table.missing_ok, {}};
  if (table.enter) {
    space.assumed.push_back(&*table.enter);
  }
  for (const Condition& law : table.space) {
    space.assumed.push_back(&law);
  }
  return space;
}

class TableProof {
 public:
  TableProof(const Dictionary& dictionary, const Guideline& guideline, const Table& table)
      : dictionary_(dictionary), guideline_(guideline), table_(table) {}

  Verification run() {
    proof_.guideline = guideline_.id;
    proof_.table = table_.name;
    proof_.rows = table_.rows.size();
    proof_.inputs = table_.inputs.size();
    std::vector<const Condition*> rows;
    for (const Row& row : table_.rows) {
      rows.push_back(&row.when);
    }
    reached_.resize(rows.size());
    for_each_cell(dictionary_, space_of(table_), rows, [&](const Cell& cell) {
      take(cell);
      return true;
    });
    proof_.complete = gaps_ == 0;
    proof_.exclusive = overlaps_.empty();
    report_reach();
    check_citations();
    check_inputs();
    check_conclusions();
    out_.proofs.push_back(proof_);
    return std::move(out_);
  }

 private:
  void take(const Cell& cell) {
    ++proof_.cells;
    if (cell.met_count == 1) {
      const auto row = static_cast<std::size_t>(std::find(cell.met.begin(), cell.met.end(), true) - cell.met.begin());
      if (reached_[row]) {
        return;
      }
      bool uncertain = false;
      reached_[row] = cell.example(uncertain).has_value();
      return;
    }
    const std::vector<std::size_t> met = rows_of(cell);
    const bool known = met.empty() ? gaps_ > 0 : all_known(met);
    if (known) {
      gaps_ += met.empty() ? 1U : 0U;
      return;
    }
    bool uncertain = false;
    const auto example = cell.example(uncertain);
    if (!example) {
      return;  // holds only fractions of counts: no case
    }
    const std::string caution = uncertain ? " (no example in whole counts was found)" : "";
    if (met.empty()) {
      ++gaps_;
      add(Finding::Kind::gap, {}, "no row is met" + caution, *example);
      return;
    }
    for (std::size_t i = 0; i < met.size(); ++i) {
      reached_[met[i]] = true;
      for (std::size_t j = i + 1; j < met.size(); ++j) {
        if (overlaps_.insert({met[i], met[j]}).second && overlaps_.size() <= kMostOverlaps) {
          const auto& [a, b] = std::pair(table_.rows[met[i]].id, table_.rows[met[j]].id);
          add(Finding::Kind::overlap, {a, b}, fmt::format("rows {} and {} are both met{}", a, b, caution), *example);
        }
      }
    }
  }

  static std::vector<std::size_t> rows_of(const Cell& cell) {
    std::vector<std::size_t> out;
    for (std::size_t row = 0; row < cell.met.size(); ++row) {
      if (cell.met[row]) {
        out.push_back(row);
      }
    }
    return out;
  }

  bool all_known(const std::vector<std::size_t>& met) const {
    for (std::size_t i = 0; i < met.size(); ++i) {
      for (std::size_t j = i + 1; j < met.size(); ++j) {
        if (!overlaps_.contains({met[i], met[j]})) {
          return false;
        }
      }
    }
    return true;
  }

  void report_reach() {
    proof_.reachable = proof_.cells > 0;
    if (proof_.cells == 0) {
      add(Finding::Kind::unreachable, {}, "no input obeys 'enter' and 'space': the table is never entered");
      return;
    }
    for (std::size_t row = 0; row < reached_.size(); ++row) {
      if (!reached_[row]) {
        proof_.reachable = false;
        add(Finding::Kind::unreachable, {table_.rows[row].id},
            fmt::format("no input meets row {}", table_.rows[row].id));
      }
    }
  }

  void check_citations() {
    proof_.cited = true;
    for (const Row& row : table_.rows) {
      std::vector<std::string> unexplained;
      std::copy_if(row.cite.begin(), row.cite.end(), std::back_inserter(unexplained),
                   [&](const std::string& key) { return !guideline_.sources.contains(key); });
      if (row.cite.empty() || !unexplained.empty()) {
        proof_.cited = false;
        add(Finding::Kind::uncited, {row.id},
            row.cite.empty() ? fmt::format("row {} cites no source", row.id)
                             : fmt::format("row {} cites {}, which [sources] does not explain", row.id,
                                           fmt::join(unexplained, ", ")));
      }
    }
  }

  void check_inputs() {
    std::set<FactId> read;
    const auto note = [&](const Condition& condition) {
      const auto facts = facts_read(condition, dictionary_);
      read.insert(facts.begin(), facts.end());
    };
    for (const Row& row : table_.rows) {
      note(row.when);
    }
    std::for_each(table_.space.begin(), table_.space.end(), note);
    const std::set<FactId> read_by_rows = read;
    if (table_.enter) {
      note(*table_.enter);  // may ask whether what the table gives is recorded already
    }
    for (const FactId input : table_.inputs) {
      if (!read.contains(input)) {
        add(Finding::Kind::unread, {}, fmt::format("no condition reads the input {}", dictionary_[input].name));
      }
      const bool given = std::find(table_.gives.begin(), table_.gives.end(), input) != table_.gives.end();
      if (given && read_by_rows.contains(input)) {
        add(Finding::Kind::circle, {}, fmt::format("the rows read {}, which they give", dictionary_[input].name));
      }
    }
  }

  void check_conclusions() {
    for (const Row& row : table_.rows) {
      for (const FactId fact : table_.gives) {
        const bool given =
            std::any_of(row.then.begin(), row.then.end(), [&](const auto& t) { return t.first == fact; });
        if (!given) {
          add(Finding::Kind::silent, {row.id}, fmt::format("row {} does not give {}", row.id, dictionary_[fact].name));
          out_.findings.back().note = true;
        }
      }
    }
  }

  void add(Finding::Kind kind, std::vector<std::string> rows, std::string what, const Example& example = {}) {
    Finding finding;
    finding.kind = kind;
    finding.guideline = guideline_.id;
    finding.table = table_.name;
    finding.rows = std::move(rows);
    finding.example = example;
    finding.example_text = text(dictionary_, example);
    finding.what = std::move(what);
    out_.findings.push_back(std::move(finding));
  }

  const Dictionary& dictionary_;
  const Guideline& guideline_;
  const Table& table_;
  Verification out_;
  Proof proof_;
  std::size_t gaps_ = 0;
  std::set<std::pair<std::size_t, std::size_t>> overlaps_;
  std::vector<bool> reached_;
};

}  // namespace

bool Verification::ok() const {
  return std::all_of(findings.begin(), findings.end(), [](const Finding& finding) { return finding.note; });
}

void Verification::append(Verification other) {
  std::move(other.proofs.begin(), other.proofs.end(), std::back_inserter(proofs));
  std::move(other.findings.begin(), other.findings.end(), std::back_inserter(findings));
}

Verification verify(const Dictionary& dictionary, const Guideline& guideline, const Table& table) {
  return TableProof(dictionary, guideline, table).run();
}

Verification verify(const Catalog& catalog, const Guideline& guideline) {
  Verification out;
  for (const Table& table : guideline.tables) {
    out.append(verify(catalog.dictionary, guideline, table));
  }
  for (const Flag& flag : guideline.flags) {
    const std::vector<FactId> facts = facts_read(flag.when, catalog.dictionary);
    bool raised = false;
    for_each_cell(catalog.dictionary, {facts, facts, {}}, {&flag.when}, [&](const Cell& cell) {
      bool uncertain = false;
      raised = cell.met_count > 0 && cell.example(uncertain).has_value();
      return !raised;
    });
    if (!raised) {
      Finding finding;
      finding.kind = Finding::Kind::flag_never;
      finding.guideline = guideline.id;
      finding.rows = {flag.id};
      finding.what = fmt::format("no case raises the flag {}", flag.id);
      out.findings.push_back(std::move(finding));
    }
  }
  return out;
}

Verification verify(const Catalog& catalog) {
  Verification out;
  for (const Guideline& guideline : catalog.guidelines) {
    out.append(verify(catalog, guideline));
  }
  for (const Scheme& scheme : catalog.schemes) {
    out.append(verify(catalog, scheme));
  }
  return out;
}

std::string text(const Dictionary& dictionary, const Example& example) {
  std::map<FactId, Rational> numbers;
  std::vector<std::string> facts;
  for (const auto& [fact, value] : example) {
    if (const auto number = value.exact_number()) {
      numbers[fact] = *number;
    }
    const std::string name = value_text(dictionary[fact], value);
    facts.push_back(fmt::format("{} = {}", dictionary[fact].name, name));
  }
  std::vector<std::string> quotients;
  for (FactId fact = 0; fact < dictionary.size(); ++fact) {
    const FactType& type = dictionary[fact];
    if (type.kind != FactKind::quotient) {
      continue;
    }
    const auto above = numbers.find(type.numerator);
    const auto below = numbers.find(type.denominator);
    if (above != numbers.end() && below != numbers.end() && below->second != 0) {
      quotients.push_back(fmt::format("{} = {}", type.name, exact_text(above->second / below->second)));
    }
  }
  return fmt::format("{}{}", fmt::join(facts, ", "),
                     quotients.empty() ? "" : fmt::format(" ({})", fmt::join(quotients, ", ")));
}

std::string text(const Finding& finding) {
  return fmt::format("{}{}: {}{}", finding.guideline, finding.table.empty() ? "" : ", table " + finding.table,
                     finding.what, finding.example_text.empty() ? "" : ", for example by " + finding.example_text);
}

}  // namespace her2
