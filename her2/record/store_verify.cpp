// SPDX-License-Identifier: Apache-2.0
#include "her2/record/store_verify.h"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "her2/evidence/text.h"
#include "her2/record/chain.h"
#include "her2/record/sqlite_rows.h"
#include "her2/record/sqlite_store.h"
#include "her2/record/store_schema.h"

namespace her2 {
namespace {

void add(StoreFindings& out, std::string fault) {
  if (out.faults.size() < StoreFindings::kMostFaults) {
    out.faults.push_back(std::move(fault));
  }
}

Result<void> each_row(SqliteFile& file, const std::string& sql,
                      const std::function<void(const SqliteStatement&)>& see) {
  auto statement = file.prepare(sql);
  if (!statement) {
    return tl::unexpected(statement.error());
  }
  Result<bool> more = statement->step();
  for (; more && *more; more = statement->step()) {
    see(*statement);
  }
  return more ? Result<void>() : tl::unexpected(more.error());
}

std::string text_of(const StoreRow& row, const std::string& column) {
  for (const auto& [name, cell] : row.cells) {
    if (name == column) {
      const auto* number = std::get_if<std::int64_t>(&cell);
      return number != nullptr ? std::to_string(*number) : std::get<std::string>(cell);
    }
  }
  return {};
}

// What the entries say that the tables hold: (table, id) -> (digest, entry).
using Expected = std::map<std::pair<std::string, RowId>, std::pair<std::string, RowId>>;

Result<void> follow(SqliteFile& file, const std::string& head, StoreFindings& out, Expected& expected) {
  std::string previous = first_previous();
  RowId next = 1;
  bool seen = head.empty();
  auto read = each_row(file, "SELECT * FROM entry ORDER BY seq", [&](const SqliteStatement& statement) {
    const StoreRow row = current_row(statement, "entry");
    AuditEntry entry;
    entry.seq = statement.number(0);
    const std::pair<const char*, std::string*> members[] = {
        {"at", &entry.at},           {"author", &entry.author},   {"software", &entry.software},
        {"action", &entry.action},   {"case_id", &entry.case_id}, {"says", &entry.says},
        {"content", &entry.content}, {"hash", &entry.hash}};
    for (const auto& [name, member] : members) {
      *member = text_of(row, name);
    }
    entry.previous = text_of(row, "previous");
    ++out.entries;
    for (; next < entry.seq; ++next) {
      add(out, fmt::format("entry {} is missing", next));
    }
    next = entry.seq + 1;
    if (entry.hash != entry_hash(entry)) {
      add(out, fmt::format("entry {} was altered: its hash does not fit what it says", entry.seq));
    } else if (entry.previous != previous) {
      add(out, fmt::format("entry {} does not follow the entry before it: one of them was put in, taken out, exchanged "
                           "or written anew",
                           entry.seq));
    }
    previous = entry.hash;
    seen = seen || entry.hash == head;
    for (auto& line : content_lines(entry.content)) {
      expected[{line.table, line.id}] = {line.digest, entry.seq};
    }
  });
  out.head = previous;
  if (read && !seen) {
    add(out, fmt::format("no entry has the hash {}: the store was cut short or written anew since that was noted",
                         in_quotes(head)));
  }
  return read;
}

Result<void> compare(SqliteFile& file, std::int64_t version, StoreFindings& out, Expected& expected) {
  for (const auto& table : store_tables(version)) {
    auto read = each_row(file, "SELECT * FROM " + table + " ORDER BY id", [&](const SqliteStatement& statement) {
      ++out.rows;
      const StoreRow row = current_row(statement, table);
      const auto at = expected.find({table, statement.number(0)});
      if (at == expected.end()) {
        add(out, fmt::format("row {} of table {} was added: no entry wrote it", statement.number(0), table));
        return;
      }
      if (row_digest(row) != at->second.first || text_of(row, "entry") != std::to_string(at->second.second)) {
        add(out, fmt::format("row {} of table {} was altered since entry {} wrote it", statement.number(0), table,
                             at->second.second));
      }
      expected.erase(at);
    });
    if (!read) {
      return read;
    }
  }
  for (const auto& [row, written] : expected) {
    add(out, fmt::format("row {} of table {} is missing: entry {} wrote it", row.second, row.first, written.second));
  }
  return {};
}

// A signature covers the finding that it stands under.
Result<void> signatures(SqliteFile& file, StoreFindings& out) {
  return each_row(file,
                  "SELECT signature.id, signature.content_sha256, finding.case_sha256, finding.status FROM signature "
                  "LEFT JOIN finding ON finding.id = signature.finding_id ORDER BY signature.id",
                  [&](const SqliteStatement& row) {
                    if (row.text(1) != signed_digest(row.text(2), row.text(3))) {
                      add(out, fmt::format("signature {} does not fit the finding that it signs", row.number(0)));
                    }
                  });
}

}  // namespace

Result<StoreFindings> check_store(const std::string& path) {
  auto opened = open_store_file(path);
  if (!opened) {
    return tl::unexpected(opened.error());
  }
  StoreFindings out;
  out.version = opened->version;
  SqliteFile& file = opened->file;
  auto done = each_row(file, "PRAGMA integrity_check(1000)", [&](const SqliteStatement& row) {
    if (row.text(0) != "ok") {
      add(out, "the file is damaged: " + row.text(0));
    }
  });
  if (done) {
    done = each_row(file, "PRAGMA foreign_key_check", [&](const SqliteStatement& row) {
      add(out, fmt::format("row {} of table {} points to a row of {} that is not there", row.number(1), row.text(0),
                           row.text(2)));
    });
  }
  if (done) {
    done = each_row(file, "SELECT count(*), coalesce(max(seq), 0) FROM entry",
                    [&](const SqliteStatement& row) { out.entries = row.number(0); });
  }
  for (const auto& table : store_tables(opened->version)) {
    if (done) {
      done = each_row(file, "SELECT count(*) FROM " + table,
                      [&](const SqliteStatement& row) { out.rows += row.number(0); });
    }
  }
  if (done) {
    done = each_row(file, "SELECT hash FROM entry ORDER BY seq DESC LIMIT 1",
                    [&](const SqliteStatement& row) { out.head = row.text(0); });
  }
  return done ? Result<StoreFindings>(std::move(out)) : tl::unexpected(done.error());
}

Result<StoreFindings> verify_store(const std::string& path, const std::string& head) {
  auto opened = open_store_file(path);
  if (!opened) {
    return tl::unexpected(opened.error());
  }
  // one reading of the whole, while others may write
  if (auto begun = opened->file.execute("BEGIN"); !begun) {
    return tl::unexpected(begun.error());
  }
  StoreFindings out;
  out.version = opened->version;
  Expected expected;
  auto done = follow(opened->file, head, out, expected);
  if (done) {
    done = compare(opened->file, opened->version, out, expected);
  }
  if (done) {
    done = signatures(opened->file, out);
  }
  if (!done) {
    return tl::unexpected(done.error());
  }
  if (out.entries == 0) {
    add(out, "entry 1 is missing: every store begins with one");
  }
  return out;
}

}  // namespace her2
