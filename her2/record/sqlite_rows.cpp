// SPDX-License-Identifier: Apache-2.0
#include "her2/record/sqlite_rows.h"

#include <optional>

#include "her2/core/error.h"

namespace her2 {
namespace {

// Collects the columns of a row.
struct Collect {
  StoreRow& out;

  void operator()(const char* name, const std::string& text) const { out.cells.emplace_back(name, text); }
  void operator()(const char* name, std::int64_t number) const { out.cells.emplace_back(name, number); }
  void maybe(const char* name, const std::string& text) const {
    if (!text.empty()) {
      (*this)(name, text);
    }
  }
  void maybe(const char* name, std::int64_t number) const {
    if (number != 0) {
      (*this)(name, number);
    }
  }
};

// Lists the columns' names.
struct Names {
  std::string out;

  template <class Member>
  void operator()(const char* name, const Member& /*member*/) {
    out += std::string(", ") + name;
  }
  template <class Member>
  void maybe(const char* name, const Member& member) {
    (*this)(name, member);
  }
};

// Fills the members from the columns of a row, in the order of Names, behind id and entry.
struct Fill {
  const SqliteStatement& row;
  int column = 2;

  void operator()(const char* /*name*/, std::string& text) { text = row.text(column++); }
  void operator()(const char* /*name*/, std::int64_t& number) { number = row.number(column++); }
  template <class Member>
  void maybe(const char* name, Member& member) {
    (*this)(name, member);
  }
};

template <class Row>
StoreRow store_row(const Row& row, RowId entry) {
  StoreRow out{Row::kTable, {{"id", row.id}, {"entry", entry}}};
  Collect collect{out};
  Row::fields(row, collect);
  return out;
}

template <class Row>
Result<void> load(SqliteFile& file, RowId case_id, std::vector<Row>& out) {
  Row sample;
  Names names;
  Row::fields(sample, names);
  auto statement =
      file.prepare("SELECT id, entry" + names.out + " FROM " + Row::kTable + " WHERE case_id = ? ORDER BY id");
  if (!statement) {
    return tl::unexpected(statement.error());
  }
  statement->bind(1, case_id);
  Result<bool> more = statement->step();
  for (; more && *more; more = statement->step()) {
    Row row;
    row.id = statement->number(0);
    row.entry = statement->number(1);
    Fill fill{*statement};
    Row::fields(row, fill);
    out.push_back(std::move(row));
  }
  return more ? Result<void>() : tl::unexpected(more.error());
}

}  // namespace

std::vector<StoreRow> store_rows(const CaseRecord& rows, RowId entry) {
  std::vector<StoreRow> out;
  if (rows.head) {
    out.push_back(store_row(*rows.head, entry));
  }
  CaseRecord::lists(rows, [&](const auto& list) {
    for (const auto& row : list) {
      out.push_back(store_row(row, entry));
    }
  });
  return out;
}

Result<CaseRecord> load_case(SqliteFile& file, const RecordedCase& head) {
  CaseRecord out;
  out.head = head;
  std::optional<Error> wrong;
  CaseRecord::lists(out, [&](auto& list) {
    if (!wrong) {
      if (auto loaded = load(file, head.id, list); !loaded) {
        wrong = loaded.error();
      }
    }
  });
  return wrong ? Result<CaseRecord>(tl::unexpected(*wrong)) : Result<CaseRecord>(std::move(out));
}

StoreRow current_row(const SqliteStatement& statement, const std::string& table) {
  StoreRow out{table, {}};
  for (int i = 0; i < statement.columns(); ++i) {
    if (!statement.is_null(i)) {
      out.cells.emplace_back(statement.name(i), statement.cell(i));
    }
  }
  return out;
}

}  // namespace her2
