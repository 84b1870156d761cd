// SPDX-License-Identifier: Apache-2.0
#include "her2/record/cohort_table.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include "her2/evidence/value.h"
#include "her2/record/recorded_case.h"
#include "her2/record/sqlite_file.h"

namespace her2 {
namespace {

const std::vector<CohortTable::Column> kFixed = {
    {"id", "case", "pseudonym of the case", "", ""},
    {"specimen", "specimen", "the specimen's id within the case", "", ""},
    {"tumour", "tumour", "kind of tumour, as recorded", "", ""},
    {"kind", "specimen kind", "core, excision, metastasis, cytology, biopsy, resection or other", "", ""},
    {"site", "site", "primary, recurrence, metastasis, node or other", "", ""},
    {"date", "date", "day of collection", "YYYY-MM-DD", ""},
    {"signed_by", "signed by", "author of the case's last signature", "", ""},
    {"edition", "edition", "of the guideline by which the latest finding was decided", "", ""}};

struct CohortRow {
  std::vector<std::string> fixed;
  std::map<FactId, std::string> facts, decided;
};

std::string signer(const CaseRecord& record, const std::vector<AuditEntry>& entries) {
  for (const auto& entry : entries) {
    if (!record.signatures.empty() && entry.seq == record.signatures.back().entry) {
      return entry.author;
    }
  }
  return {};
}

Result<void> add_rows(const CaseRecord& record, const std::vector<AuditEntry>& entries, const Dictionary& dictionary,
                      std::vector<CohortRow>& out) {
  const auto subject = case_of(record, dictionary);
  if (!subject) {
    return tl::unexpected(subject.error());
  }
  const auto* finding = record.findings.empty() ? nullptr : &record.findings.back();
  for (const auto& specimen : subject->specimens) {
    CohortRow row;
    row.fixed = {subject->id,   specimen.id,   subject->tumour,         specimen.kind,
                 specimen.site, specimen.date, signer(record, entries), finding == nullptr ? "" : finding->edition};
    for (const auto& [id, fact] : specimen.facts) {
      row.facts[id] = value_text(dictionary[id], fact.value);
    }
    for (const auto& answer : record.answers) {
      const auto id = dictionary.find(answer.fact);
      if (finding != nullptr && answer.finding == finding->id && answer.specimen == specimen.id && id) {
        std::string& text = row.decided[*id];
        text += (text.empty() ? "" : "|") + answer.value;
      }
    }
    out.push_back(std::move(row));
  }
  return {};
}

CohortTable::Column column_of(const FactType& type, bool decided) {
  CohortTable::Column out{type.name, type.label, type.meaning, type.unit,
                          fmt::format("{}", fmt::join(type.values, "|"))};
  if (decided) {
    out.name = "decided_" + type.name;
    out.meaning = "what the latest finding says" + (type.meaning.empty() ? "" : ": " + type.meaning);
  }
  return out;
}

void append_csv(std::string& out, const std::vector<std::string>& cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    out += i == 0 ? "" : ",";
    if (cells[i].find_first_of(",\"\r\n") == std::string::npos) {
      out += cells[i];
      continue;
    }
    out += '"';
    for (const char c : cells[i]) {
      out += c == '"' ? "\"\"" : std::string(1, c);
    }
    out += '"';
  }
  out += '\n';
}

std::vector<std::string> column_cells(const CohortTable::Column& column) {
  return {column.name, column.label, column.meaning, column.unit, column.values};
}

Result<void> fill_table(SqliteFile& file, const std::string& name, const std::vector<std::string>& columns,
                        const std::vector<std::vector<std::string>>& rows) {
  std::string make, marks;
  for (const auto& column : columns) {  // names of facts: letters, digits and _
    make += (make.empty() ? "\"" : ", \"") + column + "\" TEXT";
    marks += marks.empty() ? "?" : ", ?";
  }
  if (auto made = file.execute("CREATE TABLE " + name + " (" + make + ")"); !made) {
    return made;
  }
  auto statement = file.prepare("INSERT INTO " + name + " VALUES (" + marks + ")");
  if (!statement) {
    return tl::unexpected(statement.error());
  }
  for (const auto& row : rows) {
    int at = 0;
    for (const auto& cell : row) {
      statement->bind(++at, std::string_view(cell));
    }
    if (auto run = statement->run(); !run) {
      return run;
    }
  }
  return {};
}

Result<void> fill_sqlite(const CohortTable& table, const std::string& part) {
  auto file = SqliteFile::open(part, SqliteFile::Mode::create);
  if (!file) {
    return tl::unexpected(file.error());
  }
  auto transaction = SqliteTransaction::begin(*file);
  if (!transaction) {
    return tl::unexpected(transaction.error());
  }
  std::vector<std::string> names;
  std::vector<std::vector<std::string>> meanings;
  for (const auto& column : table.columns) {
    names.push_back(column.name);
    meanings.push_back(column_cells(column));
  }
  if (auto filled = fill_table(*file, "cohort", names, table.rows); !filled) {
    return filled;
  }
  const std::vector<std::string> head{"column_name", "label", "meaning", "unit", "value_list"};
  if (auto filled = fill_table(*file, "dictionary", head, meanings); !filled) {
    return filled;
  }
  return transaction->commit();
}

}  // namespace

