// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "her2/core/error.h"
#include "her2/record/chain.h"

struct sqlite3;
struct sqlite3_stmt;

namespace her2 {

// One prepared statement. Parameters count from 1, columns from 0.
class SqliteStatement {
 public:
  SqliteStatement(sqlite3* file, sqlite3_stmt* statement, std::string path);

  void bind(int at, std::int64_t number);
  void bind(int at, std::string_view text);  // the text must live until the statement has run
  void bind(int at, const StoreRow::Cell& cell);
  // The next row: false when there is none.
  Result<bool> step();
  // Runs to its end and makes it ready to run again.
  Result<void> run();
  void reset();

  [[nodiscard]] int columns() const;
  [[nodiscard]] std::string name(int column) const;
  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] std::int64_t number(int column) const;
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] StoreRow::Cell cell(int column) const;  // what is neither NULL nor a whole number is taken as text

 private:
  sqlite3* file_;
  std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> statement_;
  std::string path_;
};

// An SQLite file, opened so that a hostile one can do no harm: no trust in its schema, no extensions, no attaching,
// tight limits, cells checked, no memory map; foreign keys held. Errors name the file and are one sentence.
class SqliteFile {
 public:
  enum class Mode : unsigned char { read_write, create };

  // ":memory:" is a new one in memory. Waits up to `wait_ms` for other writers.
  static Result<SqliteFile> open(const std::string& path, Mode mode, int wait_ms = kWaitMs);

  Result<void> execute(const std::string& sql);
  Result<SqliteStatement> prepare(const std::string& sql);
  // The first column of the first row, 0 when there is none.
  Result<std::int64_t> number(const std::string& sql);
  // A copy as of one moment, while others write. `target` must be new.
  Result<void> copy_to(SqliteFile& target);

  [[nodiscard]] const std::string& path() const { return path_; }

  static constexpr int kWaitMs = 10'000;

 private:
  SqliteFile(sqlite3* file, std::string path);

  std::unique_ptr<sqlite3, int (*)(sqlite3*)> file_;
  std::string path_;
};

// A transaction that writes; rolled back unless committed.
class SqliteTransaction {
 public:
  static Result<SqliteTransaction> begin(SqliteFile& file);
  SqliteTransaction(SqliteTransaction&& other) noexcept : file_(other.file_) { other.file_ = nullptr; }
  SqliteTransaction& operator=(SqliteTransaction&&) = delete;
  SqliteTransaction(const SqliteTransaction&) = delete;
  ~SqliteTransaction();
  Result<void> commit();

 private:
  explicit SqliteTransaction(SqliteFile& file) : file_(&file) {}
  SqliteFile* file_;
};

}  // namespace her2
