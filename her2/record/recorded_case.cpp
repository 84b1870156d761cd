// SPDX-License-Identifier: Apache-2.0
#include "her2/record/recorded_case.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "her2/evidence/value.h"

namespace her2 {
namespace {

std::vector<std::string> pieces(const std::string& text, char at) {
  std::vector<std::string> out;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const auto end = std::min(text.find(at, begin), text.size());
    out.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

bool share_a_fact(const std::string& a, const std::string& b) {
  const auto left = pieces(a, ' ');
  const auto right = pieces(b, ' ');
  return std::any_of(left.begin(), left.end(),
                     [&](const auto& name) { return std::find(right.begin(), right.end(), name) != right.end(); });
}

tl::unexpected<Error> unreadable(const std::string& table, RowId id, const std::string& why) {
  return fail(fmt::format("row {} of table {} cannot be read: {}", id, table, why));
}

Result<FactId> fact_id(const std::string& table, RowId row, const std::string& name, const Dictionary& dictionary) {
  const auto id = dictionary.find(name);
  return id ? Result<FactId>(*id) : unreadable(table, row, "this program does not know the fact " + name);
}

Result<Fact> fact_of(const RecordedFact& row, const Dictionary& dictionary) {
  const auto id = fact_id(RecordedFact::kTable, row.id, row.name, dictionary);
  if (!id) {
    return tl::unexpected(id.error());
  }
  const auto value = parse_value(dictionary[*id], row.value);
  if (!value) {
    return unreadable(RecordedFact::kTable, row.id, value.error().text());
  }
  return Fact{*id,
              *value,
              {row.source_file, row.source_place, row.source_text, row.author, row.profile},
              pieces(row.derived_from, ' ')};
}

Result<Ensemble> ensemble_of(const RecordedEnsemble& row, const Dictionary& dictionary) {
  Ensemble out;
  out.conditional_on = row.conditional_on;
  for (const auto& name : pieces(row.facts, ' ')) {
    const auto id = fact_id(RecordedEnsemble::kTable, row.id, name, dictionary);
    if (!id) {
      return tl::unexpected(id.error());
    }
    out.ids.push_back(*id);
  }
  for (const auto& line : pieces(row.replicates, '\n')) {
    auto& numbers = out.rows.emplace_back();
    for (const auto& text : pieces(line, ' ')) {
      const auto number = Decimal::parse(text);
      if (!number) {
        return unreadable(RecordedEnsemble::kTable, row.id, "a replicate is no number");
      }
      numbers.push_back(*number);
    }
    if (numbers.size() != out.ids.size()) {
      return unreadable(RecordedEnsemble::kTable, row.id, "a replicate has not one number for each fact");
    }
  }
  return out;
}

}  // namespace

std::string specimen_name(const CaseRecord& record, RowId specimen) {
  const auto at = std::find_if(record.specimens.begin(), record.specimens.end(),
                               [&](const auto& row) { return row.id == specimen; });
  return at == record.specimens.end() ? std::string() : at->name;
}

CurrentRows current_rows(const CaseRecord& record, RowId as_of) {
  CurrentRows out;
  std::set<RowId> evidence, facts;  // taken back
  for (const auto& row : record.retractions) {
    if (row.entry <= as_of) {
      (row.fact != 0 ? facts : evidence).insert(row.fact != 0 ? row.fact : row.evidence);
    }
  }
  const auto counts = [&](const auto& row) { return row.entry <= as_of && evidence.count(row.evidence) == 0; };
  for (const auto& row : record.specimens) {
    if (row.entry <= as_of) {
      const auto at = std::find_if(out.specimens.begin(), out.specimens.end(),
                                   [&](const auto* known) { return known->name == row.name; });
      if (at == out.specimens.end()) {
        out.specimens.push_back(&row);
      } else {
        *at = &row;
      }
    }
  }
  for (const auto& row : record.facts) {
    if (counts(row) && facts.count(row.id) == 0) {
      out.facts[{specimen_name(record, row.specimen), row.name}] = &row;
    }
  }
  for (const auto& row : record.ensembles) {
    if (counts(row)) {
      auto& list = out.ensembles[specimen_name(record, row.specimen)];
      list.erase(std::remove_if(list.begin(), list.end(),
                                [&](const auto* earlier) { return share_a_fact(earlier->facts, row.facts); }),
                 list.end());
      list.push_back(&row);
    }
  }
  for (const auto& row : record.notes) {
    if (counts(row)) {
      out.notes[specimen_name(record, row.specimen)].push_back(&row);
    }
  }
  return out;
}

Result<Case> case_of(const CaseRecord& record, const Dictionary& dictionary, RowId as_of) {
  Case out;
  out.id = record.head ? record.head->pseudonym : "";
  out.tumour = record.head ? record.head->tumour : "";
  const CurrentRows rows = current_rows(record, as_of);
  for (const auto* row : rows.specimens) {
    Specimen specimen;
    specimen.id = row->name;
    specimen.kind = row->kind;
    specimen.site = row->site;
    specimen.date = row->date;
    for (auto at = rows.facts.lower_bound({row->name, ""}); at != rows.facts.end() && at->first.first == row->name;
         ++at) {
      auto fact = fact_of(*at->second, dictionary);
      if (!fact) {
        return tl::unexpected(fact.error());
      }
      const FactId id = fact->id;
      specimen.facts[id] = std::move(*fact);
    }
    if (const auto at = rows.ensembles.find(row->name); at != rows.ensembles.end()) {
      for (const auto* ensemble : at->second) {
        auto read = ensemble_of(*ensemble, dictionary);
        if (!read) {
          return tl::unexpected(read.error());
        }
        specimen.ensembles.push_back(std::move(*read));
      }
    }
    if (const auto at = rows.notes.find(row->name); at != rows.notes.end()) {
      for (const auto* note : at->second) {
        specimen.notes.push_back(note->says);
      }
    }
    out.specimens.push_back(std::move(specimen));
  }
  return out;
}

RecordedFact recorded_fact(const Fact& fact, const Dictionary& dictionary) {
  RecordedFact out;
  out.name = dictionary[fact.id].name;
  out.value = value_text(dictionary[fact.id], fact.value);
  out.source_file = fact.source.file;
  out.source_place = fact.source.place;
  out.source_text = fact.source.text;
  out.author = fact.source.author;
  out.profile = fact.source.profile;
  out.derived_from = fmt::format("{}", fmt::join(fact.derived_from, " "));
  return out;
}

RecordedEnsemble recorded_ensemble(const Ensemble& ensemble, const Dictionary& dictionary) {
  RecordedEnsemble out;
  for (const FactId id : ensemble.ids) {
    out.facts += (out.facts.empty() ? "" : " ") + dictionary[id].name;
  }
  for (const auto& row : ensemble.rows) {
    std::string line;
    for (const auto& number : row) {
      line += (line.empty() ? "" : " ") + number.text();
    }
    out.replicates += line + "\n";
  }
  out.conditional_on = ensemble.conditional_on;
  return out;
}

}  // namespace her2