Result<CohortTable> cohort_table(CaseStore& store, const Dictionary& dictionary) {
  const auto names = store.cases();
  if (!names) {
    return tl::unexpected(names.error());
  }
  std::vector<CohortRow> rows;
  for (const auto& name : *names) {
    const auto found = store.find(name);
    const auto entries = store.entries(name);
    if (!found || !entries) {
      return tl::unexpected(found ? entries.error() : found.error());
    }
    if (*found) {
      if (auto added = add_rows(**found, *entries, dictionary, rows); !added) {
        return tl::unexpected(added.error());
      }
    }
  }
  std::set<FactId> facts, decided;
  for (const auto& row : rows) {
    for (const auto& [id, text] : row.facts) {
      facts.insert(id);
    }
    for (const auto& [id, text] : row.decided) {
      decided.insert(id);
    }
  }
  CohortTable out;
  out.columns = kFixed;
  for (const FactId id : facts) {
    out.columns.push_back(column_of(dictionary[id], false));
  }
  for (const FactId id : decided) {
    out.columns.push_back(column_of(dictionary[id], true));
  }
  for (auto& row : rows) {
    auto& cells = out.rows.emplace_back(std::move(row.fixed));
    for (const FactId id : facts) {
      cells.push_back(row.facts[id]);
    }
    for (const FactId id : decided) {
      cells.push_back(row.decided[id]);
    }
  }
  return out;
}

std::string cohort_csv(const CohortTable& table) {
  std::vector<std::string> names;
  for (const auto& column : table.columns) {
    names.push_back(column.name);
  }
  std::string out;
  append_csv(out, names);
  for (const auto& row : table.rows) {
    append_csv(out, row);
  }
  return out;
}

std::string dictionary_csv(const CohortTable& table) {
  std::string out;
  append_csv(out, {"column", "label", "meaning", "unit", "values"});
  for (const auto& column : table.columns) {
    append_csv(out, column_cells(column));
  }
  return out;
}

Result<void> write_cohort_sqlite(const CohortTable& table, const std::string& path) {
  const std::string part = fmt::format("{}.part-{}", path, ::getpid());
  ::unlink(part.c_str());
  auto filled = fill_sqlite(table, part);
  if (filled && ::rename(part.c_str(), path.c_str()) != 0) {
    filled = fail(fmt::format("cannot be put in place: {}", std::strerror(errno)), {}, path);
  }
  if (!filled) {
    ::unlink(part.c_str());
    Error error = filled.error();
    error.file = path;
    return tl::unexpected(error);
  }
  return {};
}

}  // namespace her2
