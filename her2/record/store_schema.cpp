// SPDX-License-Identifier: Apache-2.0
#include "her2/record/store_schema.h"

#include <array>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "her2/evidence/text.h"

namespace her2 {
namespace {

constexpr const char* kOfCase = "case_id INTEGER NOT NULL REFERENCES tumour_case(id), ";
constexpr const char* kOfSpecimen =
    "case_id INTEGER NOT NULL REFERENCES tumour_case(id), evidence_id INTEGER NOT NULL REFERENCES evidence(id), "
    "specimen_id INTEGER NOT NULL REFERENCES specimen(id), ";
constexpr const char* kOfFinding =
    "case_id INTEGER NOT NULL REFERENCES tumour_case(id), finding_id INTEGER NOT NULL REFERENCES finding(id), ";

// In an order in which every table comes after those it points to.
struct TableOf {
  std::int64_t since;
  const char* name;
  const char* keys;
  const char* columns;
};
constexpr std::array<TableOf, 13> kTables = {{
    {1, "tumour_case", "", "pseudonym TEXT NOT NULL UNIQUE, tumour TEXT NOT NULL"},
    {1, "specimen", kOfCase, "name TEXT NOT NULL, kind TEXT NOT NULL, site TEXT NOT NULL, date TEXT NOT NULL"},
    {1, "evidence", kOfCase, "kind TEXT NOT NULL, file TEXT NOT NULL, sha256 TEXT NOT NULL"},
    {1, "fact", kOfSpecimen,
     "name TEXT NOT NULL, value TEXT NOT NULL, source_file TEXT NOT NULL, source_place TEXT NOT NULL, "
     "source_text TEXT NOT NULL, author TEXT NOT NULL, profile TEXT NOT NULL, derived_from TEXT NOT NULL"},
    {1, "ensemble", kOfSpecimen, "facts TEXT NOT NULL, replicates TEXT NOT NULL, conditional_on TEXT NOT NULL"},
    {1, "note", kOfSpecimen, "says TEXT NOT NULL"},
    {1, "retraction", kOfCase,
     "evidence_id INTEGER NOT NULL REFERENCES evidence(id), fact_id INTEGER REFERENCES fact(id), "
     "reason TEXT NOT NULL"},
    {1, "comment", kOfCase, "says TEXT NOT NULL"},
    {1, "finding", kOfCase,
     "scheme TEXT NOT NULL, edition TEXT NOT NULL, overall TEXT NOT NULL, case_sha256 TEXT NOT NULL, "
     "status TEXT NOT NULL"},
    {1, "guideline_used", kOfFinding, "guideline TEXT NOT NULL, sha256 TEXT NOT NULL"},
    {1, "answer", kOfFinding, "specimen TEXT NOT NULL, fact TEXT NOT NULL, value TEXT NOT NULL"},
    {1, "signature", kOfFinding, "meaning TEXT NOT NULL, content_sha256 TEXT NOT NULL"},
    {2, "image", kOfCase,
     "specimen_id INTEGER REFERENCES specimen(id), file TEXT NOT NULL, sha256 TEXT NOT NULL, bytes INTEGER NOT NULL"},
}};

// Nothing may be changed or taken away, and rows may only be added to the newest entry.
std::string append_only(const std::string& table) {
  std::string out;
  for (const char* act : {"UPDATE", "DELETE"}) {
    out += fmt::format(
        "CREATE TRIGGER {0}_no_{1} BEFORE {1} ON {0} BEGIN SELECT RAISE(ABORT, '{0} is append-only'); END;\n", table,
        act);
  }
  return out;
}

std::string table_sql(const TableOf& table) {
  const std::string name = table.name;
  std::string out = fmt::format(
      "CREATE TABLE {} (id INTEGER PRIMARY KEY, entry INTEGER NOT NULL REFERENCES entry(seq), {}{}) STRICT;\n", name,
      table.keys, table.columns);
  if (*table.keys != '\0') {
    out += fmt::format("CREATE INDEX {0}_of_case ON {0}(case_id);\n", name);
  }
  out += append_only(name);
  out += fmt::format(
      "CREATE TRIGGER {0}_of_newest BEFORE INSERT ON {0} WHEN NEW.entry <> (SELECT max(seq) FROM entry) "
      "BEGIN SELECT RAISE(ABORT, 'a row belongs to the newest entry'); END;\n",
      name);
  return out;
}

std::string entry_sql() {
  return "CREATE TABLE entry (seq INTEGER PRIMARY KEY, at TEXT NOT NULL, author TEXT NOT NULL, software TEXT NOT NULL, "
         "action TEXT NOT NULL, case_id TEXT NOT NULL, says TEXT NOT NULL, content TEXT NOT NULL, "
         "previous TEXT NOT NULL, hash TEXT NOT NULL UNIQUE) STRICT;\n"
         "CREATE INDEX entry_of_case ON entry(case_id);\n" +
         append_only("entry") +
         "CREATE TRIGGER entry_in_order BEFORE INSERT ON entry "
         "WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM entry) "
         "BEGIN SELECT RAISE(ABORT, 'entries are numbered without gaps'); END;\n";
}

using SchemaText = std::map<std::string, std::string>;  // "table fact" -> SQL

Result<SchemaText> schema_text(SqliteFile& file) {
  auto statement = file.prepare("SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_schema");
  if (!statement) {
    return tl::unexpected(statement.error());
  }
  SchemaText out;
  Result<bool> more = statement->step();
  for (; more && *more; more = statement->step()) {
    out[statement->text(0)] = statement->text(1);
  }
  return more ? Result<SchemaText>(std::move(out)) : tl::unexpected(more.error());
}

// What a store of a version looks like: made anew in memory.
Result<SchemaText> right_schema(std::int64_t version) {
  auto file = SqliteFile::open(":memory:", SqliteFile::Mode::create);
  if (!file) {
    return tl::unexpected(file.error());
  }
  for (std::int64_t i = 1; i <= version; ++i) {
    if (auto made = file->execute(migration_sql(i)); !made) {
      return tl::unexpected(made.error());
    }
  }
  return schema_text(*file);
}

}  // namespace

std::string migration_sql(std::int64_t version) {
  std::string out = version == 1 ? entry_sql() : "";
  for (const auto& table : kTables) {
    out += table.since == version ? table_sql(table) : "";
  }
  if (version == 2) {
    out += "ALTER TABLE signature ADD COLUMN role TEXT;\n";
  }
  return out;
}

std::vector<std::string> store_tables(std::int64_t version) {
  std::vector<std::string> out;
  for (const auto& table : kTables) {
    if (table.since <= version) {
      out.emplace_back(table.name);
    }
  }
  return out;
}

Result<std::int64_t> schema_version(SqliteFile& file) {
  const auto application = file.number("PRAGMA application_id");
  if (!application) {
    return tl::unexpected(application.error());
  }
  if (*application != kStoreApplication) {
    return fail("is not a store of her2: it is an SQLite file of another program", {}, file.path());
  }
  const auto version = file.number("PRAGMA user_version");
  if (!version) {
    return tl::unexpected(version.error());
  }
  if (*version > kStoreVersion) {
    return fail(fmt::format("is a store of version {}; this program knows versions up to {}: use a newer her2",
                            *version, kStoreVersion),
                {}, file.path());
  }
  if (*version < 1) {
    return fail(fmt::format("says that it is a store of version {}, which there is not", *version), {}, file.path());
  }
  const auto right = right_schema(*version);
  const auto found = schema_text(file);
  if (!right || !found) {
    return tl::unexpected(right ? found.error() : right.error());
  }
  for (const auto& [name, sql] : *found) {
    const auto wanted = right->find(name);
    if (wanted == right->end()) {
      return fail(fmt::format("was tampered with: it holds the {}, which no store has", in_quotes(name)), {},
                  file.path());
    }
    if (wanted->second != sql) {
      return fail(fmt::format("was tampered with: its {} is not that of a store", name), {}, file.path());
    }
  }
  for (const auto& [name, sql] : *right) {
    if (found->find(name) == found->end()) {
      return fail(fmt::format("was tampered with: its {} is missing", name), {}, file.path());
    }
  }
  return *version;
}

}  // namespace her2
